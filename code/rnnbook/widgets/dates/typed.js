// 打たれた日付の扱い: 受け取るか、モデルに渡すか、暦の答えは何か、学習で見せたか。日付の二つの図が使う。
import { judge, normalise, readDate } from "./calendar.js";
import { hiddenIn } from "./writer.js";

/** @typedef {import("./calendar.js").Era} Era */
/** @typedef {{outside: string, reason: string, truth: string, veiled: string}} Understood */

/**
 * 打った文を、図の値と添える言葉にする。値が null なら、図は前の日付のまま。
 * @param {string} typed
 * @param {Era[]} eras
 * @param {string} before 図がいま示している日付
 */
export function typedDate(typed, eras, before) {
  const text = normalise(typed);
  const said = readDate(typed, eras);
  if (typeof said !== "string") return { text, note: "読めました。全角の数字も同じに読みます。", refused: false };
  // 住所やカーネルから来た、日付でない文。理由は、図のほうが言う
  if (text === before) return { text, note: "", refused: true };
  // 打ちかけの文や、読めない文字を除いた文に答えると、打った人の日付と違うものに答えてしまう
  return { text: null, note: `${said}下の図は、前の日付（${before}）のままです。`, refused: true };
}

/**
 * 日付を読む関数を作る。outside は、モデルに渡さない理由（渡すなら空）。
 * @param {{eras: Era[], hidden: {first: number, days: string, years: Record<string, number[]>, pairs: [string, string][]}}} calendar
 * @returns {(text: string) => Understood}
 */
export function understander({ eras, hidden }) {
  const bits = Uint8Array.from(atob(hidden.days), (letter) => letter.charCodeAt(0));
  return (text) => {
    const nothing = { reason: "", truth: "", veiled: "" };
    const written = readDate(text, eras);
    if (typeof written === "string") return { outside: written, ...nothing };
    const { written: iso, refusal, reason } = judge(written, eras);
    // 学んでいない種類は、モデルに渡さない
    const { year, month, day } = written;
    const untaught = ["old", "range"].includes(refusal ?? "") || month < 1 || month > 12 || day < 1 || day > 31 || year === 0;
    if (untaught) return { outside: reason, ...nothing };
    const veiled = hiddenIn(written, iso, { ...hidden, bits });
    return {
      outside: "",
      reason,
      truth: iso + (refusal ? "×" : "○"),
      veiled: veiled.length ? `${veiled.join("と、")}は、学習で見せていません。` : "",
    };
  };
}
