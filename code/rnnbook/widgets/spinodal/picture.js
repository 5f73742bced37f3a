// 組織の絵: 濃い所は青、薄い所は橙。地の色は、画面の明暗に従う。
import { el } from "../kit/controls.js";

/**
 * @param {Element} parent
 * @param {number} n 一辺の格子点の数
 * @param {number} limit いちばん濃く塗る濃度
 */
export function createPicture(parent, n, limit) {
  const canvas = el("canvas", { width: n, height: n, class: "rf-field", role: "img" });
  parent.append(canvas);
  const brush = canvas.getContext("2d");
  const image = brush.createImageData(n, n);
  const channels = (/** @type {string} */ name) => {
    canvas.style.color = `var(${name})`;
    return (getComputedStyle(canvas).color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  };
  return {
    /** @param {Float64Array} c 濃度 (n, n) @param {string} label 読み上げる名 */
    set(c, label) {
      const [high, low] = [channels("--rf-positive"), channels("--rf-negative")];
      c.forEach((v, k) => {
        image.data.set(v > 0 ? high : low, 4 * k);
        image.data[4 * k + 3] = 255 * Math.min(1, Math.abs(v) / limit);
      });
      brush.putImageData(image, 0, 0);
      canvas.setAttribute("aria-label", label);
    },
  };
}
