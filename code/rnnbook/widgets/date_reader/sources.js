// 注意の重みと、記号の確率が、どの項から来るか。
import { shownLetter, percent } from "../dates/writer.js";
import { fixed } from "../kit/scales.js";
import { largestTerms } from "../kit/terms.js";

const COUNT = 5; // ユニットは 96 個あるので、大きな項だけを並べる

/** ユニットごとの積。 @param {Float64Array} a @param {Float64Array} b */
function products(a, b) {
  const written = (/** @type {number} */ v) => (v < 0 ? `(${fixed(v, 3)})` : fixed(v, 3));
  const terms = Array.from(a, (v, k) => ({ name: `ユニット ${k + 1}`, detail: `${written(v)} × ${written(b[k])}`, value: v * b[k] }));
  return largestTerms(terms, COUNT, (rest) => `ほかの ${rest} ユニット`);
}

/**
 * 字 s の重みの元になる内積 e_s = s_u · h_s。
 * @param {import("../nn/attention.js").Step} step 記号 u を書くとき
 * @param {import("../nn/attention.js").State[]} seen
 * @param {string} text
 * @param {number} s 0 から
 * @returns {import("../kit/terms.js").Sum}
 */
export function weightTerms({ state, e, alpha }, seen, text, s) {
  if (!Number.isFinite(e[s])) return { name: `「${text[s]}」の重み`, value: 0, terms: [{ name: "見えなくした字", value: 0 }] };
  return {
    name: `「${text[s]}」の内積 $e_{${s + 1}}$`, value: e[s], terms: products(state.h, seen[s].h),
    then: `重みは $\\exp$($e_{${s + 1}}$) を、見える字すべての $\\exp$($e$) の和で割った ${percent(alpha[s])} です。`,
  };
}

/**
 * 記号 k の得点。
 * @param {import("../nn/attention.js").Step} step その記号を書くとき
 * @param {{row: Float64Array, bias: number}} readout
 * @param {number} k 記号の番号
 * @returns {import("../kit/terms.js").Sum}
 */
export function symbolTerms({ mixed, scores, logP }, { row, bias }, k) {
  return {
    name: `「${shownLetter(k)}」の得点`, value: scores[k], terms: [...products(row, mixed), { name: "バイアス", value: bias }],
    then: `確率は $\\exp$(得点) を、記号すべての $\\exp$(得点) の和で割った ${percent(Math.exp(logP[k]))} です。`,
  };
}
