// 次の文字を選ぶ。式と順は rnnbook.models.sampling と同じ: 温度 → 上位 k 個 → 確率の和が p になるまで → 足して 1 にする。
import { uniform } from "../nn/numerics.js";
import { read, softmax, UNKNOWN } from "./gru.js";

/** @typedef {import("./gru.js").Writer} Writer */
/** @typedef {{temperature: number, topK: number, topP: number}} Rule topK が V 以上、topP が 1 なら、何も落とさない */

/** 確率の大きい順の番号。同じなら、番号の小さいほうが先。 @param {Float64Array} p @returns {number[]} */
export function ranked(p) {
  return Array.from(p.keys()).sort((a, b) => p[b] - p[a] || a - b);
}

/**
 * 選ぶときの確率。表にない文字（番号 0）は書けないので、0 にする。
 * @param {Float64Array} scores (V,)
 * @param {Rule} rule
 * @returns {Float64Array} (V,) 落とした文字は 0
 */
export function choices(scores, { temperature, topK, topP }) {
  const possible = scores.slice();
  possible[UNKNOWN] = -Infinity;
  const p = softmax(possible, temperature);
  if (topK >= p.length && topP >= 1) return p;
  const sorted = p.slice().sort().reverse();
  let n = Math.min(topK, p.length);
  const within = sorted.slice(0, n).reduce((sum, v) => sum + v, 0);
  // 上から足して topP に届くまで
  for (let k = 0, sum = 0; k < n && topP < 1; k += 1) {
    sum += sorted[k] / within;
    if (sum >= topP) n = k + 1;
  }
  return largest(p, n, sorted[n - 1]);
}

/** 大きいほうから n 個だけを残し、足して 1 にする。同じなら、番号の小さいほうを残す。 @param {Float64Array} p @param {number} n @param {number} cut n 番目に大きい値 */
function largest(p, n, cut) {
  let equal = n - p.reduce((many, v) => many + (v > cut ? 1 : 0), 0);
  const kept = p.map((v) => {
    if (v === cut) equal -= 1;
    return v > cut || (v === cut && equal >= 0) ? v : 0;
  });
  const total = kept.reduce((sum, v) => sum + v, 0);
  return kept.map((v) => v / total);
}

/**
 * 一様乱数 u で、一つ選ぶ。番号の順に確率を足していき、はじめて u を越えた番号。
 * @param {Float64Array} p (V,) @param {number} u 0 以上 1 未満
 * @returns {number}
 */
export function draw(p, u) {
  let total = 0;
  for (const v of p) total += v;
  let [sum, last] = [0, 0];
  for (let k = 0; k < p.length; k += 1) {
    if (!p[k]) continue;
    sum += p[k];
    last = k;
    if (sum > u * total) break;
  }
  return last;
}

/**
 * 書き出しを読み、n 文字を続けて書く。
 * @param {Writer} writer
 * @param {number[]} opening 書き出し。一文字以上
 * @param {number} n
 * @param {Rule & {seed: number}} rule
 * @returns {{ids: number[], states: Float64Array[]}} 書き出しから続けた番号と、文字ごとに読んだあとの隠れ状態
 */
export function write(writer, opening, n, rule) {
  const [random, ids, states] = [uniform(rule.seed), [...opening], read(writer, opening)];
  for (let k = 0; k < n; k += 1) {
    ids.push(draw(choices(writer.scores(/** @type {Float64Array} */ (states.at(-1))), rule), random()));
    states.push(writer.step(/** @type {number} */ (ids.at(-1)), /** @type {Float64Array} */ (states.at(-1))));
  }
  return { ids, states };
}

/**
 * 文字を一つずつ隠すと（表にない文字に替えると）、t 番目の文字の対数確率がどれだけ下がるか。
 * @param {Writer} writer
 * @param {number[]} ids
 * @param {Float64Array[]} states 文字ごとに読んだあとの隠れ状態
 * @param {number} t 1 以上
 * @param {number} look 前の何文字まで
 * @returns {{bits: number, fall: number[]}} bits は −log₂ p。fall[k] は k 番目の文字を隠したときの下がり（ビット）で、look より前は 0
 */
export function movers(writer, ids, states, t, look) {
  const bitsAfter = (/** @type {Float64Array} */ h) => -Math.log2(softmax(writer.scores(h))[ids[t]]);
  const bits = bitsAfter(states[t - 1]);
  const fall = Array(t).fill(0);
  for (let s = Math.max(0, t - look); s < t; s += 1) {
    const seen = [UNKNOWN, ...ids.slice(s + 1, t)];
    const h = read(writer, seen, s ? states[s - 1] : undefined).at(-1);
    fall[s] = bitsAfter(/** @type {Float64Array} */ (h)) - bits;
  }
  return { bits, fall };
}
