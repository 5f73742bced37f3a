// 図に描かれている値を、表（CSV）にする。値は、図の部品（plot.js、heat_stack.js）が場所ごとに預ける。
import { lend } from "./scope.js";
import { plainText } from "./text.js";

/**
 * @typedef {Object} Drawn 図の一つの系列
 * @property {string} plot 図の名（読み上げと同じ）
 * @property {string} series 系列の名
 * @property {string[]} columns 列の名（軸の名。単位を含む）
 * @property {any[][]} rows
 */

/** 図の場所 → いま描かれている系列を返す関数と、系列があるかを答える関数 @type {WeakMap<Element, {read: () => Drawn[], any: () => boolean}>} */
const drawnIn = new WeakMap();

/**
 * 場所に描かれている値を、表に出せるようにする。
 * @param {Element} holder .rf-plot の要素
 * @param {() => Drawn[]} read
 * @param {() => boolean} [any] 系列があるか。描くたびに呼ばれるので、read が遅ければ、速いものを渡す
 */
export function giveValues(holder, read, any = () => read().length > 0) {
  drawnIn.set(holder, { read, any });
}

/** @param {Element} body @returns {boolean} body の中に、系列が描かれているか */
export function hasValues(body) {
  return [...body.querySelectorAll(".rf-plot")].some((holder) => drawnIn.get(holder)?.any());
}

/** @param {Element} body @returns {Drawn[]} body の中に描かれている系列。上から順 */
export function valuesIn(body) {
  return [...body.querySelectorAll(".rf-plot")].flatMap((holder) => drawnIn.get(holder)?.read() ?? []);
}

/** 表の一つの升。 @param {any} value @returns {string} 読めない値（null、NaN、無限大）は空 */
function cell(value) {
  if (value == null || (typeof value === "number" && !Number.isFinite(value))) return "";
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * 系列を、一行が一つの値の表にする。軸の名が同じ図は、同じ列を使う。
 * @param {Drawn[]} all
 * @param {string} condition 図の条件。はじめの行に、注として書く
 * @returns {string}
 */
export function csvText(all, condition) {
  // 横軸の列を先に並べる。
  const columns = [...new Set([...all.map((each) => each.columns[0]), ...all.flatMap((each) => each.columns)].map(plainText))];
  const lines = [["図", "系列", ...columns]];
  for (const { plot, series, columns: own, rows } of all) {
    const places = own.map((name) => columns.indexOf(plainText(name)));
    for (const row of rows) {
      const line = Array(columns.length).fill(null);
      places.forEach((place, k) => (line[place] = row[k]));
      lines.push([plainText(plot), plainText(series), ...line]);
    }
  }
  return `# ${condition}\n${lines.map((line) => line.map(cell).join(",")).join("\n")}\n`;
}

/**
 * 文字列を、読者のファイルにする。図の場所の中（scope.js の here）で呼ぶ。
 * @param {string} name ファイルの名
 * @param {string} text
 */
export function saveText(name, text) {
  // Excel が UTF-8 と分かるように、はじめに印（BOM）を置く。
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // 受け取る間は住所が要るので、図が外されるときに返す。
  lend(() => URL.revokeObjectURL(url));
}
