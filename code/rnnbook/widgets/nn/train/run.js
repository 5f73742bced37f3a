// 一つの学習: 問題、ネットワーク、規則をつなぎ、一回ずつ更新する。
//
//   const run = createRun(config, makeKernels());
//   run.update();   // {step, loss, metric, norm}
//
// update() は新しい場所を取らない（返す小さな値を除く）。場所は、始めるときと、T を変えるときに取る。
import { requireConfig, taskOf } from "./config.js";
import { blocksOf, countOf, named, packed } from "./layout.js";
import { createNetwork, roomOf } from "./network.js";
import { observe } from "./observe.js";
import { clipScale, stepRule } from "./rules.js";
import { startWeights } from "./start.js";
import { streamOf } from "./streams.js";
import { isSolved } from "./tasks.js";

const MAX_ROOM = 2 ** 26; // 取ってよい数の個数（256 MB）

/**
 * @typedef {object} Config 学習の設定。どれも平らな値
 * @property {string} task 問題（tasks.js）@property {string} own 読者のデータ（own_rule、own_series の文）
 * @property {"rnn" | "relu" | "lstm" | "gru" | "min_gru"} cell
 * @property {"last" | "attention"} [readout] 答えを、答える時刻の h だけから決めるか、それまでの h も見比べて決めるか（省くと last）
 * @property {"uniform" | "radius" | "orthogonal" | "identity"} start W_hh のはじめの値（rnn と relu だけ）@property {number} rho その倍率
 * @property {null | number | "chrono"} forget_bias LSTM の b_f
 * @property {number} T 系列長 @property {number} H 隠れ次元 @property {number} B バッチ @property {number} seed 種
 * @property {"adam" | "momentum" | "sgd"} optimizer @property {number} learning_rate @property {number} clip 0 ならクリップしない
 */

/**
 * 学習を始める。kernels は、この学習だけが使う核。
 * RangeError: 読めない値、合わない大きさ。文は日本語。
 * @param {Config} config @param {any} kernels
 */
export function createRun(config, kernels) {
  const task = taskOf(config);
  const settings = { readout: "last", ...config };
  requireConfig(settings, task);
  const { cell, readout, H, B, seed } = settings;
  const { D, O, output, metric } = task;
  const blocks = blocksOf(cell, D, H, O, readout);
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
    const sizes = { cell, readout, D, H, O, output, steps };
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
        updated: false, // この長さで、更新したか
      };
    } catch (error) {
      throw new RangeError(`系列長 T = ${T}、隠れ次元 H = ${H}、バッチ B = ${B} のための場所を取れませんでした。どれかを小さくしてください（${error.message}）。`);
    }
    settings.T = T;
  }
  build(settings.T);

  const seen = observe({ task, settings, blocks, kernels, at: () => at });

  function update() {
    const { network, gradient, state } = at;
    network.x.fill(0);
    task.fill(streamOf(seed, step + 1), network.x, network.y, B, settings.T);
    network.forward();
    const { loss, accuracy } = network.loss();
    gradient.fill(0);
    network.backward();
    at.updated = true;
    const norm = Math.sqrt(kernels.squares(gradient, count));
    const row = { step, loss, metric: metric === "accuracy" ? accuracy : loss, norm };
    if (!stopped && !(Number.isFinite(loss) && Number.isFinite(norm))) {
      stopped = `${step + 1} 回目の更新で、損失か勾配が有限でなくなりました。その手前の重みに戻しました。学習率を小さくするか、勾配をクリップします。`;
      state.set(good);
      step = goodStep;
    }
    if (stopped) return { ...row, step };
    good.set(state);
    goodStep = step;
    row.step = step += 1;
    stepRule(settings.optimizer, kernels, at, clipScale(norm, settings.clip), settings.learning_rate, step);
    return row;
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
    update, setLength, ...seen,
    /** 学習率とクリップを変える。止まっていた学習は、また進められる。 */
    set(values) {
      requireConfig({ ...settings, ...values }, task);
      for (const name of ["learning_rate", "clip"]) if (name in values) settings[name] = values[name];
      stopped = "";
    },
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
    get gradients() { return seen.stateGradients(); },
    get kernels() { return kernels.name; },
    get stopped() { return stopped; },
    get step() { return step; },
    get baseline() { return task.baseline(settings.T); },
    get goal() { return task.goal(settings.T); },
    get sizes() { return { steps: at.steps, D, O, output, readout, metric, H, B, T: settings.T, weights: count, symbols: task.symbols, answers: task.answers, hidden: task.hidden ?? false }; },
    /** 測るためだけの、中の値。 */
    get network() { return at.network; },
  };
}
