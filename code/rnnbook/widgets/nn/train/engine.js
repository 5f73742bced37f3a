// 学習の係。ワーカーの中で（ワーカーが使えなければページの中で）、頼まれた学習を進める。
//
// 受け取る頼み {kind, …}: start {run, config}、go、pause、once、setLength {T}、set {values}、look {x}
// 返す便り   {kind: "progress", …}（下の report）、{kind: "stopped", run, sentence}、{kind: "refused", run, sentence, asked, T}（asked は頼まれた長さ、T はいまの長さ）
import { createRun } from "./run.js";
import { makeKernels } from "./kernels.js";
import { createWasmKernels } from "./wasm_kernels.js";

const SIGMA_EVERY = 250; // 特異値を求め直す間（ミリ秒）

/**
 * @typedef {object} Port 頼みと便りの口
 * @property {(message: any) => void} postMessage
 * @property {((event: {data: any}) => void) | null} onmessage
 */

/**
 * 頼みを聞き始める。
 * @param {Port} port
 * @param {{slice: number, later: (act: () => void) => void}} pace 一続きに計算してよい時間（ミリ秒）と、続きを頼む方法
 */
export default function serve(port, pace) {
  let [run, number, running] = [/** @type {any} */ (null), 0, false];
  let kernels; // 場所は、学習を始めるたびに取り直す
  let waiting = false; // 続きを頼んである
  let mine = /** @type {number[] | null} */ (null); // 読者の例
  let first = /** @type {any} */ (null); // いまの長さの、はじめの更新での勾配
  let [fresh, sigma, sigmaAt] = [0, {}, -Infinity];
  let [counted, since, perSecond] = [0, 0, 0];

  /** 便りを送る。どの便りにも、いまの状態が入っている。 */
  function report(rows, more = {}) {
    const now = performance.now();
    if (now - sigmaAt > SIGMA_EVERY || !running) [sigma, sigmaAt] = [run.sigma(), now];
    const example = mine ? null : run.example(fresh);
    const look = { ...run.look(mine ?? example.x), answer: example?.answer ?? null, words: example?.words ?? null };
    port.postMessage({
      kind: "progress", run: number, rows, step: run.step, sizes: run.sizes, baseline: run.baseline, goal: run.goal,
      gradients: run.gradients, first, sigma, look, perSecond, kernels: run.kernels, ...more,
    });
  }

  /** 一回の更新。長さを変える頼みの前か後かが分かるように、系列長を添える。 */
  function update() {
    const [{ T }, row] = [run.sizes, run.update()];
    first ??= { T, gradients: run.gradients };
    return { ...row, T };
  }

  /** 一続きに何回か更新し、便りを送る。 */
  function slice() {
    waiting = false;
    if (!running) return;
    const [rows, from] = [[], performance.now()];
    do rows.push(update());
    while (!run.stopped && performance.now() - from < pace.slice);
    measure(rows.length);
    finish(rows);
    proceed();
  }

  /** 止まったなら、その手前までを便りにして、わけを言う。 */
  function finish(rows) {
    if (!run.stopped) return report(rows);
    running = false;
    report(rows.slice(0, -1));
    port.postMessage({ kind: "stopped", run: number, sentence: run.stopped });
  }

  /** 直近の半秒の、一秒あたりの更新の数。 */
  function measure(n) {
    counted += n;
    const seconds = (performance.now() - since) / 1000;
    if (seconds < 0.5 && perSecond) return;
    perSecond = counted / seconds;
    [counted, since] = [0, performance.now()];
  }

  function proceed() {
    if (!running || waiting) return;
    waiting = true;
    pace.later(slice);
  }

  const requests = {
    start({ run: id, config }) {
      [run, number, running, mine, first, fresh, sigmaAt, perSecond] = [null, id, false, null, null, 0, -Infinity, 0];
      kernels ??= createWasmKernels() ?? makeKernels();
      run = createRun(config, kernels);
      report([]);
    },
    go() {
      if (!run || run.stopped || running) return;
      [running, counted, since, perSecond] = [true, 0, performance.now(), 0];
      proceed();
    },
    pause() {
      if (!running) return;
      running = false;
      report([], { check: run.check() });
    },
    once() {
      if (!run || run.stopped) return;
      running = false;
      finish([update()]);
    },
    setLength({ T }) {
      if (!run) return;
      const before = run.sizes.T;
      run.setLength(T);
      if (T !== before) first = null;
      mine = null;
      if (!running) report([]);
    },
    set({ values }) {
      run?.set(values);
    },
    look({ x }) {
      if (!run) return;
      run.look(x ?? undefined); // 読めない例を、ここで断る
      if (!x) fresh += 1;
      mine = x ?? null;
      if (!running) report([]);
    },
  };

  port.onmessage = ({ data }) => {
    try {
      requests[data.kind](data);
    } catch (error) {
      // 合わない大きさ、読めない値は RangeError。続いている学習は、その前のまま続く
      if (!(error instanceof RangeError)) throw error;
      port.postMessage({ kind: run ? "refused" : "stopped", run: number, sentence: error.message, asked: data.T, T: run?.sizes.T });
    }
  };
  port.postMessage({ kind: "ready" });
}

/** 待たずに続きを頼む方法。頼みの便りは、その間に届く。 @returns {(act: () => void) => void} */
function soon() {
  const { port1, port2 } = new MessageChannel();
  /** @type {() => void} */
  let next = () => {};
  port1.onmessage = () => next();
  return (act) => {
    next = act;
    port2.postMessage(null);
  };
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  serve(/** @type {any} */ (self), { slice: 33, later: soon() });
}
