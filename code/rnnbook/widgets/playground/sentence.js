// 図が言う文。値から文を作るだけで、DOM を知らない。
import { writeInterval } from "../kit/interval.js";
import { fixed } from "../kit/scales.js";
import { TASK_NAMES } from "../nn/train/task_names.js";
import { BURST, reach, reaches } from "./history.js";

/** 物差しの名と、その書き方。 */
const METRICS = {
  accuracy: { name: "正解率", write: (/** @type {number} */ v) => fixed(v, 2) },
  squared_error: { name: "二乗誤差", write: twoDigits },
  cross_entropy: { name: "損失", write: twoDigits },
};

/** 有効数字二桁。0.001 より小さければ、10 の冪で書く。 @param {number} v */
export function twoDigits(v) {
  if (v === 0) return "0";
  if (!Number.isFinite(v)) return "計算できない値";
  const power = Math.floor(Math.log10(Math.abs(v)));
  if (power >= -3 && power < 4) return fixed(v, Math.max(0, 1 - power));
  const digits = (v / 10 ** power).toFixed(1);
  return digits === "10.0" ? `1.0×$10^{${power + 1}}$` : `${digits}×$10^{${power}}$`;
}

/** 学習の係を呼ぶ前に、問題から分かる物差しの名と時刻の数。 @param {Record<string, any>} config */
export function sizesOf({ task, T = 25 }) {
  const metric = { adding: "squared_error", sine: "squared_error", own_series: "squared_error", copy: "cross_entropy" }[task] ?? "accuracy";
  return { metric, steps: task === "copy" ? T + 20 : T };
}

/** @param {string} metric 物差しの名 */
export function metricName(metric) {
  return METRICS[metric]?.name ?? "損失";
}

/** @param {string} metric @param {number} v */
export function writeMetric(metric, v) {
  return (METRICS[metric] ?? METRICS.cross_entropy).write(v);
}

const CELLS = { rnn: "tanh RNN", relu: "ReLU RNN", lstm: "LSTM", gru: "GRU", min_gru: "minGRU" };
const STARTS = { radius: (/** @type {number} */ rho) => `半径 ${fixed(rho, 2)}`, orthogonal: (/** @type {number} */ rho) => `直交 × ${fixed(rho, 2)}`, identity: (/** @type {number} */ rho) => `単位 × ${fixed(rho, 2)}` };

/** 実行の設定を、短い名にする。 @param {Record<string, any>} config */
export function nameOf(config) {
  return config.readout === "attention" ? `${nameOfCell(config)}＋注意` : nameOfCell(config);
}

/** @param {Record<string, any>} config */
function nameOfCell({ cell, start, rho, forget_bias }) {
  if (cell === "relu" && start === "identity" && rho === 1) return "IRNN";
  if (cell === "lstm") return forget_bias === null ? "LSTM" : forget_bias === "chrono" ? "LSTM（chrono）" : `LSTM（$b_f$ = ${forget_bias}）`;
  const begun = (cell === "rnn" || cell === "relu") && STARTS[start];
  return begun ? `${CELLS[cell]}、${begun(rho)}` : CELLS[cell];
}

/** 何を学習する設定か。 @param {Record<string, any>} config */
export function settingOf(config) {
  return `${TASK_NAMES[config.task]}、${nameOf(config)}、$T$ = ${config.T}`;
}

/**
 * 一つの実行の、いまの値を言う文。更新の前は、設定だけで決まる文にする。
 * @param {import("./history.js").History} history
 * @param {{baseline: number, goal: number | null, sizes: {metric: string, steps: number, output: string, hidden?: boolean}} | null} about
 * @param {boolean} running
 */
export function describe(history, about, running) {
  const n = history.rows.length;
  if (!about || !n) return history.stopped ?? (running ? "はじめの更新を計算しています。" : "「学習」を押すと、このページの中で学習が始まります。");
  const { metric, steps, output } = about.sizes;
  const write = (/** @type {number} */ v) => writeMetric(metric, v);
  const parts = [history.refused ?? "", `更新 ${n} 回で、${isOwn(history.config) ? "学習の例での" : ""}${metricName(metric)} ${write(history.smooth[n - 1])}（記憶なし ${write(about.baseline)}）。`];
  if (history.burstAt) parts.push(`損失は、${history.burstAt} 回目に、はじめの ${BURST} 倍を超えました。`);
  if (history.solvedAt !== null) parts.push(describeSolved(history, about.goal, reaches(history.smooth[n - 1], { goal: about.goal, metric })));
  if (history.rested) parts.push("10 万回ごとに一時停止します。「学習」を押すと、続きます。");
  if (history.stopped) parts.push(history.stopped);
  else if (!running && history.solvedAt === null && about.goal !== null) parts.push(isOwn(history.config) ? "学習の例にも、まだ合わないものがあります。" : "まだ解けていません。");
  const share = reach(history.gradients);
  if (share !== null) parts.push(describeReach(share, steps, output));
  if (!running && history.check) parts.push(describeCheck(history.check));
  if (running && about.sizes.hidden) parts.push("一時停止すると、隠した例で試します。");
  return parts.join("");
}

