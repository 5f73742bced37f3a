// 読者のデータ: 規則の例か、数の並びを打つ箱。読めないものは受け取らず、理由を言う。
import { el, freshId } from "../kit/controls.js";
import { assign, heldBy, rowOf } from "../kit/properties.js";
import { watch } from "../kit/scope.js";
import { lines } from "./config.js";
import { ownNote } from "./own_data.js";

const BOXES = {
  own_rule: { name: "rule", title: "一行に一つの例（記号の列、空白、答え）" },
  own_series: { name: "series", title: "数の並び（コンマ、空白、改行で区切る）" },
};

/** 打たれた文を、引数に入る形にする: 全角を半角に、行の終わりを ; に。系列では、タブはコンマと同じ。 @param {string} task @param {string} typed */
export function asProperty(task, typed) {
  const plain = typed.normalize("NFKC").replaceAll("−", "-").replaceAll("\t", task === "own_series" ? "," : " ");
  return plain.replace(/\r\n?/g, "\n").trim().replaceAll("\n", ";");
}

/**
 * 打たれた文を調べる。
 * @param {"own_rule" | "own_series"} task
 * @param {string} typed
 * @param {number} T
 * @param {{letters: string, longest: number}} row 引数の表の行
 * @returns {{refused: boolean, note: string}}
 */
export function checkOwn(task, typed, T, { letters, longest }) {
  const found = ownNote(task, typed, T);
  if (found.refused) return found;
  const text = asProperty(task, typed);
  const odd = [...text].find((letter) => !letters.includes(letter));
  if (odd) return { refused: true, note: `「${odd}」は使えません。使えるのは、半角の英数字とかなです。` };
  if (text.length > longest) return { refused: true, note: `${text.length} 文字あります。住所に入るように、${longest} 文字までにします。` };
  return found;
}

/**
 * @param {Element} parent
 * @param {import("../kit/controls.js").Model} model
 * @returns {() => void} いまの問題に合わせる関数
 */
export function ownPanel(parent, model) {
  const id = freshId();
  const title = el("label", { for: id });
  const box = /** @type {HTMLTextAreaElement} */ (el("textarea", { id, rows: 5, spellcheck: "false", autocapitalize: "off", "aria-describedby": `${id}-note` }));
  const note = el("p", { class: "rf-typed-note", id: `${id}-note`, "aria-live": "polite" });
  const frame = el("div", { class: "rf-own", "data-lm-suppress-shortcuts": true }, title, box, note);
  parent.append(frame);
  box.addEventListener("keydown", (event) => event.stopPropagation());
  const task = () => model.get("task");
  const tell = () => {
    const found = checkOwn(task(), box.value, model.get("T"), rowOf(model, BOXES[task()].name));
    const old = found.refused && asProperty(task(), box.value) !== model.get(BOXES[task()].name);
    note.textContent = found.note + (old ? "いまの学習は、前に読めたもののままです。" : "");
    note.classList.toggle("rf-refused", found.refused);
    return found;
  };
  /** @type {Record<string, {typed: string, stored: string}>} 問題ごとの、打ちかけの文と、そのときの引数 */
  const drafts = {};
  const read = () => {
    if (!BOXES[task()]) return;
    drafts[task()] = { typed: box.value, stored: model.get(BOXES[task()].name) };
    if (tell().refused) return;
    const text = asProperty(task(), box.value);
    if (text !== model.get(BOXES[task()].name)) assign(model, BOXES[task()].name, text);
  };
  box.addEventListener("input", (/** @type {InputEvent} */ event) => event.isComposing || read());
  box.addEventListener("compositionend", read);
  const show = () => {
    const own = BOXES[task()];
    const { fix, hide } = heldBy(model);
    frame.hidden = !own || hide.includes(own.name);
    box.disabled = Boolean(own) && fix.includes(own.name);
    if (!own) {
      note.textContent = "";
      return;
    }
    title.textContent = own.title;
    const [draft, stored] = [drafts[task()], model.get(own.name)];
    if (asProperty(task(), box.value) !== stored) box.value = draft?.stored === stored ? draft.typed : lines(stored);
    tell();
  };
  watch(model, ["task", "rule", "series", "T", "_held"], show);
  show();
  return show;
}
