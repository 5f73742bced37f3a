// はじめの重み。流れ 0 の乱数を、θ の順に、行ごとに使う。
import { spectralRadius } from "../linalg.js";
import { normal } from "../numerics.js";
import { streamOf } from "./streams.js";
import { GATES, packed } from "./layout.js";

/**
 * θ に、はじめの重みを書く。steps は、chrono が覚える長さにする時刻の数。
 * @param {Float32Array} theta @param {any[]} blocks
 * @param {{cell: string, start: string, rho: number, forget_bias: null | number | "chrono", H: number, seed: number}} config
 * @param {number} steps
 */
export function startWeights(theta, blocks, { cell, start, rho, forget_bias, H, seed }, steps) {
  const random = streamOf(seed, 0);
  const bound = 1 / Math.sqrt(H);
  const drawn = new Float64Array(theta.length); // 引いたままの u
  for (const { name, rows, columns, from } of blocks) {
    const to = from + rows * columns;
    if (name === "W_h" && (cell === "rnn" || cell === "relu") && start !== "uniform") {
      theta.set(recurrent(random, H, start, rho, bound), from);
      continue;
    }
    for (let k = from; k < to; k += 1) {
      drawn[k] = random();
      // PyTorch と同じ U(−1/√H, 1/√H)
      theta[k] = bound * (2 * drawn[k] - 1);
    }
  }
  const { b } = packed(theta, blocks);
  if (start === "identity" && (cell === "rnn" || cell === "relu")) b.fill(0); // Le ら (2015)
  if (cell === "lstm" && forget_bias !== null) startForgetBias(b, drawn.subarray(blocks.find(({ name }) => name === "b").from), H, forget_bias, steps);
}

/** W_hh (H, H): "radius" は一様乱数を定数倍したもの、"orthogonal" は ρ 倍の直交行列、"identity" は ρ 倍の単位行列。 */
function recurrent(random, H, start, rho, bound) {
  const W = new Float64Array(H * H);
  if (start === "identity") {
    for (let k = 0; k < H; k += 1) W[k * H + k] = rho;
    return W;
  }
  if (start === "radius") {
    for (let k = 0; k < W.length; k += 1) W[k] = bound * (2 * random() - 1);
    const radius = spectralRadius(W);
    return radius > 0 ? W.map((w) => (w * rho) / radius) : W;
  }
  const gaussian = normal(random);
  for (let k = 0; k < W.length; k += 1) W[k] = gaussian();
  return orthonormalRows(W, H).map((w) => w * rho);
}

/** 行を、上から順に、前の行と直交する長さ 1 の行にする（Gram–Schmidt。丸めを消すため、二度引く）。 */
function orthonormalRows(W, H) {
  const row = (/** @type {number} */ k) => W.subarray(k * H, (k + 1) * H);
  const inner = (/** @type {Float64Array} */ p, /** @type {Float64Array} */ q) => p.reduce((sum, v, n) => sum + v * q[n], 0);
  for (let k = 0; k < H; k += 1) {
    for (let again = 0; again < 2; again += 1) {
      for (let j = 0; j < k; j += 1) {
        const along = inner(row(k), row(j));
        row(j).forEach((v, n) => (W[k * H + n] -= along * v));
      }
    }
    const size = Math.sqrt(inner(row(k), row(k)));
    row(k).forEach((v, n) => (W[k * H + n] = v / size));
  }
  return W;
}

/** LSTM の b_f。chrono（Tallec と Ollivier 2018）では b_f = ln(1 + u (T − 2))、b_i = −b_f。 */
function startForgetBias(b, u, H, forget_bias, T) {
  const f = GATES.lstm.indexOf("f") * H;
  for (let n = 0; n < H; n += 1) {
    b[f + n] = forget_bias === "chrono" ? Math.log(1 + u[f + n] * Math.max(0, T - 2)) : forget_bias;
    if (forget_bias === "chrono") b[n] = -b[f + n];
  }
}
