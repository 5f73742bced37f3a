// 記号を読む問題: 順序、写し、if … then。入力は one-hot。
import { below } from "./streams.js";

const ORDER = ["E", "B", "a", "b", "c", "d", "X", "Y"];
const PAIRS = ["XX", "XY", "YX", "YY"];
const CONDITIONS = ["sports", "politics", "food"];
const FILLERS = ["the", "a", "man", "woman", "today", "read", "blue", "green"];
const VOCABULARY = ["if", ...CONDITIONS, ...FILLERS, "then", "TARGET"];
const COPIED = [..."abcdefgh", "␣", "▶"]; // 記号、空白、合図
const KEPT = 10; // 写し: 覚える記号の数
const SYMBOLS = 8; // 写し: 記号の種類。番号は 0 から 7
const BLANK = 8;
const GO = 9;

/** one-hot の x (steps, D) を、番号の列に戻す。 @param {ArrayLike<number>} x @param {number} D @returns {number[]} */
export function idsOf(x, D) {
  return Array.from({ length: x.length / D }, (_, t) => {
    let best = 0;
    for (let n = 1; n < D; n += 1) if (x[t * D + n] > x[t * D + best]) best = n;
    return best;
  });
}

/** 順序: 離れた二つの記号 X、Y が、どの順に現れたか。 @type {import("./tasks.js").Task} */
export const order = {
  D: 8, O: 4, output: "class", metric: "accuracy", minT: 10, symbols: ORDER, answers: PAIRS,
  steps: (T) => T,
  baseline: () => 1 / 4,
  goal: () => 0.99,
  fill(random, x, y, B, T) {
    const part = (/** @type {number} */ n) => Math.floor((n * T) / 10);
    for (let b = 0; b < B; b += 1) {
      // 一か所めの時刻、二か所めの時刻、その記号（X なら 0、Y なら 1）、つぎに T 個の文字
      const first = part(1) + below(random, part(2) + 1 - part(1));
      const second = part(5) + below(random, part(6) + 1 - part(5));
      const one = below(random, 2);
      const two = below(random, 2);
      for (let t = 0; t < T; t += 1) {
        let id = 2 + below(random, 4);
        if (t === 0) id = 0;
        if (t === T - 1) id = 1;
        if (t === first) id = 6 + one;
        if (t === second) id = 6 + two;
        x[(t * B + b) * 8 + id] = 1;
      }
      y[b] = 2 * one + two;
    }
  },
  words: (x, y) => `${idsOf(x, 8).map((k) => ORDER[k]).join("")}、答えは ${PAIRS[y[0]]} です。`,
};

/** 写し: 10 個の記号を覚え、T 時刻待ってから、同じ順に書き出す。 @type {import("./tasks.js").Task} */
export const copy = {
  D: 10, O: 9, output: "sequence", metric: "cross_entropy", minT: 1, symbols: COPIED, answers: COPIED.slice(0, 9),
  steps: (T) => T + 2 * KEPT,
  // 10 ln 8 / (T + 20)
  baseline: (T) => (KEPT * Math.log(SYMBOLS)) / (T + 2 * KEPT),
  goal: (T) => copy.baseline(T) / 20,
  fill(random, x, y, B, T) {
    for (let b = 0; b < B; b += 1) {
      // 10 個の記号、空白 T − 1 個、合図、空白 10 個。答えは、合図のあとの 10 時刻だけが記号
      for (let t = 0; t < T + 2 * KEPT; t += 1) {
        x[(t * B + b) * 10 + (t === T + KEPT - 1 ? GO : BLANK)] = t < KEPT ? 0 : 1;
        y[t * B + b] = BLANK;
      }
      for (let t = 0; t < KEPT; t += 1) {
        const symbol = below(random, SYMBOLS);
        x[(t * B + b) * 10 + symbol] = 1;
        y[(T + KEPT + t) * B + b] = symbol;
      }
    }
  },
  words: (x) => `覚える記号は ${idsOf(x, 10).slice(0, KEPT).map((k) => COPIED[k]).join("")} です。`,
};

/** if … then: 文頭の条件を、関係のない語をはさんで文末まで覚える。 @type {import("./tasks.js").Task} */
export const ifThen = {
  D: VOCABULARY.length, O: 3, output: "class", metric: "accuracy", minT: 4, symbols: VOCABULARY, answers: CONDITIONS,
  steps: (T) => T,
  baseline: () => 1 / 3,
  goal: () => 0.99,
  fill(random, x, y, B, T) {
    const D = VOCABULARY.length;
    for (let b = 0; b < B; b += 1) {
      // 条件、つぎに T 個の関係のない語
      y[b] = below(random, 3);
      for (let t = 0; t < T; t += 1) {
        let id = 4 + below(random, 8);
        if (t === 0) id = 0;
        if (t === 1) id = 1 + y[b];
        if (t >= T - 2) id = D - T + t;
        x[(t * B + b) * D + id] = 1;
      }
    }
  },
  words: (x, y) => `${idsOf(x, VOCABULARY.length).map((k) => VOCABULARY[k]).join(" ")}、答えは ${CONDITIONS[y[0]]} です。`,
};
