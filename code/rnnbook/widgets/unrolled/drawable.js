// 入力を描く棒グラフ: 「自分で描く」のとき、指と矢印キーで x_1, x_2, … を描く。
import { assign, setAll } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { watch } from "../kit/scope.js";
import { pickable } from "../kit/touch.js";
import { inputSeries } from "./unrolled_parts.js";

/**
 * 「自分で描く」のとき、棒グラフを指と矢印キーで描けるようにする。
 * @param {ReturnType<typeof import("../kit/plot.js").createPlot>} strip
 * @param {Element} panel 入力の形を選ぶ所
 * @param {import("../kit/controls.js").Model} model
 */
export function drawable(strip, panel, model) {
  const { root } = strip;
  let shape = "impulse";

  const put = (/** @type {number} */ t, /** @type {number} */ value) => {
    const drawn = [...model.get("drawn")];
    // 0.05 きざみ
    drawn[t - 1] = Math.round(20 * Math.max(-1, Math.min(1, value))) / 20;
    setAll(model, { t, drawn });
  };
  pickable(root, (event) => {
    const [u, v] = strip.toData(event);
    put(Math.max(1, Math.min(model.get("T"), Math.round(u))), v);
  }, { when: () => model.get("x") === "drawn" });
  root.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (model.get("x") !== "drawn") return;
    const [t, T] = [model.get("t"), model.get("T")];
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    const changes = { ArrowUp: 0.1, ArrowDown: -0.1 };
    if (event.key in moves) assign(model, "t", Math.max(1, Math.min(T, t + moves[event.key])));
    else if (event.key in changes) put(t, model.get("drawn")[t - 1] + changes[event.key]);
    else return;
    event.preventDefault();
  });

  // 読者が初めて描くときは、いま見ている形から始める。
  panel.addEventListener("change", () => {
    if (model.get("x") !== "drawn" || model.get("drawn").some((/** @type {number} */ v) => v !== 0)) return;
    const series = inputSeries(shape, model.get("drawn").length, []);
    assign(model, "drawn", series.map((v) => Math.round(20 * v) / 20));
  });

  function update() {
    const drawing = model.get("x") === "drawn";
    if (!drawing) shape = model.get("x");
    root.classList.toggle("rf-pick", drawing);
    root.setAttribute("role", drawing ? "slider" : "img");
    if (drawing) {
      const t = Math.min(model.get("t"), model.get("T"));
      const value = model.get("drawn")[t - 1];
      root.setAttribute("tabindex", "0");
      root.setAttribute("aria-label", "入力 x を描く。左右の矢印キーで時刻、上下の矢印キーで値");
      root.setAttribute("aria-valuemin", "-1");
      root.setAttribute("aria-valuemax", "1");
      root.setAttribute("aria-valuenow", String(value));
      root.setAttribute("aria-valuetext", `時刻 ${t} の入力は ${fixed(value, 2)}`);
    } else {
      for (const name of ["tabindex", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"]) root.removeAttribute(name);
      root.setAttribute("aria-label", "入力 x の棒グラフ");
    }
  }
  update();
  watch(model, ["x", "drawn", "t", "T"], update);
}
