// 地図と物差し: 方法、モデル、目盛り、基準を選び、地図を物理に照らす。
import { poissonCounts } from "../diffraction/counts.js";
import { control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { fixed } from "../kit/scales.js";
import { agreement, integratedGradients, masking, saliency } from "./maps.js";
import { makeModels, optimalReader } from "./models.js";
import { physicsOf } from "./physics.js";

/** @typedef {{method: string, model: string, state: string, unit: string, baseline: string, c: number, B: number, ground: number, seed: number}} How */

const CAPTION = "上は、測った計数と、2θ をそろえた三つの列です。上から、選んだモデルの地図、同じ方法を最適な線形の重み $w^*$ に掛けた地図、平均の計数の傾き $∂μ/∂c$ で、それぞれの最大で割りました（上向きが正）。下は、図形を物理どおりに一歩動かしたときの、答えの増え方です（印がモデル、縦の棒が $w^*$）。並べる相手は、縦の棒（$w^*$）です。積分した勾配は 32 点で積分し、隠すのは 8 点ずつです。モデルも傾きも、このページの中で計算しています。誤差は、新しい試料 600 個での RMSE です。";
/** @type {Record<string, [string, string]>} モデルの名と色 */
const MODELS = {
  pls: ["PLS", "var(--rf-linear)"], cnn: ["CNN", "var(--rf-transformer)"], bilstm: ["双方向 LSTM", "var(--rf-lstm)"],
};
const STEPS = 32; // 積分の点
const PATCH = 8; // 一度に隠す点
const MIDDLE = { c: 5, B: 0.6, ground: 1 }; // w* を求める試料
const PERFECT = { c: 0, B: 0.6, ground: 1 };
const MOVES = ["空孔 +1 %", "B +0.15 Å²", "背景 +20 %"];
const AXIS = /** @type {[number, number]} */ ([-1.5, 2.5]); // 応えの軸（%）

/**
 * 物理と、状態ごとのモデルと、w* を一度だけ用意する。
 * @param {import("./physics.js").Crystal} crystal @param {Record<string, any>} trained
 */
export function prepare(crystal, trained) {
  const physics = physicsOf(crystal);
  const models = Object.fromEntries(Object.entries(trained).map(([state, own]) => [state, makeModels(own)]));
  const best = optimalReader(physics.optimal(MIDDLE), physics.mean(MIDDLE), MIDDLE.c);
  return { physics, models, best, trained };
}

/**
 * 一つの試料の、地図、物差し、応え。
 * @param {ReturnType<typeof prepare>} ready @param {How} how
 */
export function study({ physics, models, best, trained }, how) {
  const { mean, std, rmse, bound } = trained[how.state];
  const counts = Float64Array.from(poissonCounts(physics.mean(how), how.seed));
  const x = counts.map(Math.sqrt);
  // 目盛り u: √計数あたりは 1、計数あたりは 1 / (2 √計数)
  const units = { root: () => 1, standard: (/** @type {number} */ k) => std[k], count: (/** @type {number} */ k) => 1 / (2 * Math.max(x[k], 1)) };
  const bases = { mean: () => Float64Array.from(mean), zero: () => new Float64Array(x.length), perfect: () => physics.mean(PERFECT).map(Math.sqrt) };
  const unit = x.map((_, k) => units[how.unit](k));
  const base = bases[how.baseline]();
  const map = (/** @type {import("./models.js").Model} */ model) => ({
    saliency: () => saliency(model, x, unit),
    integrated: () => integratedGradients(model, x, base, STEPS),
    masking: () => masking(model, x, base, PATCH),
  })[how.method]();
  const model = models[how.state][how.model];
  const [own, optimal, slope] = [map(model), map(best), physics.jacobian(how)[0]];
  const moves = physics.steps(how).map((change) => counts.map((v, k) => Math.sqrt(Math.max(0, v + change[k]))));
  const responses = [model, best].map((f) => moves.map((moved) => f.answer(moved) - f.answer(x)));
  return {
    counts: [...counts], own: [...own], optimal: [...optimal], slope: [...slope], responses,
    answer: model.answer(x), total: own.reduce((sum, v) => sum + v, 0), change: model.answer(x) - model.answer(base),
    rho: [agreement(own, optimal), agreement(own, slope)],
    bare: agreement(x.map((v, k) => v - base[k]), optimal), // モデルのない地図 x − x'
    rmse: rmse[how.model], bound,
  };
}

/** 符号のある数。 @param {number} value @param {number} digits */
function signed(value, digits) {
  const text = fixed(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/**
 * 一致と応えを言う文。
 * @param {How} how @param {ReturnType<typeof study>} found
 */
export function describe(how, { answer, total, change, rho, bare, responses, rmse, bound }) {
  const integrated = how.method === "integrated";
  const sum = integrated ? `地図の和は ${signed(total, 1)} %（答えの差 ${signed(change, 1)} %）。` : "";
  const floor = integrated ? `（モデルなしの x − 基準 で ${fixed(bare, 2)}）` : "";
  const [c, B, ground] = responses[0].map((v) => signed(v, 2));
  return `答えは ${fixed(answer, 1)} %（本当は ${fixed(how.c, 1)} %。誤差 ${fixed(rmse, 1)} %、目安 ${fixed(bound, 1)} %）。`
    + `${sum}順位の相関は、w* と ${fixed(rho[0], 2)}${floor}、∂μ/∂c と ${fixed(rho[1], 2)}。応えは、空孔 ${c}、B ${B}、背景 ${ground}。`;
}

export default figure(CAPTION, ({ model, get, body }) => {
  const ready = prepare(get("crystal"), get("trained"));
  body.classList.add("rf-attributions");
  const choices = el("div", { class: "rf-choices" });
  body.append(choices);
  for (const name of ["method", "model", "state"]) control(choices, model, name);
  // 勾配は目盛りを、ほかの方法は基準を選ぶ
  const [units, bases] = ["unit", "baseline"].map((name) => {
    control(choices, model, name);
    return /** @type {HTMLElement} */ (choices.lastElementChild);
  });
  const say = liveText(body);
  const plot = (/** @type {string} */ label, /** @type {number} */ height, /** @type {any} */ x, /** @type {any} */ y) => createPlot(body, { label, height, x, y });
  const angles = ready.physics.angles;
  const upper = plot("測った回折図形", 88, { label: "", column: "$2θ$（度）", domain: [20, 100] }, { label: "計数", domain: [0, 4600], ticks: [0, 4000] });
  const counts = upper.line("var(--rf-truth)", "rf-thin").named("測った計数");
  const rows = plot("地図と物差し", 206, { label: "$2θ$（度）", domain: [20, 100] }, { label: "それぞれの最大で割った値", column: "縦の位置（列ごと）", domain: [0.45, 3.5], ticks: [] });
  const ground = rows.lines("var(--rf-baseline)", "rf-thin").named((k) => `${k + 1} 列めの 0`);
  ground.set([3, 2, 1].map((y) => [[20, y], [100, y]]));
  const maps = Object.values(MODELS).map(([label, color]) => rows.band(color).named(`${label} の地図`, ["値"]));
  const guides = [["w* の地図", "var(--rf-truth)"], ["∂μ/∂c", "var(--rf-baseline)"]].map(([name, color]) => rows.band(color).named(name, ["値"]));
  const names = rows.notes("var(--rf-ink)");
  const lower = plot("物理の一歩への応え", 158, { label: "答えの増え方（%）", domain: AXIS, ticks: [-1, 0, 1, 2] }, { label: "一歩への応え", column: "縦の位置（一歩ごと）", domain: [0.65, 3.85], ticks: [] });
  const zero = lower.lines("var(--rf-baseline)", "rf-thin").named((k) => `0 の線、${MOVES[2 - k]}`);
  zero.set([1, 2, 3].map((y) => [[0, y - 0.22], [0, y + 0.22]])); // 応えの文に重ねない
  const ideal = lower.lines("var(--rf-truth)").named((k) => `w*、${MOVES[k]}`);
  const dots = Object.values(MODELS).map(([label, color], m) => lower.markers(color, ["circle", "triangle", "square"][m], 11).named(`${label}、上から ${MOVES.join("、")}`, ["答えの増え方（%。枠の外も）"]));
  const notes = lower.notes("var(--rf-ink)");
  const sliders = el("div", { class: "rf-knobs" });
  body.append(sliders);
  control(sliders, model, "c", { format: (v) => `${fixed(v, 1)} %` });
  control(sliders, model, "B");
  control(sliders, model, "ground", { format: (v) => `${fixed(v, 1)} 倍` });
  control(sliders, model, "seed");

  const around = (/** @type {number[]} */ values, /** @type {number} */ y) => {
    const top = Math.max(...values.map(Math.abs)) || 1;
    return values.map((v, k) => [angles[k], y, y + (0.46 * v) / top, v]);
  };
  return () => {
    const how = /** @type {How} */ (Object.fromEntries(["method", "model", "state", "unit", "baseline", "c", "B", "ground", "seed"].map((name) => [name, get(name)])));
    units.hidden = how.method !== "saliency";
    bases.hidden = !units.hidden;
    const found = study(ready, how);
    counts.set(found.counts.map((v, k) => [angles[k], v]));
    Object.keys(MODELS).forEach((name, m) => {
      const chosen = name === how.model;
      maps[m].set(chosen ? around(found.own, 3) : []);
      dots[m].set(chosen ? found.responses[0].map((v, k) => [Math.max(AXIS[0], Math.min(AXIS[1], v)), 3 - k, v]) : []);
    });
    guides[0].set(around(found.optimal, 2));
    guides[1].set(around(found.slope, 1));
    const rho = (/** @type {number} */ k) => `（順位の相関 ${fixed(found.rho[k], 2)}）`;
    names.set([
      [100, 3.38, MODELS[how.model][0], 0, 0, "end"],
      [100, 2.38, `w*${rho(0)}`, 0, 0, "end"],
      [100, 1.38, `∂μ/∂c${rho(1)}`, 0, 0, "end"],
    ]);
    ideal.set(found.responses[1].map((v, k) => [[v, 2.78 - k], [v, 3.22 - k]]));
    notes.set(MOVES.map((text, k) => [AXIS[0], 3 - k, `${text}: ${signed(found.responses[0][k], 2)}（w* は ${signed(found.responses[1][k], 2)}）`, 0, -11]));
    say(describe(how, found));
    const [[by_c, by_B, by_ground], [w_by_c, w_by_B, w_by_ground]] = found.responses;
    const { answer, rmse, bound, total, change } = found;
    return {
      answer, rmse, bound, rho_w: found.rho[0], rho_slope: found.rho[1], by_c, by_B, by_ground, w_by_c, w_by_B, w_by_ground,
      ...(how.method === "integrated" ? { total, change, rho_bare: found.bare } : {}),
    };
  };
});
