// 注意つきの読み出し。答える時刻 t の h_t で、それより前の h_s を見比べてから答える。式は rnnbook.models.attention の内積と同じ。
//
//   e_s = h_t · h_s（s < t）、α = softmax(e)、h̄ = Σ_s α_s h_s、m = tanh(W_m [h̄; h_t] + b_m)、ŷ = W_y m + b_y
//
// t = 1 には見る所がないので、h̄ = 0。一本の系列の h を続けて並べ直し、答える時刻を CHUNK 個ずつの組にして、
// 組ごとの e を、それまでの h との一つの積で求める。組の中でまだ来ていない所は、softmaxSeen が 0 にする。
import { createOutput } from "./output.js";

const CHUNK = 32;

/**
 * 答える時刻の組。from は組の前にある時刻の数、rows は組の時刻の数、seen は組の終わりの時刻が見る h の数。
 * @param {number} first はじめに答える時刻の前にある時刻の数 @param {number} steps
 */
function chunksOf(first, steps) {
  const chunks = [];
  for (let from = first; from < steps; from += CHUNK) {
    const rows = Math.min(CHUNK, steps - from);
    chunks.push({ from, rows, seen: from + rows - 1 });
  }
  return chunks;
}

/** 取る場所の大きさ。@param {{H: number, steps: number, B: number, first: number}} sizes @returns {Record<string, number>} */
function roomsOf({ H, steps, B, first }) {
  const rows = (steps - first) * B; // 答える所の数
  const cells = chunksOf(first, steps).reduce((sum, chunk) => sum + chunk.rows * chunk.seen, 0);
  const [states, answers] = [steps * B * H, rows * H];
  return {
    h: states, dh: states, mean: answers, dmean: answers, both: 2 * answers, dboth: 2 * answers, m: answers, dm: answers,
    alpha: B * cells, de: CHUNK * steps, turned: H * steps, W_mT: 2 * H * H,
  };
}

/** createAttention が alloc する数の合計。 @param {{H: number, O: number, steps: number, B: number, first: number}} sizes */
export function attentionRoom(sizes) {
  const { H, O, steps, B, first } = sizes;
  return Object.values(roomsOf(sizes)).reduce((sum, n) => sum + n, 0) + (steps - first) * B * O + O * H;
}

/**
 * @param {{H: number, O: number, steps: number, B: number, first: number}} sizes first は、はじめに答える時刻の前にある時刻の数
 * @param {any} kernels @param {Record<string, Float32Array>} p @param {Record<string, Float32Array>} d
 * @param {Float32Array} states h_1 … h_T (steps, B, H) @param {Float32Array} dstates h_1 … h_T への勾配を書く所
 */
