// 括弧を数える LSTM を、ページの中で動かす計算。rnnbook.tasks.brackets と rnnbook.models.brackets と同じ。
import { flat, lstmForward, sigmoid } from "../nn/cells.js";

export const ALPHABET = "().abcde";
const SURE = 40; // σ(40) は float64 で 1

/**
 * 読者が打った文字列を、使える文字だけにする。全角の括弧と句点は半角に直す。
 * @param {string} typed
 * @param {number} longest
 * @returns {{text: string, refused: string[], tooLong: boolean}} 使えなかった文字と、長すぎたか
 */
export function cleanText(typed, longest) {
  const letters = [...typed.normalize("NFKC").toLowerCase().replaceAll("。", ".")];
  const kept = letters.filter((letter) => ALPHABET.includes(letter));
  return {
    text: kept.slice(0, longest).join(""),
    refused: [...new Set(letters.filter((letter) => !ALPHABET.includes(letter)))],
    tooLong: kept.length > longest,
  };
}

/**
 * 各時刻の括弧の深さ（正解）。
 * @param {string} text
 * @returns {number[]} (T,)
 */
export function depths(text) {
  let depth = 0;
  return [...text].map((letter) => {
    if (letter === "(") depth += 1;
    if (letter === ")") depth = Math.max(0, depth - 1);
    if (letter === ".") depth = 0;
    return depth;
  });
}

/**
 * ゲート gate をいつも value にした重み。W_x と W_h を 0、b を σ⁻¹(value) にする。
 * @param {Record<string, any>} params
 * @param {"i" | "f" | "o"} gate
 * @param {number} value 0 から 1
 */
export function withGateFixed(params, gate, value) {
  const b = Math.max(-SURE, Math.min(SURE, Math.log(value / (1 - value))));
  const zeros = (/** @type {number[][]} */ rows) => rows.map((row) => row.map(() => 0));
  return {
    ...params,
    [`W_x${gate}`]: zeros(params[`W_x${gate}`]),
    [`W_h${gate}`]: zeros(params[`W_h${gate}`]),
    [`b_${gate}`]: params[`b_${gate}`].map(() => b),
  };
}

/**
 * 文字列を読む。ŷ_t = σ(w_hy · h_t + b_y)。
 * @param {string} text
 * @param {Record<string, any>} params LSTM の重み（行列は行の並び）
 * @param {number[]} w_hy (H,)
 * @param {number} b_y
 * @returns {{T: number, H: number, at: (name: string, t: number, unit: number) => number, probability: number[]}}
 *   at("c", t, unit) は時刻 t（1 から。0 は始まり）のユニット unit（1 から）の値
 */
export function readText(text, params, w_hy, b_y) {
  const xs = [...text].map((letter) => [...ALPHABET].map((other) => Number(other === letter)));
  const trace = lstmForward(xs, params);
  const H = w_hy.length;
  const at = (/** @type {string} */ name, /** @type {number} */ t, /** @type {number} */ unit) =>
    (t === 0 ? 0 : trace[name][(t - 1) * H + unit - 1]);
  const probability = xs.map((_, k) =>
    sigmoid(flat(w_hy).reduce((sum, w, unit) => sum + w * trace.h[k * H + unit], b_y ?? NaN)));
  return { T: xs.length, H, at, probability };
}

/**
 * 試験のために、読んだ結果をふつうの配列にする。
 * @param {string} text
 * @param {Record<string, any>} params
 * @param {number[]} w_hy
 * @param {number} b_y
 * @param {["i" | "f" | "o", number] | null} [fixed] 固定するゲートと値
 */
export function readingAsLists(text, params, w_hy, b_y, fixed = null) {
  const reading = readText(text, fixed ? withGateFixed(params, ...fixed) : params, w_hy, b_y);
  const list = (/** @type {string} */ name) => Array.from({ length: reading.T }, (_, t) =>
    Array.from({ length: reading.H }, (_, unit) => reading.at(name, t + 1, unit + 1)));
  const names = ["i", "f", "o", "c_tilde", "c", "h"];
  return { ...Object.fromEntries(names.map((name) => [name, list(name)])), probability: reading.probability };
}
