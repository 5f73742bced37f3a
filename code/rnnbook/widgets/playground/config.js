// 図の引数から、実行の設定を作る。B の実行は、A と違う所だけを持つ。

/** @typedef {(name: string) => any} Read */

/** B だけの値を持つ引数。 */
export const OWN_OF_B = ["cell", "readout", "b_f", "start", "rho", "learning_rate", "clip", "seed"];

/** 変わると、重みから作り直す設定。 */
const FROM_START = ["task", "cell", "readout", "start", "rho", "forget_bias", "H", "B", "seed", "optimizer", "own"];

/**
 * 実行の設定（nn/train の run.js が読む形）。
 * @param {Read} get
 * @param {"A" | "B"} which
 */
export function configOf(get, which = "A") {
  const read = (/** @type {string} */ name) => get(which === "B" && OWN_OF_B.includes(name) ? `${name}_B` : name);
  const [task, cell, b_f] = [read("task"), read("cell"), read("b_f")];
  const recurrent = cell === "rnn" || cell === "relu";
  return {
    task, cell, readout: read("readout"),
    start: recurrent ? read("start") : "uniform", rho: recurrent ? read("rho") : 1,
    forget_bias: cell !== "lstm" || b_f === "none" ? null : b_f === "chrono" ? b_f : Number(b_f),
    T: read("T"), H: read("H"), B: read("B"), seed: read("seed"),
    learning_rate: read("learning_rate"), optimizer: read("optimizer"), clip: read("clip"),
    own: task === "own_rule" ? lines(read("rule")) : task === "own_series" ? lines(read("series")) : "",
  };
}

/** 引数の ; を、行の終わりに戻す。 @param {string} text */
export function lines(text) {
  return text.replaceAll(";", "\n");
}

/** 設定 now が before と違う所: 重みから作り直すか、長さだけか、学習の途中で替えられるものか。
 * @param {Record<string, any>} before
 * @param {Record<string, any>} now
 * @returns {"restart" | "length" | "values" | "same"}
 */
export function change(before, now) {
  if (FROM_START.some((name) => before[name] !== now[name])) return "restart";
  if (before.T !== now.T) return "length";
  return before.learning_rate !== now.learning_rate || before.clip !== now.clip ? "values" : "same";
}

/** A の設定を B に写す引数の値。 @param {Read} get @returns {Record<string, any>} */
export function copiedToB(get) {
  return Object.fromEntries(OWN_OF_B.map((name) => [`${name}_B`, get(name)]));
}

/** A と B を入れ替える引数の値。 @param {Read} get @returns {Record<string, any>} */
export function swapped(get) {
  return { ...copiedToB(get), ...Object.fromEntries(OWN_OF_B.map((name) => [name, get(`${name}_B`)])) };
}
