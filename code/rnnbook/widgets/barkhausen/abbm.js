// ABBM 模型と、応力を受けた試料。rnnbook.materials の portable_random、barkhausen、stress_noise と、同じ乱数を同じ順に使う。
import { normal, uniform } from "../nn/numerics.js";

const CHUNK = 500; // e^(−λ) が 0 に丸められないように、λ を分ける大きさ

/** @typedef {{random: () => number, draw: () => number}} Draws 一様乱数と、正規乱数 */
/** @typedef {{C: number, D: number, H: number, W: number, G: number}} Specimen */
/**
 * @typedef {{T: number, dt: number, floor: number, drive: number, shift: number, narrow: number,
 *   middle: Specimen, spread: Specimen}} Constants
 */

/** 種から、乱数の組を作る。 @param {number} seed @returns {Draws} */
export function drawsOf(seed) {
  const random = uniform(seed);
  return { random, draw: normal(random) };
}

/** 形 a、尺度 1 のガンマ乱数（Marsaglia–Tsang 法）。 @param {Draws} draws @param {number} a @returns {number} */
export function gamma(draws, a) {
  if (a < 1) {
    const x = gamma(draws, a + 1);
    return x * (1 - draws.random()) ** (1 / a);
  }
  const d = a - 1 / 3;
  const scale = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = draws.draw();
    let w = 1 + scale * x;
    if (w <= 0) continue;
    w = w * w * w;
    const u = draws.random();
    // ln(1 − u) < x²/2 + d − d w + d ln w
    if (Math.log(1 - u) < (x * x) / 2 + d - d * w + d * Math.log(w)) return d * w;
  }
}

/** 平均 lambda のポアソン乱数。 @param {Draws} draws @param {number} lambda @returns {number} */
export function poisson({ random }, lambda) {
  let count = 0;
  for (; lambda > CHUNK; lambda -= CHUNK) count += countOf(random, CHUNK);
  return count + countOf(random, lambda);
}

/** (1 − u₁)(1 − u₂)… が e^(−λ) 以下になるまでの個数 − 1。 */
function countOf(/** @type {() => number} */ random, /** @type {number} */ lambda) {
  const least = Math.exp(-lambda);
  let [product, count] = [1, -1];
  do {
    product *= 1 - random();
    count += 1;
  } while (product > least);
  return count;
}

/**
 * 磁壁の速さ v。k = 1。
 * @param {Draws} draws
 * @param {ArrayLike<number>[]} c 行ごとの、磁壁を動かす速さ (B, T)
 * @param {number} D @param {number} dt
 * @returns {Float64Array[]} (B, T)
 */
export function abbm(draws, c, D, dt) {
  const [B, T] = [c.length, c[0].length];
  // q = D (1 − e^(−dt))
  const decay = Math.exp(-dt);
  const q = D * (1 - decay);
  const now = c.map((row) => D * gamma(draws, row[0] / D));
  const v = c.map(() => new Float64Array(T));
  const N = new Float64Array(B);
  for (let t = 0; t < T; t += 1) {
    // N ~ ポアソン(v e^(−dt) / q)、v ← q Γ(c/D + N)
    for (let b = 0; b < B; b += 1) N[b] = poisson(draws, (now[b] * decay) / q);
    for (let b = 0; b < B; b += 1) v[b][t] = now[b] = q * gamma(draws, c[b][t] / D + N[b]);
  }
  return v;
}

/** 新しい試料を一つ。 @param {Constants} model @param {Draws} draws @returns {Specimen} */
export function makeSpecimen({ middle, spread }, { draw }) {
  const found = /** @type {any} */ ({});
  for (const name of ["C", "D", "H", "W", "G"]) {
    const step = spread[name] * draw();
    found[name] = name === "H" ? middle[name] + step : middle[name] * Math.exp(step);
  }
  return found;
}

/** 磁壁を動かす速さ c(h)。 @param {Constants} model @param {Specimen} specimen @param {number} stress MPa @returns {Float64Array} */
export function driveOf(model, { C, H, W }, stress) {
  const s = stress / 100;
  // w = W e^(−0.06 s)、c = C e^(0.2 s) {0.05 + exp(−(h − H + 0.05 s)²/(2 w²))}
  const w = W * Math.exp(-model.narrow * s);
  const size = C * Math.exp(model.drive * s);
  return Float64Array.from({ length: model.T }, (_, t) => {
    const h = -1 + (2 * t) / (model.T - 1);
    return size * (model.floor + Math.exp(-((h - H + model.shift * s) ** 2) / (2 * w * w)));
  });
}

/**
 * バーストを、応力の並びの順に一つずつ。
 * @param {Constants} model @param {Draws} draws @param {Specimen} specimen @param {number[]} stresses MPa
 * @returns {{signal: Float64Array[], hiss: Float64Array[]}} G v と、標準偏差 1 の雑音 (B, T)
 */
export function record(model, draws, specimen, stresses) {
  const c = stresses.map((stress) => driveOf(model, specimen, stress));
  const v = abbm(draws, c, specimen.D, model.dt);
  const hiss = v.map((row) => row.map(() => draws.draw()));
  return { signal: v.map((row) => row.map((x) => specimen.G * x)), hiss };
}

/** 電圧 u = G v + 雑音。 @param {Float64Array[]} signal @param {Float64Array[]} hiss @param {number} noise @returns {Float64Array[]} */
export function withNoise(signal, hiss, noise) {
  return signal.map((row, b) => row.map((x, t) => x + noise * hiss[b][t]));
}
