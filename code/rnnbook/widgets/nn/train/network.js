// 一層の再帰と読み出し。答える時刻は、系列の終わりだけか、全時刻。
import { attentionRoom, createAttention } from "./attention_readout.js";
import { GATES } from "./layout.js";
import { createOutput } from "./output.js";
import { createLayer } from "./recurrence.js";
import { crossEntropy, squaredError } from "./losses.js";

/**
 * B 本の系列を読むネットワークの場所。重み p と勾配 d は、いくつかのネットワークが分け合う。
 * @param {{cell: string, readout: string, D: number, H: number, O: number, output: string, steps: number, B: number}} sizes
 * @param {any} kernels @param {Record<string, Float32Array>} p @param {Record<string, Float32Array>} d
 */
export function createNetwork(sizes, kernels, p, d) {
  const { cell, H, O, output, steps, B } = sizes;
  const layer = createLayer(cell, sizes, kernels, p, d);
  const first = firstOf(sizes);
  const rows = (steps - first) * B; // 答える所の数
  const after = (/** @type {number} */ t) => [layer.h, layer.dh].map((all) => all.subarray((t + 1) * B * H)); // h_{t+1} … h_T
  const readout = sizes.readout === "attention"
    ? createAttention({ H, O, steps, B, first }, kernels, p, d, ...after(0))
    // ŷ = W_hy h_T + b_y、全時刻で答える問題では ŷ_t = W_hy h_t + b_y
    : createOutput({ rows, H, O }, kernels, { W: p.W_hy, b: p.b_y }, { W: d.W_hy, b: d.b_y }, ...after(first));
  const { y_hat } = readout;
  const y = output === "value" ? new Float32Array(rows * O) : new Int32Array(rows);
  const found = { loss: NaN, accuracy: NaN };

  /** x を読み、ŷ (rows, O) を決める。 */
  function forward() {
    layer.forward();
    readout.forward();
  }

  /** 損失と物差しを found に、∂L/∂ŷ を y_hat に書く。 */
  function loss() {
    if (output === "value") squaredError(y_hat, y, found);
    else crossEntropy(y_hat, y, O, found);
    return found;
  }

  /** y_hat の ∂L/∂ŷ から、重みの勾配を d に足す。 */
  function backward() {
    layer.dh.fill(0);
    readout.backward();
    layer.backward();
  }

  return { ...layer, x: layer.x, y, y_hat, forward, loss, backward };
}

/** はじめに答える時刻の、前にある時刻の数。 */
function firstOf({ output, steps }) {
  return output === "sequence" ? 0 : steps - 1;
}

/** createNetwork が alloc する数の合計。 @param {any} sizes */
export function roomOf(sizes) {
  const { cell, D, H, O, steps, B } = sizes;
  const [N, first] = [GATES[cell].length * H, firstOf(sizes)];
  const layer = steps * B * (D + N) + 2 * (steps + 1) * B * H + D * N + (cell === "min_gru" ? 0 : H * N);
  const more = { lstm: (2 * steps + 2) * B * H, gru: steps * B * N + 2 * N }[cell] ?? 0;
  const readout = sizes.readout === "attention" ? attentionRoom({ ...sizes, first }) : (steps - first) * B * O + O * H;
  return layer + more + readout;
}
