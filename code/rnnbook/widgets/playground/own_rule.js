// 読者の規則。一行に一つの例（0110 1 のように、記号の列、空白、答え）から、学習の例を作る。
//
// 記号は一字ずつ one-hot にする。列の長さはそろっていなくてよい。どの例も頭から読み、T まで余った時刻は
// 空白（すべて 0 の入力）で待ってから答える。T を延ばすと、読んでから答えるまでが遠くなる。
import { uniform } from "../nn/numerics.js";

export const RULE_LIMITS = { examples: [2, 1000], length: 100, symbols: 20, answers: [2, 10], held_from: 10, held_share: 0.3 };

/**
 * @typedef {{ids: number[], answer: number, line: number}} Example 記号の番号の列、答えの番号、書かれた行
 * @typedef {{symbols: string[], answers: string[], examples: Example[], length: number, train: number[], held: number[]}} Rule
 *   length は最も長い列の長さ、train と held は学習と試しの例の番号。例が 10 個に満たなければ held は空
 */

/**
 * 書かれた例を読む。全角の英数字は半角に直し、空の行は飛ばす。
 * @param {string} text
 * @returns {Rule}
 * @throws {RangeError} 読めない行。行の番号、書かれたもの、書き方を述べる
 */
export function parseRule(text) {
  const { examples: [least, most], length: longest, symbols: kinds, answers: [fewest, widest] } = RULE_LIMITS;
  const symbols = [], answers = [], examples = [], seen = new Map();
  for (const [k, raw] of text.normalize("NFKC").split(/\r\n|\r|\n/).entries()) {
    const [line, written] = [k + 1, raw.trim()];
    if (!written) continue;
    const refuse = (/** @type {string} */ why) => {
      throw new RangeError(`${line} 行目の「${shortened(written)}」は${why}`);
    };
    const words = written.split(/\s+/);
    if (words.length !== 2) refuse("、例として読めません。0110 1 のように、記号の列、空白一つ、答えを書きます。");
    const letters = [...words[0]];
    const odd = [...letters, ...words[1]].find((letter) => !/^[\p{L}\p{N}]$/u.test(letter));
    if (odd) refuse(`、「${odd}」を含みます。記号と答えに使えるのは、文字と数字です。`);
    if (letters.length > longest) refuse(`、記号が ${letters.length} 個あります。一つの例は ${longest} 個までです。`);
    const before = seen.get(words[0]);
    if (before && before.answer !== words[1]) {
      refuse(`、${before.line} 行目と答えが違います。同じ列の答えは一つです（${before.answer} と ${words[1]}）。`);
    }
    if (before) refuse(`、${before.line} 行目と同じ例です。同じ例は一度だけ書きます。`);
    seen.set(words[0], { line, answer: words[1] });
    for (const letter of letters) {
      if (!symbols.includes(letter)) symbols.push(letter);
      if (symbols.length > kinds) refuse(`、${kinds + 1} 種類めの記号「${letter}」を含みます。記号は ${kinds} 種類までです。`);
    }
    if (!answers.includes(words[1])) answers.push(words[1]);
    if (answers.length > widest) refuse(`、${widest + 1} 種類めの答え「${shortened(words[1])}」です。答えは ${widest} 種類までです。`);
    if (examples.length === most) refuse(`、${most + 1} 個めの例です。例は ${most} 個までです。`);
    examples.push({ ids: letters.map((letter) => symbols.indexOf(letter)), answer: answers.indexOf(words[1]), line });
  }
  if (examples.length < least) throw new RangeError(`例が ${examples.length} 個です。${least} 個以上を、0110 1 のように一行に一つ書きます。`);
  if (answers.length < fewest) throw new RangeError(`どの例の答えも「${shortened(answers[0])}」です。答えの違う例が要ります。`);
  return { symbols, answers, examples, length: Math.max(...examples.map(({ ids }) => ids.length)), ...parts(examples.length) };
}

