// 学習の計算の核を、WebAssembly（kernels.c）で。名前も引数も、値も、kernels.js と同じで、十倍ほど速い。
//
// 数の場所は、一つの WebAssembly.Memory の中に、reserve() のあと前から順に取る。核には、その番地を渡す。
import { WASM } from "../wasm_bytes.js";
import { ADAM, MOMENTUM } from "./kernels.js";

const PAGE = 2 ** 16;
const FIRST_PAGES = 1; // モジュールが自分で使う場所
const ALIGN = 16; // SIMD が一度に読むバイト数
const ARRAYS = 512; // 一つの学習が取る配列の数の上限。切り上げの分を見込む

/** @type {WebAssembly.Module | null | undefined} */
let compiled;

/** 翻訳したモジュール。WebAssembly か SIMD が使えない所では null。 */
function compile() {
  if (compiled !== undefined) return compiled;
  try {
    compiled = new WebAssembly.Module(Uint8Array.from(WASM.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
  } catch {
    compiled = null; // 古いブラウザ、SIMD のない計算機、ページの決まり（CSP）による断り
  }
  return compiled;
}

/** 一つの学習が使う、速い核。使えない所では null。 */
export function createWasmKernels() {
  const module = compile();
  if (!module) return null;
  const memory = new WebAssembly.Memory({ initial: FIRST_PAGES });
  const c = /** @type {any} */ (new WebAssembly.Instance(module, { env: { memory } }).exports);
  const start = FIRST_PAGES * PAGE; // その前は、モジュールの場所
  let next = start;

  return {
    name: "wasm",
    /** それまでの配列をすべて捨て、合わせて n 個の数の場所を用意する。 @param {number} n */
    reserve(n) {
      const missing = start + 4 * n + ARRAYS * ALIGN - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE)); // 取れなければ RangeError
      next = start;
    },
    /** n 個の 0。 @param {number} n */
    alloc(n) {
      const array = new Float32Array(memory.buffer, next, n); // 用意した場所を越えれば RangeError
      next += Math.ceil((4 * n) / ALIGN) * ALIGN;
      return array.fill(0);
    },
    addProduct: (C, A, B, M, K, N) => c.addProduct(C.byteOffset, A.byteOffset, B.byteOffset, M, K, N),
    addTransposedProduct: (C, A, B, M, K, N) => c.addTransposedProduct(C.byteOffset, A.byteOffset, B.byteOffset, M, K, N),
    fillRows: (C, b, M, N) => c.fillRows(C.byteOffset, b.byteOffset, M, N),
    addColumns: (sum, A, M, N) => c.addColumns(sum.byteOffset, A.byteOffset, M, N),
    transpose: (C, A, M, N) => c.transpose(C.byteOffset, A.byteOffset, M, N),
    rnnForward: (h, n) => c.rnnForward(h.byteOffset, n),
    rnnBackward: (da, dh, h, n) => c.rnnBackward(da.byteOffset, dh.byteOffset, h.byteOffset, n),
    reluForward: (h, n) => c.reluForward(h.byteOffset, n),
    reluBackward: (da, dh, h, n) => c.reluBackward(da.byteOffset, dh.byteOffset, h.byteOffset, n),
    lstmForward: (a, c_past, c_now, tanh_c, h, B, H) =>
      c.lstmForward(a.byteOffset, c_past.byteOffset, c_now.byteOffset, tanh_c.byteOffset, h.byteOffset, B, H),
    lstmBackward: (a, c_past, tanh_c, dh, dc, B, H) =>
      c.lstmBackward(a.byteOffset, c_past.byteOffset, tanh_c.byteOffset, dh.byteOffset, dc.byteOffset, B, H),
    gruForward: (a, m, h_past, h, B, H) => c.gruForward(a.byteOffset, m.byteOffset, h_past.byteOffset, h.byteOffset, B, H),
    gruBackward: (a, m, h_past, dh, dh_past, B, H) =>
      c.gruBackward(a.byteOffset, m.byteOffset, h_past.byteOffset, dh.byteOffset, dh_past.byteOffset, B, H),
    minGruForward: (a, h_past, h, B, H) => c.minGruForward(a.byteOffset, h_past.byteOffset, h.byteOffset, B, H),
    minGruBackward: (a, h_past, dh, dh_past, B, H) =>
      c.minGruBackward(a.byteOffset, h_past.byteOffset, dh.byteOffset, dh_past.byteOffset, B, H),
    softmaxSeen: (A, M, N, before) => c.softmaxSeen(A.byteOffset, M, N, before),
    softmaxBackward: (dA, A, M, N) => c.softmaxBackward(dA.byteOffset, A.byteOffset, M, N),
    squares: (g, n) => c.squares(g.byteOffset, n),
    sgd: (theta, g, n, scale, rate) => c.sgd(theta.byteOffset, g.byteOffset, n, scale, rate),
    momentum: (theta, g, v, n, scale, rate) => c.momentum(theta.byteOffset, g.byteOffset, v.byteOffset, n, scale, rate, MOMENTUM),
    adam(theta, g, m, v, n, scale, rate, step) {
      const { beta1, beta2, epsilon } = ADAM;
      const pace = rate / (1 - beta1 ** step);
      const root = Math.sqrt(1 - beta2 ** step);
      c.adam(theta.byteOffset, g.byteOffset, m.byteOffset, v.byteOffset, n, scale, pace, root, beta1, 1 - beta1, beta2, 1 - beta2, epsilon);
    },
  };
}
