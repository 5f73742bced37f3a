// 順に計算する時間・まとめて計算する時間: 系列長と渡し方を替えて、三つの層を比べる。
import { el, control, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { MODELS } from "../kit/models.js";
import { createPlot, svg } from "../kit/plot.js";
import { assign, nearest } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";

const CAPTION = "線は繰り返しの中央値、帯は最小から最大まで。どちらの軸も対数目盛りで、まっすぐ斜めに上がる線は、長さに比例します。図に触れると、長さを選べます。";
const NAMES = { lstm: "LSTM", gru: "GRU", attention: "自己注意" };
const ON = { cpu: "CPU", small: "GPU、H = 64", half: "GPU、H = 512" };
const WAYS = { whole: "まとめて読む", train: "まとめて学習する", steps: "一語ずつ、順に読む" };

/**
 * 一系列あたりのミリ秒を、見せる単位に直す。
 * @param {number} milliseconds
 * @param {number} T
 * @param {string} per "sequence" ならミリ秒のまま、"token" なら一語あたりのマイクロ秒
 * @returns {number}
 */
export function inUnit(milliseconds, T, per) {
  return per === "token" ? (1000 * milliseconds) / T : milliseconds;
}

/**
 * 選んだ長さの時間（見せる単位）と、LSTM との比。
 * @param {number} T
 * @param {string} per
 * @param {Record<string, number>} middle モデル → 一系列あたりのミリ秒
 */
function numbersAt(T, per, middle) {
  return Object.fromEntries(Object.entries(middle).flatMap(([name, value]) =>
    [[name, inUnit(value, T, per)], ...(name === "lstm" ? [] : [[`${name}_ratio`, value / middle.lstm]])]));
}

/**
 * 選んだ長さの時間と、LSTM との比を言う文。
 * @param {string} on 計算機
 * @param {number} T
 * @param {string} way
 * @param {string} per
 * @param {Record<string, number>} middle モデル → 一系列あたりのミリ秒
 * @returns {string}
 */
export function describeTimes(on, T, way, per, middle) {
  const unit = per === "token" ? "µs" : "ms";
  const said = Object.entries(middle).map(([name, value]) => {
    const ratio = name === "lstm" ? "" : `（LSTM の ${fixed(value / middle.lstm, 2)} 倍）`;
    return `${NAMES[name]} ${fixed(inUnit(value, T, per), on === "cpu" ? 2 : 3)} ${unit}${ratio}`;
  });
  return `${ON[on]}、T = ${T}、${WAYS[way]}とき: ${said.join("、")}。`;
}

export default figure(CAPTION, ({ model, get, body }) => {
  const [lengths, times] = ["lengths", "times"].map(get);
  control(body, model, "on");
  control(body, model, "way");
  control(body, model, "per");
  control(body, model, "T");
  const legend = el("div", { class: "rf-legend" });
  body.append(legend);
  const plot = createPlot(body, {
    label: "系列長と時間", height: 300,
    x: { label: "系列長 $T$（対数目盛り）", scale: "log", ticks: lengths, domain: [lengths[0] * 0.85, lengths[lengths.length - 1] * 1.18] },
    y: { label: "時間", scale: "log", domain: [0.01, 100] },
  });
  const cursor = plot.ruleX("var(--rf-warn)", "rf-cursor");
  const looks = Object.keys(NAMES).map((name) => {
    const { color } = MODELS[name === "attention" ? "transformer" : name];
    const sample = svg("svg", { width: 30, height: 14, "aria-hidden": "true" });
    svg("path", { class: "rf-line", d: "M1,7H29", style: `stroke:${color}` }, sample);
    legend.append(el("span", {}, sample, NAMES[name]));
    return {
      name, band: plot.band(color).named(`${NAMES[name]}、最小から最大まで`), line: plot.line(color).named(`${NAMES[name]}、中央値`), dots: plot.dots(color, 3.5),
    };
  });
  pickable(plot.root, (event) => assign(model, "T", lengths[nearest(lengths, plot.toData(event)[0])]));
  const say = liveText(body);

  function draw() {
    const [on, way, per, T] = ["on", "way", "per", "T"].map(get);
    const rows = Object.fromEntries(Object.keys(NAMES).map((name) => [name,
      times[on][way][name].map((/** @type {number[]} */ spread, /** @type {number} */ k) => spread.map((v) => inUnit(v, lengths[k], per)))]));
    const every = Object.values(rows).flat(2);
    plot.relabel(per === "token" ? "一語あたり（µs、対数目盛り）" : "一系列あたり（ms、対数目盛り）");
    plot.setDomain({ y: [Math.min(...every) / 1.3, Math.max(...every) * 1.3] });
    for (const { name, band, line, dots } of looks) {
      const points = rows[name].map(([middle], k) => [lengths[k], middle]);
      line.set(points);
      dots.set(points);
      band.set(rows[name].map(([, low, high], k) => [lengths[k], low, high]));
    }
    cursor.set(T);
    const at = lengths.indexOf(T);
    const middle = Object.fromEntries(Object.keys(NAMES).map((name) => [name, times[on][way][name][at][0]]));
    say(describeTimes(on, T, way, per, middle));
    return numbersAt(T, per, middle);
  }
  return draw;
});
