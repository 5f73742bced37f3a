// 管理図の点数。rnnbook/models/charts.py と同じ式で、どれも、その時刻までの値だけを使う。
import { uniform } from "../nn/numerics.js";

const FLAT = 0.05; // 移動 z の s_t の下限

/** @typedef {Float64Array} Series */

/** 区間 [from, to) の平均と標準偏差。 @param {ArrayLike<number>} x @param {number} from @param {number} to @returns {[number, number]} */
function moments(x, from, to) {
  let mean = 0;
  for (let t = from; t < to; t += 1) mean += x[t];
  mean /= to - from;
  let square = 0;
  for (let t = from; t < to; t += 1) square += (x[t] - mean) ** 2;
  return [mean, Math.sqrt(square / (to - from))];
}

/** z_t = (x_t − μ) / σ。 @param {ArrayLike<number>} x @param {number} from 学習のはじめ @param {number} to 学習の終わりの次 @returns {Series} */
export function standardise(x, from, to) {
  const [mean, std] = moments(x, from, to);
  return Float64Array.from(x, (v) => (v - mean) / std);
}

/** |z_t|。 @param {Series} z @returns {Series} */
export const band = (z) => Float64Array.from(z, Math.abs);

/** |z_t − m_t| / s_t。m と s は、直前の width 点から。 @param {Series} z @param {number} width @returns {Series} */
export function rolling(z, width) {
  const score = new Float64Array(z.length);
  for (let t = width; t < z.length; t += 1) {
    const [mean, std] = moments(z, t - width, t);
    score[t] = Math.abs(z[t] - mean) / Math.max(std, FLAT);
  }
  return score;
}

/** |e_t| / √(λ/(2 − λ))、e_t = (1 − λ) e_{t−1} + λ z_t。 @param {Series} z @param {number} lam @returns {Series} */
export function ewma(z, lam) {
  let e = 0;
  const limit = Math.sqrt(lam / (2 - lam));
  return Float64Array.from(z, (v) => Math.abs((e = (1 - lam) * e + lam * v)) / limit);
}

/** max(C⁺_t, C⁻_t)、C^±_t = max(0, C^±_{t−1} ± z_t − k)。 @param {Series} z @param {number} k @returns {Series} */
export function cusum(z, k) {
  let [up, down] = [0, 0];
  return Float64Array.from(z, (v) => {
    up = Math.max(0, up + v - k);
    down = Math.max(0, down - v - k);
    return Math.max(up, down);
  });
}

/** |z_t − z_{t−P}|。 @param {Series} z @param {number} period @returns {Series} */
export function seasonal(z, period) {
  return Float64Array.from(z, (v, t) => (t < period ? 0 : Math.abs(v - z[t - period])));
}

/**
 * |z_t − ẑ_t|、ẑ_t = b + Σ_j w_j z_{t−a−j}。
 * @param {Series} z @param {number[]} weights 係数と、終わりに切片 @param {number} ahead @returns {Series}
 */
export function aheadError(z, weights, ahead) {
  const p = weights.length - 1;
  const score = new Float64Array(z.length);
  for (let t = p + ahead - 1; t < z.length; t += 1) {
    let told = weights[p];
    for (let j = 0; j < p; j += 1) told += weights[j] * z[t - ahead - j];
    score[t] = Math.abs(z[t] - told);
  }
  return score;
}

/**
 * 主成分で戻せなかった分の、窓の平均二乗。‖d‖² − ‖P d‖²、d = x − x̄（P の行は、直交する単位ベクトル）。
 * @param {Series} z @param {{mean: number[], axes: number[][]}} pca @returns {Series}
 */
export function pcaError(z, { mean, axes }) {
  const T = mean.length;
  const score = new Float64Array(z.length);
  for (let t = T - 1; t < z.length; t += 1) {
    let left = 0;
    for (let j = 0; j < T; j += 1) left += (z[t - T + 1 + j] - mean[j]) ** 2;
    for (const axis of axes) {
      let along = 0;
      for (let j = 0; j < T; j += 1) along += axis[j] * (z[t - T + 1 + j] - mean[j]);
      left -= along ** 2;
    }
    score[t] = Math.max(0, left) / T;
  }
  return score;
}

/** でたらめな点数。 @param {number} n @param {number} seed @returns {Series} */
export function random(n, seed) {
  const draw = uniform(seed);
  return Float64Array.from({ length: n }, () => draw());
}

/** base64 の、2 バイトの整数（小さい桁が先）。 @param {string} text @returns {Series} */
export function wholes(text) {
  const letters = atob(text);
  return Float64Array.from({ length: letters.length / 2 }, (_, k) => letters.charCodeAt(2 * k) + 256 * letters.charCodeAt(2 * k + 1));
}

/**
 * 1 バイトの点数（rnnbook/models/score_bytes.py）を、検証の最大に対する百分率に戻す。
 * 値は二つの境目の間に置くので、境目のしきい値では、もとの点数と同じ警報になる。
 * @param {string} text @param {number[]} edges @returns {Series}
 */
export function percents(text, edges) {
  const place = [edges[0] / 2, ...edges.map((e, k) => (k + 1 < edges.length ? (e + edges[k + 1]) / 2 : e * 1.01))];
  return Float64Array.from(atob(text), (letter) => place[letter.charCodeAt(0)]);
}
