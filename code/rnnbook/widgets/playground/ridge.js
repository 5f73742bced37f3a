// リッジ回帰。罰の強さ λ は、後ろの 2 割で選ぶ。

const STRENGTHS = [1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];

/**
 * @typedef {{x: ArrayLike<number>, y: number}} Row
 * @typedef {{weights: Float64Array, bias: number, strength: number}} Ridge
 */

/**
 * ŷ = w·x + b。前の 8 割で合わせ、後ろの 2 割で最もよい λ を選び、全部で合わせ直す。
 * @param {Row[]} rows 時間の順
 * @returns {Ridge}
 */
export function ridgeFit(rows) {
  const cut = Math.max(1, Math.floor(0.8 * rows.length));
  const [early, late] = [moments(rows.slice(0, cut)), rows.slice(cut)];
  let best = { strength: 1, error: Infinity };
  for (const strength of STRENGTHS) {
    const fitted = solveFor(early, strength);
    const error = late.reduce((sum, { x, y }) => sum + (ridgeAnswer(fitted, x) - y) ** 2, 0);
    if (error < best.error) best = { strength, error };
  }
  return solveFor(moments(rows), best.strength);
}

/** @param {Ridge} ridge @param {ArrayLike<number>} x @returns {number} w·x + b */
export function ridgeAnswer({ weights, bias }, x) {
  let sum = bias;
  for (let k = 0; k < weights.length; k += 1) sum += weights[k] * x[k];
  return sum;
}

/** 中心をそろえた積の和: X ← X − x̄、y ← y − ȳ として XᵀX と Xᵀy。 @param {Row[]} rows */
function moments(rows) {
  const [N, p] = [rows.length, rows[0].x.length];
  const [center, gram, cross] = [new Float64Array(p), new Float64Array(p * p), new Float64Array(p)];
  let level = 0;
  for (const { x, y } of rows) {
    for (let k = 0; k < p; k += 1) center[k] += x[k] / N;
    level += y / N;
  }
  const z = new Float64Array(p);
  for (const { x, y } of rows) {
    for (let k = 0; k < p; k += 1) z[k] = x[k] - center[k];
    for (let k = 0; k < p; k += 1) {
      for (let l = 0; l <= k; l += 1) gram[k * p + l] += z[k] * z[l];
      cross[k] += z[k] * (y - level);
    }
  }
  return { center, level, gram, cross };
}

/** w = (XᵀX + λI)⁻¹ Xᵀy、b = ȳ − w·x̄。コレスキー分解 XᵀX + λI = L Lᵀ で解く。 */
function solveFor({ center, level, gram, cross }, strength) {
  const p = cross.length;
  const [L, w] = [gram.slice(), cross.slice()];
  for (let k = 0; k < p; k += 1) {
    L[k * p + k] += strength;
    for (let l = 0; l <= k; l += 1) {
      let sum = L[k * p + l];
      for (let m = 0; m < l; m += 1) sum -= L[k * p + m] * L[l * p + m];
      L[k * p + l] = k === l ? Math.sqrt(sum) : sum / L[l * p + l];
    }
  }
  for (let k = 0; k < p; k += 1) {
    for (let m = 0; m < k; m += 1) w[k] -= L[k * p + m] * w[m];
    w[k] /= L[k * p + k];
  }
  for (let k = p - 1; k >= 0; k -= 1) {
    for (let m = k + 1; m < p; m += 1) w[k] -= L[m * p + k] * w[m];
    w[k] /= L[k * p + k];
  }
  let bias = level;
  for (let k = 0; k < p; k += 1) bias -= w[k] * center[k];
  return { weights: w, bias, strength };
}
