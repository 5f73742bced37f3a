// 学習の途中を見る: 勾配の届き方、特異値、一つの例、学習に使わない系列での成績。
import { named } from "./layout.js";
import { firstDirection, largestSingular } from "./sigma.js";
import { HELD_OUT, streamOf } from "./streams.js";

/**
 * @param {{task: import("./tasks.js").Task, settings: any, blocks: any[], kernels: any, at: () => any}} run 学習の中の値
 */
export function observe({ task, settings, blocks, kernels, at }) {
  const { cell, H, B, seed } = settings;
  const { D, O, output, metric } = task;
  /** @type {Record<string, Float64Array>} 最も伸びる向き。前に求めたもの */
  const directions = {};

  /** 名前ごとの写し。 @param {Float32Array} all */
  const copies = (all) => Object.fromEntries(Object.entries(named(all, blocks, cell)).map(([name, w]) => [name, w.slice()]));

  function example(k = 0) {
    const { probe } = at();
    probe.x.fill(0);
    task.fill(streamOf(seed, HELD_OUT - 1 - k), probe.x, probe.y, 1, settings.T);
    const [x, answer] = [Array.from(probe.x), Array.from(probe.y)];
    return { x, answer, words: task.words(x, answer, settings.T) };
  }

  /** @param {ArrayLike<number>} x */
  function look(x) {
    const { probe, steps } = at();
    if (x.length !== steps * D) throw new RangeError(`例 x は ${steps} 時刻 × ${D} 個の数です。${x.length} 個が渡されました。`);
    probe.x.set(x);
    probe.forward();
    const y = Array.from(probe.y_hat);
    if (output !== "value") softmaxRows(y, O);
    return { x: Array.from(x), h: probe.h.slice(H), y };
  }

  return {
    /** 名前ごとの重み。 */
    weights: () => copies(at().theta),
    /** 名前ごとの、最後の更新の勾配。 */
    weightGradients: () => copies(at().gradient),
    /** ‖∂L/∂h_t‖（バッチと成分の全体のノルム）、t = 1 … T。最後の更新のもので、この長さで更新する前は null。 */
    stateGradients() {
      const { network, steps, updated } = at();
      if (!updated) return null;
      return Float64Array.from({ length: steps }, (_, t) => Math.sqrt(kernels.squares(network.dh_at[t + 1], B * H)));
    },
    /** 再帰の行列ごとの、最大の特異値。 */
    sigma() {
      const recurrent = Object.entries(named(at().theta, blocks, cell)).filter(([name]) => name.startsWith("W_h") && name !== "W_hy");
      return Object.fromEntries(recurrent.map(([name, W]) => [name, largestSingular(W, (directions[name] ??= firstDirection(H)))]));
    },
    /** 学習に使わない系列 n 本（B の倍数に切り上げ）の損失と物差し。 */
    test(n = 256) {
      const { network } = at();
      const random = streamOf(seed, HELD_OUT);
      const rounds = Math.ceil(n / B);
      const mean = { loss: 0, metric: 0 };
      for (let k = 0; k < rounds; k += 1) {
        network.x.fill(0);
        task.fill(random, network.x, network.y, B, settings.T);
        network.forward();
        const { loss, accuracy } = network.loss();
        mean.loss += loss / rounds;
        mean.metric += (metric === "accuracy" ? accuracy : loss) / rounds;
      }
      return mean;
    },
    /** 新しい例: 入力 x (steps·D)、答え、読み方。k は何番目の例か。 */
    example,
    /** 例 x（省くと example()）を読んだときの隠れ状態 h (steps·H) と、答え y（クラスなら確率）。 */
    look: (/** @type {ArrayLike<number>} */ x = example().x) => look(x),
    /** 学習に使わない例での成績。読者のデータでなければ null。 */
    check: () => task.check?.(settings.T, (x) => look(x).y) ?? null,
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
