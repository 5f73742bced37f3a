// ユニットを切る: 選んだユニットを、読むたびに 0 にして、確率と続きがどう変わるかを見る。
import { softmax, UNKNOWN } from "../characters/gru.js";

/** @typedef {import("../characters/gru.js").Writer} Writer */

/**
 * 一文字ずつ読み、読むたびに、cells を 0 にする。
 * @param {Writer} writer @param {number[]} ids @param {Float64Array} start @param {number[]} cells
 * @returns {Float64Array} 読み終えた隠れ状態
 */
export function readWithout(writer, ids, start, cells) {
  let h = start;
  for (const id of ids) {
    h = writer.step(id, h).slice();
    for (const cell of cells) h[cell] = 0;
  }
  return h;
}

/**
 * いちばん確からしい文字を、n 文字書く。表にない文字は書かない。
 * @param {Writer} writer @param {Float64Array} start @param {number} n @param {number[]} cells 書く間も 0 にするユニット
 * @returns {number[]}
 */
export function likeliest(writer, start, n, cells) {
  const ids = [];
  for (let h = start, k = 0; k < n; k += 1) {
    const scores = writer.scores(h);
    scores[UNKNOWN] = -Infinity;
    let best = 1;
    for (let id = 2; id < scores.length; id += 1) if (scores[id] > scores[best]) best = id;
    ids.push(best);
    h = readWithout(writer, [best], h, cells);
  }
  return ids;
}

/**
 * 印の範囲を、ユニットを切って読んだときと、切らずに読んだときの、次の文字の確率と続き。
 * @param {Writer} writer @param {number[]} ids @param {Float64Array} before 範囲の手前まで読んだ隠れ状態
 * @param {number[]} cells @param {number} n 続きの字数
 * @returns {{p: Float64Array, q: Float64Array, plain: number[], cut: number[]}} p は切らない、q は切ったときの確率
 */
export function compareCut(writer, ids, before, cells, n) {
  const [h, g] = [readWithout(writer, ids, before, []), readWithout(writer, ids, before, cells)];
  return {
    p: softmax(writer.scores(h)), q: softmax(writer.scores(g)),
    plain: likeliest(writer, h, n, []), cut: likeliest(writer, g, n, cells),
  };
}
