// 数ビットで持つ重みを、数に戻す。式は rnnbook.models.few_bits と同じ: W = 倍率（行ごと） × q。

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ZERO = 32; // DIGITS の 32 番が q = 0

/** @typedef {{name: string, rows: number, columns: number, scale: string, values: string}} Few rnnbook.models.few_bits の一行 */

/** @param {number} bits float16 の 16 ビット @returns {number} */
function fromFloat16(bits) {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

/** @param {string} text float16 の並びの base64 @returns {Float64Array} */
export function float16s(text) {
  const code = atob(text);
  return Float64Array.from({ length: code.length / 2 }, (_, k) => fromFloat16(code.charCodeAt(2 * k) | (code.charCodeAt(2 * k + 1) << 8)));
}

/**
 * @param {Few[]} packed
 * @returns {Record<string, Float64Array>} 名前 → 行ごとに一列に並べた値
 */
export function unpackFew(packed) {
  const number = Object.fromEntries([...DIGITS].map((digit, k) => [digit, k - ZERO]));
  return Object.fromEntries(packed.map(({ name, rows, columns, scale, values }) => {
    if (scale === "-") return [name, float16s(values)];
    const [scales, W] = [float16s(scale), new Float64Array(rows * columns)];
    for (let i = 0, k = 0; i < rows; i += 1) {
      for (let j = 0; j < columns; j += 1, k += 1) W[k] = Math.fround(number[values[k]] * scales[i]);
    }
    return [name, W];
  }));
}
