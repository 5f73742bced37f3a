// 再帰の一層を、B 本の系列についてまとめて進め、さかのぼる。式は nn/cells.js、nn/cells_backward.js と同じ。
//
// 場所は学習の前に一度だけ取る。進むとき a_t に入れた前活性は、ゲートの値になり、さかのぼると ∂L/∂a_t になる。
// 重みの勾配は時刻ごとに足さず、最後に全時刻 (T·B) の一つの積で求める。
import { GATES } from "./layout.js";

/**
 * @typedef {{forward: () => void, backward: () => void, x: Float32Array, h: Float32Array, dh: Float32Array,
 *   h_at: Float32Array[], dh_at: Float32Array[]}} Layer
 */

/** どの時刻にも同じ大きさの場所。at[t] が時刻 t の分。 */
function perTime(kernels, steps, size) {
  const all = kernels.alloc(steps * size);
  return { all, at: Array.from({ length: steps }, (_, t) => all.subarray(t * size, (t + 1) * size)) };
}

/**
 * 一層の場所を取り、進める関数とさかのぼる関数を返す。
 *
 * x (steps, B, D) を書いて forward() を呼ぶと、h (steps + 1, B, H) が決まる。h_at[0] は h_0 = 0。
 * dh に、出力から h_t に届く勾配を書いて backward() を呼ぶと、dh は ∂L/∂h_t になり、重みの勾配が d に足される。
 * @param {string} cell @param {{D: number, H: number, steps: number, B: number}} sizes
 * @param {any} kernels @param {Record<string, Float32Array>} p まとめた重み @param {Record<string, Float32Array>} d その勾配
 * @returns {Layer}
 */
export function createLayer(cell, { D, H, steps, B }, kernels, p, d) {
  const G = GATES[cell].length;
  const [N, rows] = [G * H, steps * B];
  const x = kernels.alloc(rows * D);
  const [h, dh] = [perTime(kernels, steps + 1, B * H), perTime(kernels, steps + 1, B * H)];
  const a = perTime(kernels, steps, B * N);
  const W_xT = kernels.alloc(D * N);
  const room = { cell, D, H, steps, B, N, kernels, p, d, h, dh, a, W_hT: p.W_h && kernels.alloc(H * N) };
  const walk = WALKS[cell](room);
  const h_past = h.all.subarray(0, rows * H); // h_0 … h_{T−1}

  function forward() {
    // a = x W_xᵀ + b を全時刻ぶん。 (steps·B, D) (D, G·H)
    kernels.transpose(W_xT, p.W_x, N, D);
    kernels.fillRows(a.all, p.b, rows, N);
    kernels.addProduct(a.all, x, W_xT, rows, D, N);
    if (p.W_h) kernels.transpose(room.W_hT, p.W_h, N, H);
    walk.forward();
  }

  function backward() {
    walk.backward();
    // ∂L/∂W_x = Σ_t da_tᵀ x_t、∂L/∂b = Σ_t da_t、∂L/∂W_h = Σ_t da_tᵀ h_{t−1}
    kernels.addTransposedProduct(d.W_x, a.all, x, N, rows, D);
    kernels.addColumns(d.b, a.all, rows, N);
    if (p.W_h) kernels.addTransposedProduct(d.W_h, walk.da_h ?? a.all, h_past, N, rows, H);
  }

  return { forward, backward, x, h: h.all, dh: dh.all, h_at: h.at, dh_at: dh.at };
}

/** RNN。h_t = φ(W_xh x_t + W_hh h_{t−1} + b_h)。 */
function rnnWalk({ cell, H, steps, B, kernels, p, h, dh, a, W_hT }) {
  const apply = cell === "relu" ? kernels.reluForward : kernels.rnnForward;
  const back = cell === "relu" ? kernels.reluBackward : kernels.rnnBackward;
  return {
    forward() {
      h.all.set(a.all, B * H);
      for (let t = 1; t <= steps; t += 1) {
        kernels.addProduct(h.at[t], h.at[t - 1], W_hT, B, H, H);
        apply(h.at[t], B * H);
      }
    },
    backward() {
      for (let t = steps; t > 0; t -= 1) {
        // da_t = dh_t ⊙ φ'(a_t)、h_{t−1} へは da_t W_hh
        back(a.at[t - 1], dh.at[t], h.at[t], B * H);
        kernels.addProduct(dh.at[t - 1], a.at[t - 1], p.W_h, B, H, H);
      }
    },
  };
}

