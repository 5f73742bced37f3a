// 読者のデータの問題。打たれたものを読む規則は playground/own_rule.js と own_series.js にある。
import { ruleBaseline, parseRule, ruleExample, ruleScore, ruleSteps } from "../../playground/own_rule.js";
import { parseSeries, seriesBaseline, seriesExample, seriesScore, trainWindows } from "../../playground/own_series.js";
import { below } from "./streams.js";
import { idsOf } from "./symbol_tasks.js";

/** B 本の一つ b の場所に、例 from (steps, D) を書く。 */
function place(x, from, b, B, D) {
  for (let t = 0; t < from.length / D; t += 1) {
    for (let n = 0; n < D; n += 1) x[(t * B + b) * D + n] = from[t * D + n];
  }
}

/** 例から学ぶ規則。 @param {string} text @returns {import("./tasks.js").Task} */
export function ownRule(text) {
  const rule = parseRule(text);
  const D = rule.symbols.length;
  let made = { T: 0, /** @type {any[]} */ examples: [] }; // いまの T の、学習の例
  return {
    D, O: rule.answers.length, output: "class", metric: "accuracy", minT: 1,
    symbols: rule.symbols, answers: rule.answers, hidden: rule.held.length > 0,
    steps: (T) => ruleSteps(rule, T),
    baseline: (T) => ruleBaseline(rule, T),
    goal: () => 0.99,
    fill(random, x, y, B, T) {
      if (made.T !== T) made = { T, examples: rule.train.map((n) => ruleExample(rule, n, T)) };
      for (let b = 0; b < B; b += 1) {
        const { x: one, y: answer } = made.examples[below(random, made.examples.length)];
        place(x, one, b, B, D);
        y[b] = answer;
      }
    },
    words: (x, y) => `${idsOf(x, D).map((k, t) => (x[t * D + k] ? rule.symbols[k] : "␣")).join("")}、答えは ${rule.answers[y[0]]} です。`,
    check: (T, answer) => ruleScore(rule, T, answer),
  };
}

/** 貼り付けた系列の、次の値。 @param {string} text @returns {import("./tasks.js").Task} */
export function ownSeries(text) {
  const series = parseSeries(text);
  return {
    D: 1, O: 1, output: "value", metric: "squared_error", minT: 1, symbols: null, answers: null, hidden: true,
    steps(T) {
      trainWindows(series, T); // 窓が取れない T を断る
      return T;
    },
    baseline: (T) => seriesBaseline(series, T),
    goal: () => null,
    fill(random, x, y, B, T) {
      const N = trainWindows(series, T);
      for (let b = 0; b < B; b += 1) {
        const first = below(random, N);
        for (let t = 0; t < T; t += 1) x[t * B + b] = series.values[first + t];
        y[b] = series.values[first + T];
      }
    },
    words: (x, y, T) => `終わりの入力は ${x[T - 1].toFixed(2)}、次の値は ${y[0].toFixed(2)} です（平均 0、標準偏差 1 にそろえた値）。`,
    check: (T, answer) => seriesScore(series, T, answer),
  };
}