export function createAttention(sizes, kernels, p, d, states, dstates) {
  const { H, O, steps, B, first } = sizes;
  const Q = steps - first; // 一本の系列の、答える時刻の数
  const rows = Q * B;
  const at = Object.fromEntries(Object.entries(roomsOf(sizes)).map(([name, n]) => [name, kernels.alloc(n)]));
  const { h, dh, mean, dmean, both, dboth, m, dm, alpha, de, turned, W_mT } = at;
  const output = createOutput({ rows, H, O }, kernels, { W: p.W_y, b: p.b_y }, { W: d.W_y, b: d.b_y }, m, dm);
  const parts = []; // 系列と組ごとの場所。h と dh は (B, steps, H)、mean と dmean は (B, Q, H)
  let next = 0;
  for (let b = 0; b < B; b += 1) {
    for (const { from, rows: count, seen } of chunksOf(first, steps)) {
      const cut = (/** @type {Float32Array} */ all, /** @type {number} */ row, /** @type {number} */ n) => all.subarray(row * H, (row + n) * H);
      parts.push({
        from, count, seen, h_s: cut(h, b * steps, seen), dh_s: cut(dh, b * steps, seen), h_t: cut(h, b * steps + from, count), dh_t: cut(dh, b * steps + from, count),
        mean: cut(mean, b * Q + from - first, count), dmean: cut(dmean, b * Q + from - first, count),
        alpha: alpha.subarray(next, next + count * seen), de: de.subarray(0, count * seen),
      });
      next += count * seen;
    }
  }

  /** to (N, M, H) に、from (M, N, H) を並べ直す。 */
  function regroup(to, from, M, N) {
    for (let i = 0; i < M; i += 1) {
      for (let j = 0; j < N; j += 1) {
        for (let k = 0, u = (j * M + i) * H, v = (i * N + j) * H; k < H; k += 1) to[u + k] = from[v + k];
      }
    }
  }

  /** 答える所 (q, b) ごとに、[h̄; h_t] の始まり、mean の行、h の行を渡す。 */
  function eachAnswer(act) {
    for (let q = 0; q < Q; q += 1) for (let b = 0; b < B; b += 1) act((q * B + b) * 2 * H, (b * Q + q) * H, (b * steps + first + q) * H);
  }

  /** to (count, seen) に、v (count, H) と、見る h_s との内積を足す。一つの v なら、転置しなくてよい。 */
  function addDots(to, v, { h_s, count, seen }) {
    if (count === 1) return kernels.addProduct(to, h_s, v, seen, H, 1);
    kernels.transpose(turned, h_s, seen, H);
    kernels.addProduct(to, v, turned, count, H, seen);
  }

  function forward() {
    regroup(h, states, steps, B);
    mean.fill(0);
    alpha.fill(0);
    for (const part of parts) {
      // e = h_t · h_s、α = softmax(e)、h̄ = Σ α_s h_s
      addDots(part.alpha, part.h_t, part);
      kernels.softmaxSeen(part.alpha, part.count, part.seen, part.from);
      kernels.addProduct(part.mean, part.alpha, part.h_s, part.count, part.seen, H);
    }
    eachAnswer((to, u, v) => {
      for (let k = 0; k < H; k += 1) {
        both[to + k] = mean[u + k];
        both[to + H + k] = h[v + k];
      }
    });
    // m = tanh(W_m [h̄; h_t] + b_m)
    kernels.transpose(W_mT, p.W_m, H, 2 * H);
    kernels.fillRows(m, p.b_m, rows, H);
    kernels.addProduct(m, both, W_mT, rows, 2 * H, H);
    kernels.rnnForward(m, rows * H);
    output.forward();
  }

  function backward() {
    dm.fill(0);
    output.backward();
    // m の前へは dm ⊙ (1 − m²)、[h̄; h_t] へはその W_m 倍
    kernels.rnnBackward(dm, dm, m, rows * H);
    kernels.addTransposedProduct(d.W_m, dm, both, H, rows, 2 * H);
    kernels.addColumns(d.b_m, dm, rows, H);
    dboth.fill(0);
    kernels.addProduct(dboth, dm, p.W_m, rows, H, 2 * H);
    dh.fill(0);
    eachAnswer((from, u, v) => {
      for (let k = 0; k < H; k += 1) {
        dmean[u + k] = dboth[from + k];
        dh[v + k] = dboth[from + H + k];
      }
    });
    for (const part of parts) {
      // ∂L/∂α_s = ∂L/∂h̄ · h_s。h_s へは α_s ∂L/∂h̄ + ∂L/∂e_s h_t、h_t へは Σ_s ∂L/∂e_s h_s
      part.de.fill(0);
      addDots(part.de, part.dmean, part);
      kernels.softmaxBackward(part.de, part.alpha, part.count, part.seen);
      kernels.addTransposedProduct(part.dh_s, part.alpha, part.dmean, part.seen, part.count, H);
      kernels.addTransposedProduct(part.dh_s, part.de, part.h_t, part.seen, part.count, H);
      kernels.addProduct(part.dh_t, part.de, part.h_s, part.count, part.seen, H);
    }
    regroup(dstates, dh, B, steps);
  }

  return { y_hat: output.y_hat, forward, backward };
}
