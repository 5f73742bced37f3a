// ゲートをのぞく: 読者が打った文字列を学習した LSTM に読ませ、ゲートと状態を見る。
import { el, control, button, holdable, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { assign } from "../kit/properties.js";
import { fixed, MISSING } from "../kit/scales.js";
import { showTerms } from "../kit/terms.js";
import { setInline } from "../kit/text.js";
import { textBox } from "../kit/text_box.js";
import { createHeatStack } from "../kit/heat_stack.js";
import { pickable } from "../kit/touch.js";
import { ALPHABET, cleanText, depths, readText, termsOf, withGateFixed } from "./bracket_reader.js";

const LONGEST = 32;

/** @type {[string, string][]} ボタンの名と文字列 */
const EXAMPLES = [
  ["開いて閉じる", "ab(cde)ab(c)de"],
  ["入れ子", "a(b(c(d)e)a)bcd"],
  ["長く待つ", "(abcdeabcdeabcdeabcdeabcdeab)cd"],
  ["文の終わり", "a((b(c.de)ab(c).d"],
  ["余分な )", "ab)c)d(e)abc"],
  ["6 重の括弧", "((((((ab))))))cd"],
];

/** @type {Record<string, {gate: "i" | "f" | "o", value: number}>} */
const FIXES = {
  "f=1": { gate: "f", value: 1 },
  "f=0.5": { gate: "f", value: 0.5 },
  "i=0": { gate: "i", value: 0 },
};

const MAPS = [
  { name: "i", label: "入力ゲート $i_t$", signed: false },
  { name: "c_tilde", label: "候補 $\\tilde c_t$", signed: true },
  { name: "f", label: "忘却ゲート $f_t$", signed: false },
  { name: "c", label: "セル状態 $c_t$", signed: true },
  { name: "o", label: "出力ゲート $o_t$", signed: false },
  { name: "h", label: "隠れ状態 $h_t$", signed: true },
];

/**
 * 打つ所に添える文。使えなかった文字があれば、それを言う。
 * @param {{text: string, refused: string[], tooLong: boolean}} cleaned
 * @returns {string} 何もなければ、文字の意味
 */
export function describeTyped({ text, refused, tooLong }) {
  const usable = `使える文字は ${[...ALPHABET].join(" ")} です。`;
  if (refused.length) return `${usable}${refused.slice(0, 5).join(" ")} は読めないので、入れませんでした。`;
  if (tooLong) return `${LONGEST} 文字までです。続きは入れませんでした。`;
  if (!text) return `${usable}一文字以上を入れてください。`;
  return "( で一つ開き、) で一つ閉じ、. ですべて閉じます。a から e は関係のない文字です。";
}

/** 正解した文字の数。 @param {ReturnType<typeof readText>} reading @param {number[]} truth 括弧の深さ */
function countRight({ probability }, truth) {
  return truth.filter((depth, k) => (depth > 0) === (probability[k] > 0.5) && !Number.isNaN(probability[k])).length;
}

/**
 * 一歩の出来事と、全体の成績を言う一文。
 * @param {ReturnType<typeof readText>} reading
 * @param {string} text
 * @param {number} t
 * @param {number} unit
 * @returns {string}
 */
export function describeStep(reading, text, t, unit) {
  const v = (/** @type {string} */ name, when = t) => fixed(reading.at(name, when, unit), 2);
  const truth = depths(text);
  const right = countRight(reading, truth);
  const p = reading.probability[t - 1];
  const agrees = (p > 0.5) === (truth[t - 1] > 0);
  const said = `「${p > 0.5 ? "残っている" : "残っていない"}」（確率 ${fixed(p, 2)}、${agrees ? "正解" : "不正解"}）`;
  return `${t} 文字目の「${text[t - 1]}」でユニット ${unit} の $i$ は ${v("i")}、$f$ は ${v("f")}、$c$ は ${v("c", t - 1)} から ${v("c")} へ動き、`
    + `答えは${Number.isNaN(p) ? MISSING : said}、`
    + `全体では ${reading.T} 文字のうち ${right} 文字で正解です。`;
}

/**
 * 色の端の値。c は 1 を超えるので、入るまで広げる。
 * @param {ReturnType<typeof readText>} reading
 * @returns {number}
 */
function cellLimit(reading) {
  let largest = 0;
  for (let t = 1; t <= reading.T; t += 1) {
    for (let unit = 1; unit <= reading.H; unit += 1) largest = Math.max(largest, Math.abs(reading.at("c", t, unit)) || 0);
  }
  return [1, 2, 3, 4, 6, 8, 12, 16, 24].find((limit) => limit >= largest) ?? 32;
}

const caption = (/** @type {(name: string) => any} */ get) => `学習した LSTM（隠れ次元 ${get("weights").w_hy.length}）を、このページの中で動かしています。横は文字、縦はユニット（上から 1, 2, …）です。マス目に触れると、その文字とユニットの数が出ます。罰（L1）を加えて学習したので、$h$ から戻る重みはほとんど 0 です。確率の図の灰色の帯は、開いた括弧が本当に残っている所です。学習では、4 重より深い括弧を見せていません。`;

export default figure(caption, ({ model, get, body }) => {
  const { params, w_hy, b_y } = get("weights");
  body.classList.add("rf-gates");
  textBox(body, model, "text", (typed) => {
    const cleaned = cleanText(typed, LONGEST);
    return { text: cleaned.text, note: describeTyped(cleaned), refused: cleaned.refused.length > 0 || cleaned.tooLong || !cleaned.text };
  }, (text) => assign(model, "text", text));
  const row = el("div", { class: "rf-row rf-examples", role: "group", "aria-label": "文字列の例" });
  body.append(row);
  const buttons = EXAMPLES.map(([label, text]) => button(row, label, () => assign(model, "text", text)));
  holdable(row, model, "text");
  control(body, model, "fixed");
  const say = liveText(body);

  const plot = createPlot(body, {
    label: "一文字ごとの、開いた括弧が残っている確率", height: 128,
    x: { label: "", column: "文字（時刻 $t$）", domain: [0.5, 10.5] },
    y: { label: "開いた括弧が残っている確率 $\\hat y_t$", domain: [-0.3, 1], ticks: [0, 0.5, 1] },
  });
  const truthBand = plot.band("var(--rf-muted)").named("開いた括弧が本当に残っている所");
  const plotCursor = plot.ruleX("var(--rf-warn)", "rf-cursor");
  const line = plot.line("var(--rf-lstm)").named("確率");
  const dots = plot.dots("var(--rf-lstm)", 6);
  const letters = plot.notes("var(--rf-ink)");
  const goTo = (/** @type {number} */ t) => assign(model, "t", Math.max(1, Math.min(get("text").length, t)));
  pickable(plot.root, (event) => goTo(Math.round(plot.toData(event)[0])));

  const pair = el("div", { class: "rf-pair" });
  body.append(pair);
  control(pair, model, "t", { format: (t) => `${t}「${get("text")[t - 1] ?? ""}」` });
  control(pair, model, "unit");
  const equation = el("div", { class: "rf-equation" });
  const lines = [el("p"), el("p")];
  equation.append(...lines);
  body.append(equation);

  const stack = createHeatStack(body, {
    label: "ゲートと状態のマス目。横は文字、縦はユニット", maps: MAPS, H: w_hy.length,
    onPick: (t, unit) => { goTo(t); assign(model, "unit", unit); },
  });

  const terms = showTerms(body, stack.root, {
    find: stack.find, box: stack.box, mark: stack.mark, sum: (cell) => termsOf(cell, get("text"), used, reading.at),
    // 上下は、ユニットの端で隣の図に移る。見る文字とユニットも移る。
    step(cell, right, down) {
      const k = MAPS.findIndex(({ name }) => name === (cell?.name ?? "f")) * w_hy.length + get("unit") - 1 + down;
      const place = Math.max(0, Math.min(MAPS.length * w_hy.length - 1, k));
      if (right) goTo(get("t") + right);
      if (down) assign(model, "unit", (place % w_hy.length) + 1);
      return { name: MAPS[Math.floor(place / w_hy.length)].name, t: get("t"), unit: (place % w_hy.length) + 1 };
    },
  });
  stack.root.setAttribute("aria-label", "ゲートと状態のマス目。左右の矢印キーで文字、上下でユニット");

  let drawn = "";
  let used = params; // いま使っている重み
  /** @type {ReturnType<typeof readText>} */ let reading;
  function read() {
    const [text, fix] = [get("text"), FIXES[get("fixed")]];
    if (drawn === `${text} ${get("fixed")}`) return;
    drawn = `${text} ${get("fixed")}`;
    used = fix ? withGateFixed(params, fix.gate, fix.value) : params;
    reading = readText(text, used, w_hy, b_y);
    plot.setDomain({ x: [0.5, text.length + 0.5] });
    truthBand.set(depths(text).flatMap((depth, k) => [[k + 0.5, 0, Number(depth > 0)], [k + 1.5, 0, Number(depth > 0)]]));
    const points = reading.probability.map((p, k) => [k + 1, p]);
    line.set(points);
    dots.set(points);
    letters.set([...text].map((letter, k) => [k + 1, -0.3, letter, 0, 2, "middle"]));
    stack.set(text, reading.at, { c: cellLimit(reading) });
    buttons.forEach((node, k) => node.setAttribute("aria-pressed", String(EXAMPLES[k][1] === text)));
  }

  function draw() {
    read();
    const [t, unit] = [get("t"), get("unit")];
    plotCursor.set(t);
    stack.point(t, unit);
    const v = (/** @type {string} */ name, when = t) => reading.at(name, when, unit);
    const n = (/** @type {number} */ value) => (Number(value.toFixed(3)) < 0 ? `(${fixed(value, 3)})` : fixed(value, 3));
    setInline(lines[0], `$c_{${t}}$ = $f_{${t}}$ $c_{${t - 1}}$ + $i_{${t}}$ $\\tilde c_{${t}}$ = ${n(v("f"))} × ${n(v("c", t - 1))} + ${n(v("i"))} × ${n(v("c_tilde"))} = ${fixed(v("c"), 3)}`);
    setInline(lines[1], `$h_{${t}}$ = $o_{${t}}$ $\\tanh$($c_{${t}}$) = ${n(v("o"))} × $\\tanh$(${fixed(v("c"), 3)}) = ${fixed(v("h"), 3)}`);
    say(describeStep(reading, get("text"), t, unit));
    terms.update();
    const names = ["i", "f", "o", "c_tilde", "c", "h"];
    return {
      ...Object.fromEntries(names.map((name) => [name, v(name)])),
      probability: reading.probability[t - 1], correct: countRight(reading, depths(get("text"))),
    };
  }
  return draw;
});
