// 読者の系列。貼り付けた数から、直前の T 個で次の一つを当てる問題を作る。
//
// はじめの 7 割を学習に、残りの 3 割を試しに使う。平均と標準偏差は、はじめの 7 割だけで決める。
import { ridgeFit, ridgeAnswer } from "./ridge.js";

export const SERIES_LIMITS = { numbers: [20, 2000], train_share: 0.7, windows: 5, tested: 200 };

/**
 * @typedef {{numbers: number[], values: Float64Array, cut: number, mean: number, deviation: number}} Series
 *   書かれた数、標準化した値、学習に使う数、元の単位に戻す二つの数
 */

/**
 * 貼り付けた数を読む。区切りは、コンマ、読点、タブ、セミコロン、空白、改行。全角の数字は半角に直す。
 * @param {string} text
 * @returns {Series}
 * @throws {RangeError} 読めない数。行の番号、書かれたもの、書き方を述べる
 */
export function parseSeries(text) {
  const { numbers: [least, most], train_share: share } = SERIES_LIMITS;
  /** @type {number[]} */
  const found = [];
  for (const [k, raw] of text.normalize("NFKC").replaceAll("−", "-").split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim().replace(/[,、;]$/, "");
    if (!line) continue;
    for (const [n, word] of line.split(/\s*[,、;]\s*|\t|\s+/).entries()) {
      const where = `${k + 1} 行目の ${n + 1} 番め`;
      if (!word) throw new RangeError(`${where}が空です。抜けた値は、ここでは扱えません。数を入れるか、区切りを一つ消します。`);
      if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) {
        throw new RangeError(`${where}の「${[...word].slice(0, 12).join("")}」は、数として読めません。12、-0.5、1.2e-3 のように書きます。`);
      }
      if (!Number.isFinite(Number(word))) throw new RangeError(`${where}の「${word}」は、大きすぎます。絶対値が 1e308 までの数を書きます。`);
      found.push(Number(word));
    }
  }
  if (found.length < least) throw new RangeError(`数が ${found.length} 個です。${least} 個以上を、コンマ、空白、改行のどれかで区切って書きます。`);
  if (found.length > most) throw new RangeError(`数が ${found.length} 個です。${most} 個までにします。長い系列は、一部を切り出します。`);
  const cut = Math.floor(share * found.length);
  // z = (x − 学習の平均) / 学習の標準偏差
  const mean = average(found.slice(0, cut));
  const deviation = Math.sqrt(average(found.slice(0, cut).map((x) => (x - mean) ** 2)));
  if (!(deviation > 1e-12 * Math.abs(mean)) || !Number.isFinite(deviation)) {
    throw new RangeError(`はじめの 7 割（${cut} 個）が、どれも ${found[0]} とほぼ同じです。変化のある系列が要ります。`);
  }
  return { numbers: found, values: Float64Array.from(found, (x) => (x - mean) / deviation), cut, mean, deviation };
}

/** @param {ArrayLike<number>} values */
function average(values) {
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += values[k];
  return sum / values.length;
}

/** 使える最も長い T。学習の窓が 5 つ以上残る長さ。 @param {Series} series */
export function longestWindow(series) {
  return series.cut - SERIES_LIMITS.windows;
}

/**
 * 学習の窓の数 N。n 番目の窓は x_n … x_{n+T−1} から x_{n+T} を当てる。答えは、どれもはじめの 7 割にある。
 * @param {Series} series @param {number} T
 * @returns {number}
 * @throws {RangeError} 窓が取れない T
 */
export function trainWindows(series, T) {
  if (!(Number.isInteger(T) && T >= 1 && T <= longestWindow(series))) {
    throw new RangeError(`系列長 T が ${T} です。この系列（${series.values.length} 個の数）では、1 から ${longestWindow(series)} までです。`);
  }
  return series.cut - T;
}

/** 試しの窓の番号。答えは、残りの 3 割にある。多ければ、等しい間隔で 200 個を選ぶ。 @param {Series} series @param {number} T */
export function heldWindows(series, T) {
  const all = series.values.length - series.cut;
  const count = Math.min(all, SERIES_LIMITS.tested);
  return Array.from({ length: count }, (_, k) => series.cut - T + Math.floor((k * all) / count));
}

/**
 * n 番目の窓の入力 x (T, 1) と、次の値。標準化した単位。
 * @param {Series} series @param {number} n @param {number} T
 * @returns {{x: Float32Array, y: number}}
 */
export function seriesExample(series, n, T) {
  return { x: Float32Array.from(series.values.subarray(n, n + T)), y: series.values[n + T] };
}

/** 直前の値をそのまま答えたときの、学習の窓での平均二乗誤差。 @param {Series} series @param {number} T */
export function seriesBaseline(series, T) {
  const N = trainWindows(series, T);
  let sum = 0;
  for (let n = 0; n < N; n += 1) sum += (series.values[n + T] - series.values[n + T - 1]) ** 2;
  return sum / N;
}

/**
 * 残りの 3 割での平均二乗誤差を、二つの基準と並べる。
 * @param {Series} series @param {number} T
 * @param {(x: Float32Array) => ArrayLike<number>} answer 窓から、次の値 (1,) を出す
 * @returns {{count: number, error: number, last: number, linear: number}} 標準化した単位の二乗。元の単位では deviation² 倍
 */
export function seriesScore(series, T, answer) {
  const held = heldWindows(series, T);
  const linear = linearOf(series, T);
  const mean = (/** @type {(x: Float32Array) => number} */ guess) => average(held.map((n) => {
    const { x, y } = seriesExample(series, n, T);
    return (guess(x) - y) ** 2;
  }));
  return { count: held.length, error: mean((x) => answer(x)[0]), last: mean((x) => x[T - 1]), linear: mean((x) => ridgeAnswer(linear, x)) };
}

/** 学習の窓に合わせた、線形自己回帰（リッジ回帰）。 @param {Series} series @param {number} T */
export function linearOf(series, T) {
  const N = trainWindows(series, T);
  return ridgeFit(Array.from({ length: N }, (_, n) => seriesExample(series, n, T)));
}
