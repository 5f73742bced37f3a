// 学習の計算の核。読むための、そして、どこでも動くための、そのままの JavaScript。
//
// 行列は、行ごとに一列に並べた Float32Array。速い核（wasm_kernels.js）は、これと同じ値になる。

/** Adam の二つの平均の重みと、0 で割らないための数。PyTorch の既定と同じ。 */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** 慣性 (momentum)。 */
export const MOMENTUM = 0.9;

const sigmoid = (/** @type {number} */ a) => 1 / (1 + Math.exp(-a));

/** 一つの学習が使う核。 */
export function makeKernels() {
  return {
    name: "js",
    /** いままでの場所をすべて返し、合わせて n 個の数の場所を用意する。 */
    reserve() {},
    /** n 個の 0。 @param {number} n */
    alloc: (n) => new Float32Array(n),
    addProduct, addTransposedProduct, fillRows, addColumns, transpose,
    rnnForward, rnnBackward, reluForward, reluBackward, lstmForward, lstmBackward,
    gruForward, gruBackward, minGruForward, minGruBackward,
    softmaxSeen, softmaxBackward, squares, sgd, momentum, adam,
  };
}

/** C (M, N) に A (M, K) B (K, N) を足す。 */
function addProduct(C, A, B, M, K, N) {
  for (let m = 0; m < M; m += 1) {
    for (let k = 0; k < K; k += 1) {
      const a = A[m * K + k];
      if (a === 0) continue; // one-hot の入力では、ほとんどが 0
      for (let n = 0, c = m * N, b = k * N; n < N; n += 1, c += 1, b += 1) C[c] += a * B[b];
    }
  }
}

/** C (M, N) に Aᵀ B を足す。A (K, M)、B (K, N)。 */
function addTransposedProduct(C, A, B, M, K, N) {
  for (let k = 0; k < K; k += 1) {
    for (let m = 0; m < M; m += 1) {
      const a = A[k * M + m];
      for (let n = 0, c = m * N, b = k * N; n < N; n += 1, c += 1, b += 1) C[c] += a * B[b];
    }
  }
}

/** C (M, N) のどの行も b (N,) にする。 */
function fillRows(C, b, M, N) {
  for (let m = 0; m < M; m += 1) {
    for (let n = 0; n < N; n += 1) C[m * N + n] = b[n];
  }
}

/** c (N,) に、A (M, N) の行の和を足す。 */
function addColumns(c, A, M, N) {
  for (let m = 0; m < M; m += 1) {
    for (let n = 0; n < N; n += 1) c[n] += A[m * N + n];
  }
}

/** C (N, M) を A (M, N) の転置にする。 */
function transpose(C, A, M, N) {
  for (let m = 0; m < M; m += 1) {
    for (let n = 0; n < N; n += 1) C[n * M + m] = A[m * N + n];
  }
}

/** h = tanh(a)。h は a の入った場所に書く。 */
function rnnForward(h, n) {
  for (let k = 0; k < n; k += 1) h[k] = Math.tanh(h[k]);
}

/** da = dh ⊙ (1 − h²) */
function rnnBackward(da, dh, h, n) {
  for (let k = 0; k < n; k += 1) da[k] = dh[k] * (1 - h[k] * h[k]);
}

/** h = max(0, a)。h は a の入った場所に書く。 */
function reluForward(h, n) {
  for (let k = 0; k < n; k += 1) h[k] = Math.max(0, h[k]);
}

/** da = dh (h > 0), 0 (h = 0) */
function reluBackward(da, dh, h, n) {
  for (let k = 0; k < n; k += 1) da[k] = h[k] > 0 ? dh[k] : 0;
}

/** LSTM の一時刻。a (B, 4H) の前活性を、ゲート i, f, c̃, o の値に書き換える。 */
function lstmForward(a, c_past, c, tanh_c, h, B, H) {
  for (let b = 0; b < B; b += 1) {
    for (let n = 0; n < H; n += 1) {
      const [k, g] = [b * H + n, b * 4 * H + n];
      const i = (a[g] = sigmoid(a[g]));
      const f = (a[g + H] = sigmoid(a[g + H]));
      const c_tilde = (a[g + 2 * H] = Math.tanh(a[g + 2 * H]));
      const o = (a[g + 3 * H] = sigmoid(a[g + 3 * H]));
      // c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t、h_t = o_t ⊙ tanh(c_t)
      c[k] = f * c_past[k] + i * c_tilde;
      tanh_c[k] = Math.tanh(c[k]);
      h[k] = o * tanh_c[k];
    }
  }
}

/** LSTM の一時刻をさかのぼる。a のゲートの値を da に、dc (B, H) を c_{t-1} への勾配に書き換える。 */
function lstmBackward(a, c_past, tanh_c, dh, dc, B, H) {
  for (let b = 0; b < B; b += 1) {
    for (let n = 0; n < H; n += 1) {
      const [k, g] = [b * H + n, b * 4 * H + n];
      const [i, f, c_tilde, o] = [a[g], a[g + H], a[g + 2 * H], a[g + 3 * H]];
      // ∂L/∂c_t = ∂L/∂h_t ⊙ o_t ⊙ (1 − tanh² c_t) + （未来の時刻から）
      const d = dc[k] + dh[k] * o * (1 - tanh_c[k] * tanh_c[k]);
      a[g] = d * c_tilde * i * (1 - i);
      a[g + H] = d * c_past[k] * f * (1 - f);
      a[g + 2 * H] = d * i * (1 - c_tilde * c_tilde);
      a[g + 3 * H] = dh[k] * tanh_c[k] * o * (1 - o);
      // c_{t-1} へ届く分 = f_t ⊙ ∂L/∂c_t
      dc[k] = d * f;
    }
  }
}

