// カーネルのない model。anywidget の約束（AFM）のうち、図が使うものだけを持つ。
import { writeAddress } from "./address.js";

/** 値の持ち主は、このページ。 */
export class Model {
  /** @type {Map<string, Set<Function>>} */
  #callbacks = new Map();
  /** @type {Record<string, any>} */
  #values;

  /** @param {Record<string, any>} values @param {string} [name] 住所の中での図の名前 */
  constructor(values, name = values.name) {
    this.#values = values;
    this.name = name;
  }

  /** @param {string} name */
  get(name) {
    return this.#values[name];
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    if (JSON.stringify(this.#values[name]) === JSON.stringify(value)) return;
    this.#values[name] = value;
    for (const event of [`change:${name}`, "change"]) {
      for (const callback of [...(this.#callbacks.get(event) ?? [])]) callback(this, value);
    }
  }

  /** @param {string} events 空白で区切った出来事の名 @param {Function} callback */
  on(events, callback) {
    for (const event of events.split(/\s+/)) {
      if (!this.#callbacks.has(event)) this.#callbacks.set(event, new Set());
      this.#callbacks.get(event)?.add(callback);
    }
  }

  /** @param {string | null} [events] 省くとすべて @param {Function | null} [callback] 省くとすべて */
  off(events, callback) {
    for (const event of events?.split(/\s+/) ?? [...this.#callbacks.keys()]) {
      if (callback) this.#callbacks.get(event)?.delete(callback);
      else this.#callbacks.delete(event);
    }
  }

  save_changes() {}

  // 答えるカーネルはない。
  send() {}

  /** @returns {string} いまの状態の住所 */
  address() {
    return writeAddress(this.name, this.table, (name) => this.get(name), this.get("_held"));
  }

  /** @returns {import("./properties.js").Row[]} 引数の表 */
  get table() {
    return this.get("_properties") ?? [];
  }

  /** いまの引数の値。 */
  get state() {
    return Object.fromEntries(this.table.map(({ name }) => [name, this.get(name)]));
  }
}
