// 目次のページで、章のリンクのそばに、この端末に残る答えの数を添え、すべてを消すボタンを置く。何も残っていなければ、何も足さない。
import { PREFIX, onMemory, recall } from "../widgets/kit/memory.js";
import { mounted } from "../widgets/kit/scope.js";

/** @typedef {{predictions?: Record<string, string>, quizzes?: Record<string, string[]>}} Asked 名前 → 問いの印 */

const THEME = ["mode", "theme"]; // 画面の明暗を、主題が覚える名前
const ROOT = new URL("../../", import.meta.url);

/** @param {string} tag @param {Record<string, any>} [properties] @returns {HTMLElement} */
function make(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}

/** @returns {string[]} この本が答えを残している名前 */
function kept() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

/**
 * 一つの章で答えた数を述べる。
 * @param {Asked} asked
 * @returns {string} 何も答えていなければ空
 */
function count({ predictions = {}, quizzes = {} }) {
  const asked = Object.entries(predictions);
  const predicted = asked.filter(([name, id]) => recall(name)?.asked === id).length;
  const marks = Object.entries(quizzes).flatMap(([name, ids]) => ids.map((id) => recall(name)?.[id]));
  if (!predicted && !marks.some(Boolean)) return "";
  const right = marks.filter((mark) => mark?.[1] === 1).length;
  return [
    ...(asked.length ? [`予想 ${predicted}/${asked.length}`] : []),
    ...(marks.length ? [`理解度チェック ${right}/${marks.length} 正解`] : []),
  ].join("・");
}

/** 章のページ → 本文の一覧で、その章へのリンクから始まる行のリンク。 @param {string[]} pages */
function linksTo(pages) {
  const links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll(":is(article, .body) li > p > a[href]:first-child")]);
  const found = pages.map((page) => /** @type {const} */ ([page, links.find((link) => link.pathname === new URL(page, ROOT).pathname)]));
  return found.filter(([, link]) => link);
}

/** @param {Record<string, Asked>} totals */
function show(totals) {
  const links = linksTo(Object.keys(totals));
  const notes = links.map(([page, link]) => {
    const note = make("span", { className: "book-answered" });
    link.after(note);
    return /** @type {const} */ ([page, note]);
  });
  const said = make("p");
  const erase = make("button", { type: "button", textContent: "この本が覚えていることをすべて消す" });
  const box = make("div", { className: "book-memory" });
  said.setAttribute("role", "status");
  box.append(said, erase);
  const draw = () => {
    notes.forEach(([page, note]) => (note.textContent = count(totals[page])));
    const any = kept().length > 0;
    if (any) said.textContent = "予想と理解度チェックの答えと、画面の明暗の選択は、この端末のブラウザの中（localStorage）だけに残っています。どこにも送りません。";
    erase.hidden = !any;
  };
  erase.addEventListener("click", () => {
    [...kept(), ...THEME].forEach((key) => localStorage.removeItem(key));
    draw();
    said.textContent = "この端末に残っていた答えを、すべて消しました。";
  });
  draw();
  links[0]?.[1].closest("ul").after(box);
  onMemory(draw);
}

/** 答えが残っていれば、章の問いの一覧を読んで見せる。 */
async function start() {
  if (!kept().length) return;
  const totals = await (await fetch(new URL("_static/answered.json", ROOT))).json();
  mounted(() => show(totals)).render(/** @type {any} */ ({}));
}

start();
