// 縦に並んだ、文の長い選択肢。一つを選ぶ。
import { el, freshId } from "./controls.js";
import { setInline } from "./text.js";

/**
 * @param {Element} parent
 * @param {string[]} texts
 * @param {(number: number) => void} choose 選んだ番号（0 から）を受け取る
 * @returns {{inputs: HTMLInputElement[], labels: HTMLLabelElement[]}}
 */
export function optionList(parent, texts, choose) {
  const group = freshId();
  const inputs = texts.map((_, i) => {
    const input = el("input", { type: "radio", name: group });
    input.addEventListener("change", () => choose(i));
    return input;
  });
  const labels = texts.map((text, i) => {
    const shown = el("span");
    setInline(shown, text);
    return el("label", {}, inputs[i], shown);
  });
  parent.append(...labels);
  return { inputs, labels };
}
