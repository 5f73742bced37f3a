// この条件で学習し直す: カーネルに学習を頼み、進み具合を見せる。
import { el, button, whenKernelAnswers } from "../kit/controls.js";
import { watch } from "../kit/scope.js";
import { setInline } from "../kit/text.js";

const ACTION = "この条件で学習し直す";

/**
 * 選んだ問題・はじめのモデル・T で、新しい種の学習をカーネルに頼む部品。
 * @param {Element} parent
 * @param {import("../kit/controls.js").Model} model
 * @param {(model: string) => string} labelOf
 */
export function trainAgain(parent, model, labelOf) {
  if (!model.get("trainable")) return;
  whenKernelAnswers(parent, model, ACTION, (place) => {
    const row = el("div", { class: "rf-train" });
    place.append(row);
    const busy = () => "share" in model.get("training");
    const start = button(row, ACTION, () => {
      const [name] = model.get("models");
      if (busy() || !name) return;
      model.send({ train: { task: model.get("task"), model: name, T: model.get("T") } });
    });
    const stop = button(row, "止める", () => model.send({ stop: true }));
    const bar = el("progress", { max: 1, "aria-label": "学習の進み具合" });
    row.append(bar);
    const note = el("p", { "aria-live": "polite" });
    place.append(note);

    let last = "";
    const say = (/** @type {string} */ text) => {
      if (text !== last) setInline(note, text);
      last = text;
    };
    function update() {
      const training = model.get("training");
      const [name] = model.get("models");
      start.setAttribute("aria-disabled", String(busy() || !name));
      stop.hidden = !busy();
      bar.hidden = !busy();
      if (busy()) {
        bar.value = training.share;
        const done = Math.floor(10 * training.share) * 10;
        say(`${labelOf(training.model)}、$T$ = ${training.T} を種 ${training.seed} で学習しています（${done} %）。`);
      } else if (training.error) {
        say(training.error);
      } else {
        say(name ? `${labelOf(name)}、$T$ = ${model.get("T")} を、まだ使っていない種で学習し、結果を図に加えます。` : "モデルを選ぶと、学習し直せます。");
      }
    }
    update();
    watch(model, ["training", "models", "T"], update);
  });
}
