// 値と画面の位置を結ぶ目盛りと、数字の書き方。

export const MISSING = "測定なし";

/**
 * @typedef {((value: number) => number) & {invert: (pixel: number) => number, ticks: (count: number) => number[]}} Scale
 */

/**
 * 線形の目盛り。
 * @param {[number, number]} domain
 * @param {[number, number]} range
 * @returns {Scale}
 */
export function linear([d0, d1], [r0, r1]) {
  const scale = (/** @type {number} */ v) => r0 + ((v - d0) / (d1 - d0)) * (r1 - r0);
  return Object.assign(scale, {
    invert: (/** @type {number} */ p) => d0 + ((p - r0) / (r1 - r0)) * (d1 - d0),
    ticks: (/** @type {number} */ count) => niceTicks(d0, d1, count),
  });
}

/**
 * 対数の目盛り。
 * @param {[number, number]} domain 正の数
 * @param {[number, number]} range
 * @returns {Scale}
 */
export function log([d0, d1], range) {
  const inner = linear([Math.log10(d0), Math.log10(d1)], range);
  return Object.assign((/** @type {number} */ v) => inner(Math.log10(v)), {
    invert: (/** @type {number} */ p) => 10 ** inner.invert(p),
    ticks: (/** @type {number} */ count) => {
      const first = Math.ceil(Math.log10(d0) - 1e-9);
      const last = Math.floor(Math.log10(d1) + 1e-9);
      const least = Math.max(1, Math.ceil((last - first + 1) / count));
      const stride = [1, 2, 3, 4, 5, 8, 10, 20, 30, 40, 50].find((step) => step >= least) ?? 100;
      const powers = [];
      // 10^0 がいつも目盛りに入るように、stride の倍数から始める。
      for (let k = Math.ceil(first / stride) * stride; k <= last; k += stride) powers.push(10 ** k);
      return powers;
    },
  });
}

/**
 * 1, 2, 5 の倍数で切りのよい目盛り。
 * @param {number} low
 * @param {number} high
 * @param {number} count およその個数
 * @returns {number[]}
 */
export function niceTicks(low, high, count) {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= raw * 0.999) ?? 10);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k += 1) {
    ticks.push(Number((k * step).toPrecision(12)));
  }
  return ticks;
}

/**
 * 目盛りの数字。負の符号は字幅のあるものにし、とても小さいか大きい 10 の冪は肩で書く。
 * @param {number} value
 * @returns {string}
 */
export function tidy(value) {
  const power = Math.round(Math.log10(value));
  if (Math.abs(power) > 3 && value > 0 && Math.abs(value / 10 ** power - 1) < 1e-9) return `$10^{${power}}$`;
  return String(value).replace("-", "−");
}

/**
 * 決まった桁の数字。負の符号は字幅のあるもので、−0.00 は 0.00 にする。読めない値（null、NaN）は「測定なし」。
 * @param {number | null} value
 * @param {number} digits
 * @returns {string}
 */
export function fixed(value, digits) {
  if (value === null || Number.isNaN(value)) return MISSING;
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace("-", "−");
}
