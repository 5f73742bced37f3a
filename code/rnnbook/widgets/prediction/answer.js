// 予想の答え: 読者の予想と測った答えを並べる。読者が予想を替えると、すぐに替わる。
import { el } from "../kit/controls.js";
import { onMemory, recall } from "../kit/memory.js";
import { watch } from "../kit/scope.js";
import { setInline } from "../kit/text.js";
import { compareNumbers, readNumber } from "./numbers.js";

/**
 * まだ予想していない読者を、問いへ送るリンク。
 * @param {string} name
 * @param {Element} said 戻れないときの文の置き場
 */
function toQuestion(name, said) {
  const place = `prediction-${name}`;
  const link = el("a", { href: `#${place}` }, "予想する");
  link.addEventListener("click", (/** @type {Event} */ event) => {
    event.preventDefault();
    const question = document.getElementById(place);
    if (!question) said.textContent = "ここからは戻れません。予想の問いのセルまで戻って答えてください。";
    question?.scrollIntoView({ block: "center" });
    question?.querySelector("input")?.focus({ preventScroll: true });
  });
  return link;
}

/** @param {{model: import("../kit/controls.js").Model, el: HTMLElement}} context */
export function answer({ model, el: root }) {
  const [name, asked, unit, measured, number] = ["about", "asked", "unit", "measured", "number_measured"].map((each) => model.get(each));
  const withUnit = (/** @type {string} */ text) => [text, unit].filter(Boolean).join(" ");
  const [mine, found, said, sentence] = [el("dd"), el("dd"), el("p", { class: "rf-said", "aria-live": "polite" }), el("p")];
  setInline(found, withUnit(measured));
  setInline(sentence, model.get("sentence"));
  const pair = el("dl", { class: "rf-beside" },
    el("div", {}, el("dt", {}, "あなたの予想"), mine), el("div", {}, el("dt", {}, "測った答え"), found));
  root.replaceChildren(el("div", { class: "rnnbook-figure rf-prediction", role: "group", "aria-label": "予想の答え" },
    el("div", { class: "rf-body" }, pair, said, sentence)));

  /** @returns {string} */
  const predicted = () => {
    const kept = recall(name);
    return kept && (!asked || kept.asked === asked) ? kept.value : model.get("predicted");
  };
  const verdict = (/** @type {string} */ text) => {
    if (number !== null) return compareNumbers(readNumber(text, unit)?.number ?? NaN, number, unit);
    return text === measured ? "予想どおりでした。" : "予想とは違いました。";
  };
  let last = null;
  const draw = () => {
    const text = predicted();
    if (text === last) return;
    last = text;
    if (text) setInline(mine, withUnit(text));
    else mine.replaceChildren("まだ予想していません。", toQuestion(name, said));
    said.textContent = text && verdict(text);
  };
  onMemory(draw);
  watch(model, ["predicted"], draw);
  draw();
}
