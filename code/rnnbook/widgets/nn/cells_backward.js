// RNN、LSTM、GRU の逆伝播（BPTT）。式と名前は rnnbook.cells（Python）と同じ。順伝播は cells.js にある。
//
//   const grads = lstmBackward(trace, params, dh);   // dh (T, H) は、時刻ごとに h_t へ直接入る勾配
//
// 一時刻分の ○○StepBackward は、K 本の勾配 (K, H) をまとめてさかのぼらせる。
// K = H 本の単位ベクトルを入れれば、ヤコビ行列の積になる。
import { LSTM_GATES, GRU_GATES, activationOf, addMatvec, flat, flatParams, vector } from "./cells.js";

/** out (K, N) に A (K, M) W (M, N) を足す。 */
function addProduct(out, A, W, M) {
  const N = W.length / M;
  const K = A.length / M;
  for (let k = 0; k < K; k += 1) {
    const [row, from] = [k * N, k * M];
    let m = 0;
    // W の 4 行ずつ。1 行ずつより、out の読み書きが少なく、2 倍速い
    for (; m + 4 <= M; m += 4) {
      const [a0, a1, a2, a3] = [A[from + m], A[from + m + 1], A[from + m + 2], A[from + m + 3]];
      for (let n = 0, w = m * N; n < N; n += 1, w += 1) {
        out[row + n] += a0 * W[w] + a1 * W[w + N] + a2 * W[w + 2 * N] + a3 * W[w + 3 * N];
      }
    }
    for (; m < M; m += 1) {
      for (let n = 0; n < N; n += 1) out[row + n] += A[from + m] * W[m * N + n];
    }
  }
}

/** dW (H, N) に da xᵀ を足す。 */
function addOuter(dW, da, x) {
  addProduct(dW, da, x, 1);
}

/** 時刻 t の値。h_past と c_past は一つ前の状態。 @param {any} trace @param {number} t */
export function stepOf(trace, t) {
  const { T, D, H } = trace;
  /** @type {Record<string, Float64Array>} */
  const step = { x: trace.x.subarray(t * D, (t + 1) * D) };
  for (const [name, values] of Object.entries(trace)) {
    if (values instanceof Float64Array && values.length === T * H && name !== "x") step[name] = values.subarray(t * H, (t + 1) * H);
  }
  step.h_past = t ? trace.h.subarray((t - 1) * H, t * H) : trace.h0;
  if (trace.c) step.c_past = t ? trace.c.subarray((t - 1) * H, t * H) : trace.c0;
  return step;
}

/**
 * RNN の一時刻をさかのぼる。da = dh ⊙ φ'(a_t)、h_{t-1} へは W_hhᵀ da。
 * @param {any} step stepOf の値 @param {any} p flatParams の値 @param {Float64Array} dh (K, H)
 * @returns {{da: Record<string, Float64Array>, dh_past: Float64Array}}
 */
export function rnnStepBackward(step, p, dh) {
  const H = step.h.length;
  const { slope } = activationOf(p.activation);
  // ∂L/∂a_t = ∂L/∂h_t ⊙ φ'(a_t)
  const slopes = vector(H, (n) => slope(step.a[n], step.h[n]));
  const da = dh.slice();
  for (let k = 0; k < da.length; k += H) {
    for (let n = 0; n < H; n += 1) da[k + n] *= slopes[n];
  }
  const dh_past = new Float64Array(dh.length);
  addProduct(dh_past, da, p.W_hh, H);
  return { da: { h: da }, dh_past };
}

/**
 * LSTM の一時刻をさかのぼる。dh と dc は、未来から h_t と c_t に届いた勾配。
 * 返す dc_total が ∂L/∂c_t、dc_past = f_t ⊙ ∂L/∂c_t が c_{t-1} への道。
 * slopes は、∂L/∂c_t（出力ゲートだけは ∂L/∂h_t）に掛けるとゲートの da になる傾き。
 * @param {any} step @param {any} p @param {Float64Array} dh (K, H) @param {Float64Array} dc (K, H)
 * @returns {{slopes: Record<string, Float64Array>, dh_past: Float64Array, dc_past: Float64Array, dc_total: Float64Array}}
 */
