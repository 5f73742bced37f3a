// 日付のどこを見るか: 書いた記号ごとの注意の重みを線で示し、線を切って、書くものが変わるかを見る。
import { typedDate, understander } from "../dates/typed.js";
import { letterOf, LONGEST, numbersOf, percent, shownLetter, shownRow, symbolsOf } from "../dates/writer.js";
import { button, control, el, holdable, holdablePicture, liveText } from "../kit/controls.js";
import { giveValues } from "../kit/csv.js";
import { figure } from "../kit/figure.js";
import { svg } from "../kit/plot.js";
import { assign, setAll } from "../kit/properties.js";
import { showTerms } from "../kit/terms.js";
import { textBox } from "../kit/text_box.js";
import { attentionWriter, makeAttention } from "../nn/attention.js";
import { beamSearch } from "../nn/beam.js";
import { END } from "../nn/seq2seq.js";
import { cutOf, cutter, placesOf } from "./reader.js";
import { termsOf } from "./reader_terms.js";

const WIDEST = 13;
const CHOICES = 3;

/** @type {[string, string][]} ボタンの名と日付 */
const DATES = [
  ["うるう年", "2024年2月29日"],
  ["平年", "2025年2月29日"],
  ["漢数字", "令和八年十一月二十一日"],
  ["頭文字", "R8.11.21"],
  ["区切りなし", "20261121"],
  ["ない年", "平成40年5月3日"],
];

const ABOUT = "上の段が読んだ字、下の段が書いた記号です。線の太さは、選んだ記号を書くときの注意の重みです（細い灰の線は、ほかの記号のいちばん大きな重み）。下の記号に触れると選べます。触れた字と記号の点数の内訳も出ます。絵の下のボタンは、触れた字を見えなくして書き直します。学習したモデル（隠れ次元 96、8 ビットの重み）を、このページの中で動かしています。";

