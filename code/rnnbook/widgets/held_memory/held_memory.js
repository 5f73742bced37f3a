// 残る記憶: 系列長を選ぶと、RNN と LSTM がページの中で学習し直し、はじめの値の跡が、消えるか残るかが見える。
import { button, control, el, holdable, liveText, prefersStill } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { MODELS } from "../kit/models.js";
import { createPlot } from "../kit/plot.js";
import { assign } from "../kit/properties.js";
import { onceAFrame } from "../kit/scope.js";
import { setInline } from "../kit/text.js";
import { PAIR } from "./pair_source.js";
import { fadesAt, BUDGET } from "./trace.js";

const CAPTION = "はじめの一点が +1 か −1 かを、雑音を読みながら覚え、最後に答える問題です。縦は、はじめの一点だけが違う二つの系列を読んだときの、隠れ状態の隔たりで、とりうる最大を 1 とします。点線は学習前です。直前 10 回の更新の正解率の平均が 99 % に届けば、解けたとします（その後に下がることもあります）。種は、乱数のはじめの値です。LSTM は、忘却ゲートを長く開けて学び始めます（chrono、第3章）。計算はこのページの中で行い、何も送りません。";
const FLOOR = 1e-6; // 図の底
const FADED = 1e-3; // ここを下回れば、消えたと言う
const SLICE = 8; // 一枚の画面の間に学習してよい時間 ms
const KEYS = ["rnn", "lstm_chrono"];
/** @type {Record<string, string>} 絵に添える名と同じ */
const NAMES = { rnn: "RNN", lstm_chrono: "LSTM" };
const REFUSED = "このページでは、学習の計算を始められません。ブラウザの設定が、ページの中で作ったプログラムを断っています。";
const LEVELS = [1, 1e-2, 1e-4, 1e-6];

/** @param {number} value @returns {string} */
const percent = (value) => `${Math.round(100 * value)} %`;

/** 底に着くまでの点。 @param {number[]} trace @returns {number[][]} */
export function visible(trace) {
  const end = fadesAt(trace, FLOOR) ?? trace.length;
  return trace.slice(0, end).map((value, t) => [t + 1, Math.max(value, FLOOR)]);
}

/** 一つのネットワークの、終わりの文。 @param {import("./pair.js").Learner} learner */
export function describeLearner({ label, updates, accuracy, solvedAt, trace }) {
  const result = solvedAt === null ? `${updates} 回の更新では解けず（正解率 ${percent(accuracy)}）` : `${solvedAt} 回で解け（正解率 ${percent(accuracy)}）`;
  const faded = fadesAt(trace, FADED);
  return `${label} は ${result}、はじめの値の跡は${faded === null ? "最後まで残ります" : ` ${faded} 歩で 0.001 を下回ります`}。`;
}

/**
 * 読み上げる文。
 * @param {number} T @param {import("./pair.js").Learner[]} learners @param {boolean} done
 */
export function describePair(T, learners, done) {
  if (!done) return `$T$ = ${T}。二つのネットワークが、このページの中で学習しています。更新は ${BUDGET} 回までです。`;
  return `$T$ = ${T}。${learners.map(describeLearner).join("")}`;
}

/** 線に添える、名と正解率。底に着く線では、坂の途中の右に置く。 @param {import("./pair.js").Learner} learner @param {number} other もう一つの線の終わりの値 */
function nameAt({ label, accuracy, trace }, other) {
  const text = `${label} 正解率 ${percent(accuracy)}`;
  const end = fadesAt(trace, FLOOR);
  const last = trace[trace.length - 1];
  if (end === null) return [trace.length, last, text, -4, last > other && other > FLOOR ? -8 : 18, "end"];
  const middle = Math.ceil(0.6 * end);
  return [middle, trace[middle - 1], text, 8, -4, "start"];
}

/** 種を替えて測った数。 @param {Record<string, string>} solved */
export function describeMeasured({ rnn, lstm_chrono }) {
  return `第3章の測定（更新 2000 回まで）で解けた種（95 % 区間）: RNN ${rnn}、LSTM ${lstm_chrono}。`;
}

/** 学習のプログラム（pair.js）を読み込む。取りに行くものはない。 */
async function loadPair() {
  const url = URL.createObjectURL(new Blob([PAIR], { type: "text/javascript" }));
  try {
    return (await import(url)).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

export default figure(CAPTION, ({ model, get, body, redraw }) => {
  body.classList.add("rf-memory-trace");
  const top = el("div", { class: "rf-held-top" });
  body.append(top);
  control(top, model, "T");
  holdable(button(top, "別の種で", () => assign(model, "seed", (get("seed") % 999) + 1)), model, "seed");
  const plot = createPlot(body, {
    label: "はじめの値の跡", height: 172,
    x: { label: "時刻 $t$（歩）", domain: [1, get("T")], whole: true },
    y: { label: "はじめの値の跡（対数）", column: "はじめの値の跡（とりうる最大を 1 とする）", domain: [FLOOR, 1.5], scale: "log", ticks: LEVELS },
  });
  const curves = KEYS.map((key) => ({
    before: plot.line(MODELS[key].color, "rf-dotted").named(`${NAMES[key]}、学習前`),
    now: plot.line(MODELS[key].color, "rf-held-now").named(NAMES[key]),
  }));
  const names = plot.notes("var(--rf-ink)");
  const say = liveText(body);
  const usual = el("p", { class: "rf-held-usual" });
  body.append(usual);

  body.setAttribute("aria-busy", "true"); // 学習が済むまで
  /** @type {((T: number, seed: number) => any) | null} pair.js の createPair */
  let createPair = null;
  /** @type {any} いまの学習 */
  let pair = null;
  let started = "";
  loadPair().then((found) => {
    createPair = found;
    redraw();
  }, () => {
    body.setAttribute("aria-busy", "false");
    say(REFUSED);
  });
  const goOn = onceAFrame(train);

  /** 一枚の画面の間だけ学習し、描いて、続きを頼む。 */
  function train() {
    const from = performance.now();
    do pair.update();
    while (!pair.isDone() && performance.now() - from < SLICE);
    if (pair.isDone() || !prefersStill()) {
      pair.look();
      paint();
    }
    if (!pair.isDone()) goOn();
  }

  function paint() {
    const T = get("T");
    plot.setDomain({ x: [1, T] });
    pair.learners.forEach((/** @type {import("./pair.js").Learner} */ { before, trace }, /** @type {number} */ k) => {
      curves[k].before.set(visible(before));
      curves[k].now.set(visible(trace));
    });
    const [a, b] = pair.learners;
    names.set([nameAt(a, b.trace[T - 1]), nameAt(b, a.trace[T - 1])]);
    body.setAttribute("aria-busy", String(!pair.isDone()));
    say(describePair(T, pair.learners, pair.isDone()));
  }

  return () => {
    const [T, seed] = [get("T"), get("seed")];
    setInline(usual, describeMeasured(get("measured")[T]));
    if (!createPair) return;
    if (`${T} ${seed}` !== started) {
      started = `${T} ${seed}`;
      pair = createPair(T, seed);
    }
    paint();
    if (!pair.isDone()) goOn();
  };
});