/** LSTM。c_t = f_t ⊙ c_{t−1} + i_t ⊙ c̃_t、h_t = o_t ⊙ tanh(c_t)。 */
function lstmWalk({ H, steps, B, N, kernels, p, h, dh, a, W_hT }) {
  const [c, tanh_c] = [perTime(kernels, steps + 1, B * H), perTime(kernels, steps, B * H)];
  const dc = kernels.alloc(B * H);
  return {
    forward() {
      for (let t = 1; t <= steps; t += 1) {
        kernels.addProduct(a.at[t - 1], h.at[t - 1], W_hT, B, H, N);
        kernels.lstmForward(a.at[t - 1], c.at[t - 1], c.at[t], tanh_c.at[t - 1], h.at[t], B, H);
      }
    },
    backward() {
      dc.fill(0);
      for (let t = steps; t > 0; t -= 1) {
        kernels.lstmBackward(a.at[t - 1], c.at[t - 1], tanh_c.at[t - 1], dh.at[t], dc, B, H);
        kernels.addProduct(dh.at[t - 1], a.at[t - 1], p.W_h, B, N, H);
      }
    },
  };
}

/** GRU（PyTorch と同じく、行列を掛けた後でリセットする）。h_t = (1 − z_t) ⊙ h_{t−1} + z_t ⊙ h̃_t。 */
function gruWalk({ H, steps, B, N, kernels, p, d, h, dh, a, W_hT }) {
  const m = perTime(kernels, steps, B * N); // W_h h_{t−1}。候補の分には b_hh も入る
  const [b_m, db_m] = [kernels.alloc(N), kernels.alloc(N)];
  return {
    da_h: m.all,
    forward() {
      b_m.set(p.b_hh, 2 * H);
      kernels.fillRows(m.all, b_m, steps * B, N);
      for (let t = 1; t <= steps; t += 1) {
        kernels.addProduct(m.at[t - 1], h.at[t - 1], W_hT, B, H, N);
        kernels.gruForward(a.at[t - 1], m.at[t - 1], h.at[t - 1], h.at[t], B, H);
      }
    },
    backward() {
      for (let t = steps; t > 0; t -= 1) {
        kernels.gruBackward(a.at[t - 1], m.at[t - 1], h.at[t - 1], dh.at[t], dh.at[t - 1], B, H);
        kernels.addProduct(dh.at[t - 1], m.at[t - 1], p.W_h, B, N, H);
      }
      // ∂L/∂b_hh = Σ_t r_t ⊙ ∂L/∂a_h
      db_m.fill(0);
      kernels.addColumns(db_m, m.all, steps * B, N);
      for (let n = 0; n < H; n += 1) d.b_hh[n] += db_m[2 * H + n];
    },
  };
}

/** minGRU。ゲートと候補は x だけで決まる。h_t = (1 − z_t) ⊙ h_{t−1} + z_t ⊙ h̃_t。 */
function minGruWalk({ H, steps, B, kernels, h, dh, a }) {
  return {
    forward() {
      for (let t = 1; t <= steps; t += 1) kernels.minGruForward(a.at[t - 1], h.at[t - 1], h.at[t], B, H);
    },
    backward() {
      for (let t = steps; t > 0; t -= 1) kernels.minGruBackward(a.at[t - 1], h.at[t - 1], dh.at[t], dh.at[t - 1], B, H);
    },
  };
}

const WALKS = { rnn: rnnWalk, relu: rnnWalk, lstm: lstmWalk, gru: gruWalk, min_gru: minGruWalk };
