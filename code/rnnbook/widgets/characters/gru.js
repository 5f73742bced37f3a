// 文字を一つずつ読み、次の文字の確率を答える GRU。式と重みの並びは PyTorch と同じ（ゲートは r, z, n の順）。
//
//   r = σ(W_ir x + b_ir + W_hr h + b_hr)、z = σ(W_iz x + b_iz + W_hz h + b_hz)
//   n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))、h ← (1 − z) ⊙ n + z ⊙ h
//   点数 s = E (P h + b_P) + b   （E は、入力と出力で同じ埋め込み (V, E)）
import { sigmoid } from "../nn/cells.js";
import { unpackFew } from "./few_bits.js";

export const UNKNOWN = 0; // 表にない文字の番号

/**
 * @typedef {Object} Writer
 * @property {number} V
 * @property {number} H
 * @property {string[]} letters 番号の順に並べた文字
 * @property {(text: string) => number[]} encode 表にない文字は 0
 * @property {(id: number, h: Float64Array) => Float64Array} step 一文字を読んだあとの隠れ状態 (H,)
 * @property {(h: Float64Array) => Float64Array} scores 次の文字の点数 (V,)
 */

/** out[i] = b[i] + Σ_j W[i, j] v[j]。四つずつ足す（足す順だけが、素直な書き方と違う）。 */
function weighted(out, W, v, b) {
  const N = v.length;
  for (let i = 0, k = 0; i < out.length; i += 1) {
    let s0 = b[i];
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let j = 0;
    for (; j + 3 < N; j += 4, k += 4) {
      s0 += W[k] * v[j];
      s1 += W[k + 1] * v[j + 1];
      s2 += W[k + 2] * v[j + 2];
      s3 += W[k + 3] * v[j + 3];
    }
    for (; j < N; j += 1, k += 1) s0 += W[k] * v[j];
    out[i] = s0 + s1 + (s2 + s3);
  }
  return out;
}

/**
 * 重みから、読む関数と点数を答える関数を作る。
 * @param {{characters: string, packed: import("./few_bits.js").Few[]}} weights
 * @returns {Writer}
 */
export function makeWriter({ characters, packed }) {
  const w = unpackFew(packed);
  const letters = [...characters];
  const numbers = new Map(letters.map((letter, k) => [letter, k]));
  const [W_h, b_x, b_h] = [w["recurrent.weight_hh_l0"], w["recurrent.bias_ih_l0"], w["recurrent.bias_hh_l0"]];
  const [V, H] = [letters.length, b_h.length / 3];
  const E = w["embedding.weight"].length / V;
  // W_x x + b は文字だけで決まるので、一度求めたら覚えておく
  /** @type {Float64Array[]} */
  const table = [];
  const inputOf = (/** @type {number} */ id) =>
    (table[id] ??= weighted(new Float64Array(3 * H), w["recurrent.weight_ih_l0"], w["embedding.weight"].subarray(id * E, (id + 1) * E), b_x));
  const [a, query] = [new Float64Array(3 * H), new Float64Array(E)];
  return {
    V, H, letters,
    encode: (text) => [...text].map((letter) => numbers.get(letter) ?? UNKNOWN),
    step(id, past) {
      const x = inputOf(id);
      weighted(a, W_h, past, b_h);
      const h = new Float64Array(H);
      for (let k = 0; k < H; k += 1) {
        const r = sigmoid(x[k] + a[k]);
        const z = sigmoid(x[H + k] + a[H + k]);
        h[k] = (1 - z) * Math.tanh(x[2 * H + k] + r * a[2 * H + k]) + z * past[k];
      }
      return h;
    },
    scores(h) {
      weighted(query, w["project.weight"], h, w["project.bias"]);
      return weighted(new Float64Array(V), w["embedding.weight"], query, w.bias);
    },
  };
}

/**
 * ids を順に読み、読むたびの隠れ状態を並べる。
 * @param {Writer} writer
 * @param {number[]} ids
 * @param {Float64Array} [start] 読む前の隠れ状態。省くと 0
 * @returns {Float64Array[]} 文字ごとの (H,)
 */
export function read(writer, ids, start = new Float64Array(writer.H)) {
  let h = start;
  return ids.map((id) => (h = writer.step(id, h)));
}

/**
 * 次の文字の確率。点数を温度で割ってから、softmax を取る。
 * @param {Float64Array} scores (V,)
 * @param {number} [temperature]
 * @returns {Float64Array} (V,)
 */
export function softmax(scores, temperature = 1) {
  let top = -Infinity;
  for (const s of scores) if (s > top) top = s;
  const p = scores.map((s) => Math.exp((s - top) / temperature));
  let total = 0;
  for (const v of p) total += v;
  return p.map((v) => v / total);
}
