// 温度の折れ線: 温度を描くと、組織が分かれ、MLP と GRU がその太さの先を答える。
import { control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot, svg } from "../kit/plot.js";
import { assign } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";
import { createRun, length, programme } from "./field.js";
import { createForecasters, persist, rms } from "./forecasters.js";
import { createKnots } from "./knots.js";
import { createPicture } from "./picture.js";

const CAPTION = "シミュレータと二つの予測を、このページの中で計算しています。縦の破線（20 枚め）までの統計と、全部の温度を見て、先を答えます。MLP は一枚前だけを見て、GRU は記憶を持ちます。名の横の数は、21 枚めから先の $C(r)$ の誤差（RMSE の 1000 倍）です。横の二本の線は、学習した温度の範囲、組織の青は濃度の高い所、橙は低い所です。";
const NAMES = ["T1", "T2", "T3", "T4", "T5"];
const SLICE = 8; // 読者が動かしたあとに、一枚の画面で計算に使う時間 ms

/** 名前 → [見える名, 色, 線の種類] */
const LOOKS = /** @type {Record<string, [string, string, string]>} */ ({
  truth: ["シミュレータ", "var(--rf-truth)", ""],
  last: ["変わらない", "var(--rf-baseline)", "rf-dashed"],
  mlp: ["MLP", "var(--rf-transformer)", ""],
  gru: ["GRU", "var(--rf-gru)", "rf-dashed rf-thick"],
});

/**
 * 一つの条件での、太さと、21 枚めから先の C(r) の誤差（RMSE の 1000 倍）。
 * @param {ReturnType<typeof createForecasters>} forecasters
 * @param {number[][]} C 画面ごとの自己共分散 @param {number[]} T 画面ごとの温度 @param {number} seen
 */
export function compare(forecasters, C, T, seen) {
  const told = Object.entries({ last: persist, ...forecasters }).map(([name, forecast]) =>
    /** @type {[string, number[][]]} */ ([name, forecast(C.slice(0, seen), T)]));
  return {
    size: C.map(length),
    told: Object.fromEntries(told.map(([name, answers]) => [name, answers.map(length)])),
    errors: Object.fromEntries(told.map(([name, answers]) => [name, 1000 * rms(answers, C.slice(seen))])),
  };
}

/**
 * 太さと誤差を言う文。
 * @param {number} frame @param {number} T @param {number} size
 * @param {Record<string, number>} errors @param {Record<string, number>} lost 太さを言えない答えの数
 * @param {boolean} outside 温度が学習の範囲の外に出る
 */
export function describe(frame, T, size, errors, lost, outside) {
  const { mlp, gru, last } = errors;
  const [near, far] = mlp < gru ? [mlp, gru] : [gru, mlp];
  const verdict = near >= last ? "どちらのモデルも、変わらないとする予測に負けています。"
    : far < 1.25 * near ? "二つの差は 25 % より小さく、この条件では優劣を言えません。" : `${mlp < gru ? "MLP" : "GRU"} のほうが近い答えです。`;
  const broken = ["mlp", "gru"].filter((name) => lost[name]).map((name) => `${name.toUpperCase()} ${lost[name]} 枚`).join("、");
  return `${frame} 枚め（$T$ = ${fixed(T, 2)}）の太さは ${fixed(size, 2)}。21 枚めから先の誤差は、MLP ${fixed(mlp, 1)}、GRU ${fixed(gru, 1)}、変わらないとする予測 ${fixed(last, 1)}。${verdict}`
    + (broken ? `分散が負で、太さを言えない答えが、${broken}あります。` : "") + (outside ? "温度が、学習の範囲の外に出ています。" : "");
}

