// 忘却ゲートのダイヤル: b_f と T を動かし、直接の道に残るものを見る。
import { el, control, button, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { assign } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";
import { logSigmoid, halfLife, logRemainder, chronoBias, writePower, writeSteps } from "../nn/forget_gate.js";

const LOW = -3;
const HIGH = 8;
const COLOR = "var(--rf-lstm)";
// これより小さい数は、float32 では 0 になる（非正規化数の下限 2^{−149}）。
const FLOAT32_ZERO = 2 ** -149;

/** よく使われる初期値。b_f は T による。 @type {{label: string, near: string, bias: (T: number) => number}[]} */
const DEFAULTS = [
  { label: "PyTorch　$b_f$ ≈ 0", near: "PyTorch", bias: () => 0 },
  { label: "Keras　$b_f$ = 1", near: "Keras", bias: () => 1 },
  { label: "$b_f$ = 3", near: "", bias: () => 3 },
  { label: "chrono　$b_f$ = $\\ln$($T$ − 1)", near: "chrono", bias: chronoBias },
];

/**
 * 下の図の縦軸の下端。b_f と T に合わせて段階的に広げ、float32 で 0 になる所で止める。
 * @param {number} power log10 f^T
 * @returns {number}
 */
export function floorOf(power) {
  return 10 ** ([-2, -4, -8, -16, -32].find((step) => step <= power) ?? -50);
}

/**
 * @param {number} b
 * @param {number} T
 * @returns {string} 読み上げる文
 */
export function describeDial(b, T) {
  const power = logRemainder(b, T);
  const start = `$b_f$ = ${fixed(b, 2)} のとき $\\sigma$($b_f$) = ${Math.exp(logSigmoid(b)).toFixed(3)}、半減期 ${writeSteps(halfLife(b))} 歩。$T$ = ${T} 歩後に残るのは ${writePower(power)} 倍です。`;
  if (power < Math.log10(FLOAT32_ZERO)) return `${start}この数は、float32 では 0 になります。`;
  if (power < -7) return `${start}float32 の丸め（$10^{-7}$ ほど）より小さい割合です。`;
  if (power < -1) return `${start}${T} 歩前からの勾配は、この道では 10 分の 1 より小さくなります。`;
  return `${start}${T} 歩前からの勾配も、この道では 10 分の 1 以上残ります。`;
}

const CAPTION = "忘却ゲートがいつも $f$ = $\\sigma$($b_f$) のとき。$c_T$ までの直接の道では、残る割合と勾配は同じ数 $f^t$ です。ほかに、$h_t$ とゲートを通って戻る道もあります。PyTorch の $b_f$ は二つの一様乱数（幅 $\\pm 1/\\sqrt H$）の和で、0 の近くに散らばります。chrono の $b_f$ は、ユニットごとに 0 から $\\ln$($T$ − 1) までに散らばり、ここに示すのはその上の端です。";

export default figure(CAPTION, ({ model, get, body }) => {
  control(body, model, "b_f");
  const row = el("div", { class: "rf-row", role: "group", "aria-label": "よく使われる初期値" });
  body.append(row);
  const buttons = DEFAULTS.map(({ label, bias }) => button(row, label, () => assign(model, "b_f", bias(get("T")))));
  holdable(row, model, "b_f");
  control(body, model, "T");
  const say = liveText(body);

  const dial = createPlot(body, {
    label: "忘却ゲートのバイアス b_f と半減期", height: 196,
    x: { label: "忘却ゲートのバイアス $b_f$", domain: [LOW, HIGH], ticks: [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8] },
    y: { label: "半減期 $t_{1/2}$（歩、対数目盛り）", scale: "log", domain: [0.2, 3000], ticks: [1, 10, 100, 1000] },
  });
  const biases = Array.from({ length: 111 }, (_, k) => LOW + k / 10);
  const dialCursor = dial.ruleX("var(--rf-warn)", "rf-cursor");
  const range = dial.line("var(--rf-muted)", "rf-range").named("chrono の幅（縦の位置に意味はない）");
  dial.line(COLOR).named("半減期").set(biases.map((b) => [b, halfLife(b)]));
  const dialDefaults = dial.markers("var(--rf-muted)", "diamond", 8).named("よく使われる初期値");
  const dialNotes = dial.notes("var(--rf-muted)");
  const dialDot = dial.dots(COLOR, 9).named("いまの b_f");
  pickable(dial.root, (event) => {
    const [b] = dial.toData(event);
    assign(model, "b_f", Math.min(HIGH, Math.max(LOW, Math.round(b * 20) / 20)));
  });

  const steps = { label: "歩数 $t$", domain: /** @type {[number, number]} */ ([0, 100]), whole: true };
  const pair = el("div", { class: "rf-pair" });
  body.append(pair);
  const linear = createPlot(pair, {
    label: "t 歩後にセル状態に残る割合", height: 216,
    x: steps, y: { label: "$t$ 歩後に残る割合 $f^t$", domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] },
  });
  linear.ruleY("var(--rf-line)").set(0.5);
  const halfRule = linear.line("var(--rf-muted)", "rf-dashed").named("半減期の位置");
  const left = linear.line(COLOR).named("残る割合");
  const halfDot = linear.dots(COLOR, 9).named("半減期");
  const halfNote = linear.notes("var(--rf-ink)");

  const logarithmic = createPlot(pair, {
    label: "同じ数を勾配として、対数の目盛りで", height: 216,
    x: { ...steps }, y: { label: "勾配 $\\partial c_T/\\partial c_{T-t} = f^t$（直接の道、対数目盛り）", scale: "log", domain: [1e-16, 1] },
  });
  const zero = logarithmic.ruleY("var(--rf-muted)", "rf-dashed");
  const zeroNote = logarithmic.notes("var(--rf-muted)");
  const gradient = logarithmic.line(COLOR).named("勾配");
  const endDot = logarithmic.dots(COLOR, 9).named("T 歩前の勾配");

  function draw() {
    const [b, T] = [get("b_f"), get("T")];
    const [half, power] = [halfLife(b), logRemainder(b, T)];
    buttons.forEach((node, i) => node.setAttribute("aria-pressed", String(Math.abs(DEFAULTS[i].bias(T) - b) < 1e-9)));

    dialCursor.set(b);
    dialDot.set([[b, half]]);
    const marks = DEFAULTS.map(({ near, bias }) => ({ near, at: bias(T) }));
    dialDefaults.set(marks.map(({ at }) => [at, halfLife(at)]));
    dialNotes.set([
      ...marks.filter(({ near }) => near).map(({ near, at }) => (near === "Keras" ? [at, halfLife(at), near, 8, 15] : [at, halfLife(at), near, -7, -8, "end"])),
      // 帯が長く、右に置くと枠から出るときは、帯の上に置く
      chronoBias(T) < 4.6 ? [chronoBias(T), 0.28, "chrono の幅", 6, 4] : [chronoBias(T), 0.28, "chrono の幅", 0, -7, "end"],
    ]);
    range.set([[0, 0.28], [chronoBias(T), 0.28]]);

    const domain = /** @type {[number, number]} */ ([0, T]);
    linear.setDomain({ x: domain });
    const floor = floorOf(power);
    logarithmic.setDomain({ x: domain, y: [floor, 1] });
    const curve = Array.from({ length: 201 }, (_, k) => [(k / 200) * T, 10 ** logRemainder(b, (k / 200) * T)]);
    left.set(curve);
    const inside = half <= T;
    for (const part of [halfRule, halfDot]) part.show(inside);
    halfRule.set([[half, 0], [half, 0.5]]);
    halfDot.set([[half, 0.5]]);
    const text = `半減期 $t_{1/2}$ = ${writeSteps(half)} 歩`;
    halfNote.set([inside ? [half, 0.5, text, half > 0.6 * T ? -10 : 10, half > 0.6 * T ? 18 : -8, half > 0.6 * T ? "end" : "start"] : [T, 0.5, `${text}（枠の外）`, -6, 16, "end"]]);

    // 直線は、枠の下端か T で終わる。
    const end = Math.min(T, (T * Math.log10(floor)) / power);
    gradient.set([[0, 1], [end, 10 ** logRemainder(b, end)]]);
    endDot.set(end < T ? [] : [[T, 10 ** power]]);
    zero.set(FLOAT32_ZERO);
    zero.show(floor < FLOAT32_ZERO);
    zeroNote.set(floor < FLOAT32_ZERO ? [[T, FLOAT32_ZERO, "ここから下は float32 では 0", -4, -5, "end"]] : []);
    say(describeDial(b, T));
    return { f: Math.exp(logSigmoid(b)), half_life: half, log10_left: power };
  }
  return draw;
});
