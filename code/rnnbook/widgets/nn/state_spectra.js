// 逆伝播そのもので、最後の隠れ状態を途中の状態で微分した行列の特異値を求める。
import { flatParams } from "./cells.js";
import { gruStepBackward, lstmStepBackward, rnnStepBackward, stepOf } from "./cells_backward.js";
import { dot, orthogonalizeRows } from "./linalg.js";

/**
 * 途中の時刻の特異値の常用対数。RNN と GRU では ∂h_T/∂h_t、LSTM では ∂h_T/∂c_t のもの。
 *
 * H 本の単位ベクトルを時刻 T から逆伝播させ、ときどき、行どうしが直交するように回す。
 * 回しても特異値は変わらず、行の大きさは対数で持つので、10^{-300} より小さな値も求まる。
 * @param {"rnn" | "lstm" | "gru"} cell
 * @param {any} trace 順伝播の記録（cells.js）
 * @param {Record<string, any>} params
 * @param {number} [stride] T から何時刻おきに求めるか。時刻 1 はいつも求める
 * @returns {{t: number, logs: Float64Array}[]} 時刻の順。logs (H,) は大きい順で、0 は −Infinity
 */
export function stateSpectra(cell, trace, params, stride = 1) {
  const { T, H } = trace;
  const p = flatParams(params);
  const logs = new Float64Array(H);
  const spectra = [];
  let dh = Float64Array.from({ length: H * H }, (_, k) => (k % (H + 1) ? 0 : 1));
  let dc = new Float64Array(H * H);
  for (let t = T; t >= 1; t -= 1) {
    const step = stepOf(trace, t - 1);
    const measured = (T - t) % stride === 0 || t === 1;
    if (cell === "lstm") {
      const back = lstmStepBackward(step, p, dh, dc);
      if (measured) spectra.push({ t, logs: spectrum(back.dc_total, logs, [back.dh_past, back.dc_past]) });
      [dh, dc] = [back.dh_past, back.dc_past];
    } else {
      if (measured) spectra.push({ t, logs: spectrum(dh, logs) });
      dh = (cell === "rnn" ? rnnStepBackward : gruStepBackward)(step, p, dh).dh_past;
    }
  }
  return spectra.reverse();
}

/** 行を直交させて長さの対数を返し、どの行も長さ 1 にそろえる。 */
function spectrum(rows, logs, others = []) {
  const H = logs.length;
  const length = (/** @type {number} */ k) => Math.sqrt(dot(rows, k, k, H));
  const before = logs.map((_, k) => length(k));
  orthogonalizeRows(rows, logs, others);
  for (let k = 0; k < H; k += 1) {
    // ほかの行と丸めの範囲で重なる行は、階数が落ちたのであり、特異値は 0
    const size = length(k) > 1e-14 * before[k] ? length(k) : 0;
    logs[k] += Math.log(size);
    for (const part of [rows, ...others]) {
      for (let n = k * H; n < (k + 1) * H; n += 1) part[n] = size ? part[n] / size : 0;
    }
  }
  return logs.map((v) => v / Math.LN10).sort().reverse();
}
