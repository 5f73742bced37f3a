// 読者のデータ: 規則（own_rule）と系列（own_series）。打たれたものを読み、読めなければ理由を一文で返す。
import { parseRule, ruleBaseline, ruleScore, ruleSteps } from "./own_rule.js";
import { longestWindow, parseSeries, seriesBaseline, seriesScore, trainWindows } from "./own_series.js";

export const OWN_TASKS = ["own_rule", "own_series"];

/** はじめに箱に入れておく例: 奇偶（1 の数が奇数なら 1）と、周期 12 の波。 */
export const OWN_STARTS = {
  own_rule: Array.from({ length: 32 }, (_, n) => n.toString(2).padStart(5, "0")).map((word) => `${word} ${word.replaceAll("0", "").length % 2}`).join("\n"),
  own_series: Array.from({ length: 120 }, (_, t) => (20 + 8 * Math.sin((2 * Math.PI * t) / 12) + 2 * Math.cos((2 * Math.PI * t) / 5)).toFixed(1)).join(", "),
};

/**
 * 打たれたものが使えるか。
 * @param {"own_rule" | "own_series"} task @param {string} text @param {number} T
 * @returns {{refused: boolean, note: string}} note は、使えるなら数、使えないなら理由
 */
export function ownNote(task, text, T) {
  try {
    return { refused: false, note: task === "own_rule" ? ruleNote(parseRule(text), T) : seriesNote(parseSeries(text), T) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { refused: true, note: error.message };
  }
}

function ruleNote({ examples, symbols, answers, length, train, held }, T) {
  const split = held.length ? `${train.length} 個で学習し、${held.length} 個を隠して試します` : "すべて学習に使います（10 個以上あると、3 割を隠して試します）";
  const wait = T > length ? `いちばん長い列は ${length} 個で、時刻 ${T} まで空白で待ちます。` : `系列長は、いちばん長い列の ${length} です。`;
  return `例 ${examples.length} 個、記号 ${symbols.length} 種類、答え ${answers.length} 種類。${split}。${wait}`;
}

function seriesNote(series, T) {
  const longest = longestWindow(series);
  if (T > longest) throw new RangeError(`系列長 T が ${T} です。この系列（${series.values.length} 個の数）では、1 から ${longest} までです。`);
  return `数 ${series.values.length} 個。はじめの ${series.cut} 個で学習し、残りの ${series.values.length - series.cut} 個で試します。`;
}

/**
 * 読者の規則を、学習の問題（nn/train/tasks.js の Task）にする。学習の例から、同じ確率で一つずつ選ぶ。
 * @param {string} text
 * @throws {RangeError} 読めない行
 */
export function ownRule(text) {
  const rule = parseRule(text);
  const { symbols, answers, examples, train } = rule;
  const D = symbols.length;
  return {
    D, O: answers.length, output: "class", metric: "accuracy", minT: 1,
    steps: (/** @type {number} */ T) => ruleSteps(rule, T),
    baseline: (/** @type {number} */ T) => ruleBaseline(rule, T),
    solved: (/** @type {number} */ accuracy) => accuracy >= 0.99,
    fill(random, x, y, B) {
      for (let b = 0; b < B; b += 1) {
        const { ids, answer } = examples[train[Math.floor(train.length * random())]];
        ids.forEach((id, t) => { x[(t * B + b) * D + id] = 1; });
        y[b] = answer;
      }
    },
    words: (/** @type {ArrayLike<number>} */ x, /** @type {ArrayLike<number>} */ y) => {
      const read = Array.from({ length: x.length / D }, (_, t) => symbols.find((_, n) => x[t * D + n] === 1) ?? "").join("");
      return `${read}、答えは ${answers[y[0]]} です。`;
    },
    /** 隠した例での成績（なければ null）。answer は、入力から答えごとの点を出す。 */
    score: (/** @type {number} */ T, /** @type {(x: Float32Array) => ArrayLike<number>} */ answer) => ruleScore(rule, T, answer),
  };
}

/**
 * 読者の系列を、学習の問題にする。はじめの 7 割の窓から、同じ確率で一つずつ選ぶ。解けたとする線はない。
 * @param {string} text
 * @throws {RangeError} 読めない数
 */
export function ownSeries(text) {
  const series = parseSeries(text);
  return {
    D: 1, O: 1, output: "value", metric: "squared_error", minT: 1,
    steps(/** @type {number} */ T) {
      trainWindows(series, T); // 長すぎる T を断る
      return T;
    },
    baseline: (/** @type {number} */ T) => seriesBaseline(series, T),
    solved: () => false,
    fill(random, x, y, B, T) {
      const N = trainWindows(series, T);
      for (let b = 0; b < B; b += 1) {
        const start = Math.floor(N * random());
        for (let t = 0; t < T; t += 1) x[t * B + b] = series.values[start + t];
        y[b] = series.values[start + T];
      }
    },
    words: (/** @type {ArrayLike<number>} */ x, /** @type {ArrayLike<number>} */ y, /** @type {number} */ T) =>
      `終わりの値は ${original(series, x[T - 1])}、次の値は ${original(series, y[0])} です。`,
    /** 残りの 3 割での誤差と、二つの基準。answer は、窓から次の値を出す。 */
    score: (/** @type {number} */ T, /** @type {(x: Float32Array) => ArrayLike<number>} */ answer) => seriesScore(series, T, answer),
  };
}

/** 元の単位の数の書き方。 */
function original({ mean, deviation }, z) {
  return String(Number((mean + deviation * z).toPrecision(4))).replace("-", "−");
}