export function lstmStepBackward({ i, f, o, c_tilde, c, c_past }, p, dh, dc) {
  const H = c.length;
  const tanh_c = c.map(Math.tanh);
  // ∂L/∂c_t = ∂L/∂h_t ⊙ o_t ⊙ (1 − tanh² c_t) + （未来の時刻から）
  // 1 − tanh² c = 1/cosh² c。引き算では、c が大きいと桁が落ちる
  const into_c = vector(H, (n) => o[n] * Math.cosh(c[n]) ** -2);
  const dc_total = dc.slice();
  const dc_past = new Float64Array(dc.length);
  for (let k = 0; k < dh.length; k += H) {
    for (let n = 0; n < H; n += 1) {
      dc_total[k + n] += dh[k + n] * into_c[n];
      // c_{t-1} へ届く分 = f_t ⊙ ∂L/∂c_t。行列も tanh' も掛からない
      dc_past[k + n] = f[n] * dc_total[k + n];
    }
  }
  // ゲートに入る前の値 a の傾き。σ' = σ(1 − σ)、tanh' = 1 − tanh²
  const slopes = {
    i: vector(H, (n) => c_tilde[n] * i[n] * (1 - i[n])),
    f: vector(H, (n) => c_past[n] * f[n] * (1 - f[n])),
    o: vector(H, (n) => tanh_c[n] * o[n] * (1 - o[n])),
    c: vector(H, (n) => i[n] * (1 - c_tilde[n] * c_tilde[n])),
  };
  // h_{t-1} へ届く道は二つ: c_t を通る道 Σ diag(傾き) W と、出力ゲートを通る道
  const [through_c, through_o] = [new Float64Array(H * H), new Float64Array(H * H)];
  for (const gate of LSTM_GATES) addScaledRows(gate === "o" ? through_o : through_c, slopes[gate], p[`W_h${gate}`]);
  const dh_past = new Float64Array(dh.length);
  addProduct(dh_past, dc_total, through_c, H);
  addProduct(dh_past, dh, through_o, H);
  return { slopes, dh_past, dc_past, dc_total };
}

/** out (H, N) に diag(scale) W を足す。 */
function addScaledRows(out, scale, W) {
  const N = W.length / scale.length;
  for (let m = 0; m < scale.length; m += 1) {
    for (let n = m * N; n < (m + 1) * N; n += 1) out[n] += scale[m] * W[n];
  }
}

/**
 * GRU の一時刻をさかのぼる。dm は reset_after の流儀での W_hh h_{t-1} + b_hh の勾配。
 * @param {any} step @param {any} p @param {Float64Array} dh (K, H)
 * @returns {{da: Record<string, Float64Array>, dh_past: Float64Array, dm?: Float64Array}}
 */
export function gruStepBackward({ r, z, h_tilde, h_past }, p, dh) {
  const H = h_past.length;
  const [da_r, da_z, da_h, dq, dh_past] = Array.from({ length: 5 }, () => new Float64Array(dh.length));
  for (let n = 0; n < H; n += 1) {
    const slope_h = z[n] * (1 - h_tilde[n] * h_tilde[n]);
    const slope_z = (h_tilde[n] - h_past[n]) * z[n] * (1 - z[n]);
    for (let k = n; k < dh.length; k += H) {
      da_h[k] = dh[k] * slope_h;
      da_z[k] = dh[k] * slope_z;
      // h_{t-1} へ届く分: まず、そのまま残る (1 − z_t) の道
      dh_past[k] = dh[k] * (1 - z[n]);
    }
  }
  const da = { r: da_r, z: da_z, h: da_h };
  let dm;
  if (p.b_hh) {
    // m = W_hh h_{t-1} + b_hh、 h̃ の中は r ⊙ m
    const m = p.b_hh.slice();
    addMatvec(m, p.W_hh, h_past);
    dm = da_h.map((d, k) => d * r[k % H]);
    da_h.forEach((d, k) => (da_r[k] = d * m[k % H]));
    addProduct(dh_past, dm, p.W_hh, H);
  } else {
    // q = r ⊙ h_{t-1}、 h̃ の中は W_hh q
    addProduct(dq, da_h, p.W_hh, H);
    for (let n = 0; n < H; n += 1) {
      for (let k = n; k < dh.length; k += H) {
        da_r[k] = dq[k] * h_past[n];
        dh_past[k] += dq[k] * r[n];
      }
    }
  }
  for (let n = 0; n < H; n += 1) {
    for (let k = n; k < dh.length; k += H) da_r[k] *= r[n] * (1 - r[n]);
  }
  for (const gate of ["r", "z"]) addProduct(dh_past, da[gate], p[`W_h${gate}`], H);
  return { da, dh_past, dm };
}

/** 重みと同じ名前、同じ長さの 0 の並び。 */
function zerosLike(p) {
  return Object.fromEntries(Object.entries(p).filter(([, w]) => w instanceof Float64Array)
    .map(([name, w]) => [name, new Float64Array(w.length)]));
}

