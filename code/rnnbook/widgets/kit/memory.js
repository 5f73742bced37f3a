// 読者の答えを、この端末の localStorage に残す。残せない画面では、ページが開いている間だけ覚える。
import { listen } from "./scope.js";

export const PREFIX = "rnnbook.";
const CHANGED = "rnnbook-memory"; // 同じページのほかの図への知らせ。ほかのページには、ブラウザが storage で知らせる

/** 残せなかった答え。図のモジュールは図ごとに別なので、ページに一つだけ置く @type {Map<string, any>} */
const unkept = (/** @type {any} */ (globalThis).rnnbookUnkept ??= new Map());

/**
 * 残っている答え。
 * @param {string} name "ch01.decay" のような名前
 * @returns {any} なければ undefined
 */
export function recall(name) {
  if (unkept.has(name)) return unkept.get(name);
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * 答えを残す。
 * @param {string} name
 * @param {any} value undefined なら、消す
 */
export function keep(name, value) {
  unkept.delete(name);
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    if (value !== undefined) unkept.set(name, value);
  }
  dispatchEvent(new Event(CHANGED));
}

/** この画面には残せず、ページが開いている間だけ覚えている答えか。 @param {string} name */
export function isFleeting(name) {
  return unkept.has(name);
}

/** どれかの答えが変わったら callback を呼ぶ。 @param {() => void} callback */
export function onMemory(callback) {
  listen(window, CHANGED, callback);
  // すべてを消したときの key は null
  listen(window, "storage", ({ key }) => key?.startsWith(PREFIX) !== false && callback());
}
