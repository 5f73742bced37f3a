// 六つの課題。達したかどうかは、実行の記録（run_log.js）だけから決める。点数も順位もない。
//
// start は、図の引数のはじめの値。そこで「学習」を押しただけでは、どの課題にも達しない
// （tests/widgets/test_playground_missions.py が、種を替えて確かめる）。

import { BURST } from "./history.js";

/**
 * @typedef {import("./run_log.js").Run} Run
 * @typedef {{reached: boolean, note: string}} Verdict note は、達していれば分かったこと、いなければ足りないこと
 * @typedef {object} Mission
 * @property {string} id
 * @property {string} title
 * @property {string} text することと、見るところ
 * @property {Record<string, string | number>} start はじめの条件（図の引数）
 * @property {{question: string, options: {value: string, label: string}[]} | null} choice 読者が選ぶ答え
 * @property {{page: string, anchor: string, label: string}} link わけを説明する節
 * @property {(runs: Run[], choice: string | null, since?: number) => Verdict} judge runs は、古い実行が先。since は、答えを選んだときの実行の数
 */

const TRIED = 500; // これだけ更新して解けなければ、失敗とみなす
const SETTLED = 150; // 発散したかどうかを見る更新の回数
const COUNTED = 300; // 種を数えるときの、一つの種の更新の回数
const SEEDS = 10;
const LONG = 50;
const BELOW = 0.95; // 写しで、記憶なしの損失の何倍を下回るか
// どの時刻にも損失がある問題。左の端の勾配が大きくても、遠くから届いたとは限らない
const ANSWERS_ALWAYS = ["copy", "brackets"];

const no = (/** @type {string} */ note) => ({ reached: false, note });
const yes = (/** @type {string} */ note) => ({ reached: true, note });
const isRnn = ({ config }) => (config.cell === "rnn" || config.cell === "relu") && config.readout !== "attention";

/** 長い系列で、RNN が解けずに終わった実行。 */
function failures(runs) {
  return runs.filter((run) => isRnn(run) && run.config.T >= LONG && run.solvedAt === null && run.updates >= TRIED && !run.stopped && !run.lengths.length);
}

/** はじめの更新で、最初の時刻に届いた勾配の、最後の時刻に対する倍率。 @param {Run} run */
function carried({ firstGradients: g }) {
  return g[0] / g[g.length - 1];
}

/** 倍率の言い方。 @param {number} ratio */
function picture(ratio) {
  return ratio < 1e-2 ? "vanish" : ratio > 1e2 ? "explode" : "level";
}

/** 10 の何乗か。 @param {number} ratio */
function power(ratio) {
  return ratio > 0 ? `$10^{${Math.round(Math.log10(ratio))}}$ 倍` : "0 倍";
}

function judgeFail(runs, choice) {
  const failed = failures(runs).filter(({ config }) => !ANSWERS_ALWAYS.includes(config.task));
  if (!failed.length) return no(`終わりに一度だけ答える問題（「順序」など）で、RNN が、$T$ = ${LONG} 以上で、${TRIED} 回更新しても解けない実行が要ります。`);
  const ratio = carried(failed[failed.length - 1]);
  if (!choice) return no("失敗しました。勾配の図の点線（はじめの更新）を見て、下から選びます。");
  if (choice !== picture(ratio)) return no(`点線の左の端は、右の端の ${power(ratio)}です。もう一度選びます。`);
  return yes(`左の端は右の端の ${power(ratio)}でした。${choice === "vanish" ? "最初の入力から答えまでの関わりは、はじめの更新には、ほとんど伝わりません。ただし、消えた勾配は学習を難しくするもので、必ず止めるものではありません。" : "この実行の失敗は、消えた勾配では説明できません。"}`);
}

/** 二つの設定で違う所。使われない引数は比べない。 */
function differences(one, other) {
  const names = ["H", "B", "readout", "learning_rate", "optimizer", "clip"].filter((name) => one[name] !== other[name]);
  if (one.cell !== other.cell) return [...names, "cell"];
  if (one.start !== other.start) return [...names, "start"];
  if (one.start !== "uniform" && one.rho !== other.rho) names.push("rho");
  if (one.forget_bias !== other.forget_bias) names.push("forget_bias");
  return names;
}

/** 途中で長さを延ばした実行と、そうでない実行を合わせて、違うつまみの数。 */
function knobs(failed, solved) {
  return differences(failed.config, solved.config).length + (solved.lengths.length ? 1 : 0);
}

