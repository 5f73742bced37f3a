// 説明されるモデル: √計数 x から空孔の割合（%）を答え、その傾き ∂ŷ/∂x も返す。rnnbook/models/vacancy_readers.py と同じ計算。
import { vector } from "../nn/cells.js";
import { unpack } from "../nn/seq2seq.js";
import { convolve, convolveBack } from "./convolution.js";
import { lstmReader } from "./lstm_slope.js";

/**
 * @typedef {{answer: (x: Float64Array) => number, slope: (x: Float64Array) => Float64Array}} Model
 * @typedef {{mean: number[], std: number[], pls: number[], level: number, scale: number, weights: Record<string, any[]>}} State
 */

const TOKEN = 8; // 双方向 LSTM が一度に読む点

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
}

/** 標準化した z を読む畳み込み。 @param {Record<string, Float64Array>} w @returns {Model} */
function convolution(w) {
  const layers = [0, 2, 4].map((n) => [w[`body.${n}.weight`], w[`body.${n}.bias`]]);
  /** 層ごとの値。 @param {Float64Array} z */
  const run = (z) => layers.reduce((all, [W, b]) => [...all, convolve(all[all.length - 1], W, b)], [z]);
  return {
    answer: (z) => w["readout.bias"][0] + dot(w["readout.weight"], run(z)[layers.length]),
    slope(z) {
      const all = run(z);
      let da = w["readout.weight"];
      for (let n = layers.length - 1; n >= 0; n -= 1) da = convolveBack(da, all[n + 1], all[n], ...layers[n]);
      return da;
    },
  };
}

/** 標準化した z を、前と後ろから読む LSTM。 @param {Record<string, Float64Array>} w @returns {Model} */
function bothWays(w) {
  const ways = ["", "_reverse"].map((way) => {
    const part = (/** @type {string} */ name) => w[`reader.recurrent.${name}_l0${way}`];
    return lstmReader(part("weight_ih"), part("weight_hh"), part("bias_ih").map((v, n) => v + part("bias_hh")[n]));
  });
  const out = w["reader.readout.weight"];
  const H = out.length / 2;
  const outs = [out.subarray(0, H), out.subarray(H)];
  /** TOKEN 点ずつの時刻の順を逆にする。 @param {Float64Array} z */
  const turned = (z) => vector(z.length, (k) => z[z.length - TOKEN - TOKEN * Math.floor(k / TOKEN) + (k % TOKEN)]);
  const both = (/** @type {Float64Array} */ z) => [z, turned(z)];
  const whole = (/** @type {Float64Array} */ z) => z.subarray(0, z.length - (z.length % TOKEN)); // 余りの点は読まない
  return {
    answer: (z) => both(whole(z)).reduce((sum, rows, d) => sum + dot(outs[d], ways[d].read(rows)), w["reader.readout.bias"][0]),
    slope(z) {
      const [ahead, back] = both(whole(z)).map((rows, d) => ways[d].slope(rows, outs[d]));
      const turnedBack = turned(back);
      return vector(z.length, (k) => (k < back.length ? ahead[k] + turnedBack[k] : 0));
    },
  };
}

/** 重み b の線形モデル ŷ = ȳ + (x − x̄) · b。 @param {ArrayLike<number>} b @param {number[]} mean @param {number} level @returns {Model} */
export function linearModel(b, mean, level) {
  return { answer: (x) => level + dot(x.map((v, k) => v - mean[k]), b), slope: () => Float64Array.from(b) };
}

/** 最適な重み w*（計数あたり）の線形の推定 ŷ = c + w* · (n − μ)。n = x²。 @param {Float64Array} w @param {Float64Array} mu @param {number} c @returns {Model} */
export function optimalReader(w, mu, c) {
  return { answer: (x) => c + dot(x.map((v, k) => v * v - mu[k]), w), slope: (x) => x.map((v, k) => 2 * v * w[k]) };
}

/**
 * 一つの状態の三つのモデル。
 * @param {State} state @returns {Record<string, Model>}
 */
export function makeModels({ mean, std, pls, level, scale, weights }) {
  // ŷ = ȳ + s_y f((x − x̄) / s)
  const standardised = (/** @type {Model} */ f) => {
    const z = (/** @type {Float64Array} */ x) => x.map((v, k) => (v - mean[k]) / std[k]);
    return {
      answer: (/** @type {Float64Array} */ x) => level + scale * f.answer(z(x)),
      slope: (/** @type {Float64Array} */ x) => f.slope(z(x)).map((v, k) => (scale * v) / std[k]),
    };
  };
  return {
    pls: linearModel(pls, mean, level),
    cnn: standardised(convolution(unpack(weights.cnn))),
    bilstm: standardised(bothWays(unpack(weights.bilstm))),
  };
}
