// 試験の軌跡を全部合わせた、警報の成績の表。
import { el } from "../kit/controls.js";
import { fixed } from "../kit/scales.js";

/** @typedef {{model: string, rate: number, found: number, events: number, lead_50: number, false: number, liquid: number}} Level */

/**
 * @param {Element} parent @param {[string, string][]} names モデルと、見える名 @param {Level[]} levels @param {import("./scores.js").Rules} rules
 * @returns {(rate: number) => void}
 */
export function createTally(parent, names, levels, rules) {
  const caption = el("caption");
  const cells = names.map(() => ["found", "lead", "false"].map(() => el("td")));
  const heads = ["試験の 32 本", "見つけた", "早さ", "誤報"].map((text) => el("th", { scope: "col" }, text));
  parent.append(el("table", { class: "rf-tally" }, caption, el("thead", {}, el("tr", {}, ...heads)),
    el("tbody", {}, ...names.map(([, label], k) => el("tr", {}, el("th", { scope: "row" }, label), ...cells[k])))));
  return (rate) => {
    names.forEach(([name], k) => {
      const row = levels.find((each) => each.model === name && each.rate === rate);
      const texts = [`${row.found} / ${row.events}`, `${fixed(row.lead_50, 1)} コマ`, `${row.false} / ${row.liquid}`];
      texts.forEach((text, c) => (cells[k][c].textContent = text));
    });
    const allowed = Math.floor((rate * rules.held) / 1000);
    caption.textContent = `しきい値は、検証の軌跡 ${rules.heldRuns} 本の液体 ${rules.held} コマのうち、${allowed} コマまで鳴る所です。早さは中央値（見落としは 0）、誤報は液体のコマのうちの数です。`;
  };
}
