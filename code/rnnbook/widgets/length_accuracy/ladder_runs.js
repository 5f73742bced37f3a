// 記憶のはしごの記録を読み、数え、言葉にする。値はどの問題でも 1 が満点。
import { median } from "../nn/numerics.js";
import { writeInterval } from "../kit/interval.js";
import { fixed } from "../kit/scales.js";

/**
 * @typedef {[string, number]} Run 一つの種の [記録の文字列, 解けた更新の回数か 0]
 * @typedef {{seeds: number, solved: number, at: number | null, values: number[], middle: number | null}} Summary
 */

// ladder_runs.py の LOWEST、STEP、FIRST と同じ。
const LOWEST = -0.2;
const STEP = 0.005;
const FIRST = 0xc0;

/**
 * 記録の文字列を、物差しの値にする。測っていない回は null。
 * @param {string} curve
 * @returns {(number | null)[]}
 */
export function decode(curve) {
  return [...curve].map((c) => (c === " " ? null : LOWEST + STEP * (c.charCodeAt(0) - FIRST)));
}

/**
 * 記録を折れ線にする。
 * @param {string} curve
 * @param {number[]} checkpoints 更新の回数
 * @returns {[number, number][]} [更新の回数, 値] の並び
 */
export function toPoints(curve, checkpoints) {
  return /** @type {[number, number][]} */ (decode(curve).map((v, i) => [checkpoints[i], v]).filter(([, v]) => v !== null));
}

/**
 * updates 回まで更新したときの値。解けて学習をやめた種は、やめたときの値のまま。
 * @param {string} curve
 * @param {number[]} checkpoints
 * @param {number} updates
 * @returns {number | null} まだ一度も測っていなければ null
 */
export function valueAt(curve, checkpoints, updates) {
  // 最後から、測ってある updates 回以前の記録を探す。
  for (let i = Math.min(curve.length, checkpoints.length) - 1; i >= 0; i -= 1) {
    if (checkpoints[i] <= updates && curve[i] !== " ") return decode(curve[i])[0];
  }
  return null;
}

/**
 * @param {Run[]} runs
 * @param {number[]} checkpoints
 * @param {number} updates
 * @returns {Summary} at は、解けた種の、解けた回数の中央値
 */
export function summarize(runs, checkpoints, updates) {
  const times = runs.map(([, at]) => at).filter((at) => at > 0 && at <= updates);
  const values = /** @type {number[]} */ (runs.map(([curve]) => valueAt(curve, checkpoints, updates)).filter((v) => v !== null));
  return {
    seeds: runs.length, solved: times.length, at: times.length ? median(times) : null,
    values, middle: values.length ? median(values) : null,
  };
}

/**
 * @param {Summary} summary
 * @param {string} metric 物差しの名
 * @returns {string}
 */
export function describeRuns({ seeds, solved, at, middle }, metric) {
  if (!seeds) return "この T では測っていません。";
  const interval = writeInterval(solved, seeds);
  const held = middle === null ? "" : `、${metric}の中央値 ${fixed(middle, 2)}`;
  if (!solved) return `${seeds} 個の種のうち、解けたものはありません（${interval}${held}）`;
  const all = solved === seeds ? `${seeds} 個の種がすべて解けました` : `${seeds} 個の種のうち ${solved} 個が解けました`;
  return `${all}（${interval}、中央値 ${at} 回で）`;
}
