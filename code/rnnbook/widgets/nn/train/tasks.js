// 問題の一覧。約束は rnnbook.tasks と同じで、記憶なしの値が分かっている。
//
// fill(random, x, y, B, T) は、0 で埋まった x (steps, B, D) と y に、B 本の系列を書く。どの系列も同じ数の
// 乱数を引くので、B 本ぶんを一度に引く Python のプログラムと同じ系列になる。順は、各問題の fill のとおり。
import { adding, latch, sine } from "./number_tasks.js";
import { copy, ifThen, order } from "./symbol_tasks.js";
import { brackets } from "./brackets.js";
import { ownRule, ownSeries } from "./own_tasks.js";

/**
 * @typedef {object} Task
 * @property {number} D 入力の次元
 * @property {number} O 出力の次元
 * @property {"class" | "value" | "sequence"} output 最後に一つ選ぶ、最後に数を答える、全時刻で選ぶ
 * @property {"accuracy" | "squared_error" | "cross_entropy"} metric 物差し
 * @property {number} minT
 * @property {(T: number) => number} steps 時刻の数
 * @property {(T: number) => number} baseline 記憶なしの値
 * @property {(T: number) => number | null} goal 解けたとする値。正解率はこれ以上、ほかはこれ未満
 * @property {string[] | null} symbols one-hot の入力の名前。数の入力なら null
 * @property {string[] | null} answers 選ぶ答えの名前
 * @property {boolean} [hidden] 学習に使わない例を、取ってあるか
 * @property {(random: () => number, x: Float32Array, y: any, B: number, T: number) => void} fill
 * @property {(x: ArrayLike<number>, y: ArrayLike<number>, T: number) => string} words 系列 x (steps, D) と答えを言う
 * @property {(T: number, answer: (x: Float32Array) => ArrayLike<number>) => any} [check] 学習に使わない例での成績（読者のデータだけ）
 */

/** @type {Record<string, Task>} */
export const TASKS = { latch, order, adding, copy, if_then: ifThen, brackets, sine };

/** 読者のデータ: 打たれたものから、問題を作る。 @type {Record<string, (text: string) => Task>} */
export const OWN = { own_rule: ownRule, own_series: ownSeries };

/** 物差しが、解けたとする値に届いたか。 @param {Task} task @param {number} value @param {number} T */
export function isSolved(task, value, T) {
  const goal = task.goal(T);
  return goal !== null && (task.metric === "accuracy" ? value >= goal : value < goal);
}
