// h_t = a_t h_{t-1} + b_t のスキャン。rnnbook/cells/scan.py と同じ式を、同じ順に計算する。
import { normal, uniform } from "../nn/numerics.js";

/**
 * @typedef {{a: number, b: number}} Pair 一次式 h → a h + b
 * @typedef {{k: number, v: number}} Drawn ゲートの中の値と、候補の中の値
 */

const exact = (/** @type {number} */ v) => v;
const sigmoid = (/** @type {number} */ x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const softplus = (/** @type {number} */ x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const positive = (/** @type {number} */ v) => (v >= 0 ? v + 0.5 : sigmoid(v)); // g(v): いつも正

/** 種 seed の乱数で、T 時刻ぶんの k と v を、k、v の順に引く。 @param {number} seed @param {number} T @param {number} bias @returns {Drawn[]} */
export function draw(seed, T, bias) {
  const random = normal(uniform(seed));
  return Array.from({ length: T }, () => ({ k: bias + random(), v: random() }));
}

/** minGRU の組: a = 1 − σ(k)、b = σ(k) g(v)。 @param {Drawn[]} drawn @param {(v: number) => number} [round] @returns {Pair[]} */
export function pairs(drawn, round = exact) {
  return drawn.map(({ k, v }) => ({ a: round(sigmoid(-k)), b: round(sigmoid(k) * positive(v)) }));
}

/** first のあとに then を続けた組。 @param {Pair} first @param {Pair} then @param {(v: number) => number} [round] @returns {Pair} */
export function combine(first, then, round = exact) {
  // h → a_2 (a_1 h + b_1) + b_2
  return { a: round(then.a * first.a), b: round(round(then.a * first.b) + then.b) };
}

/** 順に求めた h。 @param {Pair[]} steps @param {(v: number) => number} [round] @returns {number[]} */
export function inOrder(steps, round = exact) {
  let h = 0;
  return steps.map(({ a, b }) => (h = round(round(a * h) + b)));
}

/** 段ごとの組。はじめは steps、幅 d の段のあとは、位置 t が 2d 歩ぶん。 @param {Pair[]} steps @param {(v: number) => number} [round] @returns {Pair[][]} */
export function doublingSteps(steps, round = exact) {
  const stages = [steps];
  for (let d = 1; d < steps.length; d *= 2) {
    const last = stages[stages.length - 1];
    stages.push(last.map((then, t) => (t < d ? then : combine(last[t - d], then, round))));
  }
  return stages;
}

/** 対数の上のスキャン（公開された方法）を、32 ビットで。 @param {Drawn[]} drawn @returns {number[]} */
export function logarithmic(drawn) {
  const r = Math.fround;
  let [A, sum] = [0, -Infinity];
  return drawn.map(({ k, v }) => {
    // A_t = Σ log a_s、 log h_t = A_t + logΣexp (log b_s − A_s)
    A = r(A + r(-softplus(k)));
    const term = r(r(r(-softplus(-k)) + r(Math.log(positive(v)))) - A);
    const top = Math.max(sum, term);
    sum = r(top + r(Math.log1p(Math.exp(r(Math.min(sum, term) - top)))));
    return r(Math.exp(r(A + sum)));
  });
}

/** つなぐ回数と、待つ段の数。 @param {number} T */
export function workAndDepth(T) {
  const depth = Math.ceil(Math.log2(T));
  return { inOrder: [T - 1, T - 1], doubling: [T * depth - (2 ** depth - 1), depth] };
}

/** 最後の段の位置 t（1 から）の値に使う、段ごとの位置（1 から、小さい順）。 @param {number} T @param {number} t @returns {number[][]} */
export function ancestors(T, t) {
  const { doubling: [, depth] } = workAndDepth(T);
  const found = [[t]];
  for (let stage = depth; stage > 0; stage -= 1) {
    const d = 2 ** (stage - 1);
    const below = found[0].flatMap((p) => (p > d ? [p - d, p] : [p]));
    found.unshift([...new Set(below)].sort((p, q) => p - q));
  }
  return found;
}

/** 段 stage の位置 t の組が表す、はじめと終わりの時刻。 @param {number} t @param {number} stage @returns {[number, number]} */
export function span(t, stage) {
  return [Math.max(1, t - 2 ** stage + 1), t];
}

/** 32 ビットの三つの求め方の、64 ビットで順に求めた値との相対的な差の最大。 @param {Drawn[]} drawn */
export function errors(drawn) {
  const truth = inOrder(pairs(drawn));
  const rounded = pairs(drawn, Math.fround);
  const stages = doublingSteps(rounded, Math.fround);
  const worst = (/** @type {number[]} */ h) => Math.max(...h.map((v, t) => Math.abs(v - truth[t]) / truth[t]));
  return {
    inOrder: worst(inOrder(rounded, Math.fround)),
    doubling: worst(stages[stages.length - 1].map(({ b }) => b)),
    logarithmic: worst(logarithmic(drawn)),
  };
}
