// 二つの実行を並べる。いまの設定を B に残し、A のつまみを動かして比べる。
import { button, control, el, holdable } from "../kit/controls.js";
import { assign, setAll } from "../kit/properties.js";
import { changingText } from "../kit/text.js";
import { configOf, copiedToB, swapped } from "./config.js";
import { nameOf } from "./sentence.js";

/** 設定を、一行の言葉にする。 @param {Record<string, any>} config */
function listed(config) {
  const { learning_rate, clip, seed } = config;
  return `${nameOf(config)}、学習率 ${learning_rate}、クリップ ${clip || "なし"}、種 ${seed}`;
}

/**
 * @param {Element} parent
 * @param {import("../kit/controls.js").Model} model
 * @returns {() => void} いまの設定に合わせる関数
 */
export function versusPanel(parent, model) {
  const get = (/** @type {string} */ name) => model.get(name);
  parent.append(el("p", { class: "rf-small" }, "二つの実行は、同じ問題、同じ長さ、同じ大きさで、同時に学習します。A は実線、B は破線です。つまみが動かすのは A です。速いほうは先へ進むので、同じ更新の回数のところで比べます。"));
  control(parent, model, "compare");
  const row = el("div", { class: "rf-row" });
  parent.append(row);
  const [copy, swap] = [() => ({ ...copiedToB(get), compare: "on" }), () => swapped(get)];
  holdable(button(row, "A を B に残す", () => setAll(model, copy())), model, ...Object.keys(copy()));
  holdable(button(row, "A と B を入れ替える", () => setAll(model, swap())), model, ...Object.keys(swap()));
  const sameSeed = button(row, "種をそろえる", () => assign(model, "seed_B", get("seed")));
  const other = button(row, "B の種を替える", () => assign(model, "seed_B", (get("seed_B") + 1) % 10000));
  for (const node of [sameSeed, other]) holdable(node, model, "seed_B");
  const lines = [el("p", { class: "rf-small" }), el("p", { class: "rf-small" })];
  parent.append(...lines);
  const [tellA, tellB] = lines.map(changingText);
  return () => {
    const on = get("compare") === "on";
    for (const node of [sameSeed, other]) if (node.ariaDisabled !== String(!on)) node.ariaDisabled = String(!on);
    tellA(`A: ${listed(configOf(get, "A"))}`);
    tellB(on ? `B: ${listed(configOf(get, "B"))}` : "");
  };
}
