// 学習に使う乱数。種と流れの番号だけで決まり、Python でも同じ数になる。
import { uniform } from "../numerics.js";

/** 学習に使わない系列を引く流れ。 */
export const HELD_OUT = 0xffffffff;

/**
 * 種 seed の、stream 番の流れ。流れ 0 ははじめの重み、流れ s は s 回目の更新のバッチ。
 * 流れの k 番目（k = 0, 1, …）の数は、状態 state + (k + 1)·0x6d2b79f5 だけで決まる（mulberry32）。
 * @param {number} seed 整数 @param {number} stream 整数
 * @returns {() => number} 一様乱数 [0, 1)
 */
export function streamOf(seed, stream) {
  // state = seed · 0x9E3779B1 + stream · 0x85EBCA6B (mod 2³²)
  return uniform(Math.imul(seed, 0x9e3779b1) + Math.imul(stream, 0x85ebca6b));
}

/** 0, 1, …, n − 1 のどれか。 @param {() => number} random @param {number} n */
export function below(random, n) {
  return Math.floor(n * random());
}
