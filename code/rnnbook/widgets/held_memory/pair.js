// RNN と LSTM に、同じ問題を、代わる代わる一回ずつ更新させる。描画はしない。
import { makeKernels } from "../nn/train/kernels.js";
import { createRun } from "../nn/train/run.js";
import { createWasmKernels } from "../nn/train/wasm_kernels.js";
import { BUDGET, traceOf } from "./trace.js";

const HIDDEN = 16;
const RECENT = 10; // 正解率を平均する更新の数
const ENOUGH = 0.99; // 解けたとする正解率
const SHARED = { task: "latch", start: "uniform", rho: 1, H: HIDDEN, B: 32, learning_rate: 0.01, optimizer: "adam", clip: 1, own: "" };

/**
 * @typedef {Object} Learner 学習の途中の、一つのネットワーク
 * @property {"RNN" | "LSTM"} label
 * @property {number} updates 更新した回数
 * @property {number} accuracy 直近の更新の正解率。終われば、学習に使わない 256 本の正解率
 * @property {number | null} solvedAt 解けた回数
 * @property {number[]} before 学習前の跡
 * @property {number[]} trace いまの跡 m_1 … m_T
 */

/** @param {"RNN" | "LSTM"} label @param {Record<string, any>} config */
function createLearner(label, config) {
  const run = createRun({ ...SHARED, ...config }, createWasmKernels() ?? makeKernels());
  const { x } = run.example(0);
  const read = (/** @type {number} */ sign) => run.look([sign, ...x.slice(1)]).h;
  const trace = () => traceOf(read(1), read(-1), HIDDEN);
  /** @type {number[]} */
  const recent = [];
  /** @type {Learner} */
  const learner = { label, updates: 0, accuracy: 1 / 2, solvedAt: null, before: trace(), trace: [] };
  learner.trace = learner.before;

  function update() {
    recent.push(run.update().metric);
    if (recent.length > RECENT) recent.shift();
    learner.updates = run.step;
    learner.accuracy = recent.reduce((sum, value) => sum + value, 0) / recent.length;
    if (recent.length === RECENT && learner.accuracy >= ENOUGH) learner.solvedAt = run.step;
    if (isDone()) learner.accuracy = run.test(256).metric;
  }
  const isDone = () => learner.solvedAt !== null || learner.updates >= BUDGET || run.stopped !== "";
  return { learner, update, isDone, look: () => (learner.trace = trace()) };
}

/**
 * 二つの学習を始める。
 * @param {number} T @param {number} seed
 */
export default function createPair(T, seed) {
  const pair = [
    createLearner("RNN", { cell: "rnn", forget_bias: null, T, seed }),
    createLearner("LSTM", { cell: "lstm", forget_bias: "chrono", T, seed }),
  ];
  return {
    learners: pair.map(({ learner }) => learner),
    isDone: () => pair.every((one) => one.isDone()),
    /** 更新の少ないほうを、一回更新する。 */
    update() {
      const waiting = pair.filter((one) => !one.isDone());
      waiting.sort((a, b) => a.learner.updates - b.learner.updates);
      waiting[0]?.update();
    },
    /** いまの重みで、跡を測り直す。 */
    look: () => pair.forEach((one) => one.look()),
  };
}
