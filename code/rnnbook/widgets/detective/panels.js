// 下に見せるもの: 同じユニットが入るほかの所、手がかりの採点、ユニットを切ったときの続き。
import { percent, shownLetter } from "../characters/letters.js";
import { button, el } from "../kit/controls.js";
import { fixed } from "../kit/scales.js";
import { compareCut } from "./cut.js";
import { stateAfter } from "./reading.js";
import { withRange } from "./report.js";

const PLACES = 4; // 並べる所の数
const AROUND = 7; // 前後の字数
const WRITTEN = 24; // 続きの字数
const CHANGED = 6; // 確率を並べる字の数

/**
 * @param {Element} parent @param {import("../characters/gru.js").Writer} writer
 * @param {{letters: string[], reading: import("./reading.js").Reading}} front
 * @param {(start: number) => void} go
 */
export function createPanels(parent, writer, front, go) {
  const shown = (/** @type {string[]} */ letters) => letters.map(shownLetter).join("");
  const places = el("div", { class: "rf-places", role: "group", "aria-label": "同じユニットが入るほかの所" });
  const links = Array.from({ length: PLACES }, () => {
    const node = button(places, "", () => node.dataset.n && go(Number(node.dataset.n)));
    node.hidden = true;
    return node;
  });
  const table = el("table", { class: "rf-scores" });
  const cut = el("div", { class: "rf-cut" });
  parent.append(places, table, cut);

  const drawPlaces = (/** @type {[number, number][]} */ others) => {
    links.forEach((node, k) => {
      const at = others.length <= PLACES ? others[k] : others[Math.floor(((k + 0.5) * others.length) / PLACES)];
      node.hidden = !at;
      if (!at) return;
      const [a, b] = [at[0], Math.min(at[1], at[0] + 12)];
      node.dataset.n = String(a + 1);
      node.firstChild.replaceChildren(shown(front.letters.slice(Math.max(0, a - AROUND), a)), el("b", {}, shown(front.letters.slice(a, b))), shown(front.letters.slice(b, b + AROUND)));
    });
  };
  const drawScores = (/** @type {{name: string, label: string, score: import("./traces.js").Score}[]} */ scores, /** @type {string} */ clue) => {
    table.replaceChildren(
      el("caption", {}, "見せていない文章での採点（かっこの中は 95 % 区間）"),
      el("thead", {}, el("tr", {}, ...["手がかり", "もと %", "適合率 %", "再現率 %"].map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...scores.map(({ name, label, score }) => el("tr", { "aria-selected": String(name === clue) },
        el("th", { scope: "row" }, label), el("td", {}, fixed(100 * score.base, 0)),
        el("td", {}, withRange(score.precision, score.precisionRange, "")), el("td", {}, withRange(score.recall, score.recallRange, ""))))),
    );
  };
  const drawCut = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number[]} */ cells) => {
    const { p, q, plain, cut: after } = compareCut(writer, front.reading.ids.slice(from, to), stateAfter(writer, front.reading, from), cells, WRITTEN);
    const order = Array.from(p.keys()).sort((a, b) => Math.abs(p[b] - q[b]) - Math.abs(p[a] - q[a]) || a - b).slice(0, CHANGED);
    const letter = (/** @type {number} */ id) => shownLetter(writer.letters[id]);
    cut.replaceChildren(
      el("p", {}, `切らない続き　${plain.map(letter).join("")}`), el("p", {}, `切った続き　${after.map(letter).join("")}`),
      el("p", { class: "rf-small" }, "次の字の確率（切らない → 切る）。大きく変わる順"),
      el("div", { class: "rf-changes" }, ...order.map((id) => el("span", {}, `${letter(id)}　${percent(p[id])} → ${percent(q[id])}`))),
    );
    return { letter: letter(order[0]), p: p[order[0]], q: q[order[0]] };
  };

  return {
    places,
    /**
     * @param {string} view
     * @param {{from: number, to: number, cells: import("./traces.js").Switch[], others: [number, number][], scores: any[], clue: string}} found
     * @returns {{letter: string, p: number, q: number} | null} 切ったときに、確率がいちばん変わる字
     */
    draw(view, { from, to, cells, others, scores, clue }) {
      places.hidden = view !== "places";
      table.hidden = view !== "scores";
      cut.hidden = view !== "cut";
      if (view === "places") drawPlaces(others);
      if (view === "scores") drawScores(scores, clue);
      return view === "cut" && cells.length ? drawCut(from, to, cells.map(({ cell }) => cell)) : null;
    },
  };
}
