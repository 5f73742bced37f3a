// 字と確率の書き方。
import { fixed } from "../kit/scales.js";

export const BREAK = "⏎"; // 見せるときの改行
export const BLANK = "␣"; // 見せるときの全角の空白

/** 確率の書き方。 @param {number} p */
export function percent(p) {
  if (p >= 0.9995) return "100 %";
  if (p >= 0.0995) return `${fixed(100 * p, 0)} %`;
  return p >= 0.0005 ? `${fixed(100 * p, 1)} %` : p > 0 ? "< 0.1 %" : "0 %";
}

/** 見せる字。 @param {string} letter */
export function shownLetter(letter) {
  return letter === "\n" ? BREAK : letter === "　" ? BLANK : letter;
}
