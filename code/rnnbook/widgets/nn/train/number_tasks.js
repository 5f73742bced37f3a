// 数を読む問題: ラッチ、足し算、正弦波。
import { below } from "./streams.js";
import { normal } from "../numerics.js";

const NOISE = 0.2;
const STEP = 0.1; // 一時刻に進む角度 ω（ラジアン）
const steps = (/** @type {number} */ T) => T;
const digits = (/** @type {number} */ v) => v.toFixed(2).replace("-", "−");

/** ラッチ: はじめの一点の符号を、雑音の中で最後まで覚えておく。 @type {import("./tasks.js").Task} */
export const latch = {
  D: 1, O: 2, output: "class", metric: "accuracy", minT: 2, steps, symbols: null, answers: ["0", "1"],
  baseline: () => 1 / 2,
  goal: () => 0.99,
  fill(random, x, y, B, T) {
    const gaussian = normal(random);
    for (let b = 0; b < B; b += 1) {
      // 答え、つぎに時刻 2 から T までの雑音
      y[b] = below(random, 2);
      x[b] = 2 * y[b] - 1;
      for (let t = 1; t < T; t += 1) x[t * B + b] = NOISE * gaussian();
    }
  },
  words: (x, y) => `はじめの入力は ${digits(x[0])}、答えは ${y[0]} です。`,
};

/** 足し算: 印の付いた二つの数を覚えて、和を答える。入力は数と印。 @type {import("./tasks.js").Task} */
export const adding = {
  D: 2, O: 1, output: "value", metric: "squared_error", minT: 2, steps, symbols: null, answers: null,
  baseline: () => 1 / 6,
  goal: () => 0.01,
  fill(random, x, y, B, T) {
    const half = Math.floor(T / 2);
    for (let b = 0; b < B; b += 1) {
      // 前半の印、後半の印、つぎに T 個の数
      const first = below(random, half);
      const second = half + below(random, T - half);
      for (let t = 0; t < T; t += 1) x[(t * B + b) * 2] = random();
      x[(first * B + b) * 2 + 1] = 1;
      x[(second * B + b) * 2 + 1] = 1;
      y[b] = x[(first * B + b) * 2] + x[(second * B + b) * 2];
    }
  },
  words(x, y, T) {
    const marked = [];
    for (let t = 0; t < T; t += 1) if (x[2 * t + 1]) marked.push(`時刻 ${t + 1} の ${digits(x[2 * t])}`);
    return `印の付いた数は${marked.join("と")}、和は ${digits(y[0])} です。`;
  },
};

/** 正弦波: 位相だけが違う波を T 点読み、次の一点を当てる。 @type {import("./tasks.js").Task} */
export const sine = {
  D: 1, O: 1, output: "value", metric: "squared_error", minT: 1, steps, symbols: null, answers: null,
  // いまの一点だけから答えたときの sin²(ω)/2
  baseline: () => Math.sin(STEP) ** 2 / 2,
  goal: () => Math.sin(STEP) ** 2 / 200,
  fill(random, x, y, B, T) {
    for (let b = 0; b < B; b += 1) {
      const phase = 2 * Math.PI * random();
      // x_t = sin(φ + ω t)、t = 0 … T
      for (let t = 0; t < T; t += 1) x[t * B + b] = Math.sin(phase + STEP * t);
      y[b] = Math.sin(phase + STEP * T);
    }
  },
  words: (x, y, T) => `終わりの入力は ${digits(x[T - 1])}、次の値は ${digits(y[0])} です。`,
};
