// 絵の中の数の出どころ: 読んだ字では見比べた点数 e = s_u·h_s、書いた記号では、その記号の点数。
import { percent, shownLetter } from "../dates/writer.js";
import { fixed } from "../kit/scales.js";

const LARGEST = 5; // 一つずつ並べる項の数。ほかは、まとめて一つの項にする

/** @typedef {{row: "read" | "wrote", k: number}} Cell 読んだ字か書いた記号の、k 番目（0 から） */
/**
 * @typedef {Object} Seen いま絵に出ているもの
 * @property {string} text 読んだ字
 * @property {number[]} list 書いた記号
 * @property {number} at 選ばれた記号（0 から）
 * @property {number} looked いちばん見ている字（0 から）
 * @property {import("../nn/attention.js").State[]} states 読んだ所の状態
 * @property {(prefix: number[]) => import("../nn/attention.js").Step} after
 * @property {{W: Float64Array, b: Float64Array}} readout
 */

/**
 * u·v の項。大きいものから並べ、残りはまとめる。
 * @param {ArrayLike<number>} u @param {ArrayLike<number>} v
 * @returns {import("../kit/terms.js").Sum["terms"]}
 */
export function largestTerms(u, v) {
  const number = (/** @type {number} */ x) => (x < 0 ? `(${fixed(x, 3)})` : fixed(x, 3));
  const products = Array.from(u, (x, k) => ({ k, value: x * v[k] }));
  products.sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.k - b.k);
  const rest = products.slice(LARGEST);
  return [
    ...products.slice(0, LARGEST).map(({ k, value }) => ({ name: `成分 ${k + 1}`, detail: `${number(u[k])} × ${number(v[k])}`, value })),
    { name: `ほかの ${rest.length} 成分の和`, value: rest.reduce((sum, { value }) => sum + value, 0) },
  ];
}

/**
 * @param {Cell} cell
 * @param {Seen} seen
 * @returns {import("../kit/terms.js").Sum}
 */
export function termsOf({ row, k }, { text, list, at, states, after, readout: { W, b } }) {
  const sum = (/** @type {{value: number}[]} */ terms) => terms.reduce((total, { value }) => total + value, 0);
  if (row === "read") {
    const { state, alpha } = after(list.slice(0, at));
    // e_{u,s} = s_u·h_s
    const terms = largestTerms(state.h, states[k].h);
    const hidden = alpha[k] === 0 ? "見えなくしたので、重みは 0" : `重み $\\alpha$ = ${percent(alpha[k])}（$e$ を、字の全体で softmax に）`;
    return { name: `「${text[k]}」の点数 $e$ = $s_u$ · $h_s$`, value: sum(terms), terms, then: hidden };
  }
  const { mixed, logP } = after(list.slice(0, k));
  const symbol = list[k];
  // W_o の、その記号の行と、a_u の積に、b_o を足す
  const terms = largestTerms(W.subarray(symbol * mixed.length, (symbol + 1) * mixed.length), mixed);
  terms.push({ name: "$b_o$", value: b[symbol] });
  return { name: `「${shownLetter(symbol)}」の点数 $W_o$ $a_u$ + $b_o$`, value: sum(terms), terms, then: `確率 ${percent(Math.exp(logP[symbol]))}（点数を、記号の全体で softmax に）` };
}
