// 一つを選ぶ、折りたたみの一覧。選択肢の多い引数を、狭い所に置く。
import { el, freshId, holdable } from "../kit/controls.js";
import { assign, rowOf } from "../kit/properties.js";
import { watch } from "../kit/scope.js";
import { setInline } from "../kit/text.js";

/**
 * @param {Element} parent
 * @param {import("../kit/controls.js").Model} model
 * @param {string} name 引数の名前
 * @returns {HTMLElement} 見出しと一覧の枠
 */
export function select(parent, model, name) {
  const { label, choices } = rowOf(model, name);
  const id = freshId();
  const title = el("label", { for: id });
  setInline(title, label);
  const list = el("select", { id }, ...choices.map(([value, text]) => el("option", { value }, text)));
  list.addEventListener("change", () => assign(model, name, list.value));
  // ノートブックの一文字の近道を、選んでいる間は止める。
  list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.stopPropagation());
  const frame = el("div", { class: "rf-select", "data-lm-suppress-shortcuts": true }, title, list);
  parent.append(frame);
  holdable(frame, model, name);
  const update = () => (list.value = model.get(name));
  watch(model, [name], update);
  update();
  return frame;
}
