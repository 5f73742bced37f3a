// 図の額縁: 題、図が見せる数、足もと（foot.js）。図の引数の表と、借りたものを返すことは、ここが引き受ける。
import { el } from "./controls.js";
import { tellNumbers, tellState } from "./foot.js";
import { onProperties, settle } from "./properties.js";
import { mounted, onceAFrame, watch } from "./scope.js";
import { setInline } from "./text.js";

/** @typedef {import("./controls.js").Model} Model */
/** @typedef {(name: string) => any} Read */

/**
 * 図を作る。build は部品を並べ、描く関数を返す。描く関数は、すぐに一度、あとは引数が変わるたびに、一枚の画面に一度だけ呼ばれる。
 * 描く関数は、図が見せる数を、Python の numbers() と同じ名前で、丸めずに返す。
 * @param {string | ((get: Read) => string)} caption 図の下の文
 * @param {(parts: {model: Model, get: Read, body: HTMLElement, redraw: () => void}) => () => Record<string, number | null> | void} build
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
    let changed = true; // 前に描いてから、引数が変わった
    const redraw = onceAFrame(() => draw());
    const paint = build({ model, get, body, redraw });
    const update = tellState(foot, model, body, frame);
    draw = () => {
      settle(model);
      tellNumbers(frame, paint());
      update(changed);
      changed = false;
    };
    const follow = () => {
      changed = true;
      redraw();
    };
    draw();
    onProperties(model, follow);
    watch(model, ["_held"], follow);
  });
}
