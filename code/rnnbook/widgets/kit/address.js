// 図の状態と、ページの住所の # から後ろ: #unrolled.w_hh=0.9&t=11
// 一つの住所に、いくつもの図の状態を書ける。図の名を省いた組は、前の組と同じ図のもの（はじめの組なら、ページに一つの図のもの）。
// 書かれていない引数は、はじめの値になる。教える人は、fix=w_hh,T で引数を固定し、hide=T でつまみを見えなくできる。
import { highOf, matters, same, short, stopsOf } from "./properties.js";

/** @typedef {import("./properties.js").Row} Row */
/** @typedef {{name: string, text: string}} Pair 引数の名前と、書かれていた値 */

// 節の住所には . も = もない（book/anchors.py）。図の名を省いた #task=latch も、状態の住所とみる。
const STATE = /^#[A-Za-z][\w-]*(\.\w|=)/;

/** 図の状態を書いた住所か。 @param {string} hash # から始まる */
export function isState(hash) {
  return STATE.test(hash);
}

/**
 * 住所を、図の名前 → 引数の組に分ける。
 * @param {string} hash
 * @param {string} [only] 図の名のない、はじめの組の図。省くと ""
 * @returns {Map<string, Pair[]>}
 */
export function parseAddress(hash, only = "") {
  /** @type {Map<string, Pair[]>} */
  const found = new Map();
  let figure = only;
  for (const part of hash.slice(1).split("&")) {
    const [, named, name, text] = /^(?:([A-Za-z][\w-]*)\.)?([^=]*)=?(.*)$/s.exec(part) ?? [];
    figure = named ?? figure;
    if (!found.has(figure)) found.set(figure, []);
    found.get(figure)?.push({ name, text: decode(text ?? "") });
  }
  return found;
}

/** @param {string} text @returns {string} 壊れた % は、そのまま */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const NUMBER = /^[-−]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

/** @param {string} text @returns {number} 数でなければ NaN */
function toNumber(text) {
  return NUMBER.test(text) ? Number(text.replace("−", "-")) : NaN;
}

/**
 * 書かれた値を読む。
 * @param {Row} row
 * @param {string} text
 * @param {(name: string) => any} get 先に読んだ引数の値
 * @returns {{value?: any, expected?: string}} 読めなければ、期待するもの
 */
export function readValue(row, text, get) {
  const span = (/** @type {number} */ low, /** @type {number} */ high) => `${low} から ${high} まで`.replaceAll("-", "−");
  const { kind } = row;
  if (kind === "number" || kind === "whole") {
    const [value, high] = [toNumber(text), highOf(row, get)];
    const fits = value >= row.low && value <= high && (kind === "number" || Number.isInteger(value));
    return fits ? { value } : { expected: `${span(row.low, high)}の${kind === "number" ? "数" : "整数"}` };
  }
  if (kind === "measured") {
    const values = /** @type {number[]} */ (stopsOf(row, get));
    return values.includes(toNumber(text)) ? { value: toNumber(text) } : { expected: `${values.join("、")} のどれか` };
  }
  if (kind === "series") {
    const values = text ? text.split(",").map(toNumber) : [];
    const fits = values.length <= row.length && values.every((v) => v >= row.low && v <= row.high);
    return fits ? { value: [...values, ...Array(row.length - values.length).fill(0)] } : { expected: `${span(row.low, row.high)}の数を , で区切った、${row.length} 個までの並び` };
  }
  if (kind === "text") {
    const fits = text.length >= 1 && text.length <= row.longest && [...text].every((letter) => row.letters.includes(letter));
    const few = row.letters.length <= 40;
    const odd = [...text].find((letter) => !row.letters.includes(letter));
    const letters = few ? [...row.letters].join(" ") : odd ? `「${odd}」を使わない文` : "文";
    return fits ? { value: text } : { expected: `${letters}で、1 文字から ${row.longest} 文字まで` };
  }
  if (kind === "words") {
    const words = text.split(",");
    const fits = words.length <= row.longest && words.every((word) => row.vocabulary.includes(word));
    return fits ? { value: words } : { expected: `語彙にある語を , で区切った、${row.longest} 語までの並び` };
  }
  const known = row.choices.map(([value]) => value);
  if (kind === "several") {
    const chosen = text ? text.split(",") : [];
    return chosen.every((each) => known.includes(each)) ? { value: known.filter((each) => chosen.includes(each)) } : { expected: `${known.join("、")} を , で区切った並び` };
  }
  return known.includes(text) ? { value: text } : { expected: `${known.join("、")} のどれか` };
}

