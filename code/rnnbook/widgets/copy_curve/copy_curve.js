// 写しの長さ: 長さと正解率の曲線の一点を選び、種ごとの学習の進み方を見る。
import { control, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { assign, rowOf } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";

const CAPTION = "上の細い線は種ごと、太い線は平均、灰の線はほかのモデルの平均です。破線の外は、学習していない長さです。上の図に触れると、その長さの学習の進み方が下に出ます。";
const TRAINED = [4.5, 15.5]; // 学習した長さは 5 から 15

const mean = (/** @type {number[]} */ values) => values.reduce((sum, v) => sum + v, 0) / values.length;

/**
 * 選んだ点の数。
 * @param {number[]} right 種ごとの正解率
 * @param {number[][]} looks 種ごとの、途中の正解率
 * @param {number[]} updates
 */
function numbersOf(right, looks, updates) {
  const halves = looks.map((row) => updates[row.findIndex((v) => v >= 0.5)]).filter((v) => v !== undefined);
  return {
    mean: mean(right), min: Math.min(...right), max: Math.max(...right), reached: halves.length,
    ...(halves.length ? { first_at: Math.min(...halves) } : {}),
  };
}

/**
 * 選んだ点を言う文。
 * @param {number} T
 * @param {number[]} right 種ごとの正解率
 * @param {number[][]} looks 種ごとの、途中の正解率
 * @param {number[]} updates
 * @returns {string}
 */
export function describePoint(T, right, looks, updates) {
  const { mean: middle, min, max, reached, first_at } = numbersOf(right, looks, updates);
  const told = reached ? `半分を超えた種は ${reached} 個で、早いもので ${first_at} 回の更新です。` : "半分を超えた種はありません。";
  return `長さ ${T} の列の全部が正しい割合は、平均 ${fixed(middle, 2)}（種 ${right.length} 個、${fixed(min, 2)}〜${fixed(max, 2)}）。${told}`;
}

export default figure(CAPTION, ({ model, get, body }) => {
  const [lengths, updates, curves] = ["lengths", "updates", "curves"].map(get);
  control(body, model, "model");
  control(body, model, "T");
  const say = liveText(body);
  const upper = createPlot(body, {
    label: "列の長さと、列の全部が正しい割合", height: 232,
    x: { label: "列の長さ $T$", domain: [0.5, lengths[lengths.length - 1] + 0.5], whole: true },
    y: { label: "列の全部が正しい割合", domain: [0, 1], ticks: [0, 0.5, 1] },
  });
  TRAINED.forEach((at) => upper.ruleX("var(--rf-muted)", "rf-dashed").set(at));
  const cursor = upper.ruleX("var(--rf-warn)", "rf-cursor");
  const { choices } = rowOf(model, "model");
  const labelOf = (/** @type {string} */ name) => choices.find(([each]) => each === name)?.[1];
  const otherNames = () => Object.keys(curves).filter((name) => name !== get("model"));
  const others = upper.lines("var(--rf-baseline)", "rf-thin").named((k) => `${labelOf(otherNames()[k])}、種の平均`);
  const each = upper.lines("var(--rf-rnn)", "rf-thin").named((k) => `${labelOf(get("model"))}、種 ${k}`);
  const middle = upper.line("var(--rf-rnn)").named(() => `${labelOf(get("model"))}、種の平均`);
  const lower = createPlot(body, {
    label: "更新の回数と、選んだ長さの正解率", height: 210,
    x: { label: "更新の回数", domain: [0, updates[updates.length - 1] * 1.02] },
    y: { label: "選んだ長さの正解率", domain: [0, 1], ticks: [0, 0.5, 1] },
  });
  const progress = lower.lines("var(--rf-rnn)", "rf-thin").named((k) => `${labelOf(get("model"))}、種 ${k}`);
  const dots = lower.dots("var(--rf-rnn)", 5);
  pickable(upper.root, (event) => assign(model, "T", Math.max(1, Math.min(20, Math.round(upper.toData(event)[0])))));
  const average = (/** @type {string} */ name) => lengths.map((T, k) => [T, mean(curves[name].right[k])]);

  function draw() {
    const [name, T] = [get("model"), get("T")];
    const { right, looks } = curves[name];
    const at = lengths.indexOf(T);
    others.set(otherNames().map(average));
    each.set(right[0].map((_, seed) => lengths.map((length, k) => [length, right[k][seed]])));
    middle.set(average(name));
    cursor.set(T);
    const steps = looks[at].map((row) => row.map((v, n) => [updates[n], v]));
    progress.set(steps);
    dots.set(steps.flat());
    say(describePoint(T, right[at], looks[at], updates));
    return numbersOf(right[at], looks[at], updates);
  }
  return draw;
});
