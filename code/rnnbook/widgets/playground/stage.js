// 遊び場の中心: 選ぶ部品、学習を動かすボタン、二つの図、文、隠れ状態。大きな図と小さな図が共に使う。
import { button, control, el, liveText } from "../kit/controls.js";
import { assign, same } from "../kit/properties.js";
import { listen, watch } from "../kit/scope.js";
import { changingText } from "../kit/text.js";
import { configOf } from "./config.js";
import { createCurves, createGradients } from "./curves.js";
import { fold } from "./fold.js";
import { lookPanel } from "./look_panel.js";
import { createPace } from "./pace.js";
import { createRunner } from "./runner.js";
import { select } from "./select.js";
import { asInLadder, describe, describeMeasured, facts, ladderModel, nameOf, settingOf } from "./sentence.js";

export const CAPTION = "上の図の灰の破線は記憶なしで届く値、緑の線は解けたとする値、太い線は直近およそ 512 本の系列の平均、細い線は更新ごとの値です。下の端から積んだ灰の点は、第 3 章で測った、種ごとの解けた回数です。種を替えて数えたあとは、灰の帯が種の最小から最大まで、その中の破線が中央値です。勾配の図の点線は、はじめの更新（長さを替えたあとは、替えてからはじめの更新）のものです。二つ並べるとき、点線と隠れ状態は A のものです。LSTM でも $h_t$ の勾配で、セル状態 $c_t$ の勾配は含みません。注意のある実行の線は、セルによらず空色です。計算はこのページの中で行い、何も送りません。";

const WIDE = 700; // これより広い画面では、図を高くする px
/** 部品を出すか、隠す。同じなら書かない（書けば、ブラウザが見た目を決め直す）。 @param {HTMLElement} node @param {boolean} shown */
function offer(node, shown) {
  if (node.hidden === shown) node.hidden = !shown;
}

const QUIET = 1500; // 学習の間、読み上げる文を替える間隔 ms
const BRIEF = 300; // 学習の間、一行の数を替える間隔 ms。文字を替えると、下の部品まで並べ直すので

/**
 * @typedef {import("./runner.js").Runner} Runner
 * @typedef {import("./history.js").History} History
 * @typedef {Object} Stage 中心のうち、ほかの部品が使うもの
 * @property {Runner} a
 * @property {Runner} b
 * @property {() => Record<string, any>} config A のいまの設定
 * @property {() => void} begin ワーカーを作り、B を止める
 * @property {() => void} anew いまの条件を、はじめの重みから始め直す
 * @property {HTMLElement} place 読者のデータを打つ所
 * @typedef {Object} Extras ほかの部品
 * @property {() => void} draw 描くたびに呼ぶ
 * @property {() => void} [changed] 設定が変わったときに呼ぶ
 * @property {() => void} [interrupt] 読者が学習を始めるときに呼ぶ。借りた実行を返す
 * @property {() => boolean} [halt] 読者が一時停止を押したときに呼ぶ。借りた実行を止めたなら true
 * @property {() => boolean} [borrowed] A の実行を借りている間
 * @property {() => any} [seeds] 種を替えた帯
 * @property {() => string} [counted] 種を替えて数えた結果の文
 */

/**
 * @param {{model: import("../kit/controls.js").Model, get: (name: string) => any, body: HTMLElement, redraw: () => void}} parts
 * @param {{height: number, ready: boolean, extras?: (stage: Stage) => Extras}} options
 *   height は狭い画面での図の高さ px。ready なら、はじめからワーカーを作る
 * @returns {() => void} 描く関数
 */
