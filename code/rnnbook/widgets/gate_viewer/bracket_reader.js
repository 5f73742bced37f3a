// 括弧を数える LSTM を、ページの中で動かす計算。rnnbook.tasks.brackets と rnnbook.models.brackets と同じ。
import { fixed } from "../kit/scales.js";
import { flat, lstmForward, sigmoid } from "../nn/cells.js";

export const ALPHABET = "().abcde";
const SURE = 40; // σ(40) は float64 で 1
const SMALL = 5e-4; // 重みの大きさがこれより小さければ、項をまとめる

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

/** 図の名 → 重みの名と、和のあとの関数 @type {Record<string, [string, string, string]>} */
const GATES_OF = { i: ["i", "$i_{T}$", "$\\sigma$"], f: ["f", "$f_{T}$", "$\\sigma$"], o: ["o", "$o_{T}$", "$\\sigma$"], c_tilde: ["c", "$\\tilde c_{T}$", "$\\tanh$"] };

/**
 * 升目の数と、足すとその数になる項。ゲートと候補では、σ か tanh をかける前の和。
 * @param {{name: string, t: number, unit: number}} cell
 * @param {string} text
 * @param {Record<string, any>} params
 * @param {(name: string, t: number, unit: number) => number} at
 * @returns {import("../kit/terms.js").Sum}
 */
export function termsOf({ name, t, unit }, text, params, at) {
  const n = (/** @type {number} */ v) => (v < 0 ? `(${fixed(v, 3)})` : fixed(v, 3));
  const product = (/** @type {number} */ u, /** @type {number} */ v) => ({ detail: `${n(u)} × ${n(v)}`, value: u * v });
  const v = (/** @type {string} */ which, when = t) => at(which, when, unit);
  if (name === "c") {
    return { name: `$c_{${t}}$ の ${unit}`, value: v("c"), terms: [
      { name: `$f_{${t}}$ $c_{${t - 1}}$`, ...product(v("f"), v("c", t - 1)) }, { name: `$i_{${t}}$ $\\tilde c_{${t}}$`, ...product(v("i"), v("c_tilde")) }] };
  }
  if (name === "h") {
    return { name: `$h_{${t}}$ の ${unit}`, value: v("h"), terms: [{ name: `$o_{${t}}$ $\\tanh$($c_{${t}}$)`, ...product(v("o"), Math.tanh(v("c"))) }] };
  }
  const [gate, symbol, after] = GATES_OF[name];
  const [W_x, W_h, b] = [`W_x${gate}`, `W_h${gate}`, `b_${gate}`].map((each) => params[each][unit - 1]);
  const from = W_h.map((/** @type {number} */ w, /** @type {number} */ j) => ({ w, name: `$h_{${t - 1}}$ の ${j + 1}`, ...product(w, at("h", t - 1, j + 1)) }));
  const [small, seen] = [from.filter(({ w }) => Math.abs(w) < SMALL), from.filter(({ w }) => Math.abs(w) >= SMALL)];
  const terms = [
    { name: `$x_{${t}}$「${text[t - 1]}」`, value: W_x[ALPHABET.indexOf(text[t - 1])] },
    ...seen.map(({ name: each, detail, value }) => ({ name: each, detail, value })),
    // 0 に近い重みの項は、まとめる
    ...(small.length ? [{ name: `$h_{${t - 1}}$ の${seen.length ? "ほかの" : ""} ${small.length} 個（重みはどれも 0.000）`, value: small.reduce((total, { value }) => total + value, 0) }] : []),
    { name: `$b_${gate}$`, value: b },
  ];
  const sum = terms.reduce((total, term) => total + term.value, 0);
  return { name: "和", value: sum, terms, then: `${symbol.replace("T", String(t))} の ${unit} = ${after}(${fixed(sum, 3)}) = ${fixed(v(name), 3)}` };
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
