// 括弧: 開いた括弧が残っているかを、一文字ごとに答える。約束は rnnbook.tasks.brackets と同じ。
import { below } from "./streams.js";
import { idsOf } from "./symbol_tasks.js";

const ALPHABET = "().abcde";
const MAX_DEPTH = 4; // 学習で見る深さの上限
const RATES = [1 / 64, 1 / 32, 1 / 16, 1 / 8];

/** 深さ d で、番号 id の文字を読んだあとの深さ。( は 0、) は 1、. は 2。 */
function nextDepth(d, id) {
  if (id === 2) return 0;
  return Math.max(0, d + (id === 0 ? 1 : 0) - (id === 1 ? 1 : 0));
}

/** @type {import("./tasks.js").Task} */
export const brackets = {
  D: 8, O: 2, output: "sequence", metric: "accuracy", minT: 1,
  steps: (T) => T,
  baseline,
  goal: () => 0.99,
  symbols: [...ALPHABET],
  answers: ["残っていない", "残っている"],
  fill(random, x, y, B, T) {
    const choices = new Float64Array(T);
    for (let b = 0; b < B; b += 1) {
      // 率 q、どの種類の文字かを決める T 個の数、つぎに T 個の文字
      const q = RATES[below(random, 4)];
      for (let t = 0; t < T; t += 1) choices[t] = random();
      let d = 0;
      for (let t = 0; t < T; t += 1) {
        const letter = 3 + below(random, 5);
        const u = choices[t];
        let id = u < q ? 0 : u < 2 * q ? 1 : u < 2.25 * q ? 2 : letter;
        if (id === 0 && d === MAX_DEPTH) id = letter;
        d = nextDepth(d, id);
        x[(t * B + b) * 8 + id] = 1;
        y[t * B + b] = d > 0 ? 1 : 0;
      }
    }
  },
  words: (x) => `${idsOf(x, 8).map((k) => ALPHABET[k]).join("")} を読みます。`,
};

/** 記憶なしの正解率: 文字ごとに、T 時刻を通して多いほうの答えを選んだときの値。 @param {number} T */
function baseline(T) {
  const joint = new Float64Array(16); // P(文字, 答え) を T 時刻で足したもの
  for (const q of RATES) {
    // p[d] = P(d_{t−1} = d)
    let p = new Float64Array(MAX_DEPTH + 1);
    p[0] = 1;
    for (let t = 0; t < T; t += 1) {
      const after = new Float64Array(MAX_DEPTH + 1);
      p.forEach((weight, d) => {
        const full = d === MAX_DEPTH; // ( は a から e に替わる
        for (let id = 0; id < 8; id += 1) {
          const letter = (1 - 2.25 * q + (full ? q : 0)) / 5;
          const chance = id === 0 ? (full ? 0 : q) : id === 1 ? q : id === 2 ? q / 4 : letter;
          const next = nextDepth(d, id);
          joint[id * 2 + (next > 0 ? 1 : 0)] += weight * chance;
          if (chance) after[next] += weight * chance;
        }
      });
      p = after;
    }
  }
  let sum = 0;
  for (let id = 0; id < 8; id += 1) sum += Math.max(joint[2 * id], joint[2 * id + 1]);
  return sum / (T * RATES.length);
}