function judgeOneKnob(runs) {
  const failed = failures(runs);
  if (!failed.length) return no("先に、RNN の失敗した実行を作ります（一つめの課題）。");
  const solved = runs.filter((run) => run.solvedAt !== null && !run.continued);
  const same = (a, b) => a.task === b.task && a.T === b.T && a.seed === b.seed;
  const pairs = failed.flatMap((one) => solved.filter((run) => same(one.config, run.config)).map((run) => knobs(one, run)));
  if (pairs.includes(1)) return yes("同じ問題、同じ種を、つまみ一つの違いで解きました。勾配の図の点線が、失敗した実行とどう違うかを見比べてください。");
  if (pairs.length) return no(`解けましたが、失敗した実行とは ${Math.min(...pairs)} か所が違います。一つだけを替えます。`);
  return no("失敗した実行と、同じ問題、同じ長さ、同じ種で解きます。");
}

/** 損失が有限でなくなったか、はじめの BURST 倍を超えた実行。 @param {Run} run */
function exploded(run) {
  return Boolean(run.stopped) || run.worst > BURST * run.first;
}

function judgeExplosion(runs) {
  // Adam とモメンタムは勾配の大きさをならすので、クリップの働きが混ざる
  const free = runs.filter(({ config, continued }) => config.optimizer === "sgd" && config.clip === 0 && !continued);
  const burst = free.filter(exploded);
  if (!burst.length) return no("SGD で、クリップを 0（なし）にして、学習率を上げていき、損失が発散する実行を作ります。");
  const same = (one, other) => one.task === other.task && one.T === other.T && one.seed === other.seed;
  const calm = burst.filter((run) => free.some((other) => same(run.config, other.config) && !exploded(other) && other.updates >= SETTLED
    && other.config.learning_rate < run.config.learning_rate && differences(run.config, other.config).length === 1));
  if (!calm.length) return no(`発散しました。境目を知るため、学習率だけを下げて、${SETTLED} 回まで発散しない実行も作ります。`);
  const saved = calm.find((run) => runs.some((other) => same(run.config, other.config) && other.config.clip > 0 && !other.continued && !exploded(other)
    && other.updates >= SETTLED && other.last < 2 * other.first && differences(run.config, other.config).join() === "clip"));
  if (!saved) return no(`境目が見つかりました。発散した学習率のまま、クリップだけを入れて、${SETTLED} 回続けます（「やり直し」から）。`);
  return yes(`学習率 ${saved.config.learning_rate} は、クリップなしでは発散し、クリップすれば続きました。クリップは向きを変えず、一歩の大きさだけを抑えます。`);
}

function judgeGru(runs) {
  const gru = runs.filter(({ config }) => config.task === "latch" && config.cell === "gru" && config.readout !== "attention" && config.T >= LONG);
  if (!gru.length) return no(`GRU で、$T$ = ${LONG} 以上のラッチを、読み出しは「h だけ」のまま学習させます。`);
  const solved = gru.find((run) => run.solvedAt !== null);
  if (!solved) return no("まだ解けていません。短い $T$ で解けてから、学習を止めずに $T$ を延ばすと、同じ重みから続きます。");
  const way = solved.lengths.length ? "短い系列で覚えた重みが、長い系列でも役に立ちました。" : "はじめから長い系列で解けました。珍しい実行です。";
  return yes(`$T$ = ${solved.config.T} のラッチを GRU が解きました。${way}`);
}

function judgeCopy(runs) {
  const copies = runs.filter(({ config, updates }) => config.task === "copy" && config.T >= 10 && updates >= 16);
  if (!copies.length) return no("写しを、$T$ = 10 以上で学習させます。");
  const ratio = Math.min(...copies.map((run) => run.bestMetric / run.baseline));
  if (ratio >= BELOW) return no(`いちばんよい実行は、記憶なしの ${ratio.toFixed(2)} 倍です。${BELOW} 倍を下回るまで、セルや学習率を選びます。`);
  return yes(`記憶なしの ${ratio.toFixed(2)} 倍まで下がりました。下がった分だけ、記号を覚えています。解けたと言えるのは、1/20 を下回ったときです。`);
}

/** 種だけが違う実行の組。 @param {Run[]} runs @returns {Map<string, Run[]>} */
function groups(runs) {
  const found = new Map();
  for (const run of runs) {
    const { seed, ...rest } = run.config;
    const key = JSON.stringify(rest);
    const group = found.get(key) ?? new Map();
    if (!run.continued && !run.lengths.length && outcome(run) !== null) group.set(seed, run);
    found.set(key, group);
  }
  return new Map([...found].map(([key, group]) => [key, [...group.values()]]));
}

/** COUNTED 回までに解けたか。まだ分からなければ null。 @param {Run} run */
function outcome({ solvedAt, updates, stopped }) {
  if (solvedAt !== null && solvedAt <= COUNTED) return "solved";
  return updates >= COUNTED || stopped ? "failed" : null;
}

