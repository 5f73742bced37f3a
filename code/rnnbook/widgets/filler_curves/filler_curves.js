// 系列長・学習回数と正解率: モデルごとの小さな図を並べ、いつ解け始めるかを見る。
import { el, control, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { MODELS } from "../kit/models.js";
import { createPlot } from "../kit/plot.js";
import { assign, nearest } from "../kit/properties.js";
import { setInline } from "../kit/text.js";
import { pickable } from "../kit/touch.js";
import { describeRuns, numbersOfRuns, summarize, toPoints } from "../runs/ladder_runs.js";

/** @typedef {import("../runs/ladder_runs.js").Run} Run */

const CAPTION = "一つの図が一つのモデル、一本の線が一つの種です。灰色の線は当てずっぽうの 1/3、破線は解けたとする 0.99。解けた種の学習はそこでやめ、終わりに印を置きます。図に触れると、更新の回数を選べます。";

/**
 * 選んだ回数までに、モデルがどうなったかの文。
 * @param {string} name モデルの名
 * @param {Run[]} runs 種ごとの記録。測っていなければ空
 * @param {number[]} checkpoints
 * @param {number} updates
 * @returns {string}
 */
export function describeModel(name, runs, checkpoints, updates) {
  if (!runs.length) return `${name}: この条件では測っていません`;
  return `${name}: ${describeRuns(summarize(runs, checkpoints, updates), "正解率")}`;
}

export default figure(CAPTION, ({ model, get, body }) => {
  const [lengths, checkpoints, runs] = ["lengths", "checkpoints", "runs"].map(get);
  const names = Object.keys(MODELS).filter((name) => Object.values(runs).some((byModel) => name in byModel));
  const last = checkpoints[checkpoints.length - 1];
  control(body, model, "variant");
  const sliders = el("div", { class: "rf-pair" });
  body.append(sliders);
  control(sliders, model, "fillers");
  control(sliders, model, "updates");
  control(body, model, "models");
  const grid = el("div", { class: "rf-two" });
  body.append(grid);
  const panels = names.map((name) => {
    const { color, shape, label } = MODELS[name];
    const heading = el("p", { class: "rf-panel-name" });
    setInline(heading, label);
    const panel = el("div", {}, heading);
    grid.append(panel);
    const plot = createPlot(panel, {
      label: `${label}の、更新の回数と正解率`, height: 150,
      x: { label: "更新（対数）", column: "更新の回数", scale: "log", ticks: [25, 100, 500, 2000], domain: [checkpoints[0] * 0.9, last * 1.1] },
      y: { label: "正解率", domain: [0.15, 1.04], ticks: [0.33, 0.66, 1] },
    });
    plot.ruleY("var(--rf-baseline)", "rf-thick").named("当てずっぽう").set(1 / 3);
    plot.ruleY("var(--rf-good)", "rf-dashed").named("解けたとする値").set(0.99);
    const cursor = plot.ruleX("var(--rf-warn)", "rf-cursor");
    const curves = plot.lines(color, "rf-thin").named((k) => `種 ${k}`);
    const ends = plot.markers(color, shape, 6).named("解けた所");
    pickable(plot.root, (event) => assign(model, "updates", checkpoints[nearest(checkpoints, Math.max(1, plot.toData(event)[0]))]));
    return { name, panel, cursor, curves, ends };
  });
  const say = liveText(body);

  function draw() {
    const [variant, fillers, updates, shown] = ["variant", "fillers", "updates", "models"].map(get);
    const runsOf = (/** @type {string} */ name) => /** @type {Run[]} */ (runs[variant][name]?.[fillers] ?? []);
    for (const { name, panel, cursor, curves, ends } of panels) {
      panel.hidden = !shown.includes(name);
      if (panel.hidden) continue;
      const all = runsOf(name).map(([curve, at]) => ({ at, points: toPoints(curve, checkpoints) }));
      curves.set(all.map(({ points }) => points));
      ends.set(all.filter(({ at }) => at > 0).map(({ points }) => points[points.length - 1]));
      cursor.set(updates);
    }
    const visible = names.filter((name) => shown.includes(name));
    const told = visible.map((name) => describeModel(MODELS[name].label, runsOf(name), checkpoints, updates));
    const head = variant === "decoys" ? "おとりあり" : "おとりなし";
    say([`${head}、はさむ語 ${fillers} 語、更新 ${updates} 回まで`, ...(told.length ? told : ["モデルを選んでください。"])].join("。"));
    return Object.fromEntries(visible.flatMap((name) =>
      Object.entries(numbersOfRuns(summarize(runsOf(name), checkpoints, updates))).map(([key, v]) => [`${name}_${key}`, v])));
  }
  return draw;
});
