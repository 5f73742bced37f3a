// 読みの確率: 文を一語ずつ見せ、前から読む LSTM と両側から読む LSTM の答えを並べる。
import { button, control, el, freshId, holdable, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { MODELS } from "../kit/models.js";
import { createPlot } from "../kit/plot.js";
import { rowOf, same, setAll } from "../kit/properties.js";
import { MISSING } from "../kit/scales.js";
import { watch } from "../kit/scope.js";
import { createReader, splitWords } from "./reader_models.js";

const CAPTION = "学習した二つの LSTM を、このページの中で動かしています。縦の帯が、見せている語の数です。両側から読むモデルは、見せた所までを一つの文として読みます。学習に使ったのは終わりまである文だけなので、途中で切った文の確率は、あてになりません。";

/** @type {[string, string][]} ボタンの名と文 */
const EXAMPLES = [
  ["右に手がかり", "紙に辛いという字はたぶんカレーの話です"],
  ["同じ語、別の読み", "紙に辛いという字はたぶん失恋の話です"],
  ["左に手がかり", "カレーの話のあとに壁に辛いとある"],
  ["ほかの語の手がかり", "一日という字はビールの件でなく初詣の写真です"],
  ["手がかりなし", "題は人気とあるのはもちろん"],
];

/** @typedef {{name: "lstm" | "bilstm", label: string, chances: number[][]}} Told 見せる語の数ごとの、二つの読みの確率 */

/** @param {number} p @returns {string} 確率の書き方 */
export function percent(p) {
  return Number.isFinite(p) ? `${(100 * p).toFixed(0)} %` : MISSING;
}

/**
 * 打つ所に添える文。
 * @param {{words: string[], left: string}} split
 * @param {string[]} targets 読みの二つある語
 * @param {number} longest
 */
export function describeTyped({ words, left }, targets, longest) {
  if (left) return `「${left.slice(0, 8)}」の所が語彙になく、読めません。前の文のままです。`;
  if (!words.length) return "文が空です。前の文のままです。";
  if (words.length > longest) return `${longest} 語までです（いまは ${words.length} 語）。前の文のままです。`;
  if (!words.some((word) => targets.includes(word))) return `読みを答える語（${targets.join("、")}）を一つ入れてください。`;
  const found = words.filter((word) => targets.includes(word));
  return `${words.length} 語に分けました。${found.length > 1 ? `はじめの「${found[0]}」の読みを答えます。` : ""}`;
}

/**
 * 文を打つ所。読めない文は入れず、理由を言う。
 * @param {Element} parent
 * @param {import("../kit/controls.js").Model} model
 * @param {(words: string[]) => void} take
 */
function sentenceBox(parent, model, take) {
  const id = freshId();
  const { label, vocabulary, longest } = /** @type {any} */ (rowOf(model, "words"));
  const targets = model.get("choices").map((/** @type {[string, string[]]} */ [word]) => word);
  const input = el("input", { type: "text", id, spellcheck: "false", autocomplete: "off", maxlength: 200, "aria-describedby": `${id}-note` });
  const note = el("p", { class: "rf-note", id: `${id}-note`, "aria-live": "polite" });
  // ノートブックの一文字の近道を、打っている間は止める。
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.stopPropagation());
  const list = el("details", {}, el("summary", {}, "使える語の一覧"), el("p", {}, vocabulary.join(" ")));
  parent.append(el("div", { class: "rf-sentence", "data-lm-suppress-shortcuts": true }, el("label", { for: id }, label), input, note, list));
  holdable(parent.lastElementChild, model, "words");
  const tell = (/** @type {ReturnType<typeof splitWords>} */ split) => {
    note.textContent = describeTyped(split, targets, longest);
    note.classList.toggle("rf-refused", !note.textContent.includes("分けました"));
  };
  const read = () => {
    const split = splitWords(input.value, vocabulary);
    tell(split);
    if (!split.left && split.words.length && split.words.length <= longest) take(split.words);
  };
  input.addEventListener("input", (/** @type {InputEvent} */ event) => event.isComposing || read());
  input.addEventListener("compositionend", read);
  const update = () => {
    if (same(splitWords(input.value, vocabulary).words, model.get("words"))) return;
    input.value = model.get("words").join("");
    tell(splitWords(input.value, vocabulary));
  };
  watch(model, ["words"], update);
  update();
}

