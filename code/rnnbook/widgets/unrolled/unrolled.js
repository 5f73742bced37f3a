// 展開図: 隠れユニット一つの RNN を時間方向に広げ、一歩ずつ数を見る。
import { el, control, button, holdable, liveText, prefersStill } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { assign } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { every, here } from "../kit/scope.js";
import { drawable } from "./drawable.js";
import { inputSeries, describe, unrolledDiagram, termsOf } from "./unrolled_parts.js";
import { rnnForward } from "../nn/cells.js";
import { showTerms } from "../kit/terms.js";
import { setInline } from "../kit/text.js";

const CAPTION = "時間方向に展開した RNN（隠れユニット 1 個）。丸の青は正、橙は負、濃さは値の大きさを表します。丸に触れるか、矢印キーで選ぶと、その数を作る項が並びます。重みはどの時刻でも同じです。";

export default figure(CAPTION, ({ model, get, body }) => {
  body.classList.add("rf-unrolled");

  const diagram = unrolledDiagram(body, (t) => moveTo(t));
  /** @type {Parameters<typeof termsOf>[1]} */ let values;
  const terms = showTerms(body, diagram.root, {
    find: diagram.find, box: diagram.box, mark: diagram.mark, sum: (cell) => termsOf(cell, values),
    // 時刻を移ると、見ている時刻も移る。
    step(cell, right, down) {
      if (right) { stop(); moveTo(get("t") + right); }
      const row = down ? (down > 0 ? "x" : "h") : cell?.row ?? "h";
      return { row, t: get("t") };
    },
  });

  const steps = el("div", { class: "rf-steps" });
  body.append(steps);
  const moveTo = (/** @type {number} */ t) => assign(model, "t", Math.max(1, Math.min(get("T"), t)));
  const back = button(steps, "前へ", () => { stop(); moveTo(get("t") - 1); });
  const play = button(steps, "再生", () => (playing ? stop() : start()));
  const on = button(steps, "次へ", () => { stop(); moveTo(get("t") + 1); });
  for (const node of [back, play, on]) holdable(node, model, "t");
  play.hidden = prefersStill();
  control(steps, model, "t");
  /** @type {(() => void) | null} 再生をやめる関数 */
  let playing = null;
  const stop = () => { playing?.(); playing = null; play.textContent = "再生"; };
  const start = here(() => {
    if (get("t") >= get("T")) moveTo(1);
    play.textContent = "止める";
    playing = every(700, () => (get("t") < get("T") ? moveTo(get("t") + 1) : stop()));
  });

  const equation = el("div", { class: "rf-equation" });
  const lines = [el("p"), el("p")];
  equation.append(...lines);
  body.append(equation);

  const plots = el("div", { class: "rf-plots" });
  const panel = el("div", { class: "rf-panel" });
  body.append(plots, panel);
  const strip = createPlot(plots, {
    label: "入力 x の棒グラフ", height: 104,
    x: { label: "", column: "時刻 $t$", domain: [0.5, 10.5] }, y: { label: "入力 $x_t$", domain: [-1, 1], ticks: [-1, 0, 1] },
  });
  const stripCursor = strip.ruleX("var(--rf-warn)", "rf-cursor");
  strip.ruleY("var(--rf-line)").set(0);
  const bars = strip.bars("var(--rf-truth)", 6).named("入力 $x_t$");
  const chart = createPlot(plots, {
    label: "隠れ状態 h と活性化の前の値 a の折れ線", height: 216,
    x: { label: "時刻 $t$", domain: [0.5, 10.5], whole: true }, y: { label: "隠れ状態 $h_t$（線と点）、$a_t$（破線）", column: "値", domain: [-1.1, 1.1] },
  });
  const chartCursor = chart.ruleX("var(--rf-warn)", "rf-cursor");
  chart.ruleY("var(--rf-line)").set(0);
  const aLine = chart.line("var(--rf-muted)", "rf-dashed").named("活性化の前の値 $a_t$");
  const hLine = chart.line("var(--rf-rnn)").named("隠れ状態 $h_t$");
  const hDots = chart.dots("var(--rf-rnn)", 7);

  for (const name of ["x", "w_hh", "w_xh", "b", "T"]) control(panel, model, name);

  const say = liveText(body);

  drawable(strip, panel, model);

  function draw() {
    const [T, w_hh, w_xh, b, t] = ["T", "w_hh", "w_xh", "b", "t"].map(get);
    const x = inputSeries(get("x"), T, get("drawn"));
    const forward = rnnForward(x, { W_xh: [w_xh], W_hh: [w_hh], b_h: [b] });
    const [a, h] = [[...forward.a], [...forward.h]];
    values = { x, a, h, w_hh, w_xh, b };

    diagram.set(x, h, t);
    terms.update();

    const before = t > 1 ? h[t - 2] : 0;
    const n = (/** @type {number} */ v) => (v < 0 ? `(${fixed(v, 3)})` : fixed(v, 3));
    setInline(lines[0], `$a_{${t}}$ = $w_{xh}$ $x_{${t}}$ + $w_{hh}$ $h_{${t - 1}}$ + $b$ = ${n(w_xh)} × ${n(x[t - 1])} + ${n(w_hh)} × ${n(before)} + ${n(b)} = ${fixed(a[t - 1], 3)}`);
    setInline(lines[1], `$h_{${t}}$ = $\\tanh$($a_{${t}}$) = $\\tanh$(${fixed(a[t - 1], 3)}) = ${fixed(h[t - 1], 3)}`);

    // 枠は、a が 1 を超えた側へ段階的に広げる。
    const reach = (/** @type {number} */ v) => [1.1, 2, 3, 4, 6].find((step) => step >= v) ?? 6;
    const range = /** @type {[number, number]} */ ([-reach(-Math.min(...a)), reach(Math.max(...a))]);
    const domain = /** @type {[number, number]} */ ([0.5, T + 0.5]);
    chart.setDomain({ x: domain, y: range });
    strip.setDomain({ x: domain });
    const points = (/** @type {number[]} */ values) => values.map((v, i) => [i + 1, v]);
    bars.set(points(x));
    aLine.set(points(a));
    hLine.set(points(h));
    hDots.set(points(h));
    chartCursor.set(t);
    stripCursor.set(t);
    say(`$t$ = ${t} の隠れ状態は $h_{${t}}$ = ${fixed(h[t - 1], 3)}。${describe(x, h)}`);
    return { x_t: x[t - 1], a_t: a[t - 1], h_t: h[t - 1], h_T: h[T - 1] };
  }
  diagram.onLayout(draw);
  return draw;
});
