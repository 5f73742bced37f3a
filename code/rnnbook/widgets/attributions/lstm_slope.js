// LSTM の最後の隠れ状態と、その内積の傾き ∂(v · h_T)/∂x。重みの勾配は求めないので、nn/cells_backward.js より軽い。
import { addMatvec, sigmoid } from "../nn/cells.js";

/**
 * @param {Float64Array} W_x (4H, D) @param {Float64Array} W_h (4H, H) ゲートは i, f, c̃, o の順（PyTorch）
 * @param {Float64Array} b (4H,)
 */
export function lstmReader(W_x, W_h, b) {
  const H = b.length / 4;
  const D = W_x.length / b.length;

  /** どの時刻の値も残す。gates (T, 4H)、c と h は (T + 1, H)（0 番は始まり）。 @param {Float64Array} x (T, D) */
  function run(x) {
    const T = x.length / D;
    const [gates, c, h] = [new Float64Array(T * 4 * H), new Float64Array((T + 1) * H), new Float64Array((T + 1) * H)];
    for (let t = 0; t < T; t += 1) {
      const g = gates.subarray(t * 4 * H, (t + 1) * 4 * H);
      g.set(b);
      addMatvec(g, W_x, x.subarray(t * D, (t + 1) * D));
      addMatvec(g, W_h, h.subarray(t * H, (t + 1) * H));
      for (let n = 0; n < 4 * H; n += 1) g[n] = n >= 2 * H && n < 3 * H ? Math.tanh(g[n]) : sigmoid(g[n]);
      for (let n = 0, at = (t + 1) * H; n < H; n += 1, at += 1) {
        // c_t = f ⊙ c_{t−1} + i ⊙ c̃、h_t = o ⊙ tanh(c_t)
        c[at] = g[H + n] * c[at - H] + g[n] * g[2 * H + n];
        h[at] = g[3 * H + n] * Math.tanh(c[at]);
      }
    }
    return { T, gates, c, h };
  }

  /** x に Wᵀ a を足す。 @param {Float64Array} x (N,) @param {Float64Array} W (4H, N) @param {Float64Array} a (4H,) */
  function addTransposed(x, W, a) {
    const N = x.length;
    for (let m = 0; m < a.length; m += 1) {
      for (let n = 0; n < N; n += 1) x[n] += a[m] * W[m * N + n];
    }
  }

  return {
    /** h_T (H,)。 @param {Float64Array} x */
    read(x) {
      const { T, h } = run(x);
      return h.subarray(T * H);
    },
    /** ∂(v · h_T)/∂x (T, D)。 @param {Float64Array} x @param {Float64Array} v (H,) */
    slope(x, v) {
      const { T, gates, c } = run(x);
      const [dx, dc, da] = [new Float64Array(x.length), new Float64Array(H), new Float64Array(4 * H)];
      let dh = Float64Array.from(v);
      for (let t = T - 1; t >= 0; t -= 1) {
        const g = gates.subarray(t * 4 * H, (t + 1) * 4 * H);
        for (let n = 0; n < H; n += 1) {
          const [i, f, u, o] = [g[n], g[H + n], g[2 * H + n], g[3 * H + n]];
          const s = Math.tanh(c[(t + 1) * H + n]);
          // ∂/∂c_t = ∂/∂h_t ⊙ o ⊙ (1 − tanh² c_t) + 未来から。σ' = σ(1 − σ)
          const into = dc[n] + dh[n] * o * (1 - s * s);
          da[n] = into * u * i * (1 - i);
          da[H + n] = into * c[t * H + n] * f * (1 - f);
          da[2 * H + n] = into * i * (1 - u * u);
          da[3 * H + n] = dh[n] * s * o * (1 - o);
          dc[n] = into * f;
        }
        // x_t へ W_xᵀ da、h_{t−1} へ W_hᵀ da
        addTransposed(dx.subarray(t * D, (t + 1) * D), W_x, da);
        dh = new Float64Array(H);
        addTransposed(dh, W_h, da);
      }
      return dx;
    },
  };
}