function judgeSeeds(runs, choice, since = 0) {
  if (!choice) return no(`${COUNTED} 回までに解けるかどうかを、先に予想します。`);
  const asked = runs.slice(since).filter(({ config }) => config.task === "latch" && config.cell === "rnn" && config.readout !== "attention" && config.T >= LONG);
  const counted = [...groups(asked).values()].sort((a, b) => b.length - a.length)[0] ?? [];
  const against = counted.filter((run) => outcome(run) !== choice).length;
  const so = `同じ条件で ${counted.length} 個の種を数え、予想と違う種は ${against} 個です。`;
  if (counted.length < SEEDS) return no(`${so}${SEEDS} 個まで数えます（更新の上限は ${COUNTED} 回以上）。`);
  if (!against) return no(`${so}この条件では、予想に反する種が見つかりません。$T$ を替えるか、ほかの種を試します。`);
  if (against === counted.length) return no(`${so}どの種も予想と逆でした。予想を改めます。`);
  return yes(`${so}一つの種で「解ける」「解けない」と言うと、別の種に覆されます。言えるのは割合と、その幅です。`);
}

/** @type {Mission[]} */
export const MISSIONS = [
  {
    id: "fail", title: "RNN を失敗させる",
    text: `RNN に、$T$ = ${LONG} の「順序」を ${TRIED} 回学習させます。解けなければ、勾配の図の点線（はじめの更新）を見て、何が見えるかを選びます。`,
    start: { task: "order", cell: "rnn", T: 50 },
    choice: {
      question: "点線は、右の端（答える時刻）から左の端（最初の時刻）へ",
      options: [{ value: "vanish", label: "何桁も小さくなる" }, { value: "level", label: "同じくらいの大きさで続く" }, { value: "explode", label: "何桁も大きくなる" }],
    },
    link: { page: "02_vanishing_gradients", anchor: "消えた勾配は-学習を止めるか", label: "2.11 消えた勾配は、学習を止めるか" },
    judge: judgeFail,
  },
  {
    id: "knob", title: "つまみ一つで解く",
    text: "失敗した実行と同じ問題、同じ長さ、同じ種を、つまみを一つだけ替えて解きます。RNN のままでも解けます。はじめの $W_{hh}$ を替えるのが一つの道です。",
    start: { task: "order", cell: "rnn", T: 50 },
    choice: null,
    link: { page: "02_vanishing_gradients", anchor: "直交行列は-どの向きも残す", label: "2.6 直交行列は、どの向きも残す" },
    judge: judgeOneKnob,
  },
  {
    id: "explode", title: "発散させて、クリップで救う",
    text: `単位行列から始めた ReLU の RNN に、SGD で「足し算」を、クリップなしで学習させます。学習率を一段ずつ上げて、損失が発散する（はじめの ${BURST} 倍を超えるか、有限でなくなる）境目を探します。見つかったら、その学習率のまま、クリップだけを入れて「やり直し」、${SETTLED} 回学習します。`,
    start: { task: "adding", cell: "relu", start: "identity", T: 50, optimizer: "sgd", learning_rate: 0.0001, clip: 0 },
    choice: null,
    link: { page: "02_vanishing_gradients", anchor: "勾配クリッピング", label: "2.9 勾配クリッピング" },
    judge: judgeExplosion,
  },
  {
    id: "gru", title: "GRU にラッチを解かせる",
    text: `GRU に、$T$ = ${LONG} のラッチを解かせます。はじめから ${LONG} 時刻を読ませても、なかなか解けません。学習しながら動かせるつまみが、一つあります。`,
    start: { task: "latch", cell: "gru", T: 50 },
    choice: null,
    link: { page: "03_lstm_gru", anchor: "記憶のはしご", label: "3.10 記憶のはしご" },
    judge: judgeGru,
  },
  {
    id: "copy", title: "写しで、記憶なしの値を下回る",
    text: `「写し」を $T$ = 10 で学習させ、損失の平均を、記憶なしの値の ${BELOW} 倍より下げます。損失が早く下がることと、記号を覚えることは別です。灰の破線で止まる実行と、そこを抜ける実行を見比べます。`,
    start: { task: "copy", cell: "rnn", T: 10 },
    choice: null,
    link: { page: "03_lstm_gru", anchor: "時刻まで覚える", label: "3.10 200 時刻まで覚える" },
    judge: judgeCopy,
  },
  {
    id: "seeds", title: "予想に反する種を探して、数える",
    text: `RNN が $T$ = ${LONG} のラッチを ${COUNTED} 回までに解けるかどうかを、先に予想します。種を ${SEEDS} 個続けて学習し、予想に反した種を数えます。`,
    start: { task: "latch", cell: "rnn", T: 50 },
    choice: {
      question: `この条件の RNN は、${COUNTED} 回までに`,
      options: [{ value: "solved", label: "解ける" }, { value: "failed", label: "解けない" }],
    },
    link: { page: "02_vanishing_gradients", anchor: "長さを変えて", label: "2.11 長さを変えて" },
    judge: judgeSeeds,
  },
];
