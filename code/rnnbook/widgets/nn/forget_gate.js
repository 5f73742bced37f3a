// 忘却ゲートがいつも f = σ(b_f) のときの計算と、数の書き方。

/**
 * ln σ(b)。b が大きくても桁が落ちない。
 * @param {number} b
 * @returns {number}
 */
export function logSigmoid(b) {
  // ln σ(b) = −ln(1 + e^{−b}) = b − ln(1 + e^{b})
  return b >= 0 ? -Math.log1p(Math.exp(-b)) : b - Math.log1p(Math.exp(b));
}

/**
 * 半減期 t½ = ln(1/2) / ln σ(b)（歩）。
 * @param {number} b
 * @returns {number}
 */
export function halfLife(b) {
  return -Math.LN2 / logSigmoid(b);
}

/**
 * t 歩後に残るものの常用対数 log10 f^t = t log10 σ(b)。小さすぎて浮動小数点数にならない値も表せる。
 * @param {number} b
 * @param {number} t
 * @returns {number}
 */
export function logRemainder(b, t) {
  return (t * logSigmoid(b)) / Math.LN10;
}

/**
 * chrono の初期値の上端 b_f = ln(T_max − 1)。T_max − 1 は 1 以上とする。
 * @param {number} T
 * @returns {number}
 */
export function chronoBias(T) {
  return Math.log(Math.max(T - 1, 1));
}

/**
 * 10 の冪乗 10^power を有効数字 2 桁で書く。
 * @param {number} power
 * @returns {string} 0.001 以上 10000 未満はふつうの小数、ほかは 2.5×10^{-14} の形
 */
export function writePower(power) {
  if (power > -3 && power < 4) return Number((10 ** power).toPrecision(power > -0.05 ? 3 : 2)).toString();
  const exponent = Math.floor(power);
  const digits = (10 ** (power - exponent)).toFixed(1);
  return digits === "10.0" ? `1.0×$10^{${exponent + 1}}$` : `${digits}×$10^{${exponent}}$`;
}

/**
 * 歩数を書く。
 * @param {number} steps
 * @returns {string}
 */
export function writeSteps(steps) {
  return steps < 100 ? steps.toFixed(1) : String(Math.round(steps));
}