export default figure(ABOUT, ({ model, get, body }) => {
  const { eras } = get("calendar");
  const understand = understander(get("calendar"));
  const ask = makeAttention(get("weights").apart);
  body.classList.add("rf-reader");
  const start = (/** @type {string} */ text) => {
    touched = null;
    setAll(model, { text, written: "^", cut: "-" });
    showText();
  };
  const showText = textBox(body, model, "text", (typed) => typedDate(typed, eras, get("text")), start);
  const dates = el("div", { class: "rf-row rf-examples", role: "group", "aria-label": "日付の例" });
  body.append(dates);
  const examples = DATES.map(([label, text]) => button(dates, label, () => start(text)));
  holdable(dates, model, "text");
  const say = liveText(body);
  const hiding = el("div", { class: "rf-row rf-hiding" });
  const hider = button(hiding, "", () => toggle(pointedLetter()));
  holdable(hiding, model, "cut");
  const board = el("div", { class: "rf-board rf-plot" });
  const read = el("div", { class: "rf-letters", role: "group", "aria-label": "読んだ字（触れると、点数の内訳が出ます）" });
  const links = svg("svg", { class: "rf-links", viewBox: `0 0 ${WIDEST} 10`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const wrote = el("div", { class: "rf-letters", role: "group", "aria-label": "書いた記号（触れると、選びます）" });
  board.append(read, links, wrote);
  body.append(board, hiding);
  control(body, model, "when");
  const heading = el("p", { class: "rf-small" });
  const candidates = el("div", { class: "rf-choices", role: "group", "aria-label": "候補" });
  body.append(heading, candidates);

  const letters = Array.from({ length: WIDEST }, (_, s) => button(read, "", () => choose(s)));
  const symbols = Array.from({ length: LONGEST }, (_, k) => button(wrote, "", () => assign(model, "u", k + 1)));
  holdablePicture(symbols, model, "u");
  const others = symbols.map(() => links.appendChild(svg("line", { class: "rf-other" })));
  const lines = letters.map(() => links.appendChild(svg("line", { class: "rf-link" })));
  const choices = Array.from({ length: CHOICES }, () => {
    const node = button(candidates, "", () => node.dataset.prefix && assign(model, "written", `^${node.dataset.prefix}`));
    return node;
  });

  holdable(candidates, model, "written");

  /** @type {number | null} 触れた字の場所。まだなければ、いちばん見ている字を指す */
  let touched = null;
  /** @type {import("./reader_terms.js").Seen} いま絵に出ているもの */
  let drawn;
  const rows = { read: letters, wrote: symbols };
  const nodeOf = (/** @type {import("./reader_terms.js").Cell} */ { row, k }) => (rows[row][k]?.hidden ? undefined : rows[row][k]);
  const terms = showTerms(body, board, {
    find({ target }) {
      const node = /** @type {Element} */ (target).closest("button");
      const row = /** @type {("read" | "wrote")[]} */ (["read", "wrote"]).find((each) => rows[each].includes(/** @type {any} */ (node)));
      return row ? { row, k: rows[row].indexOf(/** @type {any} */ (node)) } : null;
    },
    // 枠は、絵の外に、見えなくするボタンも隠さずに出す
    box(cell) {
      const { left, width } = nodeOf(cell)?.getBoundingClientRect() ?? {};
      const { top, bottom } = board.getBoundingClientRect();
      const end = Math.max(bottom, hiding.getBoundingClientRect().bottom);
      return left === undefined || board.hidden ? null : { left, top, width, height: end - top };
    },
    mark(cell) {
      board.querySelector(".rf-pointed")?.classList.remove("rf-pointed");
      if (cell) nodeOf(cell)?.classList.add("rf-pointed");
    },
    // 左右は、同じ段の隣。上下は、読んだ字と書いた記号。書いた記号を移ると、選ばれる記号も移る。
    step(cell, right, down) {
      const row = down ? (down > 0 ? "wrote" : "read") : cell?.row ?? "read";
      const start = row === "wrote" ? drawn.at : drawn.looked;
      const many = row === "wrote" ? drawn.list.length : drawn.text.length;
      const k = Math.max(0, Math.min(many - 1, (cell && !down ? cell.k : start) + right));
      if (row === "wrote" && right) assign(model, "u", k + 1);
      if (row === "read") choose(k);
      return { row, k };
    },
    sum: (cell) => termsOf(cell, drawn),
  });
  board.setAttribute("aria-label", "注意の絵。左右の矢印キーで隣の字、上下で、読んだ字と書いた記号");

  const pointedLetter = () => (touched !== null && touched < drawn.text.length ? touched : drawn.looked);

  /** 字に触れる。見えなくするボタンが、その字のものになる。 @param {number} s 読む字の場所 */
  function choose(s) {
    touched = s;
    tellHider();
  }

  function tellHider() {
    const [s, places] = [pointedLetter(), placesOf(get("cut"))];
    hider.firstChild.textContent = `${s + 1} 字目の「${drawn.text[s]}」を${places.has(s) ? "見えるようにする" : "見えなくする"}`;
    letters.forEach((node, k) => node.classList.toggle("rf-touched", k === s));
  }

  /** @param {number} s 読む字の場所 */
  function toggle(s) {
    const places = placesOf(get("cut"));
    if (!places.delete(s)) places.add(s);
    const shown = [...places].filter((place) => place < get("text").length);
    if (shown.length < get("text").length) assign(model, "cut", cutOf(shown));
  }

  giveValues(board, () => (board.hidden || !drawn ? [] : drawn.list.map((symbol, k) => ({
    plot: "注意の重み", series: `${k + 1} 番目の「${shownLetter(symbol)}」を書くとき`, columns: ["読んだ字の場所（字目）", "読んだ字", "注意の重み $\\alpha$"],
    rows: Array.from(drawn.after(drawn.list.slice(0, k)).alpha, (weight, s) => [s + 1, drawn.text[s], weight]),
  }))));

  /** 記号 u から字 s への線。 */
  function place(node, u, s) {
    for (const [name, value] of Object.entries({ x1: s + 0.5, y1: 0, x2: u + 0.5, y2: 10 })) node.setAttribute(name, String(value));
  }

  function draw() {
    const [text, cut, when] = [get("text"), get("cut"), get("when")];
    const chosen = symbolsOf(get("written").slice(1));
    examples.forEach((node, k) => node.setAttribute("aria-pressed", String(DATES[k][1] === text)));
    const { outside, truth, veiled } = understand(text);
    board.hidden = outside !== "";
    candidates.hidden = outside !== "";
    hiding.hidden = outside !== "";
    heading.textContent = "";
    if (outside) {
      say(`モデルには渡しません。${outside}`);
      terms.update();
      return {};
    }
    const places = new Set([...placesOf(cut)].filter((s) => s < text.length));
    const seen = ask.read(numbersOf(text));
    const write = (/** @type {(u: number, s: number) => boolean} */ isCut) => {
      const after = attentionWriter(ask, seen, isCut);
      const [best] = beamSearch((prefix) => after(prefix).logP, { longest: LONGEST, width: 1, start: chosen });
      return { after, list: best?.symbols ?? chosen };
    };
    const { after, list } = write(cutter(cut, when, get("u") - 1));
    const at = Math.min(get("u"), list.length) - 1;
    const { alpha, logP } = after(list.slice(0, at));
    const order = Array.from(alpha.keys()).sort((a, b) => alpha[b] - alpha[a]);
    drawn = { text, list, at, states: seen, after, readout: ask.readout, looked: order[0] };

    letters.forEach((node, s) => {
      node.hidden = s >= text.length;
      if (node.hidden) return;
      node.firstChild.textContent = text[s];
      node.setAttribute("aria-label", `${s + 1} 字目 ${text[s]}、重み ${percent(alpha[s])}${places.has(s) ? "、見えなくした字" : ""}`);
      node.classList.toggle("rf-unseen", places.has(s));
      node.style.setProperty("--p", `${Math.round(100 * alpha[s])}%`);
    });
    symbols.forEach((node, k) => {
      node.hidden = k >= list.length;
      others[k].toggleAttribute("hidden", node.hidden || k === at);
      if (node.hidden) return;
      const step = after(list.slice(0, k));
      node.firstChild.textContent = shownLetter(list[k]);
      node.setAttribute("aria-label", `${k + 1} 番目 ${shownLetter(list[k])}、確率 ${percent(Math.exp(step.logP[list[k]]))}`);
      node.setAttribute("aria-pressed", String(k === at));
      node.classList.toggle("rf-forced", k < chosen.length);
      place(others[k], k, step.alpha.indexOf(Math.max(...step.alpha)));
    });
    lines.forEach((node, s) => {
      node.toggleAttribute("hidden", s >= text.length || alpha[s] < 0.005);
      node.style.setProperty("--w", String(alpha[s] ?? 0));
      place(node, at, s);
    });
    const best = Array.from(logP.keys()).filter((k) => k >= END).sort((a, b) => logP[b] - logP[a]).slice(0, CHOICES);
    heading.textContent = at ? `「${shownRow(list.slice(0, at))}」の次（${at + 1} 番目）の候補` : "はじめの記号の候補";
    choices.forEach((node, n) => {
      const [k, p] = [best[n], Math.exp(logP[best[n]])];
      node.dataset.prefix = [...list.slice(0, at), k].map(letterOf).join("");
      node.firstChild.textContent = `${shownLetter(k)}　${percent(p)}`;
      node.setAttribute("aria-label", `${shownLetter(k)} を選ぶ、確率 ${percent(p)}`);
      node.setAttribute("aria-pressed", String(list[at] === k));
      node.style.setProperty("--p", `${Math.round(100 * p)}%`);
    });

    tellHider();
    const output = shownRow(list.filter((k) => k !== END));
    const before = places.size ? shownRow(write(() => false).list.filter((k) => k !== END)) : output;
    const looked = order.slice(0, 2).filter((s) => alpha[s] > 0.05).map((s) => `${s + 1} 字目の「${text[s]}」（${percent(alpha[s])}）`);
    say([
      `${at + 1} 番目の「${shownLetter(list[at])}」を書くときに見ているのは、${looked.join("と")}。`,
      `書いた列は「${output}」で、${output === truth ? "暦の答えと同じです。" : `暦の答え「${truth}」と違います。`}`,
      places.size ? (before === output ? "見えなくしても、書いた列は変わりません。" : `見えなくする前は「${before}」でした。`) : "",
      veiled,
      chosen.length ? `「${shownRow(chosen)}」は、あなたが選んだ書きかけです。` : "",
    ].join(""));
    terms.update();
    return {
      p_u: Math.exp(logP[list[at]]), ...Object.fromEntries(Array.from(alpha, (v, s) => [`alpha_${s + 1}`, v])),
      correct: Number(output === truth), changed: Number(before !== output),
    };
  }
  return draw;
});
