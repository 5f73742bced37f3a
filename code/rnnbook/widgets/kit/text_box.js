// 文字を打つ部品。使えないものは受け取らず、理由を言う。
import { el, freshId, holdable } from "./controls.js";
import { rowOf } from "./properties.js";
import { watch } from "./scope.js";

/**
 * @typedef {{text: string | null, note: string, refused: boolean}} Cleaned
 *   text は受け取る文字列で、null なら打たれたままにして受け取らない。note は添える文、refused は断ったことがあるか
 */

/**
 * @param {Element} parent
 * @param {import("./controls.js").Model} model
 * @param {string} name 引数の名前
 * @param {(typed: string) => Cleaned} clean
 * @param {(text: string) => void} take 打たれた文字列を受け取る
 * @returns {() => void} 箱と添える文を、図の値に戻す。受け取らなかった文が残るときに、値が替わらなくても呼べる
 */
export function textBox(parent, model, name, clean, take) {
  const id = freshId();
  const input = el("input", {
    type: "text", id, spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-describedby": `${id}-note`,
  });
  const note = el("p", { class: "rf-typed-note", id: `${id}-note`, "aria-live": "polite" });
  // ノートブックの一文字の近道（a で新しいセル、など）を、打っている間は止める。
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.stopPropagation());
  parent.append(el("div", { class: "rf-typed", "data-lm-suppress-shortcuts": true }, el("label", { for: id }, rowOf(model, name).label), input, note));
  holdable(parent.lastElementChild, model, name);
  const tell = (/** @type {Cleaned} */ cleaned) => {
    note.textContent = cleaned.note;
    note.classList.toggle("rf-refused", cleaned.refused);
  };
  const read = () => {
    const cleaned = clean(input.value);
    tell(cleaned);
    if (cleaned.text === null) return;
    if (input.value !== cleaned.text) {
      const caret = Math.max(0, (input.selectionStart ?? 0) - (input.value.length - cleaned.text.length));
      input.value = cleaned.text;
      input.setSelectionRange(caret, caret);
    }
    if (cleaned.text && cleaned.text !== model.get(name)) take(cleaned.text);
  };
  // かな漢字変換の間は待つ。
  input.addEventListener("input", (/** @type {InputEvent} */ event) => event.isComposing || read());
  input.addEventListener("compositionend", read);
  const show = () => {
    input.value = model.get(name);
    tell(clean(input.value));
  };
  watch(model, [name], () => clean(input.value).text === model.get(name) || show());
  show();
  return show;
}
