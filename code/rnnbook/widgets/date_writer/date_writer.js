// 日付を書き換える: 打った日付を学習した Seq2Seq に読ませ、一記号ずつ書かせる。候補を選ぶと、そこから続きを書く。
import { typedDate, understander } from "../dates/typed.js";
import { EVERY, letterOf, LONGEST, numbersOf, percent, shownLetter, shownRow, symbolsOf } from "../dates/writer.js";
import { button, control, el, holdable, holdablePicture, liveText } from "../kit/controls.js";
import { giveValues } from "../kit/csv.js";
import { figure } from "../kit/figure.js";
import { assign, setAll } from "../kit/properties.js";
import { textBox } from "../kit/text_box.js";
import { beamSearch } from "../nn/beam.js";
import { END, makeSeq2Seq, nextLogP } from "../nn/seq2seq.js";

const CANDIDATES = 4; // 確率を添えて並べる数。ほかの記号は、字だけの小さなボタン

/** @type {[string, string][]} ボタンの名と日付 */
const EXAMPLES = [
  ["漢数字", "令和八年十一月二十一日"],
  ["頭文字", "R8.11.21"],
  ["昭和の終わり", "昭和64年1月7日"],
  ["その翌日", "昭和64年1月8日"],
  ["1900 年", "1900/2/29"],
  ["2000 年", "2000/2/29"],
  ["隠した年", "昭和33年5月3日"],
  ["隠した組", "大正十年四月一日"],
];

const caption = "学習した Seq2Seq（隠れ次元 96、8 ビットの重み）を、このページの中で動かしています。上の段は、いちばんよい列の記号です。記号に触れると、そのときの候補（よい順に四つと、残り）が並びます。候補を選ぶと、そこまでを書いたものとして続きを書きます。";

