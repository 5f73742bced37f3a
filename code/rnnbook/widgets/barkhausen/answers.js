// バーストから応力を答える三つのモデル。rnnbook.models.stress_answers と同じ。
import { flat, gruForward, vector } from "../nn/cells.js";

const EPS = 1e-3; // 対数を取る前に足す値
const SCALE = 100; // GRU の答えの単位 MPa

/** @typedef {{name: string, rows: number, columns: number, float32: string}} PackedRow */

/** @param {ArrayLike<number>} u @returns {number} 二乗平均平方根 */
export function rmsOf(u) {
  let sum = 0;
  for (let t = 0; t < u.length; t += 1) sum += u[t] * u[t];
  return Math.sqrt(sum / u.length);
}

/** @param {Float64Array} x @returns {[number, number]} 平均と標準偏差 */
function moments(x) {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  return [mean, Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length)];
}

/** 窓ごとの四つの特徴を、窓の順に一列に並べる。 @param {Float64Array} u @param {number} length @returns {Float64Array} */
export function windowFeatures(u, length) {
  const n = Math.floor(u.length / length);
  const found = new Float64Array(4 * n);
  for (let k = 0; k < n; k += 1) {
    const cut = u.subarray(k * length, (k + 1) * length);
    const [mean, std] = moments(cut);
    const top = cut.reduce((best, v) => Math.max(best, v), -Infinity);
    const [, rough] = moments(vector(length - 1, (t) => cut[t + 1] - cut[t]));
    // ln(|·| + 0.001): 平均、標準偏差、最大、なめらかさ
    found.set([mean, std, top, rough].map((v) => Math.log(Math.abs(v) + EPS)), 4 * k);
  }
  return found;
}

/** @param {string} code base64 の float32 @returns {Float64Array} */
function decode(code) {
  const letters = atob(code);
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  return Float64Array.from(new Float32Array(bytes.buffer));
}

/**
 * PyTorch の GRU（r, z, h̃ の順に積んだ三つ）を、nn/cells.js の名前にする。
 * PyTorch の z は前の h に掛かる（本書の 1 − z）ので、z の重みの符号を変える。
 */
function gruParams(/** @type {Record<string, Float64Array>} */ w) {
  const part = (/** @type {string} */ name, /** @type {number} */ k, sign = 1) => {
    const all = w[`gru.recurrent.${name}_l0`];
    return all.slice((k * all.length) / 3, ((k + 1) * all.length) / 3).map((v) => sign * v);
  };
  const both = (/** @type {number} */ k, sign = 1) => {
    const [b, other] = [part("bias_ih", k, sign), part("bias_hh", k, sign)];
    return b.map((v, n) => v + other[n]);
  };
  return {
    W_xr: part("weight_ih", 0), W_hr: part("weight_hh", 0), b_r: both(0),
    W_xz: part("weight_ih", 1, -1), W_hz: part("weight_hh", 1, -1), b_z: both(1, -1),
    W_xh: part("weight_ih", 2), W_hh: part("weight_hh", 2), b_h: part("bias_ih", 2), b_hh: part("bias_hh", 2),
  };
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function product(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
}

/**
 * 重みから、波形の応力を答える関数を作る。
 * @param {PackedRow[]} packed @param {number} window 窓の長さ
 * @returns {(u: Float64Array) => number[]} RMS の直線、窓のリッジ、GRU の答え MPa
 */
export function makeAnswers(packed, window) {
  const w = Object.fromEntries(packed.map(({ name, float32 }) => [name, decode(float32)]));
  const params = gruParams(w);
  const [W, b] = [w["gru.readout.weight"], w["gru.readout.bias"]];
  const H = W.length;
  return (u) => {
    const z = windowFeatures(flat(/** @type {any} */ (u)), window).map((v, k) => (v - w.mean[k]) / w.std[k]);
    const { h } = gruForward(z, params);
    return [
      // σ̂ = a ln RMS + b
      w.line[0] * Math.log(rmsOf(u)) + w.line[1],
      // σ̂ = w · z + b
      product(z, w.ridge) + w.ridge[z.length],
      // σ̂ = 100 (W h_T + b)
      SCALE * (product(W, h.subarray(h.length - H)) + b[0]),
    ];
  };
}

/** 試験のために、いくつもの波形に答える。 @param {PackedRow[]} packed @param {number} window @param {number[][]} waves */
export function answerMany(packed, window, waves) {
  const answer = makeAnswers(packed, window);
  return waves.map((u) => answer(Float64Array.from(u)));
}
