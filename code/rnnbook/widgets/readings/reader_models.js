// 読みを答える二つの LSTM を、ページの中で動かす計算。rnnbook.models.reader と同じ。
import { addMatvec, lstmForward, vector } from "../nn/cells.js";

/** @typedef {Record<string, [number, number, string]>} Packed 重みの名前 → [行の数, 列の数, float16 の base64] */

/** @param {number} bits 半精度の 16 ビット @returns {number} */
export function fromHalf(bits) {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

/** @param {[number, number, string]} packed @returns {Float64Array} 行ごとに一列に並べた重み */
function unpack([rows, columns, code]) {
  const bytes = atob(code);
  return vector(rows * columns, (k) => fromHalf(bytes.charCodeAt(2 * k) | (bytes.charCodeAt(2 * k + 1) << 8)));
}

/** PyTorch の LSTM（i, f, c̃, o の順に積んだ四つ）を、nn/cells.js の名前にする。 */
function lstmParams(/** @type {Packed} */ packed, /** @type {string} */ suffix) {
  const [W_x, W_h, b, other] = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    .map((name) => unpack(packed[`recurrent.${name}${suffix}`]));
  const part = (/** @type {Float64Array} */ w, /** @type {number} */ k) => w.slice((k * w.length) / 4, ((k + 1) * w.length) / 4);
  const sum = vector(b.length, (k) => b[k] + other[k]);
  return Object.fromEntries([..."ifco"].flatMap((gate, k) =>
    [[`W_x${gate}`, part(W_x, k)], [`W_h${gate}`, part(W_h, k)], [`b_${gate}`, part(sum, k)]]));
}

/**
 * 重みから、文の読みを答える関数を作る。
 * @param {Packed} packed
 * @param {number} farthest 前から読むモデルが、語のあとに待つ語数の上限
 * @returns {(ids: number[], at: number, shown: number) => number[]}
 *   語の番号の列のはじめの shown 語を読み、位置 at（0 から）の語の、12 個の読みの確率を返す
 */
export function createReader(packed, farthest) {
  const E = packed["embedding.weight"][1];
  const embedding = unpack(packed["embedding.weight"]);
  const [W, b] = [unpack(packed["readout.weight"]), unpack(packed["readout.bias"])];
  const ahead = lstmParams(packed, "");
  const back = "recurrent.weight_ih_l0_reverse" in packed ? lstmParams(packed, "_reverse") : null;
  const H = ahead.b_i.length;
  const read = (/** @type {number[]} */ ids, /** @type {any} */ params) => {
    const x = new Float64Array(ids.length * E);
    ids.forEach((id, t) => x.set(embedding.subarray(id * E, (id + 1) * E), t * E));
    return lstmForward(x, params).h.subarray((ids.length - 1) * H); // 読み終えた h
  };
  return (ids, at, shown) => {
    const parts = back
      // 語の所の [→h ; ←h]。後ろからは、見せた所の終わりから語まで読む
      ? [read(ids.slice(0, at + 1), ahead), read(ids.slice(at, shown).reverse(), back)]
      // 語のあと farthest 語までの所の h
      : [read(ids.slice(0, Math.min(shown, at + 1 + farthest)), ahead)];
    const h = Float64Array.from(parts.flatMap((part) => [...part]));
    const score = b.slice();
    addMatvec(score, W, h);
    return softmax(score);
  };
}

/** @param {Float64Array} score @returns {number[]} */
function softmax(score) {
  const top = Math.max(...score);
  const e = [...score].map((v) => Math.exp(v - top));
  const total = e.reduce((sum, v) => sum + v, 0);
  return e.map((v) => v / total);
}

/**
 * 打った文字を、語彙の語に分ける。どの位置でも、いちばん長く合う語を取る。
 * @param {string} typed
 * @param {string[]} vocabulary
 * @returns {{words: string[], left: string}} left は、読めなかった所から後ろ
 */
export function splitWords(typed, vocabulary) {
  let left = typed.normalize("NFKC").replace(/[\s、。]/g, "");
  const words = [];
  while (left) {
    const fits = vocabulary.filter((word) => left.startsWith(word));
    if (!fits.length) break;
    const word = fits.reduce((best, each) => (each.length > best.length ? each : best));
    words.push(word);
    left = left.slice(word.length);
  }
  return { words, left };
}

/**
 * 試験のために、たくさんの文をいちどに読む。
 * @param {Packed} packed
 * @param {number} farthest
 * @param {[number[], number, number][]} sentences [番号の列, 位置, 見せる語の数] の並び
 */
export function readAll(packed, farthest, sentences) {
  const reader = createReader(packed, farthest);
  return sentences.map(([ids, at, shown]) => reader(ids, at, shown));
}
