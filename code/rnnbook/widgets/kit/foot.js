// 図の足もと: いまの状態を、戻す、渡す、コードで書く、表にする。
import { button, el } from "./controls.js";
import { csvText, hasValues, saveText, valuesIn } from "./csv.js";
import { heldBy, pythonLine, rowOf, setAll, tableOf } from "./properties.js";
import { here } from "./scope.js";
import { setInline } from "./text.js";

/** @typedef {import("./controls.js").Model} Model */

/**
 * 図が見せる数を、図の額縁に書く（data-numbers）。Python の numbers() と同じ名前で、丸めない。
 * @param {HTMLElement} frame
 * @param {Record<string, number | null> | void} numbers 読めない数は null か NaN
 */
export function tellNumbers(frame, numbers) {
  if (!numbers) return;
  // JSON にない NaN と無限大は、文字で書く。
  frame.dataset.numbers = JSON.stringify(numbers, (_, v) => (typeof v === "number" && !Number.isFinite(v) ? String(v) : v));
}

/**
 * いまの状態を作る Python のセル。図が数を見せるなら、その数も出す。
 * @param {Model} model
 * @param {boolean} counted
 * @returns {string}
 */
function pythonCell(model, counted) {
  const { module, name } = model.get("_python");
  const line = pythonLine(model);
  return `from ${module} import ${name}\n\n${counted ? `figure = ${line}\nfigure.numbers()` : line}`;
}

/**
 * いまの状態を戻す、渡す、書く部品。
 * @param {HTMLElement} foot
 * @param {Model} model
 * @param {HTMLElement} body 図が描かれている所
 * @param {HTMLElement} frame 図の数が書かれている所
 * @returns {(changed: boolean) => void} いまの状態に合わせる関数。描くたびに、引数が変わったかを添えて呼ぶ
 */
export function tellState(foot, model, body, frame) {
  const table = tableOf(model);
  if (!table.length) return () => {};
  const fixed = el("p", { class: "rf-held", role: "status" });
  body.after(fixed);
  button(foot, "はじめに戻す", () => {
    // 見えない部品の値は、読者には戻せないので変えない。
    const { hide } = heldBy(model);
    setAll(model, Object.fromEntries(table.filter(({ name }) => !hide.includes(name)).map(({ name, start }) => [name, start])));
  });
  const note = el("span", { role: "status" });
  // 住所があるのは、組んだページの上だけ。
  const link = model.address ? el("a", { href: "#", class: "rf-here" }, "この状態へのリンク") : null;
  link?.addEventListener("click", () => {
    const copied = navigator.clipboard?.writeText(link.href) ?? Promise.reject();
    copied.then(() => "リンクをコピーしました。", () => "ブラウザの住所の欄を写してください。").then((text) => (note.textContent = text));
  });
  if (link) foot.append(link);
  foot.append(note);
  const csv = button(foot, "図の値を CSV で", here(() => saveText(`${model.get("name")}.csv`, csvText(valuesIn(body), pythonLine(model)))));
  const code = el("code");
  foot.append(el("details", {}, el("summary", {}, "この条件をコードで"), el("pre", {}, code)));
  let counted = false;
  return (changed) => {
    if (csv.hidden === hasValues(body)) csv.hidden = !csv.hidden;
    if (!changed && counted === "numbers" in frame.dataset) return;
    counted = "numbers" in frame.dataset;
    if (link) link.href = model.address();
    if (note.textContent) note.textContent = "";
    const text = pythonCell(model, counted);
    if (code.textContent !== text) code.textContent = text;
    tellFixed(fixed, model);
  };
}

/** 固定された引数を言う。 @param {HTMLElement} place @param {Model} model */
function tellFixed(place, model) {
  const names = heldBy(model).fix.map((name) => `「${rowOf(model, name).label || `\`${name}\``}」`);
  const text = names.length ? `${names.join("、")}は、このページの住所で固定されているので、動きません。` : "";
  if (place.dataset.text !== text) setInline(place, text);
  place.dataset.text = text;
}
