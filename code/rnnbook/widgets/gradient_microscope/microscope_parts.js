// 勾配顕微鏡が測る乱数の重みのネットワーク、理論の直線、言葉。
import { gruForward, lstmForward, rnnForward } from "../nn/cells.js";
import { stateSpectra } from "../nn/state_spectra.js";
import { spectralNorm, withSpectralRadius } from "../nn/linalg.js";
import { normal, uniform } from "../nn/numerics.js";
import { writeInterval } from "../kit/interval.js";
import { logSigmoid, writePower } from "../nn/forget_gate.js";

/** @typedef {{cell: "rnn" | "lstm" | "gru", T: number, rho: number, activation: string, b_f: number, b_z: number, seed: number}} Settings */
/** @typedef {{t: number, logs: Float64Array}[]} Spectra 時刻ごとの log10 特異値（大きい順） */

/** 隠れ次元。 */
export const H = 8;
// これより小さい倍率（常用対数）は、数で言わない。
const LEAST = -300;
// 特異値を求める時刻の数の目安
const POINTS = 50;
const FORWARD = { rnn: rnnForward, lstm: lstmForward, gru: gruForward };
const GATES = { lstm: ["i", "f", "o", "c"], gru: ["r", "z", "h"] };

/**
 * 入力 (T, 1) と、乱数の重み。重みは種だけで決まり、つまみは大きさとバイアスだけを変える。
 * @param {Settings} settings
 * @returns {{xs: Float64Array, params: Record<string, any>}}
 */
export function randomNetwork({ cell, T, rho, activation, b_f, b_z, seed }) {
  const gauss = normal(uniform(1000 + seed));
  const xs = Float64Array.from({ length: T }, gauss);
  const random = uniform(seed);
  // ±1/√H の一様乱数（PyTorch の既定と同じ）
  const weights = (/** @type {number} */ n) => Float64Array.from({ length: n }, () => (2 * random() - 1) / Math.sqrt(H));
  if (cell === "rnn") {
    const draw = normal(random);
    const W = Float64Array.from({ length: H * H }, draw);
    return { xs, params: { W_xh: weights(H), W_hh: withSpectralRadius(W, rho), b_h: new Float64Array(H), activation } };
  }
  /** @type {Record<string, any>} */
  const params = {};
  const bias = { f: b_f, z: b_z };
  for (const gate of GATES[cell]) {
    params[`W_x${gate}`] = weights(H);
    params[`W_h${gate}`] = weights(H * H);
    params[`b_${gate}`] = new Float64Array(H).fill(bias[gate] ?? 0);
  }
  return { xs, params };
}

/**
 * 順伝播と逆伝播を行い、途中の時刻の特異値を求める。
 * @param {Settings} settings
 * @returns {{spectra: Spectra, params: Record<string, any>}}
 */
export function look(settings) {
  const { xs, params } = randomNetwork(settings);
  const trace = FORWARD[settings.cell](xs, params);
  return { spectra: stateSpectra(settings.cell, trace, params, Math.ceil(settings.T / POINTS)), params };
}

/**
 * 理論の直線。T から一時刻さかのぼるごとに、常用対数で slope だけ動く。
 * @param {Settings} settings
 * @param {Record<string, any>} params
 * @returns {{name: string, slope: number}[]}
 */
export function theory({ cell, rho, b_f, b_z }, params) {
  if (cell === "lstm") return [{ name: "直接の道だけなら $\\sigma(b_f)^{T-t}$", slope: logSigmoid(b_f) / Math.LN10 }];
  // 1 − σ(b) = σ(−b)
  if (cell === "gru") return [{ name: "直接の道だけなら $(1-\\sigma(b_z))^{T-t}$", slope: logSigmoid(-b_z) / Math.LN10 }];
  return [
    { name: "$\\rho^{T-t}$", slope: Math.log10(rho) },
    { name: "上界 $\\lVert W_{hh}\\rVert^{T-t}$", slope: Math.log10(spectralNorm(params.W_hh, H)) },
  ];
}

/**
 * 縦軸の範囲（常用対数）。最大の特異値が入るように、段階的に広げる。
 * @param {Spectra} spectra
 * @returns {[number, number]}
 */
export function rangeOf(spectra) {
  const largest = spectra.map(({ logs }) => logs[0]).filter(Number.isFinite);
  const [low, high] = [Math.min(...largest), Math.max(...largest)];
  return [[-16, -32, -64, -128, -200].find((step) => step <= low) ?? -300, [2, 8, 16, 32, 64, 128].find((step) => step >= high) ?? 300];
}

/** 最大の 1000 分の 1 以上が伝わる向きの数。 @param {Float64Array} logs log10 特異値（大きい順） */
function directionsOf(logs) {
  return logs.filter((v) => v >= logs[0] - 3).length;
}

