// 一層の再帰と出力層。ŷ = W_hy h_T + b_y、全時刻で答える問題では ŷ_t = W_hy h_t + b_y。
import { GATES } from "./layout.js";
import { createLayer } from "./recurrence.js";
import { crossEntropy, squaredError } from "./losses.js";

/**
 * B 本の系列を読むネットワークの場所。重み p と勾配 d は、いくつかのネットワークが分け合う。
 * @param {{cell: string, D: number, H: number, O: number, output: string, steps: number, B: number}} sizes
 * @param {any} kernels @param {Record<string, Float32Array>} p @param {Record<string, Float32Array>} d
 */
export function createNetwork(sizes, kernels, p, d) {
  const { cell, H, O, output, steps, B } = sizes;
  const layer = createLayer(cell, sizes, kernels, p, d);
  const rows = output === "sequence" ? steps * B : B; // 答える所の数
  const first = output === "sequence" ? 1 : steps; // はじめに答える時刻
  const [h, dh] = [layer.h, layer.dh].map((all) => all.subarray(first * B * H, (steps + 1) * B * H)); // (rows, H)
  const [y_hat, W_hyT] = [kernels.alloc(rows * O), kernels.alloc(O * H)];
  const y = output === "value" ? new Float32Array(rows * O) : new Int32Array(rows);
  const found = { loss: NaN, accuracy: NaN };

  /** x を読み、ŷ (rows, O) を決める。 */
  function forward() {
    layer.forward();
    kernels.transpose(W_hyT, p.W_hy, O, H);
    kernels.fillRows(y_hat, p.b_y, rows, O);
    kernels.addProduct(y_hat, h, W_hyT, rows, H, O);
  }

  /** 損失と物差しを found に、∂L/∂ŷ を y_hat に書く。 */
  function loss() {
    if (output === "value") squaredError(y_hat, y, found);
    else crossEntropy(y_hat, y, O, found);
    return found;
  }

  /** y_hat の ∂L/∂ŷ から、重みの勾配を d に足す。 */
  function backward() {
    // ∂L/∂W_hy = Σ ∂L/∂ŷᵀ h、∂L/∂b_y = Σ ∂L/∂ŷ、h へは ∂L/∂ŷ W_hy
    kernels.addTransposedProduct(d.W_hy, y_hat, h, O, rows, H);
    kernels.addColumns(d.b_y, y_hat, rows, O);
    layer.dh.fill(0);
    kernels.addProduct(dh, y_hat, p.W_hy, rows, O, H);
    layer.backward();
  }

  return { ...layer, x: layer.x, y, y_hat, forward, loss, backward };
}

/** createNetwork が alloc する数の合計。 @param {any} sizes */
export function roomOf({ cell, D, H, O, output, steps, B }) {
  const N = GATES[cell].length * H;
  const layer = steps * B * (D + N) + 2 * (steps + 1) * B * H + D * N + (cell === "min_gru" ? 0 : H * N);
  const more = { lstm: (2 * steps + 2) * B * H, gru: steps * B * N + 2 * N }[cell] ?? 0;
  return layer + more + (output === "sequence" ? steps : 1) * B * O + O * H;
}