export default figure(caption, ({ model, get, body }) => {
  const { eras } = get("calendar");
  const understand = understander(get("calendar"));
  const ask = makeSeq2Seq(get("weights").apart, true);
  body.classList.add("rf-writer");
  const start = (/** @type {string} */ text) => {
    setAll(model, { text, written: "^", u: 1 });
    showText();
  };
  const showText = textBox(body, model, "text", (typed) => typedDate(typed, eras, get("text")), start);
  const row = el("div", { class: "rf-row rf-examples", role: "group", "aria-label": "日付の例" });
  body.append(row);
  const buttons = EXAMPLES.map(([label, text]) => button(row, label, () => start(text)));
  holdable(row, model, "text");
  const say = liveText(body);
  const line = el("div", { class: "rf-symbols rf-plot", role: "group", "aria-label": "書いた記号" });
  body.append(line);
  const pair = el("div", { class: "rf-pair" });
  body.append(pair);
  control(pair, model, "width");
  control(pair, model, "u", { format: (u) => `${u} 番目` });
  const heading = el("p", { class: "rf-small" });
  const candidates = el("div", { class: "rf-candidates", role: "group", "aria-label": "候補" });
  const others = el("div", { class: "rf-others", role: "group", "aria-label": "ほかの記号" });
  const beams = el("ol", { class: "rf-beams", "aria-label": "ビームに残った列" });
  body.append(heading, candidates, others, el("p", { class: "rf-small" }, "終わりまで書けた列（よい順）と、その確率"), beams);

  const cells = Array.from({ length: LONGEST }, (_, k) => button(line, "", () => assign(model, "u", k + 1)));
  holdablePicture(cells, model, "u");
  const choices = EVERY.map((_, n) => {
    const node = button(n < CANDIDATES ? candidates : others, "", () => {
      assign(model, "written", `^${node.dataset.prefix}`);
      showText();
    });
    return node;
  });
  for (const node of [candidates, others]) holdable(node, model, "written");

  /** @type {any[]} 値の表 */
  let values = [];
  giveValues(line, () => values);
  let read = "";
  /** @type {(prefix: number[]) => Float64Array} */ let next;
  function draw() {
    const [text, width, u] = [get("text"), get("width"), get("u")];
    const chosen = symbolsOf(get("written").slice(1));
    buttons.forEach((node, k) => node.setAttribute("aria-pressed", String(EXAMPLES[k][1] === text)));
    const { outside, reason, truth, veiled } = understand(text);
    body.classList.toggle("rf-outside", outside !== "");
    if (outside) {
      for (const node of [...cells, ...choices]) node.hidden = true;
      beams.replaceChildren();
      heading.textContent = "";
      values = [];
      say(`モデルには渡しません。${outside}`);
      return {};
    }
    if (read !== text) {
      next = nextLogP(ask, numbersOf(text));
      read = text;
    }
    const found = beamSearch(next, { longest: LONGEST, width, start: chosen });
    const best = found[0]?.symbols ?? chosen;
    cells.forEach((node, k) => {
      node.hidden = k >= best.length;
      if (node.hidden) return;
      const p = Math.exp(next(best.slice(0, k))[best[k]]);
      node.firstChild.textContent = shownLetter(best[k]);
      node.setAttribute("aria-label", `${k + 1} 番目 ${shownLetter(best[k])}、確率 ${percent(p)}`);
      node.setAttribute("aria-pressed", String(k === u - 1));
      node.classList.toggle("rf-forced", k < chosen.length);
      node.style.setProperty("--p", `${Math.round(100 * p)}%`);
    });
    const at = Math.min(u, best.length) - 1;
    const prefix = best.slice(0, at);
    const logP = next(prefix);
    const order = [...EVERY].sort((a, b) => logP[b] - logP[a]);
    order.push(...order.splice(CANDIDATES).sort((a, b) => EVERY.indexOf(a) - EVERY.indexOf(b)));
    heading.textContent = at ? `「${shownRow(prefix)}」の次（${at + 1} 番目）の候補` : "はじめの記号の候補";
    choices.forEach((node, n) => {
      const [k, p] = [order[n], Math.exp(logP[order[n]])];
      node.hidden = false;
      node.dataset.prefix = [...prefix, k].map(letterOf).join("");
      node.firstChild.textContent = n < CANDIDATES ? `${shownLetter(k)}　${percent(p)}` : shownLetter(k);
      node.setAttribute("aria-label", `${shownLetter(k)} を選ぶ、確率 ${percent(p)}`);
      node.setAttribute("aria-pressed", String(best[at] === k));
      node.style.setProperty("--p", `${Math.round(100 * p)}%`);
    });
    beams.replaceChildren(...found.map(({ symbols, logP: sum }) => el("li", {}, `${shownRow(symbols.slice(0, -1))}　${percent(Math.exp(sum))}`)));

    const chances = best.map((symbol, k) => [k + 1, shownLetter(symbol), Math.exp(next(best.slice(0, k))[symbol])]);
    const offered = order.map((symbol) => [at + 1, shownLetter(symbol), Math.exp(logP[symbol])]);
    const columns = ["記号の場所（番目）", "記号", "確率"];
    values = [["書いた列", chances], [`${at + 1} 番目の候補`, offered]].map(([series, rows]) => ({ plot: "記号の確率", series, columns, rows }));
    const output = shownRow(best.filter((k) => k !== END));
    say([
      `書いた列は「${output}」、確率は ${percent(Math.exp(found[0]?.logP ?? -Infinity))}。`,
      output === truth ? "暦の答えと同じです。" : `暦の答えは「${truth}」で、違います。`,
      reason,
      veiled,
      found.length > 1 ? `ビームの二番目の列は「${shownRow(found[1].symbols.slice(0, -1))}」。` : "",
      chosen.length ? `「${shownRow(chosen)}」は、あなたが選んだ書きかけです。` : "",
    ].join(""));
    return { probability: Math.exp(found[0]?.logP ?? -Infinity), p_u: Math.exp(logP[best[at]]), rows: found.length, correct: Number(output === truth) };
  }
  return draw;
});
