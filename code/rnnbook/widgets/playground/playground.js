// RNN の遊び場: 問題、セル、系列長を選び、このページの中で学習させ、正解率と勾配が変わるのを見る。
import { button, control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { same } from "../kit/properties.js";
import { listen } from "../kit/scope.js";
import { setInline } from "../kit/text.js";
import { configOf } from "./config.js";
import { createCurves, createGradients } from "./curves.js";
import { fold } from "./fold.js";
import { lookPanel } from "./look_panel.js";
import { moreSettings } from "./more_settings.js";
import { ownPanel } from "./own_panel.js";
import { programPanel } from "./program_panel.js";
import { createRunner } from "./runner.js";
import { seedsPanel } from "./seeds_panel.js";
import { select } from "./select.js";
import { asInLadder, describe, describeMeasured, facts, ladderModel, nameOf, settingOf } from "./sentence.js";
import { versusPanel } from "./versus_panel.js";

const CAPTION = "上の図の灰の破線は記憶なしで届く値、緑の線は解けたとする値、太い線は直近およそ 512 本の系列の平均、細い線は更新ごとの値です。下の端から積んだ灰の点は、第 3 章で測った、種ごとの解けた回数です。勾配の図の点線は、はじめの更新のものです。計算はこのページの中で行い、何も送りません。";
const WIDE = 700; // これより広い画面では、図を高くする px
const QUIET = 1500; // 学習の間、読み上げる文を替える間隔 ms

export default figure(CAPTION, ({ model, get, body, redraw }) => {
  const small = get("size") === "small";
  body.classList.add("rf-play");
  const [a, b] = [createRunner(redraw), createRunner(redraw)];
  let used = !small; // 小さな図は、押されるまでワーカーを作らない

  const top = el("div", { class: "rf-play-top" });
  body.append(top);
  for (const name of ["task", "cell"]) select(top, model, name);
  const [ofLstm, ofRnn] = [select(top, model, "b_f"), select(top, model, "start")];
  control(top, model, "T");
  ownPanel(body, model);
  const buttons = el("div", { class: "rf-play-buttons", role: "group", "aria-label": "学習を動かす" });
  body.append(buttons);
  const active = () => (get("compare") === "on" ? [a, b] : [a]);
  const prepare = () => {
    used = true;
    const configs = [configOf(get, "A"), configOf(get, "B")];
    active().forEach((runner, k) => runner.set(configs[k]));
  };
  const each = (/** @type {(runner: import("./runner.js").Runner) => void} */ act) => () => {
    seeds?.stop();
    prepare();
    active().forEach(act);
  };
  const go = button(buttons, "学習", () => each(running() ? (r) => r.pause() : (r) => r.go())());
  button(buttons, "一回だけ", each((runner) => runner.once()));
  button(buttons, "やり直し", each((runner) => runner.restart()));
  const running = () => active().some((runner) => runner.running);

  const pair = el("div", { class: "rf-pair" });
  body.append(pair);
  const [left, right] = [el("div"), el("div")];
  pair.append(left, right);
  const height = innerWidth >= WIDE ? 220 : small ? 156 : 168;
  const drawCurves = createCurves(left, height);
  const drawGradients = createGradients(right, height);
  const say = liveText(body);
  const numbers = el("p", { class: "rf-play-facts" });
  body.append(numbers);

  const look = fold(body, "隠れ状態を見る", redraw);
  const drawLook = lookPanel(look.body, (x) => {
    prepare();
    a.look(x);
  });
  const settings = small ? null : fold(body, "ほかの設定");
  if (settings) moreSettings(settings.body, model);
  const versus = small ? null : versusPanel(fold(body, "二つの実行を並べる").body, model);
  /** @type {ReturnType<typeof seedsPanel> | null} */
  let seeds = null;
  if (!small) {
    seeds = seedsPanel(fold(body, "種を替えて数える").body, model, a, {
      begin: () => {
        used = true;
        b.pause();
        if (!a.ready()) a.set(configOf(get));
      },
      config: () => configOf(get), changed: redraw,
    });
  }

  /** @type {Record<string, any>} いちばん新しい設定 */
  let last = configOf(get);
  const program = small ? null : fold(body, "PyTorch で写す", redraw);
  const writeProgram = program && programPanel(program.body, () => ({ config: last, history: a.history }));
  let said = { at: 0, key: "" };
  let away = false;
  listen(document, "visibilitychange", () => {
    away ||= document.hidden && running();
    redraw();
  });

  return () => {
    const config = configOf(get);
    if (!same(config, last)) seeds?.forget();
    last = config;
    if (used && !seeds?.state.active) a.set(config);
    const two = get("compare") === "on" && !seeds?.state.active;
    if (two && used) b.set(configOf(get, "B"));
    else b.pause();
    seeds?.update();
    versus?.();
    ofLstm.hidden = get("cell") !== "lstm";
    ofRnn.hidden = get("cell") !== "rnn" && get("cell") !== "relu";

    const runs = (two ? [a, b] : [a]).map((runner) => runner.history);
    const shown = runs.map((run) => (run.config.cell ? run : { ...run, config }));
    const key = ladderModel(config);
    const times = key ? get("ladder")[config.task]?.[key]?.[config.T] : undefined;
    drawCurves({ runs: shown, about: a.about, times, seeds: seeds?.state.band ?? null });
    drawGradients({ runs: shown, about: a.about });
    go.textContent = running() ? "一時停止" : "学習";
    setInline(numbers, facts(two ? [a, b] : [a]));
    if (program?.isOpen()) writeProgram?.();
    if (look.isOpen() && a.about) drawLook(a.latest, { ...a.about.sizes, H: config.H });

    // 学習の間は、ときどきだけ言い直す
    const event = [running(), ...runs.flatMap((run) => [run.solvedAt, run.stopped, run.rows.length === 0]), JSON.stringify(config)].join();
    const now = performance.now();
    if (running() && event === said.key && now - said.at < QUIET) return;
    said = { at: now, key: event };
    const texts = (two ? [a, b] : [a]).map((runner, k) => (two ? `${"AB"[k]}（${nameOf(shown[k].config)}）: ` : `${settingOf(config)}。`) + describe(shown[k], runner.about, runner.running));
    const usual = !two && !small && times && !running() ? describeMeasured(times) + (asInLadder(config) ? "" : "ただし、いまの設定はその測定と違います。") : "";
    const hidden = away ? "ほかのタブを見ている間は、学習を止めていました。" : "";
    if (!document.hidden) away = false;
    say([hidden, ...texts, usual].filter(Boolean).join(" "));
  };
});
