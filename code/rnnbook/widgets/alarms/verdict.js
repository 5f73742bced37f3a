// 点数から警報へ、警報から成績と費用へ。rnnbook/models/alarms.py と同じ数え方。
import { fixed } from "../kit/scales.js";

/** @typedef {[number, number]} Window 異常の区間。はじめと終わりの番号（どちらも含む） */
/** @typedef {{alarms: number, found: number, false_: number, events: number, first: (number | null)[]}} Outcome first は、異常ごとの、はじめの警報の番号 */

/**
 * 警報の始まり: しきい値を越え、直前の quiet 点では一度も越えていない番号。
 * @param {ArrayLike<number>} score @param {number} threshold @param {number} quiet @returns {number[]}
 */
export function onsets(score, threshold, quiet) {
  const starts = [];
  let last = -quiet - 1;
  for (let t = 0; t < score.length; t += 1) {
    if (!(score[t] > threshold)) continue;
    if (t - last > quiet) starts.push(t);
    last = t;
  }
  return starts;
}

/**
 * 区間 [from, to) の警報を、異常の区間と比べる。
 * @param {number[]} starts @param {Window[]} windows @param {number} from @param {number} to @returns {Outcome}
 */
export function outcome(starts, windows, from, to) {
  const heard = starts.filter((t) => t >= from && t < to);
  const first = windows.map(([a, b]) => heard.find((t) => t >= a && t <= b) ?? null);
  const outside = heard.filter((t) => !windows.some(([a, b]) => t >= a && t <= b));
  return { alarms: heard.length, found: first.filter((t) => t !== null).length, false_: outside.length, events: windows.length, first };
}

/** 費用 = 見逃した数 × 一つの見逃しの費用 + 誤報の数。 @param {Outcome} found @param {number} miss */
export function cost({ found, events, false_ }, miss) {
  return (events - found) * miss + false_;
}

/** 検証の最大。 @param {ArrayLike<number>} score @param {number} from @param {number} to */
export function most(score, from, to) {
  let top = 0;
  for (let t = from; t < to; t += 1) top = Math.max(top, score[t]);
  return top;
}

/** 印からの遅れの言葉。 @param {number} hours */
export function delayed(hours) {
  return `${fixed(Math.abs(hours), 1)} 時間${hours < 0 ? "前" : "後"}`;
}

/**
 * 成績を言う文。
 * @param {{name: string, limit: number, held: number, heldDays: number, days: number, calm: number, result: Outcome, delays: [string, number | null, boolean][], miss: number,
 *   best: {limit: number, cost: number}}} told
 *   held は検証での警報の数、calm は試験のうち異常の区間の外の日数、delays は、異常の名と、印からの遅れ（時間。見逃しは null）と、区間の中で越えていたか
 */
export function describe({ name, limit, held, heldDays, days, calm, result, delays, miss, best }) {
  const seen = delays.filter(([, hours]) => hours !== null).map(([event, hours]) => `${event}は印の ${delayed(hours)}`);
  const missed = delays.filter(([, hours]) => hours === null).map(([event, , rang]) => (rang ? `${event}（前から鳴り続け）` : event));
  const parts = [
    `${name}、しきい値 ${limit} %: 検証 ${fixed(heldDays, 0)} 日で ${held} 回、試験 ${fixed(days, 0)} 日で ${result.alarms} 回の警報。`,
    `見つけた異常は ${result.events} 個のうち ${result.found} 個${seen.length ? `（${seen.join("、")}）` : ""}`,
    missed.length ? `、見逃しは${missed.join("、")}。` : "。",
    `誤報は ${result.false_} 回（週に ${fixed((7 * result.false_) / calm, 1)} 回）。`,
    `費用は ${result.events - result.found} × ${miss} + ${result.false_} = ${cost(result, miss)}。`,
    best.limit === limit ? "後から見ても、これがいちばん安い。" : `後から見れば、${best.limit} % の ${best.cost} がいちばん安い。`,
  ];
  return parts.join("");
}
