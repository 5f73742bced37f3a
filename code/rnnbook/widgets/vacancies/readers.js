// 空孔の割合を答える三つのモデルと、学習の範囲の印。rnnbook/models/vacancy_readers.py と rnnbook/materials/trust.py と同じ計算。
import { vector } from "../nn/cells.js";
import { inputTable, lstm, unpack } from "../nn/seq2seq.js";

/**
 * @typedef {{mean: number[], std: number[], pls: number[], axes: number[][]}} Lines
 * @typedef {{lines: Lines, numbers: Record<string, any>, weights: Record<string, any[]>, radius: Record<string, number>}} Trained
 */

const WIDTH = 8; // 双方向 LSTM が一度に読む点
const KERNEL = 9; // 畳み込みの幅と間引き
const STRIDE = 2;

const dot = (/** @type {ArrayLike<number>} */ a, /** @type {ArrayLike<number>} */ b) => {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
};

/** 幅 9、間引き 2 の畳み込みと ReLU。 @param {Float64Array[]} x チャンネルごとの列 @param {Float64Array} W @param {Float64Array} b */
function convolve(x, W, b) {
  const [T, half] = [x[0].length, (KERNEL - 1) / 2];
  return Array.from(b, (bias, o) => vector(Math.ceil(T / STRIDE), (t) => {
    let sum = bias;
    for (let i = 0; i < x.length; i += 1) {
      for (let k = 0; k < KERNEL; k += 1) {
        const at = STRIDE * t + k - half;
        if (at >= 0 && at < T) sum += W[(o * x.length + i) * KERNEL + k] * x[i][at];
      }
    }
    return Math.max(0, sum);
  }));
}

/** @param {Record<string, Float64Array>} w @returns {(x: number[]) => number} */
function convolution(w) {
  return (x) => {
    let a = [Float64Array.from(x)];
    for (const layer of [0, 2, 4]) a = convolve(a, w[`body.${layer}.weight`], w[`body.${layer}.bias`]);
    const flat = a.flatMap((row) => [...row]);
    return w["readout.bias"][0] + dot(w["readout.weight"], flat);
  };
}

/** @param {Record<string, Float64Array>} w @returns {(x: number[]) => number} */
function bothWays(w) {
  const name = (/** @type {string} */ part, /** @type {string} */ way) => w[`reader.recurrent.${part}_l0${way}`];
  return (x) => {
    const tokens = Float64Array.from(x.slice(0, x.length - (x.length % WIDTH)));
    const read = ["", "_reverse"].map((way) => {
      const rows = inputTable(tokens, name("weight_ih", way), name("bias_ih", way), name("bias_hh", way));
      const H = rows[0].length / 4;
      let state = { h: new Float64Array(H), c: new Float64Array(H) };
      for (const row of way ? rows.reverse() : rows) state = lstm(row, name("weight_hh", way), state);
      return [...state.h];
    }).flat();
    return w["reader.readout.bias"][0] + dot(w["reader.readout.weight"], read);
  };
}

/**
 * 学習した三つのモデル: 計数から、空孔の割合（%）。
 * @param {Trained} trained
 * @returns {(counts: number[]) => Record<string, number>}
 */
export function makeReaders({ lines, numbers, weights }) {
  const networks = { cnn: convolution(unpack(weights.cnn)), bilstm: bothWays(unpack(weights.bilstm)) };
  return (counts) => {
    const centred = counts.map((v, k) => Math.sqrt(v) - lines.mean[k]);
    const x = centred.map((v, k) => v / lines.std[k]);
    const told = Object.entries(networks).map(([name, f]) => [name, numbers.level + numbers.scale * f(x)]);
    return Object.fromEntries([["pls", numbers.level + dot(centred, lines.pls)], ...told]);
  };
}

/**
 * 学習の範囲の印と、その理由。
 * @param {Trained} trained @param {number[]} counts
 * @returns {{mark: string, why: string, far: number[]}}
 */
export function markOf({ lines, numbers }, counts) {
  const centred = counts.map((v, k) => Math.sqrt(v) - lines.mean[k]);
  const t = lines.axes.map((axis) => dot(centred, axis));
  const left = centred.map((v, k) => v - t.reduce((sum, score, a) => sum + score * lines.axes[a][k], 0));
  // T² = Σ t² / s²、Q = Σ e²
  const t2 = t.reduce((sum, score, a) => sum + (score / numbers.spreads[a]) ** 2, 0);
  const z = (Math.cbrt(dot(left, left)) - numbers.q) / numbers.q_spread;
  const far = [(Math.cbrt(t2) - numbers.t2) / numbers.t2_spread, z, -z];
  const top = Math.max(...far);
  const mark = top > numbers.limit ? "外" : top > numbers.border ? "境" : "内";
  const why = mark === "内" ? "" : ["中心から遠い", "残差が大きい", "残差が小さい"][far.indexOf(top)];
  return { mark, why, far };
}