/**
 * 図が見せる数。倍率は常用対数で、LEAST より小さければ LEAST。
 * @param {Settings} settings
 * @param {Spectra} spectra
 * @param {{slope: number}[]} lines
 * @param {Record<string, [number, number, number][]>} solved
 * @returns {Record<string, number>}
 */
export function numbersOf(settings, spectra, [straight, bound], solved) {
  const { logs } = spectra[0];
  const far = settings.T - 1;
  const trained = trainedLike(settings, solved);
  const [T, count, seeds] = trained?.row ?? [];
  return {
    log10_norm: Math.max(LEAST, logs[0]), ...(logs[0] > LEAST ? { directions: directionsOf(logs) } : {}),
    log10_theory: straight.slope * far, ...(bound ? { log10_bound: bound.slope * far } : {}),
    ...(trained ? { trained_T: T, trained_solved: count, trained_seeds: seeds } : {}),
  };
}

/**
 * 見えるものを一文ずつ言う。
 * @param {Settings} settings
 * @param {Spectra} spectra
 * @returns {string}
 */
export function describeGradient({ cell, T }, spectra) {
  const [from, to] = [cell === "lstm" ? "$c_1$" : "$h_1$", `$h_{${T}}$`];
  const logs = spectra[0].logs;
  const directions = logs[0] === -Infinity ? "" : `最大の 1000 分の 1 以上が伝わる向きは、${logs.length} のうち ${directionsOf(logs)} です。`;
  const power = logs[0];
  if (power === -Infinity) return `${from} を動かしても、${to} はまったく動きません。どの道でも、途中で傾きが 0 になっています。`;
  if (power < LEAST) return `${from} を動かしても、${to} は $10^{-300}$ 倍より小さくしか動きません。勾配消失です。${directions}`;
  const times = `${writePower(power)} 倍`;
  if (power < -3) return `${from} を動かしても、${to} は最大で ${times}しか動きません。勾配消失です。${directions}`;
  const moves = `${from} を動かすと、${to} は最大で ${times}動きます。`;
  if (power > 3) return `${moves}勾配爆発です。${directions}`;
  if (power < -1) return `${moves}小さくなっていますが、まだ届いています。${directions}`;
  if (power > 1) return `${moves}大きくなっています。${directions}`;
  return `${moves}消えも爆発もしていません。${directions}`;
}

/**
 * 同じ種類のネットワークを学習させた結果のうち、設定に最も近いもの。
 * @param {Settings} settings
 * @param {Record<string, [number, number, number][]>} solved モデル → [T, 解けた種の数, 種の数] の並び
 * @returns {{name: string, row: [number, number, number]} | null} 学習したネットワークがなければ null
 */
export function trainedLike({ cell, T, activation, b_f }, solved) {
  const models = { rnn: { tanh: "rnn", relu: "irnn" }[activation], gru: "gru", lstm: nearestBias(b_f, solved) };
  const rows = solved[models[cell] ?? ""] ?? [];
  const far = (/** @type {number} */ length) => Math.abs(Math.log(length / T));
  return rows.length ? { name: models[cell], row: rows.reduce((best, row) => (far(row[0]) < far(best[0]) ? row : best)) } : null;
}

/** 学習を始めた b_f が、いまの b_f に最も近い LSTM の名。 */
function nearestBias(b_f, solved) {
  const names = Object.keys(solved).filter((name) => /^lstm_b\d+$/.test(name));
  const far = (/** @type {string} */ name) => Math.abs(Number(name.slice(6)) - b_f);
  return names.length ? names.reduce((best, name) => (far(name) < far(best) ? name : best)) : undefined;
}

/**
 * @param {Settings} settings
 * @param {Record<string, [number, number, number][]>} solved
 * @returns {string}
 */
export function describeTrained(settings, solved) {
  const found = trainedLike(settings, solved);
  if (!found) return "この活性化関数の RNN は、学習させていません。";
  const { name, row: [T, count, seeds] } = found;
  const label = { rnn: "tanh の RNN ", irnn: "IRNN（ReLU の RNN）", gru: "GRU " }[name] ?? `$b_f$ = ${name.slice(6)} から始めた LSTM `;
  const others = solved[name].filter(([length]) => length !== T).map(([length, k, n]) => `${length} では ${n} 個中 ${k} 個`);
  const rest = others.length ? `。系列長 ${others.join("、")}です` : "";
  return `${label}を学習させると、系列長 ${T} のラッチを ${seeds} 個中 ${count} 個の種が解きました（${writeInterval(count, seeds)}）${rest}。ラッチは、時刻 1 の符号を終わりまで覚えておく問題です。上の乱数の重みの結果ではなく、別のネットワーク（$H$ = 32）を、決めた回数まで学習した結果です。`;
}
