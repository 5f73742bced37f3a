// 理解度チェック: 選び、答え合わせをし、理由を読む。
import { el, button } from "../kit/controls.js";
import { keep, onMemory, recall } from "../kit/memory.js";
import { memoryFoot } from "../kit/memory_foot.js";
import { optionList } from "../kit/options.js";
import { assign, same, setAll } from "../kit/properties.js";
import { mounted, watch } from "../kit/scope.js";
import { setInline } from "../kit/text.js";

/**
 * @typedef {{text: string, reason: string, correct: boolean}} Choice
 * @typedef {{text: string, choices: Choice[], id: string}} Question id は、文の印
 */

/**
 * 一箇所だけ替えた並び。
 * @param {number[]} values
 * @param {number} index
 * @param {number} value
 * @returns {number[]}
 */
function replaceAt(values, index, value) {
  return values.map((old, i) => (i === index ? value : old));
}

/**
 * 一つの問い。
 * @param {Element} parent
 * @param {import("../kit/controls.js").Model} model
 * @param {Question} question
 * @param {number} number 0 から
 * @param {() => void} answered 読者が選ぶか、答え合わせをしたあとで呼ぶ
 * @returns {() => void} いまの値に合わせて描き直す関数
 */
function askQuestion(parent, model, { text, choices }, number, answered) {
  const legend = el("legend");
  setInline(legend, `問 ${number + 1}　${text}`);
  const answer = (/** @type {"chosen" | "graded"} */ part, /** @type {number} */ choice) => {
    assign(model, part, replaceAt(model.get(part), number, choice));
    answered();
  };
  const told = el("div", { class: "rf-answer", "aria-live": "polite" });
  const fieldset = el("fieldset", { class: "rf-question" }, legend);
  const { inputs, labels } = optionList(fieldset, choices.map((choice) => choice.text), (i) => answer("chosen", i));
  const grade = button(fieldset, "答え合わせ", () => answer("graded", model.get("chosen")[number]));
  fieldset.append(told);
  parent.append(fieldset);

  let shown = -1;
  return () => {
    const chosen = model.get("chosen")[number];
    // 選び直したら、答え合わせの前に戻る。
    const graded = model.get("graded")[number] === chosen ? chosen : -1;
    inputs.forEach((input, i) => (input.checked = i === chosen));
    labels.forEach((label, i) => {
      label.classList.toggle("rf-right", i === graded && choices[i].correct);
      label.classList.toggle("rf-wrong", i === graded && !choices[i].correct);
    });
    // disabled にすると、押したあとでキーの居場所がなくなる。
    grade.setAttribute("aria-disabled", String(chosen < 0 || graded >= 0));
    if (graded === shown) return;
    shown = graded;
    told.replaceChildren(...(graded < 0 ? [] : explain(choices, graded)));
  };
}

/**
 * 採点の結果と理由。正解なら、ほかの選択肢がちがう理由も畳んで添える。
 * @param {Choice[]} choices
 * @param {number} graded
 * @returns {Node[]}
 */
function explain(choices, graded) {
  const { correct, reason } = choices[graded];
  const verdict = el("strong", { class: correct ? "rf-right" : "rf-wrong" }, correct ? "○ 正解です。" : "× ちがいます。");
  const why = el("span");
  setInline(why, reason);
  const first = el("p", {}, verdict, " ", why);
  if (!correct) return [first];
  const others = choices.filter((_, i) => i !== graded).map((choice) => {
    const item = el("li");
    setInline(item, `「${choice.text}」: ${choice.reason}`);
    return item;
  });
  return [first, el("details", {}, el("summary", {}, "ほかの選択肢がちがう理由"), el("ul", { class: "rf-reasons" }, ...others))];
}

/**
 * 答えと採点を残す。残すのは、問いの印 → [選んだ番号, 採点（まだなら −1、正解は 1、ほかは 0）]。
 * @param {import("../kit/controls.js").Model} model
 * @param {Element} frame
 * @returns {() => void} いまの答えを残す関数
 */
function remember(model, frame) {
  const name = model.get("memory");
  /** @type {Question[]} */
  const questions = model.get("questions");
  /** @param {[number, number][]} found */
  const take = (found) => setAll(model, { chosen: found.map(([chosen]) => chosen), graded: found.map(([chosen, mark]) => (mark < 0 ? -1 : chosen)) });
  const state = () => Object.fromEntries(questions.flatMap(({ id, choices }, i) => {
    const [chosen, graded] = [model.get("chosen")[i], model.get("graded")[i]];
    return chosen < 0 ? [] : [[id, [chosen, graded === chosen ? Number(choices[chosen].correct) : -1]]];
  }));
  const answered = () => model.get("chosen").some((/** @type {number} */ chosen) => chosen >= 0);
  const save = () => keep(name, answered() ? state() : undefined);
  const recallAll = () => take(questions.map(({ id }) => recall(name)?.[id] ?? [-1, -1]));
  const foot = memoryFoot(frame, name, () => {
    take(questions.map(() => [-1, -1]));
    save();
  });
  if (recall(name)) recallAll();
  else if (answered()) save();
  watch(model, ["chosen"], () => foot(answered()));
  onMemory(() => {
    if (!same(recall(name) ?? {}, state())) recallAll();
    foot(answered());
  });
  foot(answered());
  return save;
}

export default mounted(({ model, el: root }) => {
  /** @type {Question[]} */
  const questions = model.get("questions");
  const form = el("div", { class: "rnnbook-figure rf-quiz", role: "group", "aria-label": model.get("alt") });
  root.replaceChildren(form);
  const body = el("div", { class: "rf-body" });
  const progress = el("p", { class: "rf-progress", "aria-live": "polite" });
  form.append(body, progress);
  let save = () => {};
  const updates = questions.map((question, number) => askQuestion(body, model, question, number, () => save()));
  if (model.get("memory")) save = remember(model, form);

  function draw() {
    updates.forEach((update) => update());
    const right = questions.filter(({ choices }, i) => {
      const graded = model.get("graded")[i];
      return graded >= 0 && graded === model.get("chosen")[i] && choices[graded].correct;
    }).length;
    const all = right === questions.length ? "すべて正解です。" : `${questions.length} 問中 ${right} 問に正解しています。`;
    if (progress.textContent !== all) progress.textContent = all;
  }
  draw();
  watch(model, ["chosen", "graded"], draw);
});
