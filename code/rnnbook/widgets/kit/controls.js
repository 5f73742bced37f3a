// 読者が触る部品。部品は model の値と両方向に結ばれ、見える名と範囲は図の引数の表から来る。
import { assign, heldBy, highOf, nearest, rowOf, stopsOf } from "./properties.js";
import { fixed } from "./scales.js";
import { hear, here, watch } from "./scope.js";
import { changingText, setInline } from "./text.js";
import { pickable } from "./touch.js";

const THUMB = 16; // つまみの丸の幅 px

/**
 * @typedef {Object} Model AFM の model（JupyterLab、Colab、組んだページのどれでも同じ形）
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, callback: Function) => void} on
 * @property {(event: string, callback: Function) => void} off
 * @property {(content: any) => void} send
 * @property {() => string} [address] いまの状態の住所（組んだページの上だけ）
 */

/**
 * 要素を作る。子の文字列は文字として入る。
 * @param {string} tag
 * @param {Record<string, string | number | boolean>} attributes
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

let lastId = 0;
const idPrefix = `rf-${Math.random().toString(36).slice(2, 8)}`;

/** @returns {string} ページの中で重ならない id */
export function freshId() {
  lastId += 1;
  return `${idPrefix}-${lastId}`;
}

/**
 * 引数を動かす部品。表の種類によって、つまみ、一つを選ぶボタン、いくつでも選べるチェックボックスになる。
 * @param {Element} parent
 * @param {Model} model
 * @param {string} name 引数の名前
 * @param {{format?: (value: any) => string, sample?: (value: string) => Element}} [options]
 *   format は、つまみの値の書き方。sample は、チェックボックスに添える見本を作る
 */
export function control(parent, model, name, { format, sample } = {}) {
  const row = rowOf(model, name);
  if (row.kind === "choice") choose(parent, model, row);
  else if (row.kind === "several") chooseMany(parent, model, row, sample);
  else slider(parent, model, row, format ?? ((v) => writeValue(row, v)));
  holdable(parent.lastElementChild, model, name);
}

/**
 * 引数を動かす部品を、住所の fix で動かなくし、hide で見えなくする。
 * @param {any} node 部品か、部品を入れた枠
 * @param {Model} model
 * @param {...string} names 部品が変える引数。一つでも固定されれば動かず、一つでも隠されれば見えない
 */
export function holdable(node, model, ...names) {
  const parts = [node, ...node.querySelectorAll("*")].filter((/** @type {Element} */ part) => part.matches("input, select, textarea, button"));
  const update = () => {
    const { fix, hide } = heldBy(model);
    const fixed = names.some((name) => fix.includes(name));
    // hidden は、図が自分の都合（いまの条件で要らない、など）で使う
    node.classList.toggle("rf-unshown", names.some((name) => hide.includes(name)));
    node.classList.toggle("rf-fixed", fixed);
    for (const part of parts) part.disabled = fixed;
  };
  watch(model, ["_held"], update);
  update();
}

/**
 * 絵の中の、触れると引数が変わるボタンを、住所の fix で動かなくする。絵なので、hide では消さない。数の出どころは、動かなくても見られる。
 * @param {HTMLElement[]} nodes
 * @param {Model} model
 * @param {...string} names
 */
export function holdablePicture(nodes, model, ...names) {
  const update = () => {
    const fixed = names.every((name) => heldBy(model).fix.includes(name));
    for (const node of nodes) node.setAttribute("aria-disabled", String(fixed));
  };
  watch(model, ["_held"], update);
  update();
}

/**
 * 値に、刻みの桁と単位を添える。
 * @param {import("./properties.js").Row} row
 * @param {number} value
 * @returns {string}
 */
function writeValue({ kind, unit }, value) {
  if (kind === "number") return fixed(value, 2);
  return unit ? `${value} ${unit}` : String(value);
}

/**
 * @param {Element} parent
 * @param {Model} model
 * @param {import("./properties.js").Row} row
 * @param {(value: number) => string} format
 */
