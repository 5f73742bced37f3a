// 系列長と正解率: 記憶のはしごの学習を、長さ・モデル・更新の回数ごとに見る。
import { el, control } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { MODELS } from "../kit/models.js";
import { createPlot, svg } from "../kit/plot.js";
import { assign, nearest, rowOf } from "../kit/properties.js";
import { watch } from "../kit/scope.js";
import { setInline } from "../kit/text.js";
import { pickable } from "../kit/touch.js";
import { outline, isOpen } from "../kit/shapes.js";
import { median } from "../nn/numerics.js";
import { toPoints, valueAt, summarize, describeRuns, numbersOfRuns } from "../runs/ladder_runs.js";
import { trainAgain } from "./train_again.js";

/** @type {Record<string, {metric: string, axis: string, unit: string}>} */
const TASK_TEXTS = {
  latch: { metric: "正解率", axis: "正解率", unit: "正解率" },
  order: { metric: "正解率", axis: "正解率", unit: "正解率" },
  if_then: { metric: "正解率", axis: "正解率", unit: "正解率" },
  adding: { metric: "減らせた割合", axis: "1 − 誤差 ÷ 記憶なしの誤差", unit: "平均二乗誤差" },
  copy: { metric: "減らせた割合", axis: "1 − 損失 ÷ 記憶なしの損失", unit: "交差エントロピー" },
};
const MINE = "var(--rf-truth)";
const LOST = /** @type {const} */ ("crossed");
const LENGTH = "長さ $T$（歩）"; // 表（CSV）の列の名。図では、重ならないように横にずらしている
const CAPTION = "記憶のはしご。一つの印が一つの種、線は中央値、帯は最小から最大まで。1 が満点、灰色の線は記憶なしで届く値、破線を越えたら解けたとします。丸に×の印は発散した種で、枠の下の端に置き、中央値と帯には数えません。足し算と写しでは、向きをそろえるために、記憶なしの誤差をどれだけ減らせたかを示します。解けた種の学習はそこでやめ、値はそのまま保ちます。";

/**
 * 凡例の見本: 線の種類と印。dash がなければ、印だけ。
 * @param {{color: string, shape: import("../kit/shapes.js").Shape, dash?: string}} look
 * @returns {SVGElement}
 */
function sample({ color, shape, dash }) {
  const node = svg("svg", { width: 30, height: 14, "aria-hidden": "true" });
  if (dash !== undefined) svg("path", { class: "rf-line", d: "M1,7H29", style: `stroke:${color};stroke-dasharray:${dash || "none"}` }, node);
  svg("path", { class: "rf-markers", d: outline(shape, 15, 7, 8), style: `stroke:${color};fill:${isOpen(shape) ? "none" : color}` }, node);
  return node;
}

/**
 * 値が変わると読み上げられる、見出しと行。
 * @param {Element} parent
 * @returns {(lines: string[]) => void} はじめの一つが見出し
 */
function liveList(parent) {
  const heading = el("p");
  const list = el("ul", { class: "rf-told" });
  parent.append(el("div", { "aria-live": "polite" }, heading, list));
  let last = "";
  return ([first, ...rest]) => {
    if ([first, ...rest].join("\n") === last) return;
    last = [first, ...rest].join("\n");
    setInline(heading, first);
    list.replaceChildren(...rest.map((line) => {
      const item = el("li");
      setInline(item, line);
      return item;
    }));
  };
}

