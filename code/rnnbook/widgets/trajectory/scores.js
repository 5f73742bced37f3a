// 軌跡から四つの点数を求める。rnnbook/materials/precursor.py の窓と、実験 lj_precursor の点数と同じ計算。
import { gruForward, sigmoid } from "../nn/cells.js";
import { unpack } from "../nn/seq2seq.js";

/**
 * @typedef {{columns: [string, number, number][], crystal: number, look: number, most: number, width: number, horizon: number,
 *   tau: number, held: number, heldRuns: number}} Rules
 * @typedef {{column: string, mean: number, std: number, weight?: number}} Line
 * @typedef {{gru: import("../nn/seq2seq.js").Packed[], scale: Line[], logistic: Line[]}} Models
 */

const SMOOTH = 5; // Q_6 を平均するコマの数

/**
 * 列ごとの 8 ビットの値を、コマごとの 8 個の値に戻す。値 = low + step · k。
 * @param {Record<string, any>} run @param {Rules["columns"]} columns @returns {number[][]} (コマ, 8)
 */
export function framesOf(run, columns) {
  const k = columns.map(([name]) => Array.from(atob(run[name]), (letter) => letter.charCodeAt(0)));
  return k[0].map((_, t) => columns.map(([, low, step], c) => low + step * k[c][t]));
}

/**
 * 結晶になったコマ: そこから look コマのうち most コマ以上で Q_6 > crystal になる、はじめのコマ。
 * @param {number[]} Q6 @param {Rules} rules @returns {number | null} ならなければ null
 */
export function eventOf(Q6, { crystal, look, most }) {
  const above = Q6.map((v) => v > crystal);
  for (let t = 0; t + look <= Q6.length; t += 1) {
    if (above[t] && above.slice(t, t + look).filter(Boolean).length >= most) return t;
  }
  return null;
}

/**
 * PyTorch の GRU（r, z, h̃ の順に積んだ三つ）を、nn/cells.js の名前にする。
 * PyTorch の z は前の h に掛かる（本書の 1 − z）ので、z の重みの符号を変える。
 * @param {Record<string, Float64Array>} w
 */
function gruParams(w) {
  const part = (/** @type {string} */ name, /** @type {number} */ k, sign = 1) => {
    const all = w[`recurrent.${name}_l0`];
    return all.slice((k * all.length) / 3, ((k + 1) * all.length) / 3).map((v) => sign * v);
  };
  const both = (/** @type {number} */ k, sign = 1) => {
    const other = part("bias_hh", k, sign);
    return part("bias_ih", k, sign).map((v, n) => v + other[n]);
  };
  return {
    W_xr: part("weight_ih", 0), W_hr: part("weight_hh", 0), b_r: both(0),
    W_xz: part("weight_ih", 1, -1), W_hz: part("weight_hh", 1, -1), b_z: both(1, -1),
    W_xh: part("weight_ih", 2), W_hh: part("weight_hh", 2), b_h: part("bias_ih", 2), b_hh: part("bias_hh", 2),
  };
}

/**
 * 重みから、窓を読む四つの関数を作る。大きいほど、結晶になりそうな点数。
 * @param {Models} models
 * @returns {Record<string, (x: number[][]) => number>} x は窓 (20, 8)
 */
export function makeReaders({ gru, scale, logistic }) {
  const w = unpack(gru);
  const params = gruParams(w);
  const H = params.b_h.length;
  const [W, b] = [w["readout.weight"], w["readout.bias"]];
  const [bias] = logistic.slice(-1);
  return {
    Q6: (x) => x[x.length - 1][0],
    Q6_5: (x) => x.slice(-SMOOTH).reduce((sum, row) => sum + row[0], 0) / SMOOTH,
    // p = σ(Σ w (x − m) / s + b)
    logistic: (x) => sigmoid(x[x.length - 1].reduce((sum, v, c) => sum + (logistic[c].weight * (v - logistic[c].mean)) / logistic[c].std, bias.weight)),
    gru(x) {
      const scaled = x.flatMap((row) => row.map((v, c) => (v - scale[c].mean) / scale[c].std));
      const trace = gruForward(scaled, params);
      // p = σ(s_1 − s_0)、s = W h_T + b
      let apart = b[1] - b[0];
      for (let k = 0; k < H; k += 1) apart += (W[H + k] - W[k]) * trace.h[(trace.T - 1) * H + k];
      return sigmoid(apart);
    },
  };
}

/**
 * まだ液体のコマごとの点数。窓が足りないはじめのコマと、結晶になったあとは null。
 * @param {number[][]} frames @param {number | null} event @param {Rules} rules @param {ReturnType<typeof makeReaders>} readers
 * @returns {Record<string, (number | null)[]>}
 */
export function scoresOf(frames, event, { width }, readers) {
  const liquid = (/** @type {number} */ t) => t >= width - 1 && (event === null || t < event);
  return Object.fromEntries(Object.entries(readers).map(([name, read]) =>
    [name, frames.map((_, t) => (liquid(t) ? read(frames.slice(t - width + 1, t + 1)) : null))]));
}