/** 一時刻の da から、入力側の重みと b と x の勾配を足す。 */
function addInputSide(weights, dx, p, gate, da, x) {
  addOuter(weights[`W_x${gate}`], da, x); // Σ_t da_t x_tᵀ
  addProduct(weights[`b_${gate}`], Float64Array.of(1), da, 1); // Σ_t da_t
  addProduct(dx, da, p[`W_x${gate}`], da.length); // W_xᵀ da_t
}

/** 最後の時刻から、はじめの時刻へさかのぼる。each(t, step, dx_t) は時刻 t を終える。 */
function walkBack(trace, each) {
  const { T, D } = trace;
  const x = new Float64Array(T * D);
  for (let t = T - 1; t >= 0; t -= 1) each(t, stepOf(trace, t), x.subarray(t * D, (t + 1) * D));
  return x;
}

/** @param {Float64Array} a @param {Float64Array} b */
const plus = (a, b) => a.map((v, n) => v + b[n]);

/**
 * RNN の BPTT。
 * @param {any} trace rnnForward の値 @param {Record<string, any>} params @param {any} dh (T, H)
 * @returns {any} {weights, x, h, h0}。h は ∂L/∂h_t (T, H)
 */
export function rnnBackward(trace, params, dh) {
  const [p, H, from_output] = [flatParams(params), trace.H, flat(dh)];
  const [weights, h] = [zerosLike(p), new Float64Array(from_output.length)];
  let h0 = new Float64Array(H);
  const x = walkBack(trace, (t, step, dx) => {
    const dh_t = plus(from_output.subarray(t * H, (t + 1) * H), h0);
    h.set(dh_t, t * H);
    const { da, dh_past } = rnnStepBackward(step, p, dh_t);
    addOuter(weights.W_hh, da.h, step.h_past); // Σ_t da_t h_{t-1}ᵀ
    addInputSide(weights, dx, p, "h", da.h, step.x);
    h0 = dh_past;
  });
  return { weights, x, h, h0 };
}

/**
 * LSTM の BPTT。dc (T, H) は、時刻ごとに c_t へ直接入る勾配（省くと 0）。
 * @param {any} trace lstmForward の値 @param {Record<string, any>} params @param {any} dh (T, H) @param {any} [dc]
 * @returns {any} {weights, x, c, h0, c0}。c は ∂L/∂c_t (T, H)
 */
export function lstmBackward(trace, params, dh, dc) {
  const [p, H, from_output] = [flatParams(params), trace.H, flat(dh)];
  const [weights, c] = [zerosLike(p), new Float64Array(from_output.length)];
  const into_c = dc ? flat(dc) : new Float64Array(from_output.length);
  let [h0, c0] = [new Float64Array(H), new Float64Array(H)];
  const x = walkBack(trace, (t, step, dx) => {
    const [from, to] = [t * H, (t + 1) * H];
    const dh_t = plus(from_output.subarray(from, to), h0);
    const back = lstmStepBackward(step, p, dh_t, plus(into_c.subarray(from, to), c0));
    c.set(back.dc_total, from);
    for (const gate of LSTM_GATES) {
      const da = back.slopes[gate].map((slope, n) => slope * (gate === "o" ? dh_t : back.dc_total)[n]);
      addOuter(weights[`W_h${gate}`], da, step.h_past);
      addInputSide(weights, dx, p, gate, da, step.x);
    }
    [h0, c0] = [back.dh_past, back.dc_past];
  });
  return { weights, x, c, h0, c0 };
}

/**
 * GRU の BPTT。
 * @param {any} trace gruForward の値 @param {Record<string, any>} params @param {any} dh (T, H)
 * @returns {any} {weights, x, h, h0}。h は ∂L/∂h_t (T, H)
 */
export function gruBackward(trace, params, dh) {
  const [p, H, from_output] = [flatParams(params), trace.H, flat(dh)];
  const [weights, h] = [zerosLike(p), new Float64Array(from_output.length)];
  let h0 = new Float64Array(H);
  const x = walkBack(trace, (t, step, dx) => {
    const dh_t = plus(from_output.subarray(t * H, (t + 1) * H), h0);
    h.set(dh_t, t * H);
    const { da, dh_past, dm } = gruStepBackward(step, p, dh_t);
    for (const gate of ["r", "z"]) addOuter(weights[`W_h${gate}`], da[gate], step.h_past);
    if (dm) {
      addOuter(weights.W_hh, dm, step.h_past);
      addProduct(weights.b_hh, Float64Array.of(1), dm, 1);
    } else {
      addOuter(weights.W_hh, da.h, vector(H, (n) => step.r[n] * step.h_past[n]));
    }
    for (const gate of GRU_GATES) addInputSide(weights, dx, p, gate, da[gate], step.x);
    h0 = dh_past;
  });
  return { weights, x, h, h0 };
}