/** GRU の一時刻。a (B, 3H) は入力の項、m (B, 3H) は W_h h_{t-1}（候補には b_hh も）。a を r, z, h̃ に書き換える。 */
function gruForward(a, m, h_past, h, B, H) {
  for (let b = 0; b < B; b += 1) {
    for (let n = 0; n < H; n += 1) {
      const [k, g] = [b * H + n, b * 3 * H + n];
      const r = (a[g] = sigmoid(a[g] + m[g]));
      const z = (a[g + H] = sigmoid(a[g + H] + m[g + H]));
      // h̃_t = tanh(W_xh x_t + b_h + r_t ⊙ (W_hh h_{t-1} + b_hh))
      const h_tilde = (a[g + 2 * H] = Math.tanh(a[g + 2 * H] + r * m[g + 2 * H]));
      // h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t
      h[k] = (1 - z) * h_past[k] + z * h_tilde;
    }
  }
}

/** GRU の一時刻をさかのぼる。a を入力の項の勾配に、m を W_h h_{t-1} + b_hh の勾配に書き換え、dh_past に (1 − z) の道を足す。 */
function gruBackward(a, m, h_past, dh, dh_past, B, H) {
  for (let b = 0; b < B; b += 1) {
    for (let n = 0; n < H; n += 1) {
      const [k, g] = [b * H + n, b * 3 * H + n];
      const [r, z, h_tilde] = [a[g], a[g + H], a[g + 2 * H]];
      const da_h = dh[k] * z * (1 - h_tilde * h_tilde);
      a[g] = m[g] = da_h * m[g + 2 * H] * r * (1 - r);
      a[g + H] = m[g + H] = dh[k] * (h_tilde - h_past[k]) * z * (1 - z);
      a[g + 2 * H] = da_h;
      m[g + 2 * H] = da_h * r;
      dh_past[k] += dh[k] * (1 - z);
    }
  }
}

/** minGRU の一時刻。a (B, 2H) の、z の前活性を z に書き換える。候補は一次式のまま。 */
function minGruForward(a, h_past, h, B, H) {
  for (let b = 0; b < B; b += 1) {
    for (let n = 0; n < H; n += 1) {
      const [k, g] = [b * H + n, b * 2 * H + n];
      const z = (a[g] = sigmoid(a[g]));
      // h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t
      h[k] = (1 - z) * h_past[k] + z * a[g + H];
    }
  }
}

/** minGRU の一時刻をさかのぼる。a を da に書き換え、dh_past に (1 − z) の道を足す。 */
function minGruBackward(a, h_past, dh, dh_past, B, H) {
  for (let b = 0; b < B; b += 1) {
    for (let n = 0; n < H; n += 1) {
      const [k, g] = [b * H + n, b * 2 * H + n];
      const [z, h_tilde] = [a[g], a[g + H]];
      a[g] = dh[k] * (h_tilde - h_past[k]) * z * (1 - z);
      a[g + H] = dh[k] * z;
      dh_past[k] += dh[k] * (1 - z);
    }
  }
}

/** A (M, N) の m 行目（0 から）の、はじめの before + m 個を softmax に、残りを 0 にする。見る所がない行は、すべて 0。 */
function softmaxSeen(A, M, N, before) {
  for (let m = 0; m < M; m += 1) {
    const [from, seen] = [m * N, Math.min(N, before + m)];
    let [top, sum] = [-Infinity, 0];
    for (let n = 0; n < seen; n += 1) top = Math.max(top, A[from + n]);
    for (let n = 0; n < seen; n += 1) sum += A[from + n] = Math.exp(A[from + n] - top);
    for (let n = 0; n < N; n += 1) A[from + n] = n < seen ? A[from + n] / sum : 0;
  }
}

/** ∂L/∂α の入った dA (M, N) を、∂L/∂e = α ⊙ (∂L/∂α − Σ α ∂L/∂α) に書き換える。 */
function softmaxBackward(dA, A, M, N) {
  for (let m = 0; m < M; m += 1) {
    const from = m * N;
    let sum = 0;
    for (let n = from; n < from + N; n += 1) sum += A[n] * dA[n];
    for (let n = from; n < from + N; n += 1) dA[n] = A[n] * (dA[n] - sum);
  }
}

/** Σ_k g_k² */
function squares(g, n) {
  let sum = 0;
  for (let k = 0; k < n; k += 1) sum += g[k] * g[k];
  return sum;
}

/** θ ← θ − η g。g には、はじめに scale を掛ける（クリップ）。 */
function sgd(theta, g, n, scale, rate) {
  for (let k = 0; k < n; k += 1) theta[k] -= rate * scale * g[k];
}

/** v ← 0.9 v + g、θ ← θ − η v */
function momentum(theta, g, v, n, scale, rate) {
  for (let k = 0; k < n; k += 1) {
    v[k] = MOMENTUM * v[k] + scale * g[k];
    theta[k] -= rate * v[k];
  }
}

/** step 回目の Adam。m̂ = m / (1 − β₁ˢ)、v̂ = v / (1 − β₂ˢ) */
function adam(theta, g, m, v, n, scale, rate, step) {
  const { beta1, beta2, epsilon } = ADAM;
  const pace = rate / (1 - beta1 ** step);
  const root = Math.sqrt(1 - beta2 ** step);
  for (let k = 0; k < n; k += 1) {
    const d = scale * g[k];
    m[k] = beta1 * m[k] + (1 - beta1) * d;
    v[k] = beta2 * v[k] + (1 - beta2) * d * d;
    // θ ← θ − η m̂ / (√v̂ + ε)
    theta[k] -= (pace * m[k]) / (Math.sqrt(v[k]) / root + epsilon);
  }
}
