// 写しの長さと注意: 固定のベクトルと注意機構の正解率を、長さのつまみで見比べる。
import { control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot, svg } from "../kit/plot.js";
import { assign } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";

const SAID = "列の長さと、写しの正解率。線は種の平均、帯は最小から最大までです。縦の破線のあいだが、学習した長さです。図に触れると、その長さの値を言います。";
const BETWEEN = [4.5, 15.5]; // 学習した長さは 5 から 15
const LAST = 30;

/** @type {Record<string, {label: string, color: string, kind: string}>} */
const KINDS = {
  forward: { label: "固定のベクトル", color: "var(--rf-baseline)", kind: "" },
  reversed: { label: "固定のベクトル（後ろから読む）", color: "var(--rf-baseline)", kind: "rf-dashed" },
  dot: { label: "内積の注意", color: "var(--rf-rnn)", kind: "" },
  additive: { label: "加法の注意", color: "var(--rf-lstm)", kind: "" },
};

/** 選んだ長さの、モデルごとの平均、最小、最大。測っていないモデルは、出さない。 */
function numbersAt(/** @type {number} */ T, /** @type {Record<string, number[][]>} */ curves) {
  return Object.fromEntries(Object.keys(KINDS).flatMap((name) => {
    const [, ...values] = curves[name].find(([length]) => length === T) ?? [];
    return values.map((v, k) => [`${name}_${["mean", "min", "max"][k]}`, v]);
  }));
}

/**
 * 選んだ長さでの値を言う文。
 * @param {number} T
 * @param {Record<string, number[][]>} curves モデルの名前 → [T, 平均, 最小, 最大] の並び
 * @returns {string}
 */
export function describeLength(T, curves) {
  const told = Object.entries(KINDS).map(([name, { label }]) => {
    const [, mean, low, high] = curves[name].find(([length]) => length === T) ?? [];
    return mean === undefined ? `${label} は測っていません` : `${label} ${fixed(mean, 2)}（${fixed(low, 2)}〜${fixed(high, 2)}）`;
  });
  return `長さ ${T}: ${told.join("、")}。`;
}

export default figure(SAID, ({ model, get, body }) => {
  const all = get("curves");
  control(body, model, "T");
  control(body, model, "measure");
  const say = liveText(body);
  const legend = el("div", { class: "rf-legend" });
  for (const { label, color, kind } of Object.values(KINDS)) {
    const sample = svg("svg", { width: 24, height: 8, "aria-hidden": "true" });
    const line = svg("path", { class: `rf-line ${kind}`, d: "M0,4H24" }, sample);
    line.style.stroke = color;
    legend.append(el("span", {}, sample, label));
  }
  body.append(legend);
  const plot = createPlot(body, {
    label: "列の長さと正解率", height: 260,
    x: { label: "列の長さ $T$", domain: [0.5, LAST + 0.5], whole: true },
    y: { label: "正解率", domain: [0, 1], ticks: [0, 0.5, 1] },
  });
  BETWEEN.forEach((at) => plot.ruleX("var(--rf-muted)", "rf-dashed").set(at));
  const cursor = plot.ruleX("var(--rf-warn)", "rf-cursor");
  const parts = Object.entries(KINDS).map(([name, { label, color, kind }]) => ({
    name, band: plot.band(color).named(`${label}、種の最小から最大まで`), line: plot.line(color, kind).named(`${label}、種の平均`),
  }));
  pickable(plot.root, (event) => assign(model, "T", Math.max(1, Math.min(LAST, Math.round(plot.toData(event)[0])))));

  function draw() {
    const [T, curves] = [get("T"), all[get("measure")]];
    for (const { name, band, line } of parts) {
      band.set(curves[name].map(([length, , low, high]) => [length, low, high]));
      line.set(curves[name].map(([length, mean]) => [length, mean]));
    }
    cursor.set(T);
    say(describeLength(T, curves));
    return numbersAt(T, curves);
  }
  return draw;
});