/** 読者のデータか。学習の例は繰り返し使われるので、学習中の成績は、はじめて見る例での成績ではない。 */
const isOwn = (/** @type {Record<string, any>} */ { task }) => task === "own_rule" || task === "own_series";

/**
 * 解けたことを言う文。途中で長さを替えた実行では、替えてからの回数を先に言う。
 * @param {import("./history.js").History} history
 * @param {number | null} goal
 * @param {boolean} still いまの平均も、解けたとする値に届いている
 */
function describeSolved({ config, lengths, solvedAt }, goal, still) {
  const [from, T] = lengths[lengths.length - 1] ?? [0, config.T];
  const at = /** @type {number} */ (solvedAt);
  const when = from ? `$T$ = ${T} に替えてから ${at - from} 回（通しで ${at} 回目）` : `${at} 回`;
  return isOwn(config) ? `学習の例は、${when}でほぼすべて（${goal} 以上）正解になりました。` : `${when}で解けました${still ? "" : "（いまの平均は、解けたとする値に届いていません）"}。`;
}

/** 最初の時刻の勾配を言う文。 @param {number} share 最後の時刻に対する割合 @param {number} steps @param {string} output */
function describeReach(share, steps, output) {
  // どの時刻も答える問題では、∂L/∂h_1 に、時刻 1 の近くの損失からの分も入る
  if (output === "sequence") return `時刻 1 の勾配は、時刻 ${steps} の ${twoDigits(share)} 倍です（どの時刻にも損失があるので、遠くから届いた分とは限りません）。`;
  if (share === 0) return "時刻 1 まで届いた勾配は、計算では 0 です（小さくて丸められたか、ユニットの傾きが 0 です）。";
  return `時刻 1 まで届いた勾配は、時刻 ${steps} の ${twoDigits(share)} 倍です。`;
}

/** 読者のデータの、隠した例での成績。 @param {{count: number, accuracy?: number, memoryless?: number, trained?: [number, number], error?: number, last?: number, linear?: number}} check */
export function describeCheck({ count, accuracy, memoryless, trained, error, last, linear }) {
  if (accuracy !== undefined) return `学習の例は ${trained[1]} 個のうち ${trained[0]} 個が正解です。隠した ${count} 個の例では、正解率 ${fixed(accuracy, 2)}（記憶なし ${fixed(memoryless, 2)}）です。`;
  return `学習に使わなかった終わりの ${count} 点では、二乗誤差（標準化した値）${twoDigits(error)}、直前の値 ${twoDigits(last)}、線形自己回帰 ${twoDigits(linear)} です。`;
}

/**
 * 第 3 章の測定を言う文。
 * @param {number[] | undefined} times 種ごとの解けた回数（解けなければ 0）
 */
export function describeMeasured(times) {
  if (!times?.length) return "";
  const solved = times.filter(Boolean).sort((a, b) => a - b);
  const interval = writeInterval(solved.length, times.length);
  if (!solved.length) return `第 3 章の測定（はじめからこの $T$ で、2000 回まで）では、${times.length} 個の種のどれも解けませんでした（${interval}）。`;
  const middle = solved[Math.floor((solved.length - 1) / 2)];
  return `第 3 章の測定（はじめからこの $T$ で、2000 回まで）では、${times.length} 個の種のうち ${solved.length} 個が解け（${interval}）、解けた種の中央値は ${middle} 回です。`;
}

/** 第 3 章のはしごでの、このセルの名。測っていなければ null。 @param {Record<string, any>} config */
export function ladderModel({ cell, readout, start, rho, forget_bias }) {
  if (readout === "attention") return null;
  if (cell === "gru") return "gru";
  if (cell === "rnn" && start === "uniform") return "rnn";
  if (cell === "relu" && start === "identity" && rho === 1) return "irnn";
  return cell === "lstm" && forget_bias !== null ? (forget_bias === "chrono" ? "lstm_chrono" : `lstm_b${forget_bias}`) : null;
}

/** 第 3 章と同じ条件（H、バッチ、学習率、クリップ、更新の規則）か。 @param {Record<string, any>} config */
export function asInLadder({ H, B, learning_rate, clip, optimizer }) {
  return H === 32 && B === 32 && learning_rate === 0.003 && clip === 1 && optimizer === "adam";
}

/** 一行の数: 速さ、最大の特異値、クリップの前の勾配のノルム。 @param {import("./runner.js").Runner[]} runners */
export function facts(runners) {
  return runners.map(({ latest, history, running }, k) => {
    if (!latest) return "";
    const sigma = Object.entries(latest.sigma ?? {}).sort(([, p], [, q]) => q - p)[0];
    const last = history.rows[history.rows.length - 1];
    const parts = [
      sigma ? `最大特異値 ${fixed(sigma[1], 2)}（$${sigma[0].replace(/_(\w+)/, "_{$1}")}$）` : "",
      last ? `勾配のノルム ${twoDigits(last.norm)}` : "",
      running && latest.perSecond ? `毎秒 ${Math.round(latest.perSecond)} 回` : "",
    ].filter(Boolean);
    return (runners.length > 1 ? `${"AB"[k]}: ` : "") + parts.join("、");
  }).filter(Boolean).join("　");
}