export default figure(CAPTION, ({ model, get, body }) => {
  const { vocabulary } = /** @type {any} */ (rowOf(model, "words"));
  const [choices, weights, farthest] = ["choices", "weights", "farthest"].map(get);
  /** @type {string[]} */
  const targets = choices.map((/** @type {[string, string[]]} */ [word]) => word);
  /** @type {["lstm" | "bilstm", string, ReturnType<typeof createReader>][]} */
  const readers = [
    ["lstm", "前から読む LSTM", createReader(weights.forward, farthest)],
    ["bilstm", "両側から読む LSTM", createReader(weights.both, farthest)],
  ];
  const show = (/** @type {string[]} */ words, shown = words.length) => setAll(model, { words, shown });
  sentenceBox(body, model, (words) => same(words, get("words")) || show(words));
  const row = el("div", { class: "rf-row", role: "group", "aria-label": "文の例" });
  body.append(row);
  const examples = EXAMPLES.map(([label, text]) => {
    const { words } = splitWords(text, vocabulary);
    const at = words.findIndex((word) => targets.includes(word));
    return { words, node: button(row, label, () => show(words, at + 1)) };
  });
  holdable(row, model, "words");
  control(body, model, "shown", { format: (n) => `${n}「${get("words")[n - 1] ?? ""}」` });
  const strip = el("p", { class: "rf-words", "aria-hidden": "true" });
  body.append(strip);
  const bars = el("div", { class: "rf-chances", "aria-hidden": "true" });
  body.append(bars);
  const say = liveText(body);
  const plot = createPlot(body, {
    label: "見せる語の数と、一つめの読みの確率", height: 210,
    x: { label: "見せる語の数", domain: [0.5, 8.5], whole: true }, y: { label: "一つめの読みの確率", column: "一つめの読みの確率", domain: [0, 1], ticks: [0, 0.5, 1] },
  });
  const cursor = plot.ruleX("var(--rf-warn)", "rf-cursor");
  const lines = readers.map(([name]) => ({
    line: plot.line(MODELS[name].color, name === "bilstm" ? "rf-dashed" : ""),
    marks: plot.markers(MODELS[name].color, MODELS[name].shape, 8),
  }));
  readers.forEach(([, label], k) => lines[k].line.named(label));

  let read = "";
  let at = -1;
  /** @type {Told[]} */ let told = [];
  function readWords() {
    const words = get("words");
    if (read === words.join(" ")) return;
    read = words.join(" ");
    at = words.findIndex((/** @type {string} */ word) => targets.includes(word));
    const ids = words.map((/** @type {string} */ word) => vocabulary.indexOf(word) + 1);
    const first = 2 * targets.indexOf(words[at]);
    told = at < 0 ? [] : readers.map(([name, label, reader]) => ({
      name, label,
      chances: words.map((/** @type {string} */ _, /** @type {number} */ t) => (t < at ? [NaN, NaN] : reader(ids, at, t + 1).slice(first, first + 2))),
    }));
    plot.setDomain({ x: [0.5, words.length + 0.5] });
    lines.forEach(({ line, marks }, k) => {
      const points = (told[k]?.chances ?? []).map(([p], t) => [t + 1, p]);
      line.set(points);
      marks.set(points);
    });
    if (at >= 0) plot.relabel(`「${choices[targets.indexOf(words[at])][1][0]}」と読む確率。実線と菱形は前から、破線と四角は両側から`);
    examples.forEach(({ words: example, node }) => node.setAttribute("aria-pressed", String(same(example, words))));
  }

  return () => {
    readWords();
    const words = get("words");
    const shown = Math.min(get("shown"), words.length);
    cursor.set(shown);
    strip.replaceChildren(...words.map((/** @type {string} */ word, /** @type {number} */ t) =>
      el("span", { class: t >= shown ? "rf-hidden" : t === at ? "rf-target" : "" }, t >= shown ? "□" : word)));
    const sentence = words.slice(0, shown).join(" ");
    if (at < 0) {
      bars.replaceChildren();
      say(`文に、読みを答える語（${targets.join("、")}）がありません。`);
      return {};
    }
    if (shown <= at) {
      bars.replaceChildren();
      say(`「${sentence}」まで。読みを答える語は、まだ出ていません。`);
      return {};
    }
    const [, pair] = choices[targets.indexOf(words[at])];
    bars.replaceChildren(...told.flatMap(({ name, label, chances }) => [el("span", { class: "rf-who" }, label, name === "bilstm" ? "（破線と四角）" : "（実線と菱形）"),
      ...pair.map((/** @type {string} */ reading, /** @type {number} */ k) => el("span", { class: "rf-chance" }, `${reading} ${percent(chances[shown - 1][k])}`,
        el("i", { style: `width:${(100 * (chances[shown - 1][k] || 0)).toFixed(1)}%;background:${MODELS[name].color}` })))]));
    const answer = (/** @type {Told} */ { label, chances }) =>
      `${label} は ${pair.map((/** @type {string} */ reading, /** @type {number} */ k) => `${reading} ${percent(chances[shown - 1][k])}`).join("、")}`;
    say(`「${sentence}」まで。${told.map(answer).join("。")}。`);
    return Object.fromEntries(told.flatMap(({ name, chances }) => ["first", "second"].map((reading, k) => [`${name}_${reading}`, chances[shown - 1][k]])));
  };
});
