// RNN、LSTM、GRU の順伝播。式と名前は rnnbook.cells（Python）と同じ。
//
//   const trace = lstmForward(xs, params);   // trace.h[t * H + k] が h_t の k 番目
//
// 逆伝播は cells_backward.js にある。
//
// xs     入力 (T, D)。一列に並べた Float64Array（長さ T·D）か、行の並び number[][]。
// params 重み。行列は (H, D) と (H, H) で、行ごとに一列に並べた Float64Array か number[][]。
//        RNN  {W_xh, W_hh, b_h, activation?}   activation は "tanh"（既定）、"relu"、"identity"
//        LSTM {W_xi, W_hi, b_i, …}             ゲート i, f, o と候補 c
//        GRU  {W_xr, W_hr, b_r, …, b_hh?}      ゲート r, z と候補 h。b_hh があれば reset_after の流儀
// 返す配列はどれも、一列に並べた Float64Array（float64）。

/** @typedef {Float64Array | Float32Array | number[] | number[][]} Matrix */

export const LSTM_GATES = ["i", "f", "o", "c"];
export const GRU_GATES = ["r", "z", "h"];

/** 活性化関数 φ と、a と h = φ(a) から求める傾き φ'(a)。 */
export const ACTIVATIONS = {
  tanh: { apply: Math.tanh, slope: (/** @type {number} */ _a, /** @type {number} */ h) => 1 - h * h },
  relu: { apply: (/** @type {number} */ a) => Math.max(0, a), slope: (/** @type {number} */ a) => (a > 0 ? 1 : 0) },
  identity: { apply: (/** @type {number} */ a) => a, slope: () => 1 },
};

/** @param {number} a @returns {number} σ(a) = 1 / (1 + e^{-a}) */
export function sigmoid(a) {
  return 1 / (1 + Math.exp(-a));
}

/** 一列に並べた float64 にする（すでにそうなら、写さない）。読めない重み（ページでは null）は、0 でなく NaN にする。 @param {Matrix} m @returns {Float64Array} */
export function flat(m) {
  if (m instanceof Float64Array) return m;
  return Float64Array.from(/** @type {number[]} */ (Array.isArray(m) ? m.flat() : m), (v) => v ?? NaN);
}

/** @param {Record<string, any>} params @returns {Record<string, any>} どの重みも一列に並べたもの */
export function flatParams(params) {
  return Object.fromEntries(Object.entries(params).filter(([, w]) => w != null)
    .map(([name, w]) => [name, typeof w === "string" ? w : flat(w)]));
}

/** @param {number} n @param {(k: number) => number} f @returns {Float64Array} [f(0), …, f(n − 1)] */
export function vector(n, f) {
  const values = new Float64Array(n);
  for (let k = 0; k < n; k += 1) values[k] = f(k);
  return values;
}

/** W (H, N) と v (N,) の積を、out (H,) に足す。 */
export function addMatvec(out, W, v) {
  const N = v.length;
  for (let i = 0; i < out.length; i += 1) {
    let sum = 0;
    for (let j = 0; j < N; j += 1) sum += W[i * N + j] * v[j];
    out[i] += sum;
  }
}

/** W_x x + W_h h + b */
function affine(W_x, x, W_h, h, b) {
  const a = b.slice();
  addMatvec(a, W_x, x);
  addMatvec(a, W_h, h);
  return a;
}

/**
 * RNN の一時刻。a_t = W_xh x_t + W_hh h_{t-1} + b_h、h_t = φ(a_t)。
 * @param {Matrix} x (D,) @param {Matrix} h (H,) @param {Record<string, any>} params
 * @returns {{a: Float64Array, h: Float64Array}}
 */
export function rnnStep(x, h, params) {
  return stepRnn(flat(x), flat(h), flatParams(params));
}

function stepRnn(x, h, { W_xh, W_hh, b_h, activation }) {
  const a = affine(W_xh, x, W_hh, h, b_h);
  return { a, h: a.map(activationOf(activation).apply) };
}

/**
 * LSTM の一時刻。c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t、h_t = o_t ⊙ tanh(c_t)。
 * @param {Matrix} x (D,) @param {Matrix} h (H,) @param {Matrix} c (H,) @param {Record<string, any>} params
 * @returns {{i: Float64Array, f: Float64Array, o: Float64Array, c_tilde: Float64Array, c: Float64Array, h: Float64Array}}
 */
export function lstmStep(x, h, c, params) {
  return stepLstm(flat(x), flat(h), flat(c), flatParams(params));
}

