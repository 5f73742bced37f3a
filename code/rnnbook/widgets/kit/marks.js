// 図の印（線、帯、点…）の値を、系列として覚えておく。表（csv.js）に出すため。

/** 印の種類の名 @type {Record<string, string>} */
const MARK_NAMES = { line: "線", lines: "線", band: "帯", dots: "点", markers: "印", bars: "棒", heat: "升目", ruleX: "縦の線", ruleY: "横の線" };

/** 値 → 折れ線ごとの行の並び @type {Record<string, (values: any) => any[][][]>} */
const MARK_ROWS = {
  lines: (many) => many,
  heat: ({ cells }) => [cells],
  ruleX: (u) => [[[u, null]]],
  ruleY: (v) => [[[null, v]]],
};

/**
 * @typedef {Object} Kept 一つの印
 * @property {string} kind
 * @property {() => any} read いまの値。描かれていなければ null
 * @property {string | ((k: number) => string)} name 系列の名。何本もの線では、k 本目（0 から）の名
 * @property {string[]} more x と y のほかに行が持つ値の、列の名
 */

/**
 * 印ごとの、表に出す行の並び。名のない縦と横の線（いまの位置など）は、出さない。
 * @param {Kept} mark
 * @returns {any[][][]}
 */
function rowsOf({ kind, read, name }) {
  const values = read();
  if (values === null || (kind.startsWith("rule") && !name)) return [];
  return (MARK_ROWS[kind] ?? ((/** @type {any[][]} */ rows) => [rows]))(values);
}

/** 表に出すものがあるか。系列を作るより、ずっと速い。 @param {Kept[]} marks */
export function anySeries(marks) {
  return marks.some((mark) => rowsOf(mark).some((rows) => rows.length > 0));
}

/**
 * 印の値を、系列にする。どの行も前の系列にある名のない印は、出さない。
 * @param {Kept[]} marks
 * @param {{label: string, x: string, y: string}} plot 図の名と、軸の名
 * @returns {import("./csv.js").Drawn[]}
 */
export function seriesOf(marks, { label, x, y }) {
  /** @type {import("./csv.js").Drawn[]} */
  const found = [];
  const seen = new Set();
  /** @type {Record<string, number>} */
  const counts = {};
  for (const mark of marks) {
    const { kind, name, more } = mark;
    const kinds = { band: [x, `${y}（下の端）`, `${y}（上の端）`], heat: [x, y, "濃さ"] };
    const columns = [...(kinds[kind] ?? [x, y]), ...more];
    const many = rowsOf(mark);
    many.forEach((rows, k) => {
      const keys = rows.map((row) => row.join());
      if (!rows.length || (!name && keys.every((key) => seen.has(key)))) return;
      for (const key of keys) seen.add(key);
      const word = MARK_NAMES[kind];
      counts[word] = (counts[word] ?? 0) + 1;
      const series = typeof name === "function" ? name(k) : name && many.length > 1 ? `${name}（${k + 1}）` : name;
      found.push({ plot: label, series: series || `${word} ${counts[word]}`, columns, rows });
    });
  }
  return found;
}
