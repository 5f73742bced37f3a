// 予想の問い: 選ぶか、数を打つ。答えはこの端末に残り、answer.js が読む。
import { button, el, freshId } from "../kit/controls.js";
import { keep, onMemory, recall } from "../kit/memory.js";
import { memoryFoot } from "../kit/memory_foot.js";
import { optionList } from "../kit/options.js";
import { assign } from "../kit/properties.js";
import { watch } from "../kit/scope.js";
import { setInline } from "../kit/text.js";
import { readNumber } from "./numbers.js";

/** @typedef {import("../kit/controls.js").Model} Model */

/**
 * 一つを選ぶ問い。
 * @param {Element} parent
 * @param {Model} model
 * @returns {() => void} いまの値に合わせる関数
 */
function choices(parent, model) {
  const { inputs } = optionList(parent, model.get("choices"), (i) => assign(model, "value", model.get("choices")[i]));
  return () => model.get("choices").forEach((/** @type {string} */ choice, /** @type {number} */ i) => {
    inputs[i].checked = choice === model.get("value");
  });
}

/**
 * 数を打つ問い。読めない文字なら、書き方を述べる。
 * @param {Element} parent
 * @param {Model} model
 * @param {string} question 欄の名の id
 * @returns {() => void}
 */
function typed(parent, model, question) {
  const [fault, unit] = [freshId(), model.get("unit")];
  const input = el("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-labelledby": question, "aria-describedby": fault });
  const row = el("div", { class: "rf-number" }, input, ...(unit ? [el("span", {}, unit)] : []));
  const note = el("p", { id: fault, class: "rf-number-note", "aria-live": "polite" });
  const refuse = (/** @type {string} */ words) => {
    note.textContent = words;
    note.classList.toggle("rf-refused", words !== "");
    input.setAttribute("aria-invalid", String(words !== ""));
  };
  const take = () => {
    const read = readNumber(input.value, unit);
    refuse(read || !input.value.trim() ? "" : `「${input.value}」は数として読めません。0.17、1e-3、1/3 のように書いてください。`);
    if (read) input.value = read.text;
    if (read || !input.value.trim()) assign(model, "value", read?.text ?? "");
  };
  input.addEventListener("change", take);
  button(row, "決める", take);
  parent.append(row, note);
  return () => {
    if (model.get("value") === (readNumber(input.value, unit)?.text ?? "")) return;
    input.value = model.get("value");
    refuse("");
  };
}

/** @param {{model: Model, el: HTMLElement}} context */
export function ask({ model, el: root }) {
  const [name, asked, unit] = ["memory", "asked", "unit"].map((each) => model.get(each));
  const legend = el("legend", { id: freshId() });
  setInline(legend, `予想　${model.get("question")}`);
  const fieldset = el("fieldset", { class: "rf-question" }, legend);
  const said = el("p", { class: "rf-said", "aria-live": "polite" });
  // answer.js の「予想する」が、ここへ戻る。
  const frame = el("div", { class: "rnnbook-figure rf-prediction", id: `prediction-${name}` }, el("div", { class: "rf-body" }, fieldset, said));
  root.replaceChildren(frame);
  const update = model.get("choices").length ? choices(fieldset, model) : typed(fieldset, model, legend.id);
  const foot = memoryFoot(frame, name, () => assign(model, "value", ""));

  const kept = () => (recall(name)?.asked === asked ? recall(name).value : "");
  const draw = () => {
    const value = model.get("value");
    update();
    foot(value !== "");
    const words = value
      ? `「${[value, unit].filter(Boolean).join(" ")}」と予想しました。答えは、この先で予想と並べます。`
      : "予想は、この先で測った答えと並べます。";
    if (words !== said.dataset.words) setInline(said, (said.dataset.words = words));
  };
  watch(model, ["value"], () => {
    const value = model.get("value");
    if (value !== kept()) keep(name, value ? { value, asked } : undefined);
    draw();
  });
  onMemory(() => kept() !== model.get("value") && assign(model, "value", kept()));
  if (kept()) assign(model, "value", kept());
  else if (model.get("value")) keep(name, { value: model.get("value"), asked });
  draw();
}
