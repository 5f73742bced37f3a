// スピノーダル分解の模型。rnnbook/materials/spinodal.py と同じ乱数を、同じ順に使い、同じ式で進める。
import { normal, uniform } from "../nn/numerics.js";
import { createFft } from "./fft.js";

/** @typedef {{n: number, frames: number, steps: number, dt: number, kappa: number, noise: number, lags: number}} Constants */

/** よく混ざった合金: 平均 0 の、小さなゆらぎ。 @param {Constants} model @param {number} seed @returns {Float64Array} (n, n) */
export function initial({ n, noise }, seed) {
  const draw = normal(uniform(seed));
  const c = Float64Array.from({ length: n * n }, draw);
  const mean = c.reduce((sum, v) => sum + v, 0) / c.length;
  return c.map((v) => noise * (v - mean));
}

/** 等しい間隔の点 knots を直線で結んだ、画面ごとの温度。 @param {number[]} knots @param {number} frames @returns {number[]} */
export function programme(knots, frames) {
  return Array.from({ length: frames }, (_, f) => {
    const at = (f * (knots.length - 1)) / (frames - 1);
    const k = Math.min(Math.floor(at), knots.length - 2);
    return knots[k] + (at - k) * (knots[k + 1] - knots[k]);
  });
}

/**
 * 模型を、一枚ずつ進める部品を作る。
 * @param {Constants} model
 */
export function createField({ n, steps, dt, kappa, lags }) {
  const fft = createFft(n);
  const wide = n / 2 + 1;
  const wave = (/** @type {number} */ k) => ((2 * Math.PI * Math.min(k, n - k)) / n) ** 2;
  const k2 = Float64Array.from({ length: n * wide }, (_, at) => wave(Math.floor(at / wide)) + wave(at % wide));
  const [hat, work] = [fft.empty(), fft.empty()];
  const push = new Float64Array(n * n);
  const [keep, move] = [new Float64Array(k2.length), new Float64Array(k2.length)];
  const ring = Array.from({ length: n * n }, (_, at) => {
    const [y, x] = [Math.floor(at / n), at % n].map((d) => Math.min(d, n - d));
    return Math.floor(Math.hypot(x, y) + 0.5);
  });
  const members = Array.from({ length: lags }, (_, r) => ring.filter((d) => d === r).length);

  return {
    /** 温度 T のまま、一枚（steps 歩）進めた組織。 @param {Float64Array} before @param {number} T @returns {Float64Array} */
    advance(before, T) {
      const a = 3 * (1 - T);
      const gain = dt * 2 * Math.exp(5 * (T - 1));
      const c = before.slice();
      fft.forward(c, hat);
      for (let k = 0; k < k2.length; k += 1) {
        keep[k] = 1 / (1 + gain * k2[k] * kappa * k2[k]);
        move[k] = gain * k2[k] * keep[k];
      }
      for (let step = 0; step < steps; step += 1) {
        for (let k = 0; k < push.length; k += 1) push[k] = c[k] * (c[k] * c[k] - a);
        fft.forward(push, work);
        // ĉ ← (ĉ − Δt M k² FFT(c³ − a c)) / (1 + Δt M κ k⁴)
        for (let k = 0; k < k2.length; k += 1) {
          hat.re[k] = keep[k] * hat.re[k] - move[k] * work.re[k];
          hat.im[k] = keep[k] * hat.im[k] - move[k] * work.im[k];
        }
        fft.inverse(hat, c);
      }
      return c;
    },

    /** 自己共分散 C(r)、r = 0 … lags − 1。 @param {Float64Array} c @returns {number[]} */
    autocovariance(c) {
      fft.forward(c, work);
      for (let k = 0; k < k2.length; k += 1) {
        work.re[k] = k ? work.re[k] ** 2 + work.im[k] ** 2 : 0;
        work.im[k] = 0;
      }
      fft.inverse(work, push);
      const C = Array(lags).fill(0);
      ring.forEach((r, at) => r < lags && (C[r] += push[at] / (n * n) / members[r]));
      return C;
    },
  };
}

/** 組織の太さ: C(r) がはじめて 0 になる距離。分散 C(0) が正でなければ（予測では起こる）NaN。 @param {number[]} C @returns {number} */
export function length(C) {
  const r = C.findIndex((v) => v <= 0);
  if (r < 0) return C.length - 1;
  if (r === 0) return NaN;
  return r - 1 + C[r - 1] / (C[r - 1] - C[r]);
}

/**
 * 一枚ずつ求め、覚えておく。種と、はじめの温度が同じ間は、求めた画面を使う。
 * @param {Constants} model
 */
export function createRun(model) {
  const field = createField(model);
  /** @type {{seed: number, T: number[]}} */
  let wanted = { seed: NaN, T: [] };
  /** @type {Float64Array[]} */
  const fields = [];
  /** @type {number[][]} */
  const C = [];
  return {
    fields, C,
    /** 求めるもの。 @param {number} seed @param {number[]} T 画面ごとの温度 */
    want(seed, T) {
      const same = T.findIndex((now, f) => now !== wanted.T[f]);
      const kept = seed === wanted.seed ? (same < 0 ? T.length : same) : 0;
      fields.length = C.length = Math.min(fields.length, kept);
      wanted = { seed, T };
    },
    /** 次の一枚を求める。 @returns {boolean} まだ残りがある */
    step() {
      if (fields.length < wanted.T.length) {
        const before = fields.at(-1) ?? initial(model, wanted.seed);
        fields.push(field.advance(before, wanted.T[fields.length]));
        C.push(field.autocovariance(fields[fields.length - 1]));
      }
      return fields.length < wanted.T.length;
    },
  };
}

/**
 * 組織と統計を、はじめから終わりまで求める。
 * @param {Constants} model @param {number} seed @param {number[]} T 画面ごとの温度
 * @returns {{fields: Float64Array[], C: number[][]}}
 */
export function simulate(model, seed, T) {
  const run = createRun(model);
  run.want(seed, T);
  while (run.step());
  return run;
}