function slider(parent, model, row, format) {
  const id = freshId();
  const get = (/** @type {string} */ name) => model.get(name);
  const input = el("input", { type: "range", id });
  const title = el("label", { for: id });
  setInline(title, row.label);
  const output = el("output", { for: id });
  const track = el("div", { class: "rf-track" }, input);
  parent.append(el("div", { class: "rf-slider" }, title, output, track));

  const update = () => {
    const [value, stops] = [get(row.name), stopsOf(row, get)];
    const range = stops ? [0, stops.length - 1, 1] : [row.low, highOf(row, get), row.step ?? 1];
    [input.min, input.max, input.step] = range.map(String);
    input.value = String(stops ? nearest(stops, value) : value);
    output.textContent = format(value);
    input.setAttribute("aria-valuetext", format(value));
  };
  input.addEventListener("input", () => {
    const stops = stopsOf(row, get);
    assign(model, row.name, stops ? stops[Number(input.value)] : Number(input.value));
  });
  // つまみ自身は指も鼠も受けない。受けると、頁を送る指が触れただけで値が飛ぶ。
  pickable(track, (event) => {
    const box = track.getBoundingClientRect();
    const part = (event.clientX - box.left - THUMB / 2) / (box.width - THUMB);
    const [low, high] = [Number(input.min), Number(input.max)];
    input.focus({ focusVisible: false, preventScroll: true });
    const before = input.value;
    input.value = String(low + Math.max(0, Math.min(1, part)) * (high - low));
    if (input.value !== before) input.dispatchEvent(new Event("input"));
  }, { when: () => !input.disabled });
  watch(model, [row.name, row.most, row.by].filter(Boolean), update);
  update();
}

/** 一つを選ぶ部品（ラジオボタン）。 @param {Element} parent @param {Model} model @param {import("./properties.js").Row} row */
function choose(parent, model, { name, label, choices }) {
  const group = freshId();
  const legend = el("legend");
  setInline(legend, label);
  const inputs = choices.map(([value]) => {
    const input = el("input", { type: "radio", name: group });
    input.addEventListener("change", () => assign(model, name, value));
    return input;
  });
  const labels = choices.map(([, text], i) => {
    const shown = el("span");
    setInline(shown, text);
    return el("label", {}, inputs[i], shown);
  });
  parent.append(el("fieldset", { class: "rf-choice" }, legend, el("div", {}, ...labels)));

  const update = () => choices.forEach(([value], i) => (inputs[i].checked = model.get(name) === value));
  watch(model, [name], update);
  update();
}

/**
 * いくつでも選べる部品（チェックボックス）。見本がつけば、凡例を兼ねる。
 * @param {Element} parent
 * @param {Model} model
 * @param {import("./properties.js").Row} row
 * @param {((value: string) => Element)} [sample]
 */
function chooseMany(parent, model, { name, label, choices }, sample) {
  const legend = el("legend");
  setInline(legend, label);
  const inputs = choices.map(([value]) => {
    const input = el("input", { type: "checkbox" });
    input.addEventListener("change", () => {
      const chosen = choices.map(([v]) => v).filter((v) => (v === value ? input.checked : model.get(name).includes(v)));
      assign(model, name, chosen);
    });
    return input;
  });
  const labels = choices.map(([value, text], i) => {
    const shown = el("span");
    setInline(shown, text);
    return el("label", {}, inputs[i], ...(sample ? [sample(value)] : []), shown);
  });
  parent.append(el("fieldset", { class: "rf-checks" }, legend, el("div", {}, ...labels)));

  const update = () => choices.forEach(([value], i) => (inputs[i].checked = model.get(name).includes(value)));
  watch(model, [name], update);
  update();
}

/**
 * @param {Element} parent
 * @param {string} label
 * @param {() => void} act
 * @returns {HTMLButtonElement}
 */
export function button(parent, label, act) {
  const shown = el("span");
  setInline(shown, label);
  const node = el("button", { type: "button" }, shown);
  node.addEventListener("click", act);
  parent.append(node);
  return node;
}

/**
 * 値が変わると読み上げられる文。
 * @param {Element} parent
 * @returns {(text: string) => void}
 */
export function liveText(parent) {
  const node = el("p", { class: "rf-live", "aria-live": "polite" });
  parent.append(node);
  return changingText(node);
}

/**
 * Python が要る部品。カーネルが答えたときだけ build が作り、答えがないうちは得る方法を述べる。
 * @param {Element} parent
 * @param {Model} model
 * @param {string} name 部品の名（ボタンに書く言葉）
 * @param {(place: HTMLElement) => void} build
 */
export function whenKernelAnswers(parent, model, name, build) {
  const place = el("div", { class: "rf-kernel" },
    el("p", {}, `「${name}」は Python で計算します。ページの上の「ノートブックを保存」で保存し、Colab か手元の Jupyter で開くと動きます。`));
  parent.append(place);
  const done = hear(model, "msg:custom", here((/** @type {any} */ content) => {
    if (content?.kernel !== "here") return;
    done();
    place.replaceChildren();
    build(place);
  }));
  model.send({ kernel: "?" });
}

/** @returns {boolean} 読者が動きを減らす設定にしている */
export function prefersStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
