// 図の額縁: 題、はじめに戻す、この状態へのリンク、この条件をコードで。図の引数の表と、借りたものを返すことは、ここが引き受ける。
import { button, el } from "./controls.js";
import { onProperties, pythonLine, setAll, settle, tableOf } from "./properties.js";
import { mounted, onceAFrame } from "./scope.js";
import { setInline } from "./text.js";

/** @typedef {import("./controls.js").Model} Model */
/** @typedef {(name: string) => any} Read */

/**
 * 図を作る。build は部品を並べ、描く関数を返す。描く関数は、すぐに一度、あとは引数が変わるたびに、一枚の画面に一度だけ呼ばれる。
 * @param {string | ((get: Read) => string)} caption 図の下の文
 * @param {(parts: {model: Model, get: Read, body: HTMLElement, redraw: () => void}) => () => void} build
 *   redraw は、引数のほかの値が変わったときに呼ぶ
 */
export function figure(caption, build) {
  return mounted(({ model, el: root }) => {
    const get = (/** @type {string} */ name) => model.get(name);
    const alt = get("alt");
    const body = el("div", { class: "rf-body" });
    const words = el("span");
    setInline(words, typeof caption === "string" ? caption : caption(get));
    const number = get("number");
    const note = el("figcaption", {}, ...(number ? [el("strong", {}, number), "　"] : []), words);
    const foot = el("div", { class: "rf-foot" });
    // alt の最初の文を図の名前に、全体を説明にする。
    const frame = el("figure", { class: "rnnbook-figure", "aria-label": alt.split("。")[0], "aria-description": alt }, body, note, foot);
    root.replaceChildren(frame);

    let draw = () => {};
    const redraw = onceAFrame(() => draw());
    const paint = build({ model, get, body, redraw });
    const update = tellState(foot, model);
    draw = () => {
      settle(model);
      paint();
      update();
    };
    draw();
    onProperties(model, redraw);
  });
}

/**
 * いまの状態を戻す、渡す、書く部品。
 * @param {HTMLElement} foot
 * @param {Model} model
 * @returns {() => void} いまの状態に合わせる関数
 */
function tellState(foot, model) {
  const table = tableOf(model);
  if (!table.length) return () => {};
  button(foot, "はじめに戻す", () => setAll(model, Object.fromEntries(table.map(({ name, start }) => [name, start]))));
  const note = el("span", { role: "status" });
  // 住所があるのは、組んだページの上だけ。
  const link = model.address ? el("a", { href: "#", class: "rf-here" }, "この状態へのリンク") : null;
  link?.addEventListener("click", () => {
    const copied = navigator.clipboard?.writeText(link.href) ?? Promise.reject();
    copied.then(() => "リンクをコピーしました。", () => "ブラウザの住所の欄を写してください。").then((text) => (note.textContent = text));
  });
  const code = el("code");
  const { module, name } = model.get("_python");
  const shown = el("details", {}, el("summary", {}, "この条件をコードで"), el("pre", {}, code));
  foot.append(...(link ? [link] : []), note, shown);
  return () => {
    if (link) link.href = model.address();
    if (note.textContent) note.textContent = "";
    const text = `from ${module} import ${name}\n\n${pythonLine(model)}`;
    if (code.textContent !== text) code.textContent = text;
  };
}
