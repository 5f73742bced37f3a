// 探偵の図の文。
import { fixed } from "../kit/scales.js";
import { percent, shownLetter } from "../characters/letters.js";

/** @typedef {import("./traces.js").Switch} Switch */
/** @typedef {import("./traces.js").Score} Score */

/** ユニットの書き方。 @param {Switch} at @param {number} threshold */
export function cellName({ cell, sign }, threshold) {
  return `${cell + 1}（h ${sign > 0 ? "≥ " : "≤ −"}${fixed(threshold, 2)}）`;
}

/** 割合と区間の書き方。表では、単位を見出しに書くので、省く。 @param {number} share @param {[number, number]} range @param {string} unit */
export function withRange(share, [low, high], unit = " %") {
  return Number.isFinite(share) ? `${fixed(100 * share, 0)}${unit}（${fixed(100 * low, 0)}〜${fixed(100 * high, 0)}）` : "—";
}

/**
 * 文が言う数。
 * @param {{many: number, cells: Switch[], best: {f1: number} | null, share: number, others: number,
 *   chosen: {score: Score}, cut: {p: number, q: number} | null}} found
 */
export function numbersOf({ many, cells, best, share, others, chosen: { score }, cut }) {
  if (!cells.length) return { many };
  const [[low, high], [from, to]] = [score.precisionRange, score.recallRange];
  return {
    ...(best ? { f1: best.f1 } : { many }), unit: cells[0].cell + 1, share, others,
    ...(cut ? { p: cut.p, q: cut.q } : {
      precision: score.precision, precision_low: low, precision_high: high, recall: score.recall, recall_low: from, recall_high: to, base: score.base,
    }),
  };
}

/**
 * @param {{mark: string, many: number, H: number, cells: Switch[], threshold: number, best: {f1: number} | null, share: number, others: number,
 *   chosen: {label: string, score: Score}, cut: {letter: string, p: number, q: number} | null}} found
 */
export function sentence({ mark, many, H, cells, threshold, best, share, others, chosen, cut }) {
  const { label, score } = chosen;
  if (!cells.length) return `印「${[...mark].map(shownLetter).join("")}」の間ずっと入っているユニットは、${H} 個のうちありません。しきい値を下げるか、印を短くしてください。`;
  const names = cells.map((each) => cellName(each, threshold)).join("、");
  return [
    best ? `手がかり（${label}）にいちばん合うユニットは ${names}。見せている文章での F1 は ${fixed(best.f1, 2)}。`
      : `印「${[...mark].map(shownLetter).join("")}」の間ずっと入っているユニットは ${H} 個のうち ${many} 個。使うのは ${names}。`,
    `文章の ${percent(share)} の字で入り、ほかに ${others} か所。`,
    cut ? `切ると、次の「${cut.letter}」の確率は ${percent(cut.p)} から ${percent(cut.q)} になります。`
      : `手がかり（${label}）を、見せていない文章で当てると、適合率 ${withRange(score.precision, score.precisionRange)}、再現率 ${withRange(score.recall, score.recallRange)}。もとは ${percent(score.base)} の字で成り立ちます。`,
  ].join("");
}
