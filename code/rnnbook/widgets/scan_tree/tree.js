// 木と鎖を描く。横が時刻、縦が段。
import { giveValues } from "../kit/csv.js";
import { svg, svgText } from "../kit/plot.js";
import { fixed } from "../kit/scales.js";
import { onWidth } from "../kit/scope.js";
import { pickable } from "../kit/touch.js";

const LEFT = 34; // 段の番号の幅 px
const RIGHT = 6;
const TITLE = 22;
const FOOT = 22; // 時刻の番号
const STEPS = [1, 2, 4, 5, 8, 10, 16, 20, 32];
const ROOMY = 34; // 一時刻がこれより広ければ、丸の中に値を書く px

/**
 * @typedef {{T: number, t: number, rows: number,
 *   at: (t: number) => number[], used: (row: number, t: number) => boolean,
 *   links: [number, number, number][], value: (row: number, t: number) => number}} Scene
 *   rows は段の数 + 1。at は時刻 t に点のある段。links は [段, もとの時刻, 先の時刻]。used は選んだ時刻の値に使う点か
 */

/** least 以上の、切りのよい間隔。 @param {number} least */
const round = (least) => STEPS.find((step) => step >= least) ?? 64;

/**
 * @param {Element} parent
 * @param {{label: string, title: string, column: string, height: number, pick: (t: number) => void}} options column は、表（CSV）での値の列の名
 */
export function scanPicture(parent, { label, title, column, height, pick }) {
  const holder = document.createElement("div");
  holder.className = "rf-plot rf-scan";
  parent.append(holder);
  const root = svg("svg", { role: "img", "aria-label": label, height }, holder);
  let width = 0;
  /** @type {Scene | null} */
  let scene = null;
  const pitch = () => (width - LEFT - RIGHT) / (scene?.T ?? 1);
  const x = (/** @type {number} */ t) => LEFT + (t - 0.5) * pitch();

  function layout() {
    if (!width || !scene) return;
    const { T, t: chosen, rows, at, used, links, value } = scene;
    root.setAttribute("width", String(width));
    root.replaceChildren();
    const roomy = pitch() >= ROOMY && rows <= 7 && (height - TITLE - FOOT) / rows >= ROOMY;
    const r = roomy ? 15 : Math.max(1.2, Math.min(5, pitch() / 2 - 0.6));
    const [top, low] = [TITLE + r + 3, height - FOOT - r - 3];
    const y = (/** @type {number} */ row) => (rows === 1 ? (top + low) / 2 : top + ((low - top) * row) / (rows - 1));
    svgText(root, title, { x: 0, y: 13, class: "rf-title" });
    svg("rect", { class: "rf-column", x: x(chosen) - Math.max(pitch(), 8) / 2, y: TITLE, width: Math.max(pitch(), 8), height: height - TITLE - FOOT + 2 }, root);
    const axes = svg("g", { class: "rf-axes" }, root);
    const stride = round(20 / pitch());
    for (let t = stride; t <= T; t += stride) svgText(axes, String(t), { x: x(t), y: height - 6, "text-anchor": "middle" });
    const gap = round((18 * (rows - 1)) / (low - top));
    for (let row = 0; row < rows; row += gap) svgText(axes, String(row), { x: LEFT - 14, y: y(row) + 4, "text-anchor": "end" });
    const path = (/** @type {boolean} */ strong) => links
      .filter(([row, from, to]) => (used(row, to) && used(row - 1, from)) === strong)
      .map(([row, from, to]) => `M${x(from).toFixed(1)},${y(row - 1).toFixed(1)}L${x(to).toFixed(1)},${y(row).toFixed(1)}`).join("");
    // 使わない線と点の上に、使う線と点を置く
    for (const strong of [false, true]) {
      const look = strong ? " rf-used" : "";
      svg("path", { class: `rf-wire${look}`, d: path(strong), ...(strong ? {} : { "stroke-opacity": Math.min(1, pitch() / 14).toFixed(2) }) }, root);
      for (let t = 1; t <= T; t += 1) {
        for (const row of at(t).filter((row) => used(row, t) === strong)) {
          svg("circle", { class: `rf-dot${look}`, cx: x(t), cy: y(row), r: strong && !roomy ? r + 0.8 : r }, root);
          if (roomy) svgText(root, fixed(value(row, t), 2), { x: x(t), y: y(row) + 4, "text-anchor": "middle" });
        }
      }
    }
  }

  giveValues(holder, () => {
    const times = Array.from({ length: scene?.T ?? 0 }, (_, k) => k + 1);
    const rows = times.flatMap((t) => scene?.at(t).map((row) => [t, row, scene?.value(row, t)]) ?? []);
    return [{ plot: label, series: "点", columns: ["時刻 $t$", "段", column], rows }];
  });
  onWidth(holder, (next) => {
    width = next;
    layout();
  });
  pickable(root, (event) => {
    if (!scene) return;
    const t = Math.ceil((event.clientX - root.getBoundingClientRect().left - LEFT) / pitch());
    pick(Math.max(1, Math.min(scene.T, t)));
  });
  return (/** @type {Scene} */ next) => {
    scene = next;
    layout();
  };
}
