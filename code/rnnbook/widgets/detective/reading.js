// 抜粋を読み、隠れ状態を並べる。読み終えるまで、少しずつ進める。
import { every, lend } from "../kit/scope.js";

/** @typedef {import("../characters/gru.js").Writer} Writer */
/** @typedef {{ids: number[], states: Float32Array, done: number}} Reading states は (N, H)、done は読んだ字数 */

const SLICE = 24; // 一度に計算する時間 ms
const REST = 32; // 始めから次の始めまで ms

/** @param {Writer} writer @param {string} text @returns {Reading} まだ読んでいない文章。改行のあとの 0 の隠れ状態から読む */
export function unread(writer, text) {
  const ids = writer.encode(text);
  return { ids, states: new Float32Array(ids.length * writer.H), done: 0 };
}

/** 改行を一つ読んだあとの隠れ状態。 @param {Writer} writer */
export function afterBreak(writer) {
  return writer.step(writer.encode("\n")[0], new Float64Array(writer.H));
}

/** n 字めまで読んだあとの隠れ状態（n = 0 なら、読む前）。 @param {Writer} writer @param {Reading} reading @param {number} n */
export function stateAfter(writer, { states }, n) {
  return n ? Float64Array.from(states.subarray((n - 1) * writer.H, n * writer.H)) : afterBreak(writer);
}

/**
 * until を過ぎるまで読む。
 * @param {Writer} writer @param {Reading} reading @param {() => boolean} until
 * @returns {boolean} 終わりまで読んだか
 */
export function readOn(writer, reading, until = () => false) {
  let h = stateAfter(writer, reading, reading.done);
  while (reading.done < reading.ids.length && !until()) {
    h = writer.step(reading.ids[reading.done], h);
    reading.states.set(h, reading.done * writer.H);
    reading.done += 1;
  }
  return reading.done === reading.ids.length;
}

/**
 * 読み終えるまで、少しずつ読む。tell(割合) を、進むたびに呼ぶ。
 * @param {Writer} writer @param {Reading[]} readings @param {(share: number) => void} tell
 */
export function readInSlices(writer, readings, tell) {
  const total = readings.reduce((sum, { ids }) => sum + ids.length, 0);
  const stop = every(REST, () => {
    const end = performance.now() + SLICE;
    const all = readings.every((reading) => readOn(writer, reading, () => performance.now() > end));
    if (all) stop();
    tell(readings.reduce((sum, { done }) => sum + done, 0) / total);
  });
  lend(stop);
}
