// 答えを覚える図の足もと: どこに残るかを述べる一行と、消すボタン。
import { button, el } from "./controls.js";
import { isFleeting } from "./memory.js";

/**
 * どこに残るかを述べる一行と、消すボタン。
 * @param {Element} parent
 * @param {string} name
 * @param {() => void} erase
 * @returns {(answered: boolean) => void} いまの答えに合わせる関数
 */
export function memoryFoot(parent, name, erase) {
  const note = el("span");
  const foot = el("div", { class: "rf-foot" }, note);
  // disabled にすると、押したあとでキーの居場所がなくなる。
  const clear = button(foot, "消す", () => clear.getAttribute("aria-disabled") === "true" || erase());
  parent.append(foot);
  return (answered) => {
    clear.setAttribute("aria-disabled", String(!answered));
    note.textContent = isFleeting(name) ? "この画面には残せません。ページを閉じると消えます" : "この端末だけに残ります";
  };
}
