// 出力層 ŷ = W v + b。答える所の数 rows だけ、v (rows, H) から ŷ (rows, O) を決める。

/**
 * @param {{rows: number, H: number, O: number}} sizes @param {any} kernels
 * @param {{W: Float32Array, b: Float32Array}} p 重み @param {{W: Float32Array, b: Float32Array}} d その勾配
 * @param {Float32Array} v @param {Float32Array} dv v への勾配を足す所
 */
export function createOutput({ rows, H, O }, kernels, p, d, v, dv) {
  const [y_hat, WT] = [kernels.alloc(rows * O), kernels.alloc(O * H)];
  return {
    y_hat,
    forward() {
      kernels.transpose(WT, p.W, O, H);
      kernels.fillRows(y_hat, p.b, rows, O);
      kernels.addProduct(y_hat, v, WT, rows, H, O);
    },
    /** y_hat に書かれた ∂L/∂ŷ から。 */
    backward() {
      // ∂L/∂W = Σ ∂L/∂ŷᵀ v、∂L/∂b = Σ ∂L/∂ŷ、v へは ∂L/∂ŷ W
      kernels.addTransposedProduct(d.W, y_hat, v, O, rows, H);
      kernels.addColumns(d.b, y_hat, rows, O);
      kernels.addProduct(dv, y_hat, p.W, rows, O, H);
    },
  };
}
