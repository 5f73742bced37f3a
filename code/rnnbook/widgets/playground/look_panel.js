// 一つの例を読ませて、隠れ状態と答えを見る。選んだ時刻の入力を、読者が変えられる。
import { button, el, freshId } from "../kit/controls.js";
import { fixed } from "../kit/scales.js";
import { changingText } from "../kit/text.js";
import { createAlphaRow } from "./alpha_row.js";
import { createStates } from "./states.js";

/** @typedef {{D: number, steps: number, output: string, readout: string, symbols: string[] | null, answers: string[] | null}} Sizes */

/** 時刻 t（1 から）の入力を、言葉にする。 @param {ArrayLike<number>} x @param {number} t @param {Sizes} sizes */
export function inputWord(x, t, { D, symbols }) {
  const row = Array.from({ length: D }, (_, n) => x[(t - 1) * D + n]);
  if (symbols) return row.every((v) => v === 0) ? "空白" : symbols[row.indexOf(Math.max(...row))];
  return row.map((v) => fixed(v, 2)).join("、");
}

/** 時刻 t の入力を変えた x。記号なら番号（−1 は空白）、数なら [列, 値]。 @param {number[]} x @param {number} t @param {number | [number, number]} value @param {Sizes} sizes */
export function withInput(x, t, value, { D }) {
  const next = [...x];
  const from = (t - 1) * D;
  if (typeof value === "number") for (let n = 0; n < D; n += 1) next[from + n] = n === value ? 1 : 0;
  else next[from + value[0]] = value[1];
  return next;
}

/** 同じ数の並びか。 @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function sameNumbers(a, b) {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k += 1) if (a[k] !== b[k]) return false;
  return true;
}

/** 答えを言う文。 @param {ArrayLike<number>} y @param {Sizes} sizes */
export function answerWords(y, { output, answers, steps }) {
  const values = Array.from(y);
  if (output === "value") return `答えは ${fixed(values[0], 2)} です。`;
  const O = output === "sequence" ? values.length / steps : values.length;
  const best = (/** @type {number[]} */ row) => row.indexOf(Math.max(...row));
  const name = (/** @type {number} */ k) => answers?.[k] ?? String(k);
  if (output === "class") return `答えは「${name(best(values))}」（確率 ${fixed(Math.max(...values), 2)}）です。`;
  const last = Array.from({ length: Math.min(10, steps) }, (_, k) => values.slice((steps - Math.min(10, steps) + k) * O, (steps - Math.min(10, steps) + k + 1) * O));
  return `終わりの ${last.length} 時刻の答えは ${last.map((row) => name(best(row))).join(" ")} です。`;
}

/**
 * @param {Element} parent
 * @param {(x?: number[]) => void} look 例を読ませる。省くと、新しい例
 */
export function lookPanel(parent, look) {
  const told = el("p", { class: "rf-small" });
  parent.append(told);
  const tell = changingText(told);
  let shown = /** @type {any} */ (null);
  /** @type {Sizes | null} */
  let sizes = null;
  let t = 1;
  let asked = /** @type {number | null} */ (null); // 注意の重みを見る時刻
  const states = createStates(parent, {
    label: "隠れ状態。横が時刻、縦がユニット",
    word: (at) => (shown && sizes ? inputWord(shown.x, at, sizes) : ""),
    picked: (at) => {
      t = asked = at;
      offer();
      if (shown && sizes) alphas(shown.h, sizes, asked);
    },
  });
  const alphas = createAlphaRow(parent);
  const row = el("div", { class: "rf-row rf-edit" });
  parent.append(row);
  const edit = el("div", { class: "rf-edits" });
  row.append(edit);
  button(row, "新しい例", () => look());
  let offered = "";

  /** 選んだ時刻の入力を変える部品。問題が替わるときだけ作り直す。 */
  function offer() {
    if (!sizes || !shown) return;
    const kind = JSON.stringify([sizes.symbols, sizes.D]);
    if (kind !== offered) {
      offered = kind;
      edit.replaceChildren(...(sizes.symbols ? [symbolList()] : Array.from({ length: sizes.D }, (_, n) => numberSlider(n))));
    }
    for (const node of edit.querySelectorAll("select, input")) node.refresh();
  }

  const change = (/** @type {number | [number, number]} */ value) => look(withInput(Array.from(shown.x), t, value, sizes));

  function symbolList() {
    const id = freshId();
    const list = el("select", { id }, ...[...sizes.symbols, "空白"].map((text, k, all) => el("option", { value: k === all.length - 1 ? -1 : k }, text)));
    const title = el("label", { for: id });
    list.addEventListener("change", () => change(Number(list.value)));
    list.addEventListener("keydown", (event) => event.stopPropagation());
    list.refresh = () => {
      title.textContent = `時刻 ${t} の入力`;
      const at = (t - 1) * sizes.D;
      const values = Array.from(shown.x).slice(at, at + sizes.D);
      list.value = String(values.every((v) => v === 0) ? -1 : values.indexOf(Math.max(...values)));
    };
    return el("div", { class: "rf-select", "data-lm-suppress-shortcuts": true }, title, list);
  }

  function numberSlider(/** @type {number} */ n) {
    const id = freshId();
    const input = el("input", { type: "range", id, min: -2, max: 2, step: 0.05 });
    const title = el("label", { for: id });
    const output = el("output", { for: id });
    input.addEventListener("input", () => {
      change([n, Number(input.value)]);
      output.textContent = fixed(Number(input.value), 2);
    });
    input.style.pointerEvents = "auto";
    input.refresh = () => {
      title.textContent = `時刻 ${t} の${sizes.D > 1 ? ["数", "印"][n] : "入力"}`;
      const value = shown.x[(t - 1) * sizes.D + n];
      if (document.activeElement !== input) input.value = String(value);
      output.textContent = fixed(value, 2);
    };
    return el("div", { class: "rf-slider" }, title, output, el("div", { class: "rf-track" }, input));
  }

  /**
   * @param {any} latest
   * @param {Sizes & {H: number}} now
   * @param {boolean} quiet 同じ例を読む間、升目だけを描き、文を替えない
   */
  return (latest, now, quiet) => {
    if (!latest?.look) return;
    const other = !shown || !sameNumbers(shown.x, latest.look.x);
    [shown, sizes] = [latest.look, now];
    t = Math.min(t, sizes.steps);
    if (quiet && !other) {
      states(shown.h, now.H, true);
      alphas(shown.h, now, asked, true);
      return;
    }
    tell(`${shown.words ?? "読者の変えた例です。"}いまの重みの${answerWords(shown.y, sizes)}`);
    states(shown.h, now.H, false);
    alphas(shown.h, now, asked);
    offer();
  };
}
