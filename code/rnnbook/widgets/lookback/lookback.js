// 系列長と予測: さかのぼる年数 p を動かし、試験期間の誤差と予測を見る。
import { el, control, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { MODELS } from "../kit/models.js";
import { createPlot } from "../kit/plot.js";
import { assign, nearest } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";
import { median } from "../nn/numerics.js";

const CAPTION = "太陽の黒点相対数（年平均）の一年先の予測。RNN の小さな点は種ごとの値、線は中央値、帯は最小から最大まで。下の RNN の線は、誤差が中央の種のものです。";

/**
 * 一つのモデルの誤差を、言葉にする。
 * @param {"last" | "linear" | "rnn"} model
 * @param {number[]} errors 種ごとの RMSE
 * @returns {string}
 */
export function describeErrors(model, errors) {
  const values = errors.filter(isKnown);
  const lost = errors.length - values.length;
  const note = lost ? `（記録の ${errors.length} 個のうち ${lost} 個の値が読めません）` : "";
  if (!values.length) return `${MODELS[model].label} —${note}`;
  const middle = `${MODELS[model].label} ${fixed(median(values), 1)}`;
  if (errors.length === 1) return middle;
  return `${middle}（種 ${values.length} 個の中央値、範囲 ${fixed(Math.min(...values), 1)}–${fixed(Math.max(...values), 1)}）${note}`;
}

/** 読める値か。 @param {number | null} value @returns {boolean} */
function isKnown(value) {
  return Number.isFinite(value);
}

/**
 * 切りのよい範囲に広げる。
 * @param {(number | null)[]} all
 * @param {number} step
 * @returns {[number, number]}
 */
function roundRange(all, step) {
  const values = all.filter(isKnown);
  return [Math.floor(Math.min(...values) / step) * step, Math.ceil(Math.max(...values) / step) * step];
}

/**
 * 図が見せる数: 見せているモデルの RMSE の中央値と、種がいくつもあれば、最小と最大。
 * @param {string[]} models
 * @param {(model: string) => (number | null)[]} errorsOf
 * @returns {Record<string, number>}
 */
function numbersOf(models, errorsOf) {
  return Object.fromEntries(models.flatMap((model) => {
    const all = errorsOf(model);
    const values = /** @type {number[]} */ (all.filter(isKnown));
    const spread = all.length > 1 ? [[`rmse_${model}_low`, Math.min(...values)], [`rmse_${model}_high`, Math.max(...values)]] : [];
    return [[`rmse_${model}`, median(values)], ...spread];
  }));
}

export default figure(CAPTION, ({ model, get, body }) => {
  const [grid, errors, years, truth, forecasts] = ["grid", "errors", "years", "truth", "forecasts"].map(get);
  const models = /** @type {("last" | "linear" | "rnn")[]} */ (Object.keys(errors));
  control(body, model, "p");
  control(body, model, "models", { sample: (name) => el("i", { "aria-hidden": "true", style: `background:${MODELS[name].color}` }) });
  const say = liveText(body);

  const upper = createPlot(body, {
    label: "さかのぼる年数 p と試験期間の RMSE", height: 232,
    x: { label: "さかのぼる年数 $p$（年、対数目盛り）", scale: "log", ticks: grid, domain: [grid[0] / 1.12, grid.at(-1) * 1.12] },
    y: { label: "試験期間の RMSE（黒点相対数）", domain: roundRange(Object.values(errors).flat(2), 5) },
  });
  const cursor = upper.ruleX("var(--rf-warn)", "rf-cursor");
  const curves = models.map((name) => {
    // 読める値のない p には、線も帯もない。
    const rows = /** @type {number[][]} */ (errors[name].map((/** @type {(number | null)[]} */ row) => row.filter(isKnown)));
    const { label, color } = MODELS[name];
    const parts = [upper.line(color).named(`${label}、種の中央値`)];
    parts[0].set(rows.map((row, i) => [grid[i], median(row)]));
    if (rows.some((row) => row.length > 1)) {
      parts.push(upper.band(color).named(`${label}、種の最小から最大まで`));
      parts[1].set(rows.map((row, i) => [grid[i], Math.min(...row), Math.max(...row)]));
    }
    parts.push(upper.dots(color, 4).named(`${label}、種ごと`));
    parts.at(-1)?.set(rows.flatMap((row, i) => row.map((v) => [grid[i], v])));
    return { name, parts };
  });
  pickable(upper.root, (event) => {
    const [u] = upper.toData(event);
    assign(model, "p", grid[nearest(grid, u)]);
  });

  const lower = createPlot(body, {
    label: "試験期間の観測と予測", height: 250,
    x: { label: "年", domain: [years[0] - 1, years.at(-1) + 1] },
    y: { label: "黒点相対数（年平均）。点のある線は観測", column: "黒点相対数（年平均）", domain: roundRange([0, ...truth, ...Object.values(forecasts).flat(2)], 50) },
  });
  const lines = models.map((name) => ({ name, line: lower.line(MODELS[name].color).named(`${MODELS[name].label} の予測`) }));
  const observed = lower.line("var(--rf-truth)").named("観測");
  const dots = lower.dots("var(--rf-truth)", 4);
  const series = (/** @type {number[]} */ values) => values.map((v, i) => [years[i], v]);
  observed.set(series(truth));
  dots.set(series(truth));

  function draw() {
    const index = grid.indexOf(get("p"));
    cursor.set(get("p"));
    for (const { name, parts } of curves) parts.forEach((part) => part.show(get("models").includes(name)));
    for (const { name, line } of lines) {
      line.show(get("models").includes(name));
      line.set(series(forecasts[name][index]));
    }
    const told = models.filter((name) => get("models").includes(name)).map((name) => describeErrors(name, errors[name][index]));
    say(`$p$ = ${get("p")} 年のとき、試験期間の RMSE: ${told.join("、") || "—（モデルを選んでください）"}。`);
    return numbersOf(models.filter((name) => get("models").includes(name)), (name) => errors[name][index]);
  }
  return draw;
});