export default figure(CAPTION, ({ model, get, body, redraw }) => {
  const constants = get("model");
  const { frames, seen, n, cold, hot } = constants;
  const forecasters = createForecasters(get("weights"));
  const run = createRun(constants);

  const knots = createKnots(body, model, NAMES, {
    label: "温度の折れ線", height: 168, frames,
    y: { label: "温度 $T$（触れた高さへ、点が動きます）", column: "温度 $T$", domain: [0.53, 0.97], ticks: [0.6, 0.7, 0.8, 0.9] },
  });
  const limits = ["下", "上"].map((side) => knots.plot.ruleY("var(--rf-baseline)", "rf-thin").named(`学習した温度の${side}の端`));
  const edge = knots.plot.ruleX("var(--rf-baseline)", "rf-dashed").named("ここまでを見て、先を答える");
  const heatCursor = knots.plot.ruleX("var(--rf-warn)", "rf-cursor");
  const heat = knots.plot.line("var(--rf-truth)").named("温度");
  const movePoints = knots.place("var(--rf-lstm)");

  const beside = el("div", { class: "rf-beside" });
  body.append(beside);
  const picture = createPicture(beside, n, Math.sqrt(3 * (1 - cold)));
  const sliders = el("div");
  beside.append(sliders);
  control(sliders, model, "frame");
  control(sliders, model, "seed");

  const plot = createPlot(body, {
    label: "組織の太さ", height: 218,
    x: { label: "画面（枚め）", domain: [-1, frames + 2], whole: true, ticks: [1, 10, 20, 30, 40, 50, 60] },
    y: { label: "組織の太さ（画素）", domain: [3, 7] },
  });
  const boundary = plot.ruleX("var(--rf-baseline)", "rf-dashed").named("ここまでを見て、先を答える");
  const cursor = plot.ruleX("var(--rf-warn)", "rf-cursor");
  const lines = Object.fromEntries(Object.entries(LOOKS).map(([name, [label, color, kind]]) => [name, plot.line(color, kind).named(label)]));
  pickable(plot.root, (event) => assign(model, "frame", Math.max(1, Math.min(frames, Math.round(plot.toData(event)[0])))));

  const legend = el("div", { class: "rf-told", "aria-hidden": "true" });
  body.append(legend);
  const words = Object.fromEntries(Object.entries(LOOKS).map(([name, [, color, kind]]) => {
    const sample = svg("svg", { width: 26, height: 14 });
    svg("path", { class: `rf-line ${kind}`, d: "M1,7H25", style: `stroke:${color}` }, sample);
    const text = el("span");
    legend.append(el("span", {}, sample, text));
    return [name, text];
  }));

  const say = liveText(body);

  let key = "";
  let begun = false; // 一度描いた
  /** @type {ReturnType<typeof compare>} */ let found;
  return () => {
    const T = programme(NAMES.map(get), frames);
    const frame = get("frame");
    const points = (/** @type {number[]} */ values, from = 1) => values.map((v, f) => [f + from, v]);
    heat.set(points(T));
    movePoints();
    limits.forEach((limit, k) => limit.set([cold, hot][k]));
    for (const rule of [edge, boundary]) rule.set(seen);
    for (const rule of [cursor, heatCursor]) rule.set(frame);

    run.want(get("seed"), T);
    // はじめの一枚のほかは、少しずつ計算し、残りは次の画面で
    const end = begun ? performance.now() + SLICE : Infinity;
    begun = true;
    let left = run.step();
    while (left && performance.now() < end) left = run.step();
    const shown = Math.min(frame, run.fields.length);
    picture.set(run.fields[shown - 1], `${shown} 枚めの組織`);
    body.setAttribute("aria-busy", String(left));
    if (left) {
      lines.truth.set(points(run.C.map(length)));
      redraw();
      return;
    }
    const now = JSON.stringify([T, get("seed")]);
    if (now !== key) found = compare(forecasters, run.C, T, seen);
    key = now;
    const { size, told, errors } = found;
    const every = [...size, ...Object.values(told).flat()].filter(Number.isFinite);
    const [low, top] = [Math.min(...every), Math.max(...every)];
    plot.setDomain({ y: [Math.min(3, Math.floor(low)), [7, 9, 12, 16].find((v) => v > top) ?? 32] });
    lines.truth.set(points(size));
    for (const name of ["last", "mlp", "gru"]) lines[name].set([[seen, size[seen - 1]], ...points(told[name], seen + 1)]);
    for (const [name, [label]] of Object.entries(LOOKS)) words[name].textContent = name === "truth" ? label : `${label} ${fixed(errors[name], 1)}`;
    const outside = T.some((v) => v < cold - 1e-9 || v > hot + 1e-9);
    const lost = Object.fromEntries(Object.entries(told).map(([name, sizes]) => [name, sizes.filter(Number.isNaN).length]));
    say(describe(frame, T[frame - 1], size[frame - 1], errors, lost, outside));
    return { T: T[frame - 1], size: size[frame - 1], ...errors, lost_mlp: lost.mlp, lost_gru: lost.gru };
  };
});
