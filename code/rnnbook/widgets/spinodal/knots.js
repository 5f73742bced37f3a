// 折れ線の点を動かす部品: 引くか打つと、いちばん近い点が動く。点は一つずつ、キーでも動く。
import { createPlot } from "../kit/plot.js";
import { assign, rowOf } from "../kit/properties.js";
import { fixed } from "../kit/scales.js";
import { pickable } from "../kit/touch.js";

/**
 * @param {Element} parent
 * @param {import("../kit/controls.js").Model} model
 * @param {string[]} names 点の引数の名前。左から順に、等しい間隔
 * @param {{label: string, height: number, frames: number, y: {label: string, column?: string, domain: [number, number], ticks: number[]}}} options
 */
export function createKnots(parent, model, names, { label, height, frames, y }) {
  const plot = createPlot(parent, { label, height, x: { label: "", column: "画面（枚め）", domain: [-1, frames + 2] }, y });
  const at = names.map((_, k) => 1 + (k * (frames - 1)) / (names.length - 1));
  // 動かす点が中にあるので、一枚の絵ではなく、部品の組
  plot.root.setAttribute("role", "group");
  plot.root.classList.add("rf-knots");
  const put = (/** @type {string} */ name, /** @type {number} */ value) => {
    const { low, high, step } = rowOf(model, name);
    const near = Math.max(low, Math.min(high, Math.round(value / step) * step));
    assign(model, name, Number(near.toFixed(2)));
  };
  pickable(plot.root, (event) => {
    const [x, value] = plot.toData(event);
    put(names[at.reduce((best, u, k) => (Math.abs(u - x) < Math.abs(at[best] - x) ? k : best), 0)], value);
  });

  return {
    plot,
    /** 点を置く。線のあとに呼ぶと、線の上に出る。 @param {string} color */
    place(color) {
      const marks = names.map((name, k) => {
        const mark = plot.markers(color, "circle", 14).named(`${k + 1} つめの点`);
        const { low, high, step } = rowOf(model, name);
        for (const [key, value] of Object.entries({
          class: "rf-markers rf-knot", role: "slider", tabindex: 0, "aria-orientation": "vertical",
          "aria-label": `${k + 1} つめの点の温度`, "aria-valuemin": low, "aria-valuemax": high,
        })) mark.node.setAttribute(key, String(value));
        mark.node.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
          const moves = { ArrowUp: step, ArrowRight: step, ArrowDown: -step, ArrowLeft: -step, PageUp: 5 * step, PageDown: -5 * step, Home: low - high, End: high - low };
          const move = moves[/** @type {keyof typeof moves} */ (event.key)];
          if (move === undefined) return;
          event.preventDefault();
          put(name, model.get(name) + move);
        });
        return mark;
      });
      return () => marks.forEach((mark, k) => {
        const value = model.get(names[k]);
        mark.set([[at[k], value]]);
        mark.node.setAttribute("aria-valuenow", String(value));
        mark.node.setAttribute("aria-valuetext", `${fixed(at[k], 0)} 枚めの温度は ${fixed(value, 2)}`);
      });
    },
  };
}