function stepLstm(x, h_past, c_past, p) {
  const [i, f, o, c_tilde] = LSTM_GATES.map((k) =>
    affine(p[`W_x${k}`], x, p[`W_h${k}`], h_past, p[`b_${k}`]).map(k === "c" ? Math.tanh : sigmoid));
  const c_t = vector(c_past.length, (n) => f[n] * c_past[n] + i[n] * c_tilde[n]);
  return { i, f, o, c_tilde, c: c_t, h: vector(c_t.length, (n) => o[n] * Math.tanh(c_t[n])) };
}

/**
 * GRU の一時刻。h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t。
 * @param {Matrix} x (D,) @param {Matrix} h (H,) @param {Record<string, any>} params
 * @returns {{r: Float64Array, z: Float64Array, h_tilde: Float64Array, h: Float64Array}}
 */
export function gruStep(x, h, params) {
  return stepGru(flat(x), flat(h), flatParams(params));
}

function stepGru(x, h_past, p) {
  const [r, z] = ["r", "z"].map((k) => affine(p[`W_x${k}`], x, p[`W_h${k}`], h_past, p[`b_${k}`]).map(sigmoid));
  let a;
  if (p.b_hh) {
    // h̃_t = tanh(W_xh x_t + b_h + r_t ⊙ (W_hh h_{t-1} + b_hh))
    const m = p.b_hh.slice();
    addMatvec(m, p.W_hh, h_past);
    a = vector(m.length, (n) => p.b_h[n] + r[n] * m[n]);
    addMatvec(a, p.W_xh, x);
  } else {
    // h̃_t = tanh(W_xh x_t + W_hh (r_t ⊙ h_{t-1}) + b_h)
    a = affine(p.W_xh, x, p.W_hh, vector(r.length, (n) => r[n] * h_past[n]), p.b_h);
  }
  const h_tilde = a.map(Math.tanh);
  return { r, z, h_tilde, h: vector(a.length, (n) => (1 - z[n]) * h_past[n] + z[n] * h_tilde[n]) };
}

export function activationOf(name = "tanh") {
  if (!(name in ACTIVATIONS)) throw new RangeError(`活性化関数 ${name} はありません。tanh、relu、identity のどれかです。`);
  return ACTIVATIONS[name];
}

/** 全時刻を順に進め、どの値も (T, H) に並べる。step(x_t, past) は一時刻の値を返す。 */
function walk(xs, W_x, starts, step) {
  const H = Object.values(starts)[0].length;
  const [x, D] = [flat(xs), W_x.length / H];
  const T = x.length / D;
  if (!Number.isInteger(T) || T < 1) throw new RangeError(`入力の数 ${x.length} は、入力の次元 ${D} の倍数ではありません。`);
  /** @type {Record<string, Float64Array>} */
  const values = {};
  let past = starts;
  for (let t = 0; t < T; t += 1) {
    past = step(x.subarray(t * D, (t + 1) * D), past);
    for (const [name, v] of Object.entries(past)) (values[name] ??= new Float64Array(T * H)).set(v, t * H);
  }
  return { T, D, H, x, ...values };
}

/**
 * RNN の系列全体。h0 を省くと 0 から始める。
 * @param {Matrix} xs (T, D) @param {Record<string, any>} params @param {Matrix} [h0] (H,)
 * @returns {any} {T, D, H, x, a, h, h0}
 */
export function rnnForward(xs, params, h0) {
  const p = flatParams(params);
  const start = h0 ? flat(h0) : new Float64Array(p.b_h.length);
  return { ...walk(xs, p.W_xh, { h: start }, (x, past) => stepRnn(x, past.h, p)), h0: start };
}

/**
 * LSTM の系列全体。h0 と c0 を省くと 0 から始める。
 * @param {Matrix} xs (T, D) @param {Record<string, any>} params @param {Matrix} [h0] (H,) @param {Matrix} [c0] (H,)
 * @returns {any} {T, D, H, x, i, f, o, c_tilde, c, h, h0, c0}
 */
export function lstmForward(xs, params, h0, c0) {
  const p = flatParams(params);
  const [h, c] = [h0, c0].map((v) => (v ? flat(v) : new Float64Array(p.b_f.length)));
  return { ...walk(xs, p.W_xf, { h, c }, (x, past) => stepLstm(x, past.h, past.c, p)), h0: h, c0: c };
}

/**
 * GRU の系列全体。h0 を省くと 0 から始める。
 * @param {Matrix} xs (T, D) @param {Record<string, any>} params @param {Matrix} [h0] (H,)
 * @returns {any} {T, D, H, x, r, z, h_tilde, h, h0}
 */
export function gruForward(xs, params, h0) {
  const p = flatParams(params);
  const start = h0 ? flat(h0) : new Float64Array(p.b_h.length);
  return { ...walk(xs, p.W_xz, { h: start }, (x, past) => stepGru(x, past.h, p)), h0: start };
}
