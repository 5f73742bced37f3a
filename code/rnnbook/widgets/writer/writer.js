// 文章を書く: 書き出しに続けて、学習した GRU に一字ずつ書かせる。字を選ぶと、候補と、その字を動かした前の字が見える。
import { makeWriter, softmax } from "../characters/gru.js";
import { percent, shownLetter } from "../characters/letters.js";
import { choices, movers, ranked, write } from "../characters/sampling.js";
import { button, control, el, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { assign, rowOf, setAll } from "../kit/properties.js";
import { textBox } from "../kit/text_box.js";
import { pickable } from "../kit/touch.js";
import { asRead, asTyped, cleanOpening, describe, repeated } from "./words.js";

const CANDIDATES = 6;
const LOOK = 40; // 隠してみるのは、前の何字までか
const STRONGEST = 3; // ここで、いちばん濃い色になる（ビット）

/** @type {[string, Record<string, any>][]} ボタンの名と、変える値 */
const EXAMPLES = [
  ["いつも一番", { top_k: 1, top_p: 1, temperature: 0.8 }],
  ["温度 0.8", { top_k: 2048, top_p: 1, temperature: 0.8 }],
  ["温度 1.5", { top_k: 2048, top_p: 1, temperature: 1.5 }],
];

const CAPTION = "学習した GRU（一つの重みが数ビット）が、このページの中で、書き出し（下線の字）に続けて 80 字を書きます。字に触れると、その字の候補が並び、前の 40 字を一つずつ「表にない字」に替えて読み直した結果が、色で付きます。青い字は、隠すと選んだ字の確率が下がる字、橙の字は上がる字です。候補を選ぶと、そこから続きを書きます。棒は、温度 1 の確率から求めたビット数です。";

export default figure(CAPTION, ({ model, get, body }) => {
  const writer = makeWriter(get("weights").apart);
  const { letters, longest } = rowOf(model, "text");
  const LENGTH = rowOf(model, "t").high;
  const start = (/** @type {string} */ text) => {
    setAll(model, { text, t: 1 });
    showText();
  };
  const showText = textBox(body, model, "text", (typed) => cleanOpening(typed, letters, longest), start);
  const row = el("div", { class: "rf-row rf-examples", role: "group", "aria-label": "選び方の例" });
  body.append(row);
  const buttons = EXAMPLES.map(([label, values]) => button(row, label, () => setAll(model, values)));
  for (const node of buttons) holdable(node, model, ...Object.keys(EXAMPLES[0][1]));
  holdable(button(row, "別の乱数", () => assign(model, "seed", (get("seed") % rowOf(model, "seed").high) + 1)), model, "seed");

  const page = el("p", { class: "rf-written", "aria-label": "書いた文章" });
  body.append(page);
  pickable(page, (event) => {
    const at = Number(/** @type {HTMLElement | null} */ (document.elementFromPoint(event.clientX, event.clientY))?.dataset.t ?? 0);
    if (at >= 1) assign(model, "t", at);
  });
  const say = liveText(body);
  const heading = el("p", { class: "rf-small" });
  const offered = el("div", { class: "rf-offers", role: "group", "aria-label": "候補" });
  body.append(heading, offered);
  const choice = Array.from({ length: CANDIDATES }, () => {
    const node = button(offered, "", () => start(node.dataset.text.slice(-longest)));
    return node;
  });
  holdable(offered, model, "text");
  const knobs = el("div", { class: "rf-written-knobs" });
  body.append(knobs);
  control(knobs, model, "t", { format: (t) => `${t} 番目` });
  control(knobs, model, "temperature");
  control(knobs, model, "top_k", { format: (k) => (k >= writer.V ? "限らない" : `${k} 字`) });
  control(knobs, model, "top_p", { format: (p) => (p >= 1 ? "限らない" : String(Math.round(100 * p) / 100)) });
  control(knobs, model, "seed");
  const plot = createPlot(body, {
    label: "一字ごとのビット数", height: 118,
    x: { label: "書いた字", domain: [0, LENGTH + 1], whole: true, ticks: [1, 20, 40, 60, 80] },
    y: { label: "当てにくさ（ビット）", domain: [0, 14], ticks: [0, 5, 10] },
  });
  const cursor = plot.ruleX("var(--rf-warn)", "rf-cursor");
  const bars = plot.bars("var(--rf-gru)", 3).named("一字ごとのビット数");
  pickable(plot.root, (event) => assign(model, "t", Math.max(1, Math.min(LENGTH, Math.round(plot.toData(event)[0])))));

  let asked = "";
  /** @type {{ids: number[], states: Float64Array[], bits: number[]}} */ let written;
  return () => {
    const rule = { temperature: get("temperature"), topK: get("top_k"), topP: get("top_p"), seed: get("seed") };
    // 段落の頭から読むように、はじめに改行を一つ読ませる
    const opening = writer.encode(`\n${asRead(get("text"))}`);
    const m = opening.length;
    const key = JSON.stringify([opening, rule]);
    if (asked !== key) {
      const { ids, states } = write(writer, opening, LENGTH, rule);
      const bits = Array.from({ length: LENGTH }, (_, k) => -Math.log2(softmax(writer.scores(states[m + k - 1]))[ids[m + k]]));
      [asked, written] = [key, { ids, states, bits }];
    }
    buttons.forEach((node, k) => node.setAttribute("aria-pressed", String(Object.entries(EXAMPLES[k][1]).every(([name, v]) => get(name) === v))));
    const { ids, states, bits } = written;
    const t = get("t");
    const at = m + t - 1; // 見る字の、書き出しからの番号
    const { fall } = movers(writer, ids, states, at, LOOK);
    page.replaceChildren(...ids.slice(1).map((id, n) => {
      const k = n + 1; // はじめの改行は見せない
      const node = el("span", { class: k < m ? "rf-given" : "", "data-t": k - m + 1 }, shownLetter(writer.letters[id]));
      if (k === at) node.classList.add("rf-here-letter");
      else if (k < at) {
        const share = Math.min(1, Math.abs(fall[k]) / STRONGEST);
        node.style.background = `color-mix(in srgb, var(--rf-${fall[k] > 0 ? "positive" : "negative"}) ${Math.round(60 * share)}%, transparent)`;
      }
      return node;
    }));

    const scores = writer.scores(states[at - 1]);
    const [p, q] = [softmax(scores), choices(scores, rule)];
    const order = ranked(q).slice(0, CANDIDATES);
    if (!order.includes(ids[at])) order[CANDIDATES - 1] = ids[at];
    const before = ids.slice(0, at).map((id) => writer.letters[id]).join("");
    heading.textContent = `「${[...before].slice(-6).map(shownLetter).join("")}」の次の候補。選ぶときの確率（温度 1 の確率）`;
    choice.forEach((node, n) => {
      const k = order[n];
      const letter = writer.letters[k];
      node.dataset.text = asTyped(`${before.slice(1)}${letter}`);
      node.firstChild.replaceChildren(el("span", {}, `${shownLetter(letter)}　${percent(q[k])}`), el("span", {}, `（${percent(p[k])}）`));
      node.setAttribute("aria-label", `${shownLetter(letter)} を選ぶ、確率 ${percent(q[k])}、温度 1 では ${percent(p[k])}`);
      node.setAttribute("aria-pressed", String(k === ids[at]));
      node.style.setProperty("--p", `${Math.round(100 * q[k])}%`);
    });
    cursor.set(t);
    bars.set(bits.map((v, k) => [k + 1, v]));

    const text = ids.slice(m).map((id) => writer.letters[id]).join("");
    const most = fall.reduce((best, v, k) => (v > (fall[best] ?? 0) ? k : best), at - 1);
    const numbers = {
      p: q[ids[at]], plain: p[ids[at]], rank: ranked(p).indexOf(ids[at]) + 1, left: q.filter((v) => v > 0).length,
      back: at - most, hidden: p[ids[at]] * 2 ** -fall[most], bits: bits.reduce((sum, v) => sum + v, 0) / LENGTH, repeated: repeated(text, 4),
    };
    say(describe({ t, letter: shownLetter(writer.letters[ids[at]]), mover: shownLetter(writer.letters[ids[most]]), ...numbers }));
    return numbers;
  };
});
