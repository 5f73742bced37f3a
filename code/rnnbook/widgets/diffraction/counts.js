// ポアソン分布の計数。rnnbook/materials/portable_counts.py と同じ一様乱数を、同じ順に使う。
import { uniform } from "../nn/numerics.js";

const SMALL = 10; // これより小さい平均では、掛ける方法

/** ln k!（10 からは、スターリングの級数）。 @param {number} k @returns {number} */
export function logFactorial(k) {
  if (k < 10) {
    let product = 1;
    for (let i = 2; i <= k; i += 1) product *= i;
    return Math.log(product);
  }
  const n = k + 1;
  // (n − 1/2) ln n − n + ln √(2π) + 1/(12 n) − 1/(360 n³) + 1/(1260 n⁵)
  const series = (1 / 12 - (1 / 360 - 1 / 1260 / n ** 2) / n ** 2) / n;
  return (n - 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}

/**
 * 平均 mean のポアソン分布の計数を一つ。
 * @param {number} mean @param {() => number} draw 一様乱数
 * @returns {number}
 */
export function poissonCount(mean, draw) {
  if (mean < SMALL) {
    const stop = Math.exp(-mean);
    let k = 0;
    for (let product = draw(); product > stop; product *= draw()) k += 1;
    return k;
  }
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverse = 1.1239 + 1.1328 / (b - 3.4);
  const edge = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = draw() - 0.5;
    const v = draw();
    const us = 0.5 - Math.abs(u);
    if (us === 0) continue;
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= edge) return k;
    if (k < 0 || v === 0 || (us < 0.013 && v > us)) continue;
    // ln(v / 提案の密度) ≤ ln(ポアソン分布の確率) なら採る
    if (Math.log((v * inverse) / (a / us ** 2 + b)) <= k * Math.log(mean) - mean - logFactorial(k)) return k;
  }
}

/** 平均の並びから、計数の並び。 @param {ArrayLike<number>} mean @param {number} seed @returns {number[]} */
export function poissonCounts(mean, seed) {
  const draw = uniform(seed);
  return Array.from(mean, (m) => poissonCount(m, draw));
}
