// 統計を先へ進める MLP と GRU。rnnbook/models/steppers.py と同じ式。
import { addMatvec, gruStep } from "../nn/cells.js";

/** @typedef {Record<string, [number, number, string]>} Packed 名前 → [行の数, 列の数, float32 の base64] */

/** @param {[number, number, string]} packed @returns {Float64Array} 行ごとに一列に並べた重み */
export function unpack([, , code]) {
  const bytes = Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0));
  return Float64Array.from(new Float32Array(bytes.buffer));
}

/** PyTorch の GRUCell（r, z, n の順に積んだ三つ）を、nn/cells.js の名前にする。PyTorch の z は、本書の 1 − z。 */
function gruParams(/** @type {Record<string, Float64Array>} */ w) {
  const part = (/** @type {string} */ name, /** @type {number} */ k) => w[`gru.reader.${name}`].slice((k * w[`gru.reader.${name}`].length) / 3, ((k + 1) * w[`gru.reader.${name}`].length) / 3);
  const sum = (/** @type {number} */ k) => part("bias_ih", k).map((v, i) => v + part("bias_hh", k)[i]);
  const minus = (/** @type {Float64Array} */ v) => v.map((each) => -each);
  return {
    W_xr: part("weight_ih", 0), W_hr: part("weight_hh", 0), b_r: sum(0),
    W_xz: minus(part("weight_ih", 1)), W_hz: minus(part("weight_hh", 1)), b_z: minus(sum(1)),
    W_xh: part("weight_ih", 2), W_hh: part("weight_hh", 2), b_h: part("bias_ih", 2), b_hh: part("bias_hh", 2),
  };
}

/** W v + b */
function dense(/** @type {Float64Array} */ W, /** @type {Float64Array} */ v, /** @type {Float64Array} */ b) {
  const out = b.slice();
  addMatvec(out, W, v);
  return out;
}

/**
 * 重みから、二つの予測を作る。
 * @param {Packed} packed
 */
export function createForecasters(packed) {
  const w = Object.fromEntries(Object.entries(packed).map(([name, each]) => [name, unpack(each)]));
  const { mean, axes, scale } = w;
  const [K, lags] = [scale.length, mean.length];
  const [middle, spread] = w.temperature;
  const gru = gruParams(w);

  /** C(r) → 得点 z = V (C − C̄) / σ */
  const encode = (/** @type {number[]} */ C) => {
    const z = new Float64Array(K);
    addMatvec(z, axes, Float64Array.from(C, (v, r) => v - mean[r]));
    return z.map((v, k) => v / scale[k]);
  };
  /** 得点 → C(r) */
  const decode = (/** @type {Float64Array} */ z) => Array.from(mean, (v, r) => {
    let sum = v;
    for (let k = 0; k < K; k += 1) sum += axes[k * lags + r] * scale[k] * z[k];
    return sum;
  });
  const input = (/** @type {Float64Array} */ z, /** @type {number} */ T) => Float64Array.from([...z, (T - middle) / spread]);
  const add = (/** @type {Float64Array} */ z, /** @type {Float64Array} */ d) => z.map((v, k) => v + d[k]);

  /** @type {Record<string, (seen: number[][], T: number[]) => number[][]>} 見た C (SEEN, lags) と全部の温度 (F,) から、残りの C */
  return {
    mlp(seen, T) {
      let z = encode(seen[seen.length - 1]);
      return T.slice(seen.length).map((now) => {
        const first = dense(w["mlp.hidden1.weight"], input(z, now), w["mlp.hidden1.bias"]).map(Math.tanh);
        const second = dense(w["mlp.hidden2.weight"], first, w["mlp.hidden2.bias"]).map(Math.tanh);
        z = add(z, dense(w["mlp.readout.weight"], second, w["mlp.readout.bias"]));
        return decode(z);
      });
    },
    gru(seen, T) {
      let h = new Float64Array(gru.b_h.length);
      let z = encode(seen[0]);
      const told = [];
      for (let f = 1; f < T.length; f += 1) {
        ({ h } = gruStep(input(z, T[f]), h, gru));
        z = f < seen.length ? encode(seen[f]) : add(z, dense(w["gru.readout.weight"], h, w["gru.readout.bias"]));
        if (f >= seen.length) told.push(decode(z));
      }
      return told;
    },
  };
}

/** 変わらないとする予測。 @param {number[][]} seen @param {number[]} T @returns {number[][]} */
export function persist(seen, T) {
  return T.slice(seen.length).map(() => seen[seen.length - 1]);
}

/** 二つの並びの差の、二乗平均の平方根。 @param {number[][]} a @param {number[][]} b */
export function rms(a, b) {
  const squares = a.flatMap((row, f) => row.map((v, r) => (v - b[f][r]) ** 2));
  return Math.sqrt(squares.reduce((sum, v) => sum + v, 0) / squares.length);
}
