// 隠れ状態の探偵の計算: 文章を読ませた隠れ状態から、入っているユニットと、手がかりとの重なりを数える。
import { wilson } from "../kit/interval.js";

/**
 * @typedef {{cell: number, sign: 1 | -1}} Switch sign · h[cell] が、しきい値以上なら、入っている
 * @typedef {{hits: number, said: number, true_: number, n: number, precision: number, recall: number, base: number,
 *   precisionRange: [number, number], recallRange: [number, number]}} Score
 */

const LONG = 40;

/** 開いたかぎ括弧が残っているか。 @param {string[]} letters */
function inside(letters) {
  let depth = 0;
  return Uint8Array.from(letters, (letter) => {
    if (letter === "「") depth += 1;
    else if (letter === "」") depth = Math.max(0, depth - 1);
    else if (letter === "\n") depth = 0; // 閉じ忘れは、段落で終わりにする
    return depth > 0 ? 1 : 0;
  });
}

/**
 * 字ごとの、手がかりが成り立つか。どれも、その字まで読んだところで成り立つことを、文章だけから決める。
 * @param {string} text
 * @returns {Record<string, Uint8Array>} 名前 → 字ごとの 0 か 1
 */
export function cluesOf(text) {
  const letters = [...text];
  const each = (/** @type {RegExp} */ pattern) => Uint8Array.from(letters, (letter) => (pattern.test(letter) ? 1 : 0));
  let run = 0; // 文の始めからの字数
  return {
    quote: inside(letters),
    start: each(/[。\n]/),
    comma: each(/、/),
    kanji: each(/[\u4e00-\u9fff々]/),
    katakana: each(/[ァ-ヴー]/),
    long: Uint8Array.from(letters, (letter) => {
      run = /[。\n]/.test(letter) ? 0 : run + 1;
      return run >= LONG ? 1 : 0;
    }),
  };
}

/**
 * ユニットが入っている字。
 * @param {Float32Array} states (N, H) @param {number} H @param {Switch} at @param {number} threshold
 * @returns {Uint8Array} (N,)
 */
export function isOn(states, H, { cell, sign }, threshold) {
  const on = new Uint8Array(states.length / H);
  for (let n = 0; n < on.length; n += 1) on[n] = sign * states[n * H + cell] >= threshold ? 1 : 0;
  return on;
}

/** どのユニットも入っている字。 @param {Float32Array} states @param {number} H @param {Switch[]} cells @param {number} threshold */
export function allOn(states, H, cells, threshold) {
  const on = new Uint8Array(states.length / H).fill(cells.length ? 1 : 0);
  for (const each of cells) isOn(states, H, each, threshold).forEach((v, n) => (on[n] &= v));
  return on;
}

/**
 * 印の範囲のどの字でも入っているユニットを、文章全体で入ることの少ない順に。
 * @param {Float32Array} states (N, H) @param {number} H @param {number} from @param {number} to この手前まで @param {number} threshold
 * @returns {(Switch & {share: number})[]} share は、文章全体で入っている割合
 */
export function cellsOn(states, H, from, to, threshold) {
  const [N, found] = [states.length / H, []];
  for (let cell = 0; cell < H; cell += 1) {
    for (const sign of /** @type {(1 | -1)[]} */ ([1, -1])) {
      let held = true;
      for (let n = from; n < to && held; n += 1) held = sign * states[n * H + cell] >= threshold;
      if (!held) continue;
      found.push({ cell, sign, share: isOn(states, H, { cell, sign }, threshold).reduce((sum, v) => sum + v, 0) / N });
    }
  }
  return found.sort((a, b) => a.share - b.share || a.cell - b.cell);
}

/**
 * 手がかりに、いちばんよく重なるユニット（F1 がいちばん大きいもの）。
 * @param {Float32Array} states @param {number} H @param {Uint8Array} truth @param {number} threshold
 * @returns {Switch & {f1: number}}
 */
export function bestCell(states, H, truth, threshold) {
  const total = truth.reduce((sum, v) => sum + v, 0);
  let best = /** @type {Switch & {f1: number}} */ ({ cell: 0, sign: 1, f1: -1 });
  for (let cell = 0; cell < H; cell += 1) {
    for (const sign of /** @type {(1 | -1)[]} */ ([1, -1])) {
      let [said, hits] = [0, 0];
      for (let n = 0; n < truth.length; n += 1) {
        if (sign * states[n * H + cell] < threshold) continue;
        said += 1;
        hits += truth[n];
      }
      const f1 = said + total ? (2 * hits) / (said + total) : 0;
      if (f1 > best.f1) best = { cell, sign, f1 };
    }
  }
  return best;
}

/**
 * 「入っていれば、手がかりが成り立つ」という推測の、適合率と再現率。
 * 続く字は似ているので、区間は、段落を一まとまりとした分散から求めた有効な個数で、ウィルソンの区間を取る。
 * @param {Uint8Array} on @param {Uint8Array} truth @param {number[]} blocks 字ごとの、段落の番号
 * @returns {Score}
 */
export function scoreOf(on, truth, blocks) {
  const both = Uint8Array.from(on, (v, n) => v & truth[n]);
  const count = (/** @type {Uint8Array} */ v) => v.reduce((sum, each) => sum + each, 0);
  const [hits, said, true_] = [count(both), count(on), count(truth)];
  return {
    hits, said, true_, n: on.length, precision: hits / said, recall: hits / true_, base: true_ / on.length,
    precisionRange: clustered(both, on, blocks), recallRange: clustered(both, truth, blocks),
  };
}

/**
 * 割合 Σ hits / Σ all の、段落をまとまりとした 95 % 区間。
 * 分散は Σ_b (hits_b − p all_b)² / (Σ all)² · B / (B − 1)。有効な個数 n = p (1 − p) / 分散 を、ウィルソンの区間に入れる。
 * @param {Uint8Array} hits @param {Uint8Array} all @param {number[]} blocks
 * @returns {[number, number]} 数えるものがなければ [0, 1]
 */
export function clustered(hits, all, blocks) {
  /** @type {Map<number, [number, number]>} */
  const sums = new Map();
  let [k, n] = [0, 0];
  blocks.forEach((block, i) => {
    if (!all[i]) return;
    const [a, b] = sums.get(block) ?? [0, 0];
    sums.set(block, [a + hits[i], b + 1]);
    k += hits[i];
    n += 1;
  });
  const B = sums.size;
  if (B < 2) return [0, 1];
  const p = k / n;
  const variance = ([...sums.values()].reduce((sum, [a, b]) => sum + (a - p * b) ** 2, 0) / n ** 2) * (B / (B - 1));
  // ばらつきが数えられないとき（みな当たりか、みな外れ）は、段落の数を個数とする
  const effective = variance > 0 ? Math.min(n, (p * (1 - p)) / variance) : B;
  return wilson(p * effective, effective);
}

/** 字ごとの、段落の番号。 @param {string} text @returns {number[]} */
export function blocksOf(text) {
  let block = 0;
  return [...text].map((letter) => (letter === "\n" ? block++ : block));
}

/**
 * 続いて入っている範囲。
 * @param {Uint8Array} on @returns {[number, number][]} [始め, 終わりの次]
 */
export function runsOf(on) {
  /** @type {[number, number][]} */
  const runs = [];
  on.forEach((v, n) => {
    if (!v) return;
    if (n && on[n - 1]) runs[runs.length - 1][1] = n + 1;
    else runs.push([n, n + 1]);
  });
  return runs;
}
