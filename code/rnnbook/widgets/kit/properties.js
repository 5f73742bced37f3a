// 図の引数の表を読む。表は kit/properties.py から来て、model の _properties にある。
import { watch } from "./scope.js";

/** @typedef {import("./controls.js").Model} Model */
/** @typedef {(name: string) => any} Read 引数の値を読む関数 */
/**
 * @typedef {Object} Row 引数の一行
 * @property {string} name
 * @property {"number" | "whole" | "measured" | "choice" | "several" | "series" | "text" | "words"} kind
 * @property {string} label
 * @property {any} default Python で省いたときの値
 * @property {any} start この図のはじめの値
 * @property {[string, any]} [when] 効くときの、もう一つの引数とその値
 * @property {number} [low]
 * @property {number} [high]
 * @property {number} [step]
 * @property {number[]} [stops]
 * @property {string} [most]
 * @property {any} [values]
 * @property {string} [by]
 * @property {string} [unit]
 * @property {[string, string][]} [choices]
 * @property {number} [length]
 * @property {string} [letters]
 * @property {number} [longest]
 * @property {string[]} [vocabulary]
 */

/** @param {Model} model @returns {Row[]} */
export function tableOf(model) {
  return model.get("_properties") ?? [];
}

/** @param {Model} model @param {string} name @returns {Row} */
export function rowOf(model, name) {
  const row = tableOf(model).find((each) => each.name === name);
  if (!row) throw new Error(`引数 ${name} は、図の表にありません。`);
  return row;
}

/** いま効く引数か。 @param {Row} row @param {Read} get */
export function matters({ when }, get) {
  return !when || get(when[0]) === when[1];
}

/** つまみが止まる値。なければ、端と刻みで決まる。 @param {Row} row @param {Read} get @returns {number[] | undefined} */
export function stopsOf({ stops, values, by }, get) {
  return stops ?? (by ? values[get(by)] : values);
}

/** 上の端。 @param {Row} row @param {Read} get @returns {number} */
export function highOf({ high, most }, get) {
  const top = most === undefined ? high : get(most);
  return typeof top === "number" ? top : top.length;
}

/**
 * values のうち、value に比で最も近いものの番号。
 * @param {number[]} values 正の数
 * @param {number} value 正の数
 * @returns {number}
 */
export function nearest(values, value) {
  const found = values.indexOf(value);
  if (found >= 0) return found;
  const distance = (/** @type {number} */ v) => Math.abs(Math.log(v / value));
  return values.reduce((best, v, i) => (distance(v) < distance(values[best]) ? i : best), 0);
}

/**
 * 住所で固定された引数（fix）と、部品を見えなくされた引数（hide）の名前。組んだページのほかでは、どちらも空。
 * @param {Model} model
 * @returns {{fix: string[], hide: string[]}}
 */
export function heldBy(model) {
  return model.get("_held") ?? { fix: [], hide: [] };
}

/**
 * 値を変え、カーネルにも知らせる。住所で固定された引数は、変えない。
 * @param {Model} model
 * @param {Record<string, any>} values
 */
export function setAll(model, values) {
  const { fix } = heldBy(model);
  for (const [name, value] of Object.entries(values)) if (!fix.includes(name)) model.set(name, value);
  model.save_changes();
}

/**
 * 住所に書かれた状態にする。固定も、住所に書かれたものに替わる。
 * @param {Model} model
 * @param {Record<string, any>} values
 * @param {{fix: string[], hide: string[]}} held
 */
export function enter(model, values, held) {
  model.set("_held", { fix: [], hide: [] });
  setAll(model, values);
  model.set("_held", held);
}

/**
 * @param {Model} model
 * @param {string} name
 * @param {any} value
 */
export function assign(model, name, value) {
  setAll(model, { [name]: value });
}

/** ほかの値が変わって範囲の外に出た値を、近い値に直す。 @param {Model} model */
export function settle(model) {
  const get = (/** @type {string} */ name) => model.get(name);
  for (const row of tableOf(model)) {
    const value = get(row.name);
    const values = row.kind === "measured" ? stopsOf(row, get) : undefined;
    const near = values ? values[nearest(values, value)] : row.most ? Math.min(value, highOf(row, get)) : value;
    // 固定された値も、範囲の中に直す
    if (near !== value) model.set(row.name, near), model.save_changes();
  }
}

/**
 * 表のどれかの値が変わったら callback を呼ぶ。
 * @param {Model} model
 * @param {() => void} callback
 */
export function onProperties(model, callback) {
  watch(model, tableOf(model).map(({ name }) => name), callback);
}

/** 終わりの 0 を除いた並び。 @param {number[]} values */
export function short(values) {
  return values.slice(0, values.findLastIndex((v) => v !== 0) + 1);
}

/** 同じ値か。 @param {any} a @param {any} b */
export function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Python の値の書き方。
 * @param {any} value
 * @param {Row["kind"]} kind
 * @returns {string}
 */
function asPython(value, kind) {
  if (Array.isArray(value)) return `[${value.map((v) => asPython(v, kind === "series" ? "number" : kind)).join(", ")}]`;
  if (typeof value === "string") return `'${value}'`;
  return kind === "number" && Number.isInteger(value) ? `${value}.0` : String(value);
}

/**
 * いまの状態を作る Python の一行。Figure の repr と同じ。
 * @param {Model} model
 * @returns {string}
 */
export function pythonLine(model) {
  const get = (/** @type {string} */ name) => model.get(name);
  const shown = tableOf(model).filter((row) => matters(row, get) && !same(get(row.name), row.default))
    .map(({ name, kind }) => `${name}=${asPython(kind === "series" ? short(get(name)) : get(name), kind)}`);
  return `${get("_python").name}(${shown.join(", ")})`;
}
