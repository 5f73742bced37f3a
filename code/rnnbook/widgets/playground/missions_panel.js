// 六つの課題。できたかどうかは、このページの実行の記録だけから決まる。点も、段も、ない。
import { button, el, holdable } from "../kit/controls.js";
import { optionList } from "../kit/options.js";
import { setAll, tableOf } from "../kit/properties.js";
import { changingText, setInline } from "../kit/text.js";
import { MISSIONS } from "./missions.js";
import { createRunLog } from "./run_log.js";

const EVERY = 700; // 記録を調べ直す間隔 ms

/** 課題のはじめの条件。ほかの引数は、図のはじめの値に戻す。 @param {import("../kit/properties.js").Row[]} table @param {Record<string, any>} start */
export function beginningOf(table, start) {
  return { ...Object.fromEntries(table.map((row) => [row.name, row.start])), ...start };
}

/**
 * @param {Element} parent
 * @param {import("../kit/controls.js").Model} model
 * @param {import("./runner.js").Runner[]} runners
 * @param {() => void} anew はじめの重みから始め直す
 * @returns {(open: boolean) => void} 描くたびに、開いているかを添えて呼ぶ
 */
export function missionsPanel(parent, model, runners, anew) {
  const log = createRunLog();
  const list = el("ol", { class: "rf-missions" });
  parent.append(list);
  const rows = MISSIONS.map((mission) => {
    const item = el("div", { class: "rf-mission" });
    const [title, text] = [el("strong"), el("p")];
    setInline(title, mission.title);
    setInline(text, mission.text);
    item.append(title, text);
    const row = { mission, choice: /** @type {string | null} */ (null), since: 0, note: "", reached: false };
    if (mission.choice) {
      const { question, options } = mission.choice;
      const group = el("fieldset", { class: "rf-question" });
      const legend = el("legend");
      setInline(legend, question);
      group.append(legend);
      optionList(group, options.map(({ label }) => label), (k) => {
        Object.assign(row, { choice: options[k].value, since: log.runs.length });
        judge(row);
        write(row);
      });
      item.append(group);
    }
    const note = el("p", { class: "rf-mission-note", "aria-live": "polite" });
    const foot = el("p", { class: "rf-mission-foot" });
    const begin = button(foot, "この条件にする", () => {
      setAll(model, beginningOf(tableOf(model), mission.start));
      anew();
    });
    holdable(begin, model, ...Object.keys(mission.start));
    const { page, anchor, label } = mission.link;
    // 住所があるのは、組んだページの上だけ
    foot.append(model.address ? el("a", { href: `${page}.html#${anchor}` }, label) : label);
    item.append(note, foot);
    list.append(el("li", {}, item));
    return Object.assign(row, { tell: changingText(note), item });
  });
  let at = -Infinity;

  /** @param {any} row 一度できた課題は、できたままにする */
  function judge(row) {
    if (row.reached) return;
    const { reached, note } = row.mission.judge(log.runs, row.choice, row.since);
    Object.assign(row, { reached, note });
  }
  function write(row) {
    const { reached, note } = row;
    if (row.item.classList.contains("rf-reached") !== reached) row.item.classList.toggle("rf-reached", reached);
    row.tell(reached ? `できました。${note}` : note);
  }
  return (open) => {
    for (const { history, about } of runners) if (history.config.cell) log.see(history, about?.baseline);
    const now = performance.now();
    if (now - at >= EVERY || !runners.some((runner) => runner.running)) {
      at = now;
      rows.forEach(judge);
    }
    if (open) rows.forEach(write);
  };
}
