// 書き出しの読み方と、図の文。
import { BLANK, BREAK, percent } from "../characters/letters.js";
import { fixed } from "../kit/scales.js";

/** 書き出しを、モデルが読む文字にする。 @param {string} text */
export function asRead(text) {
  return text.replaceAll(BREAK, "\n").replaceAll(BLANK, "　");
}

/** モデルが読む文字を、書き出しの書き方にする。 @param {string} text */
export function asTyped(text) {
  return text.replaceAll("\n", BREAK).replaceAll(/[　 ]/g, BLANK);
}

/**
 * 打たれた書き出しを受け取るか。
 * @param {string} typed @param {string} letters 使える字 @param {number} longest
 * @returns {import("../kit/text_box.js").Cleaned}
 */
export function cleanOpening(typed, letters, longest) {
  const text = asTyped(typed);
  const strange = [...new Set([...text].filter((letter) => !letters.includes(letter)))];
  const refused = (/** @type {string} */ note) => ({ text: null, note: `${note}前の書き出しのままです。`, refused: true });
  if (!text) return refused("書き出しを入れてください。");
  if (strange.length) return refused(`「${strange.slice(0, 5).join("")}」は、モデルの表にない字です。`);
  if (text.length > longest) return refused(`書き出しは ${longest} 字までです（いま ${text.length} 字）。`);
  return { text, note: `${text.length} 字を読みました。`, refused: false };
}

/**
 * 続く n 字が、その前のどこかに同じ形で現れている割合。rnnbook.models.sampling の repeated と同じ。
 * @param {string} text n 字より長い文章 @param {number} n
 */
export function repeated(text, n) {
  const letters = [...text];
  const grams = letters.slice(0, letters.length - n + 1).map((_, k) => letters.slice(k, k + n).join(""));
  return 1 - new Set(grams).size / grams.length;
}

/**
 * 図の文。
 * @param {{t: number, letter: string, p: number, rank: number, left: number, mover: string, back: number, hidden: number, plain: number, bits: number, repeated: number}} found
 */
export function describe({ t, letter, p, rank, left, mover, back, hidden, plain, bits, repeated: again }) {
  return `書いた 80 字は、一字あたり ${fixed(bits, 2)} ビット、4 字の並びのくり返しは ${fixed(100 * again, 0)} %。`
    + `${t} 番目の「${letter}」は、残った候補 ${left} 字から確率 ${percent(p)} で選ばれました（モデルの ${rank} 番目）。`
    + `いちばん支えたのは ${back} 字前の「${mover}」で、隠すと、温度 1 の確率が ${percent(plain)} から ${percent(hidden)} になります。`;
}