export function buildStage({ model, get, body, redraw }, { height, ready, extras }) {
  body.classList.add("rf-play");
  let turned = false; // 読者がつまみを動かした。長さ、学習率、クリップは、続きの重みで替える
  let afresh = false; // 渡された条件（住所、リンク、課題のボタン）。必ず、はじめの重みから始める
  const back = (/** @type {number} */ T) => {
    turned = true;
    assign(model, "T", T);
  };
  body.addEventListener("input", () => {
    turned = true;
    redraw();
  }, true);
  const anew = () => {
    more?.interrupt?.();
    afresh = true;
    redraw();
  };
  watch(model, ["_given"], anew); // 組んだページが、住所かリンクの条件を渡した
  const pace = createPace(redraw);
  const [a, b] = [createRunner(redraw, back, pace.ask), createRunner(redraw, back, pace.ask)];
  let used = ready;
  const config = () => configOf(get);
  const isTwo = () => get("compare") === "on";
  const active = () => (isTwo() ? [a, b] : [a]);
  const running = () => active().some((runner) => runner.running);

  const top = el("div", { class: "rf-play-top" });
  body.append(top);
  for (const name of ["task", "cell"]) select(top, model, name);
  const [ofLstm, ofRnn] = [select(top, model, "b_f"), select(top, model, "start")];
  select(top, model, "readout").classList.add("rf-play-readout");
  control(top, model, "T");
  const place = el("div", { class: "rf-play-own" });
  const buttons = el("div", { class: "rf-play-buttons", role: "group", "aria-label": "学習を動かす" });
  body.append(place, buttons);
  const prepare = () => {
    used = true;
    if (!more?.borrowed?.()) active().forEach((runner, k) => runner.set(configOf(get, k ? "B" : "A")));
  };
  const press = (/** @type {(runner: Runner) => void} */ act) => {
    more?.interrupt?.();
    prepare();
    active().forEach(act);
  };
  const goButton = button(buttons, "学習", () => {
    if (!running()) press((runner) => runner.go());
    else if (!more?.halt?.()) press((runner) => runner.pause());
  });
  const labelGo = changingText(goButton);
  button(buttons, "一回だけ", () => press((runner) => runner.once()));
  button(buttons, "やり直し", () => press((runner) => runner.restart()));

  const pair = el("div", { class: "rf-pair" });
  body.append(pair);
  const sides = [el("div"), el("div")];
  pair.append(...sides);
  const tall = innerWidth >= WIDE ? 220 : height;
  const drawCurves = createCurves(sides[0], tall);
  const drawGradients = createGradients(sides[1], tall);
  const say = liveText(body);
  const numbers = el("p", { class: "rf-play-facts" });
  body.append(numbers);
  const tellNumber = changingText(numbers);
  const look = fold(body, "隠れ状態を見る", () => {
    prepare();
    redraw();
  });
  const drawLook = lookPanel(look.body, (x) => {
    prepare();
    a.look(x);
  });
  const begin = () => {
    used = true;
    b.pause();
    if (!a.ready()) a.set(config());
  };
  const more = extras?.({ a, b, config, begin, anew, place });

  let last = config();
  let wasTwo = false;
  let said = { at: 0, key: "" };
  let counted = 0; // 一行の数を替えた時刻 ms
  let away = false;
  listen(document, "visibilitychange", () => {
    away ||= document.hidden && running();
    redraw();
  });

  return () => {
    pace.begin();
    const now = config();
    if (!same(now, last)) more?.changed?.();
    last = now;
    const borrowed = more?.borrowed?.() ?? false;
    const two = isTwo() && !borrowed;
    const from = afresh ? "start" : turned ? "here" : "changed";
    [afresh, turned] = [false, false];
    if (used && !borrowed) a.set(now, from);
    if (two && used) b.set(configOf(get, "B"), from);
    else if (!two) b.pause();
    if (two && !wasTwo && a.running && !b.running) {
      // 学習の間に二つを並べたら、そろえて始める
      for (const runner of [a, b]) runner.restart();
      b.go();
    }
    wasTwo = two;
    more?.draw();
    offer(ofLstm, now.cell === "lstm");
    offer(ofRnn, now.cell === "rnn" || now.cell === "relu");

    const runners = two ? [a, b] : [a];
    const shown = runners.map(({ history }, k) => (history.config.cell ? history : { ...history, config: configOf(get, k ? "B" : "A") }));
    const key = ladderModel(now);
    const times = key ? get("ladder")[now.task]?.[key]?.[now.T] : undefined;
    drawCurves({ runs: shown, about: a.about, times, seeds: more?.seeds?.() ?? null });
    drawGradients({ runs: shown, about: a.about });
    labelGo(running() ? "一時停止" : "学習");

    // 学習の間は、ときどきだけ言い直す
    const event = [running(), ...shown.flatMap((run) => [run.solvedAt, run.stopped, run.refused, run.rows.length === 0]), JSON.stringify([now, shown[1]?.config])].join();
    const time = performance.now();
    const settled = running() && event === said.key;
    const quiet = settled && time - said.at < QUIET;
    if (!settled || time - counted >= BRIEF) {
      tellNumber(facts(runners));
      counted = time;
    }
    if (look.isOpen() && a.about) drawLook(a.latest, { ...a.about.sizes, H: now.H }, quiet);
    if (quiet) return;
    said = { at: time, key: event };
    const texts = runners.map((runner, k) => (two ? `${"AB"[k]}（${nameOf(shown[k].config)}）: ` : `${settingOf(now)}。`) + describe(shown[k], runner.about, runner.running));
    const usual = !two && times && !running() ? describeMeasured(times) + (asInLadder(now) ? "" : "ただし、いまの設定はその測定と違います。") : "";
    const hidden = away ? "ほかのタブを見ている間は、学習を止めていました。" : "";
    if (!document.hidden) away = false;
    const seeds = borrowed || !running() ? more?.counted?.() : "";
    say([hidden, seeds, ...texts, usual].filter(Boolean).join(" "));
  };
}
