// 読者のデータ: 規則（own_rule）と系列（own_series）。打たれたものを読み、読めなければ理由を一文で返す。
import { parseRule } from "./own_rule.js";
import { longestWindow, parseSeries } from "./own_series.js";

/** はじめに箱に入れておく例: 奇偶（1 の数が奇数なら 1）と、周期 12 の波。 */
export const OWN_STARTS = {
  own_rule: Array.from({ length: 32 }, (_, n) => n.toString(2).padStart(5, "0")).map((word) => `${word} ${word.replaceAll("0", "").length % 2}`).join("\n"),
  own_series: Array.from({ length: 120 }, (_, t) => (20 + 8 * Math.sin((2 * Math.PI * t) / 12) + 2 * Math.cos((2 * Math.PI * t) / 5)).toFixed(1)).join(", "),
};

/**
 * 打たれたものが使えるか。
 * @param {"own_rule" | "own_series"} task @param {string} text @param {number} T
 * @returns {{refused: boolean, note: string}} note は、使えるなら数、使えないなら理由
 */
export function ownNote(task, text, T) {
  try {
    return { refused: false, note: task === "own_rule" ? ruleNote(parseRule(text), T) : seriesNote(parseSeries(text), T) + columnsNote(text) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { refused: true, note: error.message };
  }
}

function ruleNote({ examples, symbols, answers, length, train, held }, T) {
  const split = held.length ? `${train.length} 個で学習し、${held.length} 個を隠して試します` : "すべて学習に使います（10 個以上あると、3 割を隠して試します）";
  const wait = T > length ? `いちばん長い列は ${length} 個で、時刻 ${T} まで空白で待ちます。` : `系列長は、いちばん長い列の ${length} です。`;
  return `例 ${examples.length} 個、記号 ${symbols.length} 種類、答え ${answers.length} 種類。${split}。${wait}`;
}

/** どの行にも同じ数だけ、二つ以上の数があれば、表の貼り付けかもしれない。 @param {string} text */
function columnsNote(text) {
  const counts = text.split(/\r\n|\r|\n/).map((line) => line.trim().replace(/[,、;]$/, "")).filter(Boolean).map((line) => line.split(/\s*[,、，;]\s*|\t|\s+/).length);
  const [columns] = counts;
  if (counts.length < 3 || columns < 2 || counts.some((n) => n !== columns)) return "";
  return `${counts.length} 行 × ${columns} 個を、左から右、上から下への一つの系列として読みます。表なら、列を一つ選んで貼ります。`;
}

function seriesNote(series, T) {
  const longest = longestWindow(series);
  if (T > longest) throw new RangeError(`系列長 T が ${T} です。この系列（${series.values.length} 個の数）では、1 から ${longest} までです。`);
  return `数 ${series.values.length} 個。はじめの ${series.cut} 個で学習し、残りの ${series.values.length - series.cut} 個で試します。`;
}
