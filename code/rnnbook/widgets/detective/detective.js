// 隠れ状態の探偵: 随筆に印を付け、そこで入っているユニットが、ほかのどこで入るか、何を知っていそうかを調べる。
import { makeWriter } from "../characters/gru.js";
import { control, el, holdable, liveText } from "../kit/controls.js";
import { figure } from "../kit/figure.js";
import { createPlot } from "../kit/plot.js";
import { rowOf, setAll } from "../kit/properties.js";
import { pickable } from "../kit/touch.js";
import { createPanels } from "./panels.js";
import { readInSlices, unread } from "./reading.js";
import { numbersOf, sentence } from "./report.js";
import { allOn, bestCell, blocksOf, cellsOn, cluesOf, runsOf, scoreOf } from "./traces.js";

const PAGE = 120; // 一度に見せる字数
const MORE = 20; // 次の頁の、はじめの字

const CAPTION = "学習に使っていない随筆を、GRU がこのページの中で読みます。文章に触れると（横に引くと）、印が付きます。地の色は、一つめのユニットの値（青が正、橙が負）、下線は、使うユニットがみな入っている字（推測）、上の点線は、その字まで読んだところで手がかりが成り立つ字です。採点は、見せていない別の随筆で行い、区間は、段落を一まとまりとして数えた 95 % 区間です。";

export default figure(CAPTION, ({ model, get, body, redraw }) => {
  const writer = makeWriter(get("weights").apart);
  const { shown, hidden } = get("extracts").apart;
  const [front, back] = [shown, hidden].map(({ title, text }) => ({
    title, letters: [...text], reading: unread(writer, text), clues: cluesOf(text), blocks: blocksOf(text),
  }));
  const H = writer.H;
  const last = rowOf(model, "start").high;

  body.setAttribute("aria-busy", "true");
  const page = el("p", { class: "rf-extract", "aria-label": `随筆「${front.title}」の一部` });
  body.append(page);
  let anchor = 1;
  let opened = -1; // 見せている頁の、はじめの字
  /** @type {string[]} 見せている字の、地の色 */
  let grounds = [];
  page.addEventListener("pointerdown", (event) => (anchor = letterAt(event) || anchor));
  const letterAt = (/** @type {PointerEvent} */ event) =>
    Number(/** @type {HTMLElement | null} */ (document.elementFromPoint(event.clientX, event.clientY))?.dataset.n ?? 0);
  pickable(page, (event) => {
    const at = letterAt(event);
    if (!at) return;
    // 打てば一つめの字が移り、引けば、引いた所までが印になる
    const drawn = event.type === "pointermove" || at !== anchor;
    const [from, to] = drawn ? [Math.min(anchor, at), Math.max(anchor, at)] : [at, at + get("span") - 1];
    setAll(model, { start: Math.min(last, from), span: Math.min(rowOf(model, "span").high, to - from + 1) });
  });
  const say = liveText(body);
  const strip = createPlot(body, {
    label: "文章全体で、ユニットが入る所と手がかりが成り立つ所", height: 74,
    x: { label: "", column: "字（何字めか）", domain: [0, front.letters.length + 1], ticks: [0, 1000, 2000, 3000, 4000] },
    y: { label: "上: 推測、下: 手がかり", column: "1 が推測、0 が手がかり", domain: [-0.7, 1.7], ticks: [] },
  });
  const cursor = strip.ruleX("var(--rf-warn)", "rf-cursor");
  const guessed = strip.lines("var(--rf-gru)", "rf-strip").named("推測");
  const true_ = strip.lines("var(--rf-truth)", "rf-strip").named("手がかり");
  pickable(strip.root, (event) => setAll(model, { start: Math.max(1, Math.min(last, Math.round(strip.toData(event)[0]))) }));

  control(body, model, "view");
  const panels = createPanels(body, writer, front, (start) => setAll(model, { start: Math.min(last, start) }));
  holdable(panels.places, model, "start");
  const knobs = el("div", { class: "rf-extract-knobs" });
  body.append(knobs);
  control(knobs, model, "start", { format: (n) => `${n} 字め` });
  control(knobs, model, "span");
  control(knobs, model, "threshold");
  control(knobs, model, "units");
  control(body, model, "by");
  control(body, model, "clue");

  say("随筆を読んでいます。");
  readInSlices(writer, [front.reading, back.reading], (share) => {
    page.textContent = `随筆を読んでいます（${Math.floor(100 * share)} %）。`;
    if (share < 1) return;
    body.setAttribute("aria-busy", "false");
    redraw();
  });

  return () => {
    if (body.getAttribute("aria-busy") === "true") return;
    const [start, span, threshold] = [get("start"), get("span"), get("threshold")];
    const [from, to] = [start - 1, start - 1 + span];
    const clue = get("clue");
    const truth = front.clues[clue];
    const byClue = get("by") === "clue";
    const every = cellsOn(front.reading.states, H, from, to, threshold);
    const best = byClue ? bestCell(front.reading.states, H, truth, threshold) : null;
    const cells = best ? [best] : every.slice(0, get("units"));
    const on = allOn(front.reading.states, H, cells, threshold);
    const unseen = allOn(back.reading.states, H, cells, threshold);
    const scores = rowOf(model, "clue").choices.map(([name, label]) => ({ name, label, score: scoreOf(unseen, back.clues[name], back.blocks) }));

    const top = Math.floor(from / PAGE) * PAGE;
    if (top !== opened) {
      [opened, grounds] = [top, []];
      page.replaceChildren(...front.letters.slice(top, top + PAGE + MORE).map((letter, k) =>
        el("span", { "data-n": top + k + 1 }, letter === "\n" ? "⏎" : letter === "　" ? "␣" : letter)));
    }
    // 文字はそのままで、変わった印だけを書く
    [...page.children].forEach((node, k) => {
      const n = top + k;
      const marks = [n >= from && n < to && "rf-marked", on[n] && "rf-guess", truth[n] && "rf-true"].filter(Boolean).join(" ");
      const h = cells.length ? front.reading.states[n * H + cells[0].cell] : 0;
      const ground = cells.length ? `color-mix(in srgb, var(--rf-${h > 0 ? "positive" : "negative"}) ${Math.round(55 * Math.abs(h))}%, transparent)` : "";
      if (node.className !== marks) node.className = marks;
      if (grounds[k] !== ground) node.style.background = grounds[k] = ground;
    });
    const runs = runsOf(on);
    cursor.set(start);
    guessed.set(runs.map(([a, b]) => [[a + 1, 1], [b + 1, 1]]));
    true_.set(runsOf(truth).map(([a, b]) => [[a + 1, 0], [b + 1, 0]]));
    const others = runs.filter(([a, b]) => b <= from || a >= to);
    const cut = panels.draw(get("view"), { from, to, cells, others, scores, clue });
    const found = { many: every.length, cells, best, share: on.reduce((sum, v) => sum + v, 0) / on.length, others: others.length, chosen: scores.find(({ name }) => name === clue), cut };
    say(sentence({ mark: front.letters.slice(from, to).join(""), H, threshold, ...found }));
    return numbersOf(found);
  };
});
