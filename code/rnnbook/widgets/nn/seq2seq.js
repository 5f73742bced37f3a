// 系列を読んで系列を書くモデルを、ページの中で動かす。式は rnnbook.models.seq2seq、重みの並びは PyTorch と同じ（ゲートは i, f, c̃, o の順）。
import { addMatvec, sigmoid, vector } from "./cells.js";

export const START = 1;
export const END = 2;

/** @typedef {{h: Float64Array, c: Float64Array}} State */
/** @typedef {{name: string, rows: number, columns: number, scale: string, values: string}} Packed rnnbook.models.eight_bits の一行 */

/** @param {string} text base64 @returns {ArrayBuffer} */
function bytes(text) {
  const letters = atob(text);
  const values = new Uint8Array(letters.length);
  for (let k = 0; k < values.length; k += 1) values[k] = letters.charCodeAt(k);
  return values.buffer;
}

/**
 * 8 ビットの重みを、行ごとの倍率を掛けて float64 に戻す。
 * @param {Packed[]} packed
 * @returns {Record<string, Float64Array>} 名前 → 行ごとに一列に並べた値
 */
export function unpack(packed) {
  return Object.fromEntries(packed.map(({ name, rows, columns, scale, values }) => {
    const [scales, q] = [new Float32Array(bytes(scale)), new Int8Array(bytes(values))];
    const W = new Float64Array(q.length);
    for (let k = 0, i = 0; i < rows; i += 1) {
      for (let j = 0; j < columns; j += 1, k += 1) W[k] = Math.fround(q[k] * scales[i]);
    }
    return [name, W];
  }));
}

/** 記号ごとの W_x e + b (V, 4H)。記号は決まった数しかないので、先に求めておく。 */
export function inputTable(embedding, W, bias, other) {
  const E = W.length / bias.length;
  const table = [];
  for (let k = 0; k < embedding.length / E; k += 1) {
    const row = vector(bias.length, (n) => bias[n] + other[n]);
    addMatvec(row, W, embedding.subarray(k * E, (k + 1) * E));
    table.push(row);
  }
  return table;
}

/**
 * エンコーダかデコーダの、記号ごとの表と W_h。
 * @param {Record<string, Float64Array>} w unpack が返すもの
 * @param {"encoder" | "decoder"} part
 */
export function lstmOf(w, part) {
  const embedding = w[part === "encoder" ? "embed_x.weight" : "embed_y.weight"];
  return {
    table: inputTable(embedding, w[`${part}.weight_ih_l0`], w[`${part}.bias_ih_l0`], w[`${part}.bias_hh_l0`]),
    W_h: w[`${part}.weight_hh_l0`],
  };
}

/** LSTM の一時刻。 @param {Float64Array} row W_x x + b (4H,) @param {Float64Array} W_h (4H, H) @param {State} past @returns {State} */
export function lstm(row, W_h, past) {
  const H = past.h.length;
  const [a, h, c] = [row.slice(), new Float64Array(H), new Float64Array(H)];
  addMatvec(a, W_h, past.h);
  for (let n = 0; n < H; n += 1) {
    c[n] = sigmoid(a[H + n]) * past.c[n] + sigmoid(a[n]) * Math.tanh(a[2 * H + n]);
    h[n] = sigmoid(a[3 * H + n]) * Math.tanh(c[n]);
  }
  return { h, c };
}

/** @param {Float64Array} scores @returns {Float64Array} ln softmax */
export function logSoftmax(scores) {
  const top = Math.max(...scores);
  const total = Math.log(scores.reduce((sum, v) => sum + Math.exp(v - top), 0)) + top;
  return scores.map((v) => v - total);
}

/**
 * 重みから、読む関数と、一つ書く関数を作る。
 * @param {Packed[]} packed
 * @param {boolean} reverse 後ろから読むか
 * @returns {{read: (ids: number[]) => State, step: (symbol: number, state: State) => {logP: Float64Array, state: State}}}
 */
export function makeSeq2Seq(packed, reverse) {
  const w = unpack(packed);
  const [encoder, decoder] = [lstmOf(w, "encoder"), lstmOf(w, "decoder")];
  const H = w["encoder.bias_ih_l0"].length / 4;
  return {
    read(ids) {
      /** @type {State} */
      let state = { h: new Float64Array(H), c: new Float64Array(H) };
      for (const k of reverse ? [...ids].reverse() : ids) state = lstm(encoder.table[k], encoder.W_h, state);
      return state;
    },
    step(symbol, past) {
      const state = lstm(decoder.table[symbol], decoder.W_h, past);
      const scores = w["readout.bias"].slice();
      addMatvec(scores, w["readout.weight"], state.h);
      return { logP: logSoftmax(scores), state };
    },
  };
}

/**
 * 読み終えたあとの、書きかけの列 → 次の記号の対数確率。
 * @param {ReturnType<typeof makeSeq2Seq>} model
 * @param {number[]} ids
 * @returns {(prefix: number[]) => Float64Array}
 */
export function nextLogP(model, ids) {
  const after = byPrefix(model.read(ids), model.step);
  return (prefix) => after(prefix).logP;
}

/**
 * 書きかけの列 → 終わりの一つを書いたあと。書きかけごとに覚えておくので、延ばすたびの計算は一歩分。
 * @template {{state: State}} Step
 * @param {State} start 何も書いていないときの状態
 * @param {(symbol: number, past: State, u: number) => Step} step 一つ書く。u は、次に書くのが何番目か（0 から）
 * @returns {(prefix: number[]) => Step}
 */
export function byPrefix(start, step) {
  /** @type {Map<string, Step>} */
  const known = new Map();
  const after = (/** @type {number[]} */ prefix) => {
    const key = prefix.join();
    if (!known.has(key)) {
      const [last, past] = prefix.length ? [/** @type {number} */ (prefix.at(-1)), after(prefix.slice(0, -1)).state] : [START, start];
      known.set(key, step(last, past, prefix.length));
    }
    return /** @type {Step} */ (known.get(key));
  };
  return after;
}
