// 問題とモデルの升目: 升目を選び、長さを替えて、解けた種の数と、種ごとの正解率を見る。
import { button, control, el, holdablePicture, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { assign, nearest, rowOf, setAll } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";
import { median } from "../nn/numerics.js";
import { cellOf, describe, numbersOf, shade } from "./grid.js";

const CAPTION = "升目の数は、解けた種の数（終わりの正解率 0.99 以上）と、正解率の中央値です。青いほど正解率が高く、色がなければ当てずっぽうです。図の細い線と点が一つの種、太い線が中央値、灰色の線が当てずっぽうです。升目に触れると問題とモデルを、二つめの図に触れると長さを選べます。";
// モデルの系統ごとの色（models/catalogue.py の色の名）
const COLORS = {
  rnn: "rnn", lstm: "lstm", gru: "gru", mingru: "gru", minlstm: "lstm", signed: "warn", linear_state: "linear", transformer: "transformer",
};
const DASHED = ["mingru", "minlstm"];
const MULTIPLE = "学習した長さの何倍か"; // 表（CSV）の列の名。図では、重ならないように横にずらしている

export default figure(CAPTION, ({ model, get, body }) => {
  const [grid, multiples, updates] = ["grid", "multiples", "updates"].map(get);
  const [tasks, models] = ["task", "model"].map((name) => /** @type {[string, string][]} */ (rowOf(model, name).choices));
  const nameOf = (/** @type {[string, string][]} */ choices, /** @type {string} */ key) => choices.find(([each]) => each === key)[1];
  body.classList.add("rf-task-grid");
  control(body, model, "times");
  const table = el("div", { class: "rf-tasks", role: "group", "aria-label": "問題とモデルの升目" }, el("span"));
  table.append(...tasks.map(([, label]) => el("span", { class: "rf-task" }, label)));
  const cells = models.flatMap(([name, label]) => {
    table.append(el("span", {}, label));
    return tasks.map(([task]) => {
      const node = button(table, "", () => setAll(model, { task, model: name }));
      const [count, middle] = [el("b"), el("span")];
      node.replaceChildren(count, middle);
      return { task, name, node, count, middle };
    });
  });
  holdablePicture(cells.map(({ node }) => node), model, "task", "model");
  body.append(table);
  const say = liveText(body);
  const pair = el("div", { class: "rf-pair" });
  body.append(pair);
  const last = updates[updates.length - 1];
  const learning = createPlot(pair, {
    label: "更新の回数と正解率", height: 176,
    x: { label: "更新の回数", domain: [0, last * 1.02] }, y: { label: "学習した長さでの正解率", domain: [0, 1] },
  });
  const longer = createPlot(pair, {
    label: "長さと正解率", height: 176,
    x: { label: "学習した長さの何倍か（対数目盛り）", column: "横の位置（何倍かの近く）", scale: "log", ticks: multiples, domain: [0.85, multiples[multiples.length - 1] * 1.18] },
    y: { label: "試した長さでの正解率", domain: [0, 1] },
  });
  const cursor = longer.ruleX("var(--rf-warn)", "rf-cursor");
  const floors = [learning, longer].map((plot) => plot.ruleY("var(--rf-baseline)", "rf-thick").named("当てずっぽう"));
  const looks = Object.fromEntries(models.map(([name, label]) => {
    const color = `var(--rf-${COLORS[name]})`;
    const look = {
      curves: learning.lines(color, "rf-thin").named((k) => `${label}、種 ${k}`), middle: learning.line(color).named(`${label}、種の中央値`),
      dots: longer.dots(color, 6).named(`${label}、種ごと`, [MULTIPLE]), through: longer.line(color).named(`${label}、種の中央値`, [MULTIPLE]),
    };
    if (DASHED.includes(name)) for (const { node } of [look.middle, look.through]) node.style.strokeDasharray = "7 4";
    return [name, look];
  }));
  pickable(longer.root, (event) => assign(model, "times", multiples[nearest(multiples, Math.max(0.1, longer.toData(event)[0]))]));

  return () => {
    const [task, name, times] = ["task", "model", "times"].map(get);
    const at = multiples.indexOf(times);
    for (const each of cells) {
      const runs = grid[each.task].models[each.name];
      const cell = cellOf(runs, at);
      const chosen = each.task === task && each.name === name;
      each.node.setAttribute("aria-pressed", String(chosen));
      each.node.style.setProperty("--rf-share", shade(cell.middle, grid[each.task].baseline).toFixed(3));
      [each.count.textContent, each.middle.textContent] = [`${cell.solved}/${cell.seeds}`, fixed(cell.middle, 2)];
      each.node.setAttribute("aria-label", `${nameOf(models, each.name)}、${nameOf(tasks, each.task)}: ${cell.seeds} 個の種のうち ${cell.solved} 個、正解率の中央値 ${fixed(cell.middle, 2)}`);
    }
    const { T, baseline, models: every } = grid[task];
    const runs = every[name];
    for (const [key, look] of Object.entries(looks)) for (const part of Object.values(look)) part.show(key === name);
    const { curves, middle, dots, through } = looks[name];
    const along = (/** @type {number[][]} */ rows, /** @type {number[]} */ xs) => xs.map((x, k) => [x, median(rows.map((row) => row[k]))]);
    curves.set(runs.curve.map((row) => row.map((v, k) => [updates[k], v])));
    middle.set(along(runs.curve, updates));
    const seeds = runs.accuracy.length;
    dots.set(runs.accuracy.flatMap((row, seed) => row.map((v, k) => [multiples[k] * 1.1 ** ((seed + 0.5) / seeds - 0.5), v, multiples[k]])));
    through.set(along(runs.accuracy, multiples).map(([x, v]) => [x, v, x]));
    cursor.set(times);
    for (const floor of floors) floor.set(baseline);
    const chosen = cellOf(runs, at);
    say(describe(nameOf(models, name), nameOf(tasks, task), times * T, times, chosen, baseline));
    return numbersOf(chosen, baseline);
  };
});
