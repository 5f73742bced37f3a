// 注意機構つきのデコーダを、ページの中で動かす。式は rnnbook.models.attention の内積、重みの並びは PyTorch と同じ。
import { addMatvec } from "./cells.js";
import { byPrefix, logSoftmax, lstm, lstmOf, unpack } from "./seq2seq.js";

/** @typedef {{h: Float64Array, c: Float64Array}} State */
/** @typedef {{logP: Float64Array, alpha: Float64Array, mixed: Float64Array, state: State}} Step 一つ書いたあとの、次の記号の対数確率、重み、a_u、状態 */

/** @param {Float64Array} a @param {Float64Array} b */
const dot = (a, b) => a.reduce((sum, v, k) => sum + v * b[k], 0);

/**
 * 重みから、読む関数と、一つ書く関数を作る。
 * @param {import("./seq2seq.js").Packed[]} packed
 */
export function makeAttention(packed) {
  const w = unpack(packed);
  const [encoder, decoder] = [lstmOf(w, "encoder"), lstmOf(w, "decoder")];
  const H = w["mix.bias"].length;
  return {
    /** 出口の重みとバイアス W_o (V, H)、b_o (V,)。 */
    readout: { W: w["readout.weight"], b: w["readout.bias"] },
    /** 読んだ所すべての状態。 @param {number[]} ids @returns {State[]} */
    read(ids) {
      let state = { h: new Float64Array(H), c: new Float64Array(H) };
      return ids.map((k) => (state = lstm(encoder.table[k], encoder.W_h, state)));
    },
    /**
     * @param {number} symbol 一つ前に書いた記号
     * @param {State} past
     * @param {State[]} seen 読んだ所の状態
     * @param {(s: number) => boolean} isCut 見えなくする所。すべてなら、隠さない
     * @returns {Step}
     */
    step(symbol, past, seen, isCut) {
      const state = lstm(decoder.table[symbol], decoder.W_h, past);
      const free = seen.map((_, s) => !isCut(s));
      const open = free.some(Boolean) ? free : free.map(() => true);
      // e_s = s_u · h_s、見えない所は −∞
      const e = Float64Array.from(seen, ({ h }, s) => (open[s] ? dot(state.h, h) : -Infinity));
      const alpha = logSoftmax(e).map(Math.exp);
      // [h̄_u; s_u]
      const both = new Float64Array(2 * H);
      seen.forEach(({ h }, s) => h.forEach((v, k) => { both[k] += alpha[s] * v; }));
      both.set(state.h, H);
      const a = w["mix.bias"].slice();
      addMatvec(a, w["mix.weight"], both);
      const mixed = a.map(Math.tanh);
      const scores = w["readout.bias"].slice();
      addMatvec(scores, w["readout.weight"], mixed);
      return { logP: logSoftmax(scores), alpha, mixed, state };
    },
  };
}

/**
 * 読み終えたあとの、書きかけの列 → 次の記号の対数確率と重み。
 * @param {ReturnType<typeof makeAttention>} model
 * @param {State[]} seen 読んだ所の状態（model.read が返すもの）
 * @param {(u: number, s: number) => boolean} [isCut] u 番目（0 から）を書くときに、s 番目を見えなくするか
 * @returns {(prefix: number[]) => Step}
 */
export function attentionWriter(model, seen, isCut = () => false) {
  return byPrefix(seen[seen.length - 1], (symbol, past, u) => model.step(symbol, past, seen, (s) => isCut(u, s)));
}