export default figure(CAPTION, ({ model, get, body, redraw }) => {
  const [grid, runs, checkpoints] = ["grid", "runs", "checkpoints"].map(get);
  // ページに書かれた辞書は名前の順になるので、モデルの順は引数の表から取る。
  const names = /** @type {[string, string][]} */ (rowOf(model, "models")?.choices).map(([name]) => name);
  control(body, model, "task");
  const sliders = el("div", { class: "rf-pair" });
  body.append(sliders);
  control(sliders, model, "T");
  control(sliders, model, "updates");
  const pair = el("div", { class: "rf-pair" });
  body.append(pair);
  // 凡例を兼ねるので図のそばに、図が先に見えるように下に置く
  control(body, model, "models", { sample: (name) => sample(MODELS[name]) });
  const lostSample = sample({ color: "var(--rf-ink)", shape: LOST });
  body.append(el("div", { class: "rf-legend" }, el("span", {}, lostSample, "発散した種（枠の下の端）")));
  const every = [...new Set(Object.values(grid).flatMap((g) => /** @type {any} */ (g).T))].sort((a, b) => a - b);
  // 隣の T と混ざらない幅の中で、見せるモデルを横に並べ、一つのモデルの中では種を横に並べる。
  const gap = Math.min(...every.slice(1).map((T, i) => Math.log(T / every[i])), 0.8);
  const shifted = (/** @type {number} */ T, /** @type {string} */ name, spread = 0) => {
    const shown = get("models");
    const width = (0.7 * gap) / Math.max(shown.length, 2);
    return T * Math.exp(width * (shown.indexOf(name) - (shown.length - 1) / 2 + 0.7 * spread));
  };
  const axis = TASK_TEXTS[get("task")].axis;
  const byLength = createPlot(pair, {
    label: "長さ T と正解率", height: 270,
    x: { label: "長さ $T$（歩、対数目盛り）", column: "横の位置（長さの近く）", scale: "log", ticks: every, domain: [every[0] * Math.exp(-gap / 2.4), every[every.length - 1] * Math.exp(gap / 2.4)] },
    y: { label: axis, domain: [0, 1] },
  });
  const byUpdates = createPlot(pair, {
    label: "更新の回数と、選んだ T での正解率", height: 270,
    x: { label: "更新の回数", domain: [0, checkpoints[checkpoints.length - 1] * 1.02] },
    y: { label: axis, domain: [0, 1] },
  });
  const cursorT = byLength.ruleX("var(--rf-warn)", "rf-cursor");
  const cursorUpdates = byUpdates.ruleX("var(--rf-warn)", "rf-cursor");
  const frames = [byLength, byUpdates].map((plot) => ({
    baseline: plot.ruleY("var(--rf-baseline)", "rf-thick").named("記憶なし"), goal: plot.ruleY("var(--rf-good)", "rf-dashed").named("解けたとする値"), notes: plot.notes("var(--rf-muted)"),
  }));
  const looks = names.map((name) => {
    const { color, shape, dash, label } = MODELS[name];
    const parts = {
      band: byLength.band(color).named(`${label}、種の最小から最大まで`, [LENGTH]), line: byLength.line(color).named(`${label}、種の中央値`, [LENGTH]),
      dots: byLength.markers(color, shape, 4.5).named(`${label}、種ごと`, [LENGTH]),
      curves: byUpdates.lines(color, "rf-thin").named((k) => `${label}、種 ${k}`), ends: byUpdates.markers(color, shape, 7).named(`${label}、解けた所`),
      lostAtT: byLength.markers(color, LOST, 7).named(`${label}、発散した種（枠の下の端）`, [LENGTH]),
      lostAt: byUpdates.markers(color, LOST, 7).named(`${label}、発散した所（枠の下の端）`),
    };
    for (const line of [parts.line, parts.curves]) line.node.style.strokeDasharray = dash;
    return { name, parts };
  });
  const mine = {
    lostAtT: byLength.markers(MINE, LOST, 12).named("あなたの学習、発散", [LENGTH]), lostAt: byUpdates.markers(MINE, LOST, 12).named("あなたの学習、発散"),
    dots: byLength.markers(MINE, "star", 12).named("あなたの学習", [LENGTH]), curves: byUpdates.lines(MINE).named("あなたの学習"),
    ends: byUpdates.markers(MINE, "star", 12).named("あなたの学習、終わり"),
  };
  pickable(byLength.root, (event) => {
    const lengths = grid[get("task")].T;
    assign(model, "T", lengths[nearest(lengths, byLength.toData(event)[0])]);
  });
  pickable(byUpdates.root, (event) => {
    assign(model, "updates", checkpoints[nearest(checkpoints, Math.max(1, byUpdates.toData(event)[0]))]);
  });

  const say = liveList(body);
  trainAgain(body, model, (name) => MODELS[name].label);

  /** @typedef {{task: string, T: number, updates: number, shown: string[], clip: (v: number) => number, lost: number}} View lost は発散した種を置く高さ */
  const runsOf = (/** @type {string} */ task, /** @type {string} */ name, /** @type {number} */ T) => /** @type {import("../runs/ladder_runs.js").Run[]} */ (runs[task]?.[name]?.[T] ?? []);

  function drawLengths(/** @type {View} */ { task, updates, shown, clip, lost }) {
    for (const { name, parts } of looks) {
      for (const part of [parts.band, parts.line, parts.dots, parts.lostAtT]) part.show(shown.includes(name));
      if (!shown.includes(name)) continue;
      const all = grid[task].T.map((/** @type {number} */ t) => ({ t, ...summarize(runsOf(task, name, t), checkpoints, updates) }));
      const places = all.flatMap(({ t, seeds, values }) => values.map((v, i) => ({ t, x: shifted(t, name, (i + 0.5) / seeds - 0.5), v })));
      const columns = all.map(({ t, values }) => ({ t, values: values.filter((v) => v !== null).map(clip) })).filter(({ values }) => values.length);
      parts.band.node.style.fillOpacity = shown.length > 3 ? "0.08" : "0.16";
      parts.dots.set(places.filter(({ v }) => v !== null).map(({ t, x, v }) => [x, clip(v), t]));
      parts.lostAtT.set(places.filter(({ v }) => v === null).map(({ t, x }) => [x, lost, t]));
      parts.line.set(columns.map(({ t, values }) => [shifted(t, name), median(values), t]));
      parts.band.set(columns.map(({ t, values }) => [shifted(t, name), Math.min(...values), Math.max(...values), t]));
    }
  }

  function drawUpdates(/** @type {View} */ { task, T, shown, clip, lost }) {
    for (const { name, parts } of looks) {
      for (const part of [parts.curves, parts.ends, parts.lostAt]) part.show(shown.includes(name));
      if (!shown.includes(name)) continue;
      const curves = runsOf(task, name, T).map(([curve, solvedAt, divergedAt]) => ({ solvedAt, divergedAt, points: toPoints(curve, checkpoints, divergedAt).map(([n, v]) => [n, clip(v)]) }));
      parts.curves.set(curves.map(({ points }) => points));
      parts.ends.set(curves.filter(({ solvedAt }) => solvedAt > 0).map(({ points }) => points[points.length - 1]));
      parts.lostAt.set(curves.filter(({ divergedAt }) => divergedAt > 0).map(({ divergedAt }) => [divergedAt, lost]));
    }
  }

  function drawMine(/** @type {View} */ { task, T, updates, shown, clip, lost }) {
    const own = [...get("mine"), ...("share" in get("training") ? [get("training")] : [])].filter((run) => run.task === task && shown.includes(run.model));
    const isLost = (/** @type {any} */ run) => run.diverged_at > 0 && run.diverged_at <= updates;
    const known = own.filter((run) => !isLost(run)).map((run) => ({ run, value: valueAt(run.curve, checkpoints, updates) })).filter(({ value }) => value !== null);
    mine.dots.set(known.map(({ run, value }) => [shifted(run.T, run.model), clip(/** @type {number} */ (value)), run.T]));
    mine.lostAtT.set(own.filter(isLost).map((run) => [shifted(run.T, run.model), lost, run.T]));
    const here = own.filter((run) => run.T === T);
    const curves = here.map((run) => ({ run, points: toPoints(run.curve, checkpoints, run.diverged_at).map(([n, v]) => [n, clip(v)]) })).filter(({ points }) => points.length);
    mine.curves.set(curves.map(({ points }) => points));
    mine.ends.set(curves.filter(({ run }) => !run.diverged_at).map(({ points }) => points[points.length - 1]));
    mine.lostAt.set(here.filter((run) => run.diverged_at > 0).map((run) => [run.diverged_at, lost]));
  }

  function tell(/** @type {View} */ { task, T, updates, shown }) {
    const { metric, unit } = TASK_TEXTS[task];
    const { label, baseline } = grid[task];
    const without = baseline[grid[task].T.indexOf(T)];
    const counted = names.filter((name) => shown.includes(name)).map((name) =>
      `${MODELS[name].label}: ${describeRuns(summarize(runsOf(task, name, T), checkpoints, updates), metric)}`);
    const own = get("mine").filter((/** @type {any} */ run) => run.task === task && run.T === T).map((/** @type {any} */ run) =>
      `あなたの学習、${MODELS[run.model].label}（種 ${run.seed}）: ${run.solved_at ? `${run.solved_at} 回で解けました` : run.diverged_at ? `${run.diverged_at} 回で発散しました` : "解けませんでした"}`);
    say([
      `${label}、$T$ = ${T}、更新 ${updates} 回まで。記憶なしの${unit}は ${without.toFixed(3)} です。`,
      ...(counted.length ? counted : ["モデルを選んでください。"]), ...own,
    ]);
  }

  function numbers(/** @type {View} */ { task, T, updates, shown }) {
    const all = names.filter((name) => shown.includes(name)).flatMap((name) =>
      Object.entries(numbersOfRuns(summarize(runsOf(task, name, T), checkpoints, updates))).map(([key, v]) => [`${name}_${key}`, v]));
    return { baseline: grid[task].baseline[grid[task].T.indexOf(T)], ...Object.fromEntries(all) };
  }

  let [lengthsDrawn, updatesDrawn] = ["", ""];
  function draw() {
    const [task, T, updates, shown] = ["task", "T", "updates", "models"].map(get);
    const { baseline, goal } = grid[task];
    const isRate = TASK_TEXTS[task].metric === "正解率";
    const zero = isRate ? baseline[0] : 0;
    const floor = isRate ? Math.floor(10 * (zero - 0.1)) / 10 : 0;
    for (const [i, plot] of [byLength, byUpdates].entries()) {
      plot.relabel(TASK_TEXTS[task].axis);
      plot.setDomain({ y: [floor - 0.12, 1.02] });
      frames[i].baseline.set(zero);
      frames[i].goal.set(goal[0]);
    }
    frames[0].notes.set([[every[0] * Math.exp(-gap / 2.4), zero, "記憶なし", 3, -5]]);
    cursorT.set(T);
    cursorUpdates.set(updates);

    const view = { task, T, updates, shown, clip: (/** @type {number} */ v) => Math.max(v, floor - 0.03), lost: floor - 0.08 };
    // 一つめの図は T に、二つめの図は更新の回数によらないので、変わらないほうは描き直さない。
    if (lengthsDrawn !== (lengthsDrawn = `${task} ${updates} ${shown}`)) drawLengths(view);
    if (updatesDrawn !== (updatesDrawn = `${task} ${T} ${shown}`)) drawUpdates(view);
    drawMine(view);
    tell(view);
    return numbers(view);
  }
  watch(model, ["mine", "training"], redraw);
  return draw;
});
