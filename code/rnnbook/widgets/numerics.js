// 図が使う計算。描くことから離した純粋な関数だけを置き、NumPy と PyTorch に照らして検査します。

/**
 * 行列とベクトルの積 W v。
 * @param {number[][]} W (N, M)
 * @param {number[]} v (M,)
 * @returns {number[]} (N,)
 */
export function matvec(W, v) {
  return W.map((row) => row.reduce((sum, w, j) => sum + w * v[j], 0));
}

/**
 * Simple RNN の一歩。
 * @param {number[]} x 入力 (D,)
 * @param {number[]} h 一つ前の隠れ状態 (H,)
 * @param {number[][]} W_xh (H, D)
 * @param {number[][]} W_hh (H, H)
 * @param {number[]} b_h (H,)
 * @returns {{a: number[], h: number[]}} 活性化の前の値と、新しい隠れ状態
 */
export function rnnStep(x, h, W_xh, W_hh, b_h) {
  const fromInput = matvec(W_xh, x);
  const fromPast = matvec(W_hh, h);
  // a_t = W_xh x_t + W_hh h_{t-1} + b_h
  const a = b_h.map((b, i) => fromInput[i] + fromPast[i] + b);
  // h_t = tanh(a_t)
  return { a, h: a.map(Math.tanh) };
}

/**
 * Simple RNN を系列の端から端まで進める。h_0 = 0。
 * @param {number[][]} xs 入力 (T, D)
 * @param {number[][]} W_xh (H, D)
 * @param {number[][]} W_hh (H, H)
 * @param {number[]} b_h (H,)
 * @returns {{a: number[][], h: number[][]}} どちらも (T, H)
 */
export function rnnForward(xs, W_xh, W_hh, b_h) {
  let h = b_h.map(() => 0);
  const steps = xs.map((x) => {
    const step = rnnStep(x, h, W_xh, W_hh, b_h);
    h = step.h;
    return step;
  });
  return { a: steps.map((step) => step.a), h: steps.map((step) => step.h) };
}

/**
 * 種から決まる一様乱数 [0, 1)（mulberry32）。
 * @param {number} seed 整数
 * @returns {() => number}
 */
export function uniform(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * 平均 0、分散 1 の正規乱数（Box–Muller 法）。
 * @param {() => number} random 一様乱数
 * @returns {() => number}
 */
export function normal(random) {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * 中央値。
 * @param {number[]} values
 * @returns {number}
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