/** 引数でない組: 固定する引数と、部品を見えなくする引数 */
const HOLDS = ["fix", "hide"];

/**
 * 組を読み、表のすべての値にする。読めないものは、はじめの値のまま。
 * @param {Row[]} table
 * @param {Pair[]} pairs
 * @returns {{values: Record<string, any>, held: {fix: string[], hide: string[]}, faults: string[]}} held は固定する引数と見えなくする引数の名前、faults は読めなかったものを述べる文
 */
export function readState(table, pairs) {
  /** @type {Record<string, any>} */
  const values = Object.fromEntries(table.map(({ name, start }) => [name, start]));
  const known = (/** @type {string} */ wanted) => table.some(({ name }) => name === wanted);
  const unknown = pairs.filter(({ name }) => !known(name) && !HOLDS.includes(name));
  const faults = unknown.map(({ name }) => `「${name}」という引数はありません`);
  const [fix, hide] = HOLDS.map((hold) => {
    const names = pairs.filter(({ name }) => name === hold).flatMap(({ text }) => text.split(","));
    faults.push(...names.filter((name) => !known(name)).map((name) => `${hold} に書かれた「${name}」という引数はありません`));
    return [...new Set(names.filter(known))];
  });
  for (const row of table) {
    for (const { text } of pairs.filter(({ name }) => name === row.name)) {
      const { value, expected } = readValue(row, text, (name) => values[name]);
      if (expected) faults.push(`${row.name} は ${expected}です（住所にあったのは「${text.length > 40 ? `${text.slice(0, 40)}…` : text}」）`);
      else values[row.name] = value;
    }
  }
  return { values, held: { fix, hide }, faults };
}

/**
 * 固定された値と、住所に書かれていない見えない値を、いまのままにする。
 * @param {{fix: string[], hide: string[]}} held
 * @param {Record<string, any>} values readState の値。ここで直す
 * @param {Pair[]} pairs
 * @param {Record<string, any>} now いまの値
 * @returns {string[]} 住所に別の値が書かれていたが、変えなかった引数の名前
 */
export function keepHeld({ fix, hide }, values, pairs, now) {
  const written = pairs.map(({ name }) => name);
  const refused = fix.filter((name) => written.includes(name) && !same(values[name], now[name]));
  for (const name of [...fix, ...hide.filter((each) => !written.includes(each))]) values[name] = now[name];
  return refused;
}

/** @param {string} text @returns {string} Markdown や手紙に貼っても切れない文字だけにする */
function encode(text) {
  return encodeURIComponent(text).replaceAll("%2C", ",").replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * いまの状態の住所。はじめの値と違うものと、固定されたもの、見えなくされたものの名前を書く。
 * @param {string} figure 図の名前
 * @param {Row[]} table
 * @param {(name: string) => any} get
 * @param {Record<string, string[]>} [held]
 * @returns {string}
 */
export function writeAddress(figure, table, get, held = {}) {
  // いま効かなくても、固定された値は残す
  const changed = table.filter((row) => (matters(row, get) || held.fix?.includes(row.name)) && !same(get(row.name), row.start));
  const shown = changed.length ? changed : table.slice(0, 1);
  const pairs = shown.map(({ name, kind }) => {
    const value = get(name);
    return `${name}=${encode(Array.isArray(value) ? (kind === "series" ? short(value) : value).join(",") : String(value))}`;
  });
  const holds = HOLDS.filter((hold) => held[hold]?.length).map((hold) => `${hold}=${held[hold].join(",")}`);
  return `#${figure}.${[...pairs, ...holds].join("&")}`;
}
