// 印の形。同じ色の系列を、色によらず見分けるために使う。

/** @typedef {"circle" | "square" | "triangle" | "down" | "diamond" | "cross" | "plus" | "star" | "crossed"} Shape */

/**
 * 中を塗らない、線だけの形か。
 * @param {Shape} shape
 * @returns {boolean}
 */
export function isOpen(shape) {
  return ["cross", "plus", "crossed"].includes(shape);
}

/**
 * 印の輪郭の道筋（SVG の d）。どの形も、面積がおよそ直径 size の丸に等しい。
 * @param {Shape} shape
 * @param {number} x px
 * @param {number} y px
 * @param {number} size px
 * @returns {string}
 */
export function outline(shape, x, y, size) {
  const r = size / 2;
  const at = (/** @type {number} */ dx, /** @type {number} */ dy) => `${(x + dx * r).toFixed(1)},${(y + dy * r).toFixed(1)}`;
  switch (shape) {
    case "square": return `M${at(-0.89, -0.89)}L${at(0.89, -0.89)}L${at(0.89, 0.89)}L${at(-0.89, 0.89)}Z`;
    case "triangle": return `M${at(0, -1.3)}L${at(1.2, 0.8)}L${at(-1.2, 0.8)}Z`;
    case "down": return `M${at(0, 1.3)}L${at(1.2, -0.8)}L${at(-1.2, -0.8)}Z`;
    case "diamond": return `M${at(0, -1.25)}L${at(1.25, 0)}L${at(0, 1.25)}L${at(-1.25, 0)}Z`;
    case "cross": return `M${at(-0.9, -0.9)}L${at(0.9, 0.9)}M${at(-0.9, 0.9)}L${at(0.9, -0.9)}`;
    // 丸に×
    case "crossed": return `${outline("circle", x, y, size)}M${at(-0.7, -0.7)}L${at(0.7, 0.7)}M${at(-0.7, 0.7)}L${at(0.7, -0.7)}`;
    case "plus": return `M${at(-1.1, 0)}L${at(1.1, 0)}M${at(0, -1.1)}L${at(0, 1.1)}`;
    case "star": {
      const corners = Array.from({ length: 10 }, (_, k) => {
        const [reach, angle] = [k % 2 ? 0.52 : 1.25, (Math.PI * k) / 5];
        return at(reach * Math.sin(angle), -reach * Math.cos(angle));
      });
      return `M${corners.join("L")}Z`;
    }
    default: return `M${at(-1, 0)}a${r},${r} 0 1,0 ${size},0a${r},${r} 0 1,0 ${-size},0Z`;
  }
}
