// 日付を書くモデルの、記号と番号、学習で隠したもの。rnnbook.tasks.dates と rnnbook.tasks.date_split と同じ。
import { fixed } from "../kit/scales.js";
import { beamSearch } from "../nn/beam.js";
import { END, makeSeq2Seq, nextLogP } from "../nn/seq2seq.js";
import { LETTERS } from "./calendar.js";

const TARGET = "0123456789-○×";
const FIRST_LETTER = 3; // 埋める所、始まり、終わりのあと
export const LONGEST = 12; // 終わりの記号まで

/** 書ける記号のすべて。字の順で、終わりは最後。 @type {number[]} */
export const EVERY = [...Array.from(TARGET, (_, k) => FIRST_LETTER + k), END];

/** 記号の字。終わりは $。 @param {number} symbol */
export function letterOf(symbol) {
  return symbol === END ? "$" : TARGET[symbol - FIRST_LETTER] ?? "";
}

/** ページに見せる記号の字。終わりは「終」。 @param {number} symbol */
export function shownLetter(symbol) {
  return symbol === END ? "終" : letterOf(symbol);
}

/** ページに見せる記号の列。 @param {number[]} symbols */
export function shownRow(symbols) {
  return symbols.map(shownLetter).join("");
}

/** 確率や重みの書き方。 @param {number} p */
export function percent(p) {
  return p > 0.9995 ? "100 %" : p < 0.0005 ? "0 %" : `${fixed(100 * p, 1)} %`;
}

/** 書きかけの字の列の番号。 @param {string} letters @returns {number[]} */
export function symbolsOf(letters) {
  return [...letters].map((letter) => (letter === "$" ? END : FIRST_LETTER + TARGET.indexOf(letter)));
}

/** 読む日付の番号。 @param {string} text @returns {number[]} */
export function numbersOf(text) {
  return [...text].map((letter) => FIRST_LETTER + LETTERS.indexOf(letter));
}

/**
 * 学習で隠したものに当たるか。
 * @param {import("./calendar.js").Written} written 読んだ日付
 * @param {string} iso 西暦で書いたもの
 * @param {{first: number, bits: Uint8Array, years: Record<string, number[]>, pairs: [string, string][]}} hidden date_split の表
 * @returns {string[]} 隠したものの名
 */
export function hiddenIn({ era, year, notation }, iso, { first, bits, years, pairs }) {
  const [y, m, d] = iso.split("-").map(Number);
  const place = ((y - first) * 12 + m - 1) * 31 + d - 1;
  const found = [];
  if ((bits[place >> 3] >> (place & 7)) & 1) found.push("この年月日");
  if (era && years[era].includes(year)) found.push("この元号の年");
  if (era && pairs.some(([name, how]) => name === era && how === notation)) found.push("この元号と書き方の組");
  return found;
}

/**
 * 試験のために: いくつもの日付を、書きかけから続けて書かせる。
 * @param {import("../nn/seq2seq.js").Packed[]} packed
 * @param {string[]} texts
 * @param {string[]} starts 書きかけ
 * @param {number} width
 * @returns {[string, number][][]} 日付ごとの、列と対数確率
 */
export function writeMany(packed, texts, starts, width) {
  const model = makeSeq2Seq(packed, true);
  return texts.map((text, n) => beamSearch(nextLogP(model, numbersOf(text)), { longest: LONGEST, width, start: symbolsOf(starts[n]) })
    .map(({ symbols, logP }) => [symbols.map(letterOf).join(""), logP]));
}

/**
 * 試験のために: いくつもの日付の、書きかけの次の記号の対数確率。
 * @param {import("../nn/seq2seq.js").Packed[]} packed
 * @param {string[]} texts
 * @param {string[]} starts 書きかけ
 * @returns {number[][]}
 */
export function nextMany(packed, texts, starts) {
  const model = makeSeq2Seq(packed, true);
  return texts.map((text, n) => Array.from(nextLogP(model, numbersOf(text))(symbolsOf(starts[n]))));
}
