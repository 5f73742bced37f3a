// 同じ実行を、PyTorch のプログラムにして渡す。写すか、ノートブックとして保存する。
import { button, el } from "../kit/controls.js";
import { lend } from "../kit/scope.js";
import { programNotebook, programText } from "./pytorch.js";

const LEAST = 50; // プログラムが印字する更新の回数の下限

/** 系列長の移り変わり。途中で変えていなければ、空。 @param {import("./history.js").History} history @returns {[number, number][]} */
function lengthsOf({ first, lengths }) {
  return lengths.length ? [[0, first], ...lengths] : [];
}

/**
 * @param {Element} parent
 * @param {() => {config: Record<string, any>, history: import("./history.js").History}} current いまの A の実行
 */
export function programPanel(parent, current) {
  parent.append(el("p", { class: "rf-small" }, "同じ重みから始め、同じ系列で同じ規則の更新をするプログラムです。はじめの 50 回の損失は、この図と 1 万分の 1 まで一致します（試験で確かめています）。"));
  const row = el("div", { class: "rf-row" });
  const note = el("p", { class: "rf-small", role: "status" });
  const code = el("code");
  let url = ""; // 保存するファイル。次に保存するときか、図が外されるときに返す
  lend(() => URL.revokeObjectURL(url));
  const warning = el("p", { class: "rf-small" });
  parent.append(row, note, warning, el("div", { class: "rf-program", tabindex: 0, role: "group", "aria-label": "PyTorch のプログラム" }, code));
  const updates = () => Math.max(LEAST, current().history.rows.length);
  button(row, "プログラムを写す", () => {
    write();
    const copied = navigator.clipboard?.writeText(code.textContent) ?? Promise.reject();
    copied.then(() => "写しました。", () => "下の文を選んで写してください。").then((text) => (note.textContent = text));
  });
  button(row, "ノートブックで保存", () => {
    URL.revokeObjectURL(url);
    url = URL.createObjectURL(new Blob([programNotebook(current().config, updates(), lengthsOf(current().history))], { type: "application/json" }));
    el("a", { href: url, download: "rnn_playground.ipynb" }).click();
    note.textContent = "rnn_playground.ipynb を保存しました。Colab か Jupyter で開けます。";
  });
  let before = "";

  /** いまの設定のプログラムに書き直す。 */
  function write() {
    const { config, history } = current();
    const text = programText(config, updates(), lengthsOf(history));
    if (code.textContent !== text) code.textContent = text;
    warning.textContent = history.retuned ? "途中で学習率かクリップを変えた実行です。このプログラムは、いまの値で、はじめから学習します。" : "";
  }
  /** 描くたびに呼ぶ。学習の間は、更新の回数が変わっても書き直さない。 @param {boolean} running */
  return (running) => {
    const { config, history } = current();
    const now = JSON.stringify([config, history.lengths]);
    if (running && now === before) return;
    before = now;
    write();
  };
}
