// 試料のある作り物のスペクトル。rnnbook/materials/specimens.py と同じ乱数を、同じ順に使う。
import { normal, uniform } from "../nn/numerics.js";

/**
 * @typedef {{mean: number, spread: number, matrix: number, fine: number, gain: number, offset: number, slope: number, noise: number,
 *   p: number[], phi: number[][], best: number}} Constants
 * @typedef {{X: number[][], c: number[], specimen: number[]}} Scans
 */

/**
 * 新しい試料を specimens 個、repeats 回ずつ測る。
 * @param {Constants} model @param {number} seed @param {number} specimens @param {number} repeats
 * @returns {Scans}
 */
export function measure(model, seed, specimens, repeats) {
  const draw = normal(uniform(seed));
  const T = model.p.length;
  // s = c p + Σ a φ + f
  const own = Array.from({ length: specimens }, () => {
    const c = model.mean + model.spread * draw();
    const s = model.p.map((p) => c * p);
    for (const band of model.phi) {
      const a = model.matrix * draw();
      for (let k = 0; k < T; k += 1) s[k] += a * band[k];
    }
    for (let k = 0; k < T; k += 1) s[k] += model.fine * draw();
    return { c, s };
  });
  /** @type {Scans} */
  const scans = { X: [], c: [], specimen: [] };
  own.forEach(({ c, s }, i) => {
    for (let j = 0; j < repeats; j += 1) {
      // x = g (1 + s) + o + d (λ − 1/2) + 雑音
      const [g, o, d] = [Math.exp(model.gain * draw()), model.offset * draw(), model.slope * draw()];
      scans.X.push(s.map((v, k) => g * (1 + v) + o + d * (k / (T - 1) - 0.5) + model.noise * draw()));
      scans.c.push(c);
      scans.specimen.push(i);
    }
  });
  return scans;
}

/**
 * 学習（8 割）と試験の行に分ける。
 * @param {Scans} scans @param {string} split "scans"、"specimens"、"composition" @param {number} seed
 * @returns {{train: number[], test: number[]}}
 */
export function divide({ c, specimen }, split, seed) {
  const rows = c.map((_, row) => row);
  // 並べたものの、終わりの 2 割を試験にする
  const units = split === "scans" ? rows : [...new Set(specimen)];
  const value = new Map(rows.map((row) => [specimen[row], c[row]]));
  const order = split === "composition" ? units.sort((a, b) => value.get(a) - value.get(b)) : shuffled(units, uniform(seed));
  const late = new Set(order.slice(Math.round(0.8 * order.length)));
  const isTest = (/** @type {number} */ row) => late.has(split === "scans" ? row : specimen[row]);
  return { train: rows.filter((row) => !isTest(row)), test: rows.filter(isTest) };
}

/** @param {number[]} values @param {() => number} random */
function shuffled(values, random) {
  const mixed = [...values];
  for (let k = mixed.length - 1; k > 0; k -= 1) {
    const other = Math.floor(random() * (k + 1));
    [mixed[k], mixed[other]] = [mixed[other], mixed[k]];
  }
  return mixed;
}
