// 畳んでおく部品。開いている間だけ描く。
import { el } from "../kit/controls.js";

/**
 * @param {Element} parent
 * @param {string} title
 * @param {() => void} opened 開いたときに呼ぶ
 * @returns {{body: HTMLElement, isOpen: () => boolean, open: () => void}}
 */
export function fold(parent, title, opened = () => {}) {
  const body = el("div", { class: "rf-fold-body" });
  const frame = el("details", { class: "rf-fold" }, el("summary", {}, title), body);
  frame.addEventListener("toggle", () => frame.open && opened());
  parent.append(frame);
  return { body, isOpen: () => frame.open, open: () => (frame.open = true) };
}
