// 幅 9、間引き 2 の畳み込みと ReLU、その傾き。値は、チャンネルごとの列を一列に並べる。
const KERNEL = 9;
const STRIDE = 2;
const HALF = (KERNEL - 1) / 2;

/**
 * a_o(t) = max(0, b_o + Σ_i Σ_k W_oik x_i(2t + k − 4))。
 * @param {Float64Array} x (D, T) @param {Float64Array} W (C, D, 9) @param {Float64Array} b (C,)
 * @returns {Float64Array} (C, ⌈T/2⌉)
 */
export function convolve(x, W, b) {
  const [C, D] = [b.length, W.length / b.length / KERNEL];
  const T = x.length / D;
  const half = Math.ceil(T / STRIDE);
  const a = new Float64Array(C * half);
  for (let o = 0; o < C; o += 1) {
    for (let t = 0; t < half; t += 1) {
      const [low, high] = [Math.max(0, HALF - STRIDE * t), Math.min(KERNEL, T + HALF - STRIDE * t)];
      let sum = b[o];
      for (let i = 0; i < D; i += 1) {
        const [weight, from] = [(o * D + i) * KERNEL, i * T + STRIDE * t - HALF];
        for (let k = low; k < high; k += 1) sum += W[weight + k] * x[from + k];
      }
      a[o * half + t] = Math.max(0, sum);
    }
  }
  return a;
}

/**
 * 出口の傾き da から、入口の傾き ∂ŷ/∂x。
 * @param {Float64Array} da (C, ⌈T/2⌉) @param {Float64Array} a 出口の値 @param {Float64Array} x 入口の値
 * @param {Float64Array} W @param {Float64Array} b
 * @returns {Float64Array} (D, T)
 */
export function convolveBack(da, a, x, W, b) {
  const [C, D] = [b.length, W.length / b.length / KERNEL];
  const T = x.length / D;
  const half = a.length / C;
  const dx = new Float64Array(x.length);
  for (let o = 0; o < C; o += 1) {
    for (let t = 0; t < half; t += 1) {
      const slope = a[o * half + t] > 0 ? da[o * half + t] : 0; // ReLU の傾き
      const [low, high] = [Math.max(0, HALF - STRIDE * t), Math.min(KERNEL, T + HALF - STRIDE * t)];
      for (let i = 0; slope && i < D; i += 1) {
        const [weight, from] = [(o * D + i) * KERNEL, i * T + STRIDE * t - HALF];
        for (let k = low; k < high; k += 1) dx[from + k] += slope * W[weight + k];
      }
    }
  }
  return dx;
}
