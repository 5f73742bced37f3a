// 学習の設定を確かめる。読めない値には、何が来て、何を期待するかを言う。
import { GATES, READOUTS } from "./layout.js";
import { OPTIMIZERS } from "./rules.js";
import { TASK_NAMES } from "./task_names.js";
import { OWN, TASKS } from "./tasks.js";

const STARTS = ["uniform", "radius", "orthogonal", "identity"];

/** 設定の問題。読者のデータが読めなければ RangeError。 @param {Record<string, any>} config @returns {import("./tasks.js").Task} */
export function taskOf(config) {
  const { task, own } = config;
  oneOf("問題 task", task, [...Object.keys(TASKS), ...Object.keys(OWN)]);
  return task in OWN ? OWN[task](own) : TASKS[task];
}

/** @param {Record<string, any>} config @param {import("./tasks.js").Task} task */
export function requireConfig(config, task) {
  const { cell, readout, start, rho, forget_bias, T, H, B, seed, learning_rate, optimizer, clip } = config;
  oneOf("セル cell", cell, Object.keys(GATES));
  oneOf("読み出し readout", readout, READOUTS);
  oneOf("初期化 start", start, STARTS);
  oneOf("規則 optimizer", optimizer, OPTIMIZERS);
  if (Number.isInteger(T) && T < task.minT) throw new RangeError(`「${TASK_NAMES[config.task]}」の系列長 T は ${task.minT} 以上です。${T} が渡されました。`);
  whole("系列長 T", T, task.minT, 5000);
  whole("隠れ次元 H", H, 1, 256);
  whole("バッチ B", B, 1, 1024);
  whole("種 seed", seed, 0, 2 ** 31 - 1);
  within("倍率 rho", rho, 0, 100);
  within("学習率 learning_rate", learning_rate, 0, 1000);
  within("クリップ clip", clip, 0, 1e12);
  if (forget_bias !== null && forget_bias !== "chrono") within("忘却ゲートのバイアス forget_bias", forget_bias, -100, 100);
}

function oneOf(name, value, known) {
  if (!known.includes(value)) throw new RangeError(`${name} は ${known.join("、")} のどれかです。${value} が渡されました。`);
}

function whole(name, value, least, most) {
  if (!Number.isInteger(value) || value < least || value > most) throw new RangeError(`${name} は ${least} 以上 ${most} 以下の整数です。${value} が渡されました。`);
}

function within(name, value, least, most) {
  if (!(typeof value === "number" && value >= least && value <= most)) throw new RangeError(`${name} は ${least} 以上 ${most} 以下の数です。${value} が渡されました。`);
}
