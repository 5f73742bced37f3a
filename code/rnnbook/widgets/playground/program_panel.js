// 同じ実行を、PyTorch のプログラムにして渡す。写すか、ノートブックとして保存する。
import { button, el } from "../kit/controls.js";
import { programNotebook, programText } from "./pytorch.js";

const LEAST = 50; // プログラムが印字する更新の回数の下限

/** 文字列を、ファイルとして保存させる。 @param {string} name @param {string} text */
function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
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
  parent.append(row, note, el("pre", { class: "rf-program", tabindex: 0 }, code));
  const updates = () => Math.max(LEAST, current().history.rows.length);
  button(row, "プログラムを写す", () => {
    const copied = navigator.clipboard?.writeText(code.textContent) ?? Promise.reject();
    copied.then(() => "写しました。", () => "下の文を選んで写してください。").then((text) => (note.textContent = text));
  });
  button(row, "ノートブックで保存", () => {
    save("rnn_playground.ipynb", programNotebook(current().config, updates()));
    note.textContent = "rnn_playground.ipynb を保存しました。Colab か Jupyter で開けます。";
  });
  /** いまの設定のプログラムに書き直す。 */
  return () => {
    const { config, history } = current();
    const text = programText(config, updates());
    if (code.textContent !== text) code.textContent = text;
    if (history.lengths.length) note.textContent = "途中で長さを変えた実行です。このプログラムは、いまの長さで、はじめから学習します。";
  };
}
