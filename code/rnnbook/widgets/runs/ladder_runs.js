// 記憶のはしごの記録を読み、数え、言葉にする。値はどの問題でも 1 が満点。
import { median } from "../nn/numerics.js";
import { wilson, writeInterval } from "../kit/interval.js";
import { fixed } from "../kit/scales.js";

/**
 * @typedef {[string, number, number]} Run 一つの種の [記録の文字列, 解けた回数か 0, 発散した回数か 0]
 * @typedef {{seeds: number, solved: number, diverged: number, at: number | null, values: (number | null)[], middle: number | null}} Summary
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
 * 記録を折れ線にする。発散した種では、その手前まで。
 * @param {string} curve
 * @param {number[]} checkpoints 更新の回数
 * @param {number} [divergedAt] 発散した回数か 0
 * @returns {[number, number][]} [更新の回数, 値] の並び
 */
export function toPoints(curve, checkpoints, divergedAt = 0) {
  const before = divergedAt || Infinity;
  return /** @type {[number, number][]} */ (decode(curve).map((v, i) => [checkpoints[i], v]).filter(([n, v]) => v !== null && Number(n) < before));
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
 * @returns {Summary} at は、解けた種の、解けた回数の中央値。values は種ごとで、発散した種では null
 */
export function summarize(runs, checkpoints, updates) {
  const reached = (/** @type {number} */ at) => at > 0 && at <= updates;
  const times = runs.map(([, at]) => at).filter(reached);
  const values = runs.map(([curve, , lost]) => (reached(lost) ? null : valueAt(curve, checkpoints, updates)));
  const known = /** @type {number[]} */ (values.filter((v) => v !== null));
  return {
    seeds: runs.length, solved: times.length, diverged: runs.filter(([, , lost]) => reached(lost)).length,
    at: times.length ? median(times) : null, values, middle: known.length ? median(known) : null,
  };
}

/**
 * @param {Summary} summary
 * @param {string} metric 物差しの名
 * @returns {string}
 */
export function describeRuns({ seeds, solved, diverged, at, middle }, metric) {
  if (!seeds) return "この T では測っていません。";
  const interval = writeInterval(solved, seeds);
  const held = middle === null ? "" : `、${diverged ? "残った種の" : ""}${metric}の中央値 ${fixed(middle, 2)}`;
  const lost = diverged ? `、${diverged} 個は発散しました` : "";
  if (!solved) return `${seeds} 個の種のうち、解けたものは${lost ? "なく" : "ありません"}${lost}（${interval}${held}）`;
  if (solved === seeds) return `${seeds} 個の種がすべて解けました（${interval}、中央値 ${at} 回で）`;
  return `${seeds} 個の種のうち ${solved} 個が解け${lost || "ました"}（${interval}、中央値 ${at} 回で）`;
}

/**
 * 図が見せる数。ladder_runs.py の tally と同じ名前。
 * @param {Summary} summary
 * @returns {Record<string, number>}
 */
export function numbersOfRuns({ seeds, solved, diverged, at, middle }) {
  const [low, high] = seeds ? wilson(solved, seeds) : [];
  return {
    seeds, solved, diverged, ...(seeds ? { low, high } : {}), ...(at === null ? {} : { at }), ...(middle === null ? {} : { median: middle }),
  };
}