/** N 個の例を、学習と試しに分ける。書いた順に偏らないように、決まった乱数で選ぶ。 @param {number} N */
function parts(N) {
  const random = uniform(0);
  const order = Array.from({ length: N }, (_, k) => ({ k, key: random() })).sort((a, b) => a.key - b.key).map(({ k }) => k);
  const cut = N < RULE_LIMITS.held_from ? 0 : Math.floor(N * RULE_LIMITS.held_share);
  const sorted = (/** @type {number[]} */ part) => part.sort((a, b) => a - b);
  return { held: sorted(order.slice(0, cut)), train: sorted(order.slice(cut)) };
}

/**
 * 実際の時刻の数。T が最も長い列より短ければ、その列の長さになる。
 * @param {Rule} rule @param {number} T @returns {number}
 */
export function ruleSteps(rule, T) {
  return Math.max(T, rule.length);
}

/**
 * n 番目の例の入力 x (時刻, D) と答え。
 * @param {Rule} rule @param {number} n @param {number} T
 * @returns {{x: Float32Array, y: number}}
 */
export function ruleExample(rule, n, T) {
  const D = rule.symbols.length;
  const x = new Float32Array(ruleSteps(rule, T) * D);
  const { ids, answer } = rule.examples[n];
  ids.forEach((id, t) => { x[t * D + id] = 1; });
  return { x, y: answer };
}

/**
 * 記憶なしの正解率。最後の時刻に見えるもの（記号か空白）ごとに、学習の例で最も多い答えを選んだときの値。
 * @param {Rule} rule @param {number} T @returns {number}
 */
export function ruleBaseline(rule, T) {
  /** @type {Map<number, number[]>} */
  const counts = new Map();
  const best = bestByLast(rule, T, counts);
  return rule.train.filter((n) => best(n) === rule.examples[n].answer).length / rule.train.length;
}

/** 最後に見えるものだけから、学習の例で最も多かった答えを選ぶ。 */
function bestByLast(rule, T, counts) {
  const last = (/** @type {number} */ n) => rule.examples[n].ids[ruleSteps(rule, T) - 1] ?? -1;
  for (const n of rule.train) {
    if (!counts.has(last(n))) counts.set(last(n), rule.answers.map(() => 0));
    counts.get(last(n))[rule.examples[n].answer] += 1;
  }
  const overall = rule.answers.map((_, a) => rule.train.filter((n) => rule.examples[n].answer === a).length);
  return (/** @type {number} */ n) => {
    const found = counts.get(last(n)) ?? overall;
    return found.indexOf(Math.max(...found));
  };
}

/**
 * 隠した例での成績。
 * @param {Rule} rule @param {number} T
 * @param {(x: Float32Array) => ArrayLike<number>} answer 入力から、答えごとの点 (O,) を出す
 * @returns {{count: number, accuracy: number, memoryless: number, trained: [number, number]} | null} trained は、学習の例のうち
 *   正解した数と、その全部の数。隠した例がなければ null
 */
export function ruleScore(rule, T, answer) {
  if (!rule.held.length) return null;
  const best = bestByLast(rule, T, new Map());
  const isRight = (/** @type {number} */ n) => {
    const { x, y } = ruleExample(rule, n, T);
    const scores = Array.from(answer(x));
    return scores.indexOf(Math.max(...scores)) === y;
  };
  const count = rule.held.length;
  const memoryless = rule.held.filter((n) => best(n) === rule.examples[n].answer).length / count;
  return { count, accuracy: rule.held.filter(isRight).length / count, memoryless, trained: [rule.train.filter(isRight).length, rule.train.length] };
}

/** 長い文字列を、頭の 12 字にする。 @param {string} text */
function shortened(text) {
  const letters = [...text];
  return letters.length > 12 ? `${letters.slice(0, 12).join("")}…` : text;
}
