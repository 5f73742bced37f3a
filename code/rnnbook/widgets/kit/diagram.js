// 丸と矢印の図。矢印は必ず丸の縁から出て、丸の縁に着く。
import { svg, svgText } from "./plot.js";
import { fixed } from "./scales.js";

/**
 * 値で色のつく丸。青は正、橙は負、濃さは大きさ。
 * @param {Element} parent
 * @param {number} cx
 * @param {number} cy
 * @param {number} r
 * @returns {{x: number, y: number, r: number, node: SVGGElement, set: (value: number, limit?: number) => void}}
 */
export function valueNode(parent, cx, cy, r) {
  const node = svg("g", { class: "rf-node" }, parent);
  svg("circle", { cx, cy, r, class: "rf-paper" }, node);
  const tint = svg("circle", { cx, cy, r, class: "rf-tint" }, node);
  const text = svg("text", { x: cx, y: cy + 4, "text-anchor": "middle" }, node);
  return {
    x: cx, y: cy, r, node,
    set(value, limit = 1) {
      const strength = Math.min(1, Math.abs(value) / limit);
      tint.style.fill = value < 0 ? "var(--rf-negative)" : "var(--rf-positive)";
      tint.style.fillOpacity = (0.62 * strength).toFixed(3);
      // 同じ文字を置き直しても、ブラウザは並べ直してしまう。
      const shown = fixed(value, 2);
      if (text.textContent !== shown) text.textContent = shown;
    },
  };
}

/**
 * @typedef {{x: number, y: number, r: number}} Round 丸の中心と半径（点なら r = 0）
 */

/**
 * 丸から丸への矢印。label は線の中ほどに添える。
 * @param {Element} parent
 * @param {Round} from
 * @param {Round} to
 * @param {string} [label]
 * @returns {{node: SVGGElement}}
 */
export function arrow(parent, from, to, label = "") {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const start = [from.x + ux * (from.r + 1), from.y + uy * (from.r + 1)];
  const tip = [to.x - ux * (to.r + 1), to.y - uy * (to.r + 1)];
  const neck = [tip[0] - ux * 6, tip[1] - uy * 6];
  const node = svg("g", { class: "rf-arrow" }, parent);
  svg("path", { class: "rf-shaft", d: `M${start}L${neck}` }, node);
  svg("path", { class: "rf-head", d: `M${tip}L${neck[0] - uy * 4},${neck[1] + ux * 4}L${neck[0] + uy * 4},${neck[1] - ux * 4}Z` }, node);
  const middle = [(start[0] + neck[0]) / 2, (start[1] + neck[1]) / 2];
  const upright = Math.abs(uy) > Math.abs(ux);
  if (label) {
    svgText(node, label, upright
      ? { x: middle[0] + 7, y: middle[1] + 4 }
      : { x: middle[0], y: middle[1] - 15, "text-anchor": "middle" });
  }
  return { node };
}
