// どの方法の点数も、検証の最大を 100 とした百分率にし、図の幅に合わせて間引く。
import { aheadError, band, cusum, ewma, pcaError, percents, random, rolling, seasonal, standardise } from "./charts.js";
import { most } from "./verdict.js";

export const DAY = 288; // 一日の点の数
const BINS = 300; // 一つの図に描く、区切りの数

/**
 * どの方法の点数も、検証の最大を 100 とした百分率で。
 * @param {ArrayLike<number>} x 温度
 * @param {{fit: [number, number], test: number, k: number, ridge: number[], pca: {mean: number[], axes: number[][]}}} split
 * @param {any} how 方法の定数
 * @param {Record<string, string>} stored 保存した点数（1 バイト）
 * @returns {Record<string, Float64Array>}
 */
export function scoresOf(x, split, how, stored) {
  const z = standardise(x, ...split.fit);
  const made = {
    band: band(z), rolling: rolling(z, how.width), ewma: ewma(z, how.lam), cusum: cusum(z, split.k),
    seasonal: seasonal(z, how.period), ridge: aheadError(z, split.ridge, how.ahead),
    pca: pcaError(z, split.pca), random: random(x.length, how.seed),
  };
  const scaled = Object.entries(made).map(([name, score]) => {
    const top = most(score, split.fit[1], split.test);
    // 検証の最大が、ちょうど 100 になる順に計算する。
    return [name, score.map((v) => 100 * (v / top))];
  });
  return Object.fromEntries([...scaled, ...Object.entries(stored).map(([name, text]) => [name, percents(text, how.edges)])]);
}

/**
 * 図の幅に合わせて間引く。区切りごとに、いちばん小さい値と大きい値を残す。
 * @param {ArrayLike<number>} values @param {number} from @param {number} to @param {number} [bins] @returns {[number, number][]} [日, 値]
 */
export function thinned(values, from, to, bins = BINS) {
  const points = [];
  const width = Math.max(1, (to - from) / bins);
  for (let at = from; at < to; at += width) {
    let [low, high] = [Infinity, -Infinity];
    const [first, end] = [Math.round(at), Math.min(to, Math.round(at + width))];
    for (let t = first; t < end; t += 1) {
      low = Math.min(low, values[t]);
      high = Math.max(high, values[t]);
    }
    if (first < end) points.push([first / DAY, low], ...(high > low ? [[first / DAY, high]] : []));
  }
  return /** @type {[number, number][]} */ (points);
}
