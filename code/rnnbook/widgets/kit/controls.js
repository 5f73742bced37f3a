// 図の額縁と、読者が触る部品。部品は model の値と両方向に結ばれる。
import { setInline } from "./text.js";

/**
 * @typedef {Object} Model AFM の model（JupyterLab、Colab、組んだページのどれでも同じ形）
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, callback: Function) => void} on
 * @property {(event: string, callback: Function) => void} off
 * @property {(content: any) => void} send
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
 * 図の額縁を作る。alt の最初の文を図の名前に、全体を説明にする。
 * @param {Element} parent
 * @param {{alt: string, caption: string}} texts
 * @returns {{body: HTMLElement}}
 */
export function frameFigure(parent, { alt, caption }) {
  const body = el("div", { class: "rf-body" });
  const note = el("figcaption");
  setInline(note, caption);
  const figure = el("figure", { class: "rnnbook-figure", "aria-label": alt.split("。")[0], "aria-description": alt }, body, note);
  parent.replaceChildren(figure);
  return { body };
}

/**
 * 次の画面の書き換えで一度だけ draw を呼ぶ関数を返す。
 * @param {() => void} draw
 * @returns {() => void}
 */
export function onceAFrame(draw) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  };
}

/**
 * model の値のどれかが変わったら callback を呼ぶ。
 * @param {Model} model
 * @param {string[]} names
 * @param {() => void} callback
 * @returns {() => void} やめる関数
 */
export function watch(model, names, callback) {
  for (const name of names) model.on(`change:${name}`, callback);
  return () => names.forEach((name) => model.off(`change:${name}`, callback));
}

/**
 * 一つの見える場所のための model。release() は、この場所が聞いていた変化をすべて聞くのをやめる。
 * @param {Model} model
 * @returns {Model & {release: () => void}}
 */
export function forOneView(model) {
  /** @type {[string, Function][]} */
  const heard = [];
  return {
    get: (name) => model.get(name),
    set: (name, value) => model.set(name, value),
    save_changes: () => model.save_changes(),
    send: (content) => model.send(content),
    on: (event, callback) => {
      heard.push([event, callback]);
      model.on(event, callback);
    },
    off: (event, callback) => model.off(event, callback),
    release: () => heard.forEach(([event, callback]) => model.off(event, callback)),
  };
}

/**
 * @param {Model} model
 * @param {string} name
 * @param {any} value
 */
export function assign(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

/**
 * values のうち、value に比で最も近いものの番号。
 * @param {number[]} values 正の数
 * @param {number} value 正の数
 * @returns {number}
 */
export function nearest(values, value) {
  const found = values.indexOf(value);
  if (found >= 0) return found;
  const distance = (/** @type {number} */ v) => Math.abs(Math.log(v / value));
  return values.reduce((best, v, i) => (distance(v) < distance(values[best]) ? i : best), 0);
}

/**
 * つまみ。values を与えると、その値だけを取る（values の中身を替えたら update を呼ぶ）。
 * @param {Element} parent
 * @param {Model} model
 * @param {{name: string, label: string, min?: number, max?: number, step?: number,
 *          values?: number[], format?: (value: number) => string}} options
 * @returns {{input: HTMLInputElement, update: () => void}}
 */
export function slider(parent, model, { name, label, min = 0, max = 1, step = 1, values, format = String }) {
  const id = freshId();
  const range = values ? { min: 0, max: values.length - 1, step: 1 } : { min, max, step };
  const input = el("input", { type: "range", id, ...range });
  const title = el("label", { for: id });
  setInline(title, label);
  const output = el("output", { for: id });
  parent.append(el("div", { class: "rf-slider" }, title, output, input));

  const update = () => {
    const value = model.get(name);
    if (values) input.max = String(values.length - 1);
    input.value = String(values ? nearest(values, value) : value);
    output.textContent = format(value);
    input.setAttribute("aria-valuetext", format(value));
  };
  input.addEventListener("input", () => {
    assign(model, name, values ? values[Number(input.value)] : Number(input.value));
  });
  watch(model, [name], update);
  update();
  return { input, update };
}

/**
 * 一つを選ぶ部品（ラジオボタン）。
 * @param {Element} parent
 * @param {Model} model
 * @param {{name: string, label: string, choices: [any, string][]}} options 値と見える名の組
 */
export function choose(parent, model, { name, label, choices }) {
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
 * いくつでも選べる部品（チェックボックス）。色の見本がつくので、凡例を兼ねる。
 * @param {Element} parent
 * @param {Model} model
 * @param {{name: string, label: string, choices: [string, string, string, Element?][]}} options 値、見える名、色、見本
 */
export function chooseMany(parent, model, { name, label, choices }) {
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
  const labels = choices.map(([, text, color, sample], i) => {
    const shown = el("span");
    setInline(shown, text);
    const swatch = sample ?? el("i", { "aria-hidden": "true" });
    if (!sample) swatch.style.background = color;
    return el("label", {}, inputs[i], swatch, shown);
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
  let last = "";
  return (text) => {
    if (text !== last) setInline(node, text);
    last = text;
  };
}

/**
 * Python が要る部品。カーネルが答えたときだけ build が作り、答えがないうちは得る方法を述べる。
 * @param {Element} parent
 * @param {Model} model
 * @param {(place: HTMLElement) => void} build
 */
export function whenKernelAnswers(parent, model, build) {
  const place = el("div", { class: "rf-kernel" },
    el("p", {}, "この操作は Python で計算します。ページ上部のボタンから Colab で開くと使えます。"));
  parent.append(place);
  const hear = (/** @type {any} */ content) => {
    if (content?.kernel !== "here") return;
    model.off("msg:custom", hear);
    place.replaceChildren();
    build(place);
  };
  model.on("msg:custom", hear);
  model.send({ kernel: "?" });
}

/** @returns {boolean} 読者が動きを減らす設定にしている */
export function prefersStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
