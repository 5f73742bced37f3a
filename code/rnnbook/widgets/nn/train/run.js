// 一つの学習: 問題、ネットワーク、規則をつなぎ、一回ずつ更新する。
//
//   const run = createRun(config, makeKernels());
//   run.update();   // {step, loss, metric, norm}
//
// update() は新しい場所を取らない（返す小さな値を除く）。場所は、始めるときと、T を変えるときに取る。
import { spectralNorm } from "../linalg.js";
import { requireConfig, taskOf } from "./config.js";
import { blocksOf, countOf, named, packed } from "./layout.js";
import { createNetwork, roomOf } from "./network.js";
import { clipScale, stepRule } from "./rules.js";
import { startWeights } from "./start.js";
import { HELD_OUT, streamOf } from "./streams.js";
import { isSolved } from "./tasks.js";

const MAX_ROOM = 2 ** 26; // 取ってよい数の個数（256 MB）

/**
 * 学習を始める。config は engine_api の通りの平らな値、kernels はこの学習だけが使う核。
 * RangeError: 読めない値、合わない大きさ。文は日本語。
 * @param {Record<string, any>} config @param {any} kernels
 */
export function createRun(config, kernels) {
  const task = taskOf(config);
  requireConfig(config, task);
  const settings = { ...config };
  const { cell, H, B, seed } = settings;
  const { D, O, output, metric } = task;
  const blocks = blocksOf(cell, D, H, O);
  const count = countOf(blocks);
  let kept = new Float32Array(3 * count); // T を変えるあいだ、θ、m、v を持つ
  startWeights(kept.subarray(0, count), blocks, settings, task.steps(settings.T));
  let step = 0;
  const good = new Float32Array(3 * count); // 損失と勾配が有限だった、最後の θ、m、v
  let [goodStep, stopped] = [0, ""];
  let at; // いまの長さの場所

  /** 長さ T の場所を取り、kept の重みと規則の平均を移す。 */
  function build(T) {
    const steps = task.steps(T);
    const sizes = { cell, D, H, O, output, steps };
    const room = 4 * count + roomOf({ ...sizes, B }) + roomOf({ ...sizes, B: 1 });
    if (room > MAX_ROOM) {
      throw new RangeError(`系列長 T = ${T}、隠れ次元 H = ${H}、バッチ B = ${B} には ${Math.round(room / 2 ** 18)} MB が要ります。${MAX_ROOM / 2 ** 18} MB までに、どれかを小さくしてください。`);
    }
    try {
      kernels.reserve(room);
      const state = kernels.alloc(3 * count); // θ、m、v
      const gradient = kernels.alloc(count);
      state.set(kept);
      const [theta, m, v] = [0, 1, 2].map((k) => state.subarray(k * count, (k + 1) * count));
      const [p, d] = [packed(theta, blocks), packed(gradient, blocks)];
      at = {
        steps, state, theta, m, v, gradient,
        network: createNetwork({ ...sizes, B }, kernels, p, d),
        probe: createNetwork({ ...sizes, B: 1 }, kernels, p, d),
        gradients: new Float64Array(steps),
      };
    } catch (error) {
      throw new RangeError(`系列長 T = ${T}、隠れ次元 H = ${H}、バッチ B = ${B} のための場所を取れませんでした。どれかを小さくしてください（${error.message}）。`);
    }
    settings.T = T;
  }
  build(settings.T);

  /** 流れ stream の系列を network に書く。 */
  function fill(network, stream, n) {
    network.x.fill(0);
    task.fill(typeof stream === "function" ? stream : streamOf(seed, stream), network.x, network.y, n, settings.T);
  }

  const metricOf = (/** @type {any} */ found) => (metric === "accuracy" ? found.accuracy : found.loss);

  function update() {
    const { network, theta, gradient, state } = at;
    fill(network, step + 1, B);
    network.forward();
    const found = network.loss();
    const loss = found.loss;
    gradient.fill(0);
    network.backward();
    const norm = Math.sqrt(kernels.squares(gradient, count));
    if (!stopped && !(Number.isFinite(loss) && Number.isFinite(norm))) {
      stopped = `${step + 1} 回目の更新で、損失か勾配が有限でなくなりました。その手前の重みに戻しました。学習率を小さくするか、勾配をクリップします。`;
      state.set(good);
      step = goodStep;
    }
    if (stopped) return { step, loss, metric: metricOf(found), norm };
    good.set(state);
    goodStep = step;
    step += 1;
    stepRule(settings.optimizer, kernels, at, clipScale(norm, settings.clip), settings.learning_rate, step);
    return { step, loss, metric: metricOf(found), norm };
  }

  /** ‖∂L/∂h_t‖（バッチと成分の全体のノルム）、t = 1 … T。最後の更新のもの。 */
  function gradients() {
    const { network, gradients: found, steps } = at;
    for (let t = 1; t <= steps; t += 1) found[t - 1] = Math.sqrt(kernels.squares(network.dh_at[t], B * H));
    return found;
  }

  /** 学習に使わない系列 n 本（B の倍数に切り上げ）の損失と物差し。 */
  function test(n = 256) {
    const random = streamOf(seed, HELD_OUT);
    const rounds = Math.ceil(n / B);
    const sum = { loss: 0, metric: 0 };
    for (let k = 0; k < rounds; k += 1) {
      fill(at.network, random, B);
      at.network.forward();
      const found = at.network.loss();
      sum.loss += found.loss / rounds;
      sum.metric += metricOf(found) / rounds;
    }
    return sum;
  }

  /** 再帰の行列ごとの、最大の特異値。 */
  function sigma() {
    const weights = named(at.theta, blocks, cell);
    return Object.fromEntries(Object.keys(weights).filter((name) => /^W_h(?!y)/.test(name))
      .map((name) => [name, spectralNorm(Float64Array.from(weights[name]), H)]));
  }

  /** 新しい例を一つ: 入力 x (steps·D)、答え、読み方。k は何番目の例か。 */
  function example(k = 0) {
    fill(at.probe, HELD_OUT - 1 - k, 1);
    const [x, answer] = [Array.from(at.probe.x), Array.from(at.probe.y)];
    return { x, answer, words: task.words(x, answer, settings.T) };
  }

  /** 例 x（省くと example()）を読んだときの隠れ状態 h (steps·H) と、答え y（クラスなら確率）。 */
  function look(x = example().x) {
    const { probe, steps } = at;
    if (x.length !== steps * D) throw new RangeError(`例 x は ${steps} 時刻 × ${D} 個の数です。${x.length} 個が渡されました。`);
    probe.x.set(x);
    probe.forward();
    const y = Array.from(probe.y_hat);
    if (output !== "value") softmaxRows(y, O);
    return { x: Array.from(x), h: Array.from(probe.h.subarray(H)), y };
  }

  /** T を変える。重みも規則の平均も、そのまま使う。 */
  function setLength(T) {
    requireConfig({ ...settings, T }, task);
    if (T === settings.T) return;
    const before = settings.T;
    kept = at.state.slice();
    try {
      build(T);
    } catch (error) {
      build(before);
      throw error;
    }
  }

  return {
    update, test, sigma, example, look, setLength,
    /** 学習率とクリップを変える。止まっていた学習は、また進められる。 */
    set(values) {
      requireConfig({ ...settings, ...values }, task);
      for (const name of ["learning_rate", "clip"]) if (name in values) settings[name] = values[name];
      stopped = "";
    },
    /** 名前ごとの重みの写し。 */
    weights: () => Object.fromEntries(Object.entries(named(at.theta, blocks, cell)).map(([name, w]) => [name, w.slice()])),
    /** 名前ごとの、最後の更新の勾配の写し。 */
    weightGradients: () => Object.fromEntries(Object.entries(named(at.gradient, blocks, cell)).map(([name, w]) => [name, w.slice()])),
    /** 重みを置き、規則の平均を 0 に戻す。 */
    restore(weights) {
      const mine = named(at.theta, blocks, cell);
      for (const [name, w] of Object.entries(mine)) {
        if (weights[name]?.length !== w.length) throw new RangeError(`重み ${name} は ${w.length} 個の数です。${weights[name]?.length ?? 0} 個が渡されました。`);
      }
      for (const [name, w] of Object.entries(mine)) w.set(weights[name]);
      at.m.fill(0);
      at.v.fill(0);
      [step, stopped] = [0, ""];
    },
    solved: (/** @type {number} */ value) => isSolved(task, value, settings.T),
    /** 学習に使わない例での成績。読者のデータでなければ null。 */
    check: () => task.check?.(settings.T, (/** @type {Float32Array} */ x) => look(x).y) ?? null,
    get gradients() { return gradients(); },
    get kernels() { return kernels.name; },
    get stopped() { return stopped; },
    get step() { return step; },
    get baseline() { return task.baseline(settings.T); },
    get goal() { return task.goal(settings.T); },
    get sizes() { return { steps: at.steps, D, O, output, metric, H, B, T: settings.T, weights: count, symbols: task.symbols, answers: task.answers }; },
    /** 測るためだけの、中の値。 */
    get network() { return at.network; },
  };
}

/** 行 (O 個ずつ) を確率にする。 */
function softmaxRows(y, O) {
  for (let from = 0; from < y.length; from += O) {
    const top = Math.max(...y.slice(from, from + O));
    let total = 0;
    for (let n = from; n < from + O; n += 1) total += y[n] = Math.exp(y[n] - top);
    for (let n = from; n < from + O; n += 1) y[n] /= total;
  }
}
