// 升目の数え方と言葉。値は rnnbook の beyond_grid のもの。
import { wilson, writeInterval } from "../kit/interval.js";
import { fixed } from "../kit/scales.js";
import { median } from "../nn/numerics.js";

/**
 * @typedef {{accuracy: number[][], solved: number[][], curve: number[][]}} Runs 種 × 長さ（か更新）
 * @typedef {{T: number, baseline: number, models: Record<string, Runs>}} Task
 * @typedef {{seeds: number, solved: number, middle: number, low: number, high: number}} Cell
 */

/** 長さの番号 at での、一つの升目。 @param {Runs} runs @param {number} at @returns {Cell} */
export function cellOf(runs, at) {
  const values = runs.accuracy.map((row) => row[at]);
  return {
    seeds: values.length, solved: runs.solved.reduce((sum, row) => sum + row[at], 0),
    middle: median(values), low: Math.min(...values), high: Math.max(...values),
  };
}

/** 選んだ升目の数と、解けた割合の 95 % 区間。 @param {Cell} cell @param {number} baseline */
export function numbersOf({ seeds, solved, middle, low, high }, baseline) {
  const [from, to] = wilson(solved, seeds);
  return { seeds, solved, low: from, high: to, median: middle, min: low, max: high, baseline };
}

/** 当てずっぽうを 0、満点を 1 にした濃さ。 @param {number} value @param {number} baseline */
export function shade(value, baseline) {
  return Math.max(0, Math.min(1, (value - baseline) / (1 - baseline)));
}

/**
 * 選んだ升目を言う文。
 * @param {string} model 見せる名
 * @param {string} task 見せる名
 * @param {number} length 試した長さ
 * @param {number} times 学習した長さの何倍か
 * @param {Cell} cell
 * @param {number} baseline
 */
export function describe(model, task, length, times, { seeds, solved, middle, low, high }, baseline) {
  const where = times === 1 ? "学習した長さ" : `学習の ${times} 倍`;
  return `${model}、${task}、長さ ${length}（${where}）: ${seeds} 個の種のうち ${solved} 個が解けました（${writeInterval(solved, seeds)}）。`
    + `正解率は、中央値 ${fixed(middle, 2)}（${fixed(low, 2)}〜${fixed(high, 2)}）。当てずっぽうは ${fixed(baseline, 2)} です。`;
}
