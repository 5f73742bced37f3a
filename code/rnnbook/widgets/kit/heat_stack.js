// 同じ時間軸をもつ色の升目（ヒートマップ）の組。列は文字、行はユニット。
import { giveValues } from "./csv.js";
import { hatch, svg, svgText } from "./plot.js";
import { MISSING } from "./scales.js";
import { onWidth } from "./scope.js";
import { pickable } from "./touch.js";

const ROW = 11; // 一行の高さ px
const TITLE = 24;
const LETTERS = 18;
const GAP = 8; // 図と図の間
const RIGHT = 2; // 右の余白 px
const WIDE = 620; // これより広ければ二列に並べる

/**
 * @typedef {{name: string, label: string, signed: boolean}} HeatMap
 *   signed なら −limit から limit まで、そうでなければ 0 から 1 まで
 */

/**
 * 凡例。端の数と、端から端までの色。
 * @param {Element} parent
 * @param {{signed: boolean}} map
 * @param {number} limit
 * @param {number} right 右端 px
 * @param {number} y 文字の基線 px
 * @returns {number} 左端 px
 */
function drawLegend(parent, { signed }, limit, right, y) {
  const [steps, size] = [9, 5];
  const shown = (/** @type {number} */ v) => String(v).replace("-", "−");
  const largest = svgText(parent, shown(signed ? limit : 1), { x: right, y, "text-anchor": "end" });
  const end = right - Math.ceil(largest.getComputedTextLength()) - 5;
  for (let k = 0; k < steps; k += 1) {
    const part = k / (steps - 1);
    const rect = svg("rect", { x: end - (steps - k) * size, y: y - 9, width: size, height: 9 }, parent);
    paint(rect, signed ? 2 * part - 1 : part, signed);
  }
  svg("rect", { class: "rf-frame", x: end - steps * size, y: y - 9, width: steps * size, height: 9 }, parent);
  const least = svgText(parent, shown(signed ? -limit : 0), { x: end - steps * size - 4, y, "text-anchor": "end" });
  return end - steps * size - 4 - least.getComputedTextLength();
}

/**
 * 升目一つを塗る。
 * @param {SVGElement} rect
 * @param {number} value −1 から 1（符号がなければ 0 から 1）
 * @param {boolean} signed
 */
function paint(rect, value, signed) {
  rect.setAttribute("class", signed ? (value < 0 ? "rf-minus" : "rf-plus") : "rf-gate");
  rect.setAttribute("fill-opacity", Math.min(1, Math.abs(value)).toFixed(3));
}

/**
 * @param {Element} parent
 * @param {{label: string, maps: HeatMap[], H: number, onPick: (t: number, unit: number) => void}} options
 */
export function createHeatStack(parent, { label, maps, H, onPick }) {
  const holder = document.createElement("div");
  holder.className = "rf-plot rf-heat";
  parent.append(holder);
  const root = svg("svg", { role: "img", "aria-label": label }, holder);
  const scene = svg("g", {}, root);
  const marks = svg("g", {}, root);
  const hatched = hatch(root);
  const panelHeight = TITLE + H * ROW;
  let width = 0;
  let letters = "";
  /** @type {((name: string, t: number, unit: number) => number) | null} */
  let at = null;
  /** @type {Record<string, number>} */
  let limits = {};
  let chosen = { t: 1, unit: 1 };
  /** @type {{x: number, y: number, pitch: number, cells: SVGElement[], legend: SVGElement}[]} */
  let panels = [];

  giveValues(holder, () => maps.map((map) => ({
    plot: label, series: map.label, columns: ["時刻 $t$", "文字", "ユニット", "値"],
    rows: [...letters].flatMap((letter, n) => Array.from({ length: H }, (_, k) => [n + 1, letter, k + 1, at?.(map.name, n + 1, k + 1)])),
  })));

  function layout() {
    if (!width || !letters) return;
    const columns = width >= WIDE ? 2 : 1;
    const rows = Math.ceil(maps.length / columns);
    const span = (width - (columns - 1) * GAP) / columns;
    scene.replaceChildren();
    // ユニットの番号が入る、左の余白
    const left = Math.max(18, Math.ceil(svgText(scene, String(H), {}).getComputedTextLength()) + 6);
    const pitch = (span - left - RIGHT) / letters.length;
    const height = rows * panelHeight + (rows - 1) * GAP + 2 * LETTERS;
    root.setAttribute("width", String(width));
    root.setAttribute("height", String(height));
    scene.replaceChildren();
    panels = maps.map((map, k) => {
      const x = (k % columns) * (span + GAP) + left;
      const y = LETTERS + Math.floor(k / columns) * (panelHeight + GAP) + TITLE;
      svgText(scene, map.label, { x, y: y - 6, class: "rf-title" });
      // 隣の升目と重なりも隙間もないように、境目を画素にそろえる。
      const edge = (/** @type {number} */ column) => Math.round(x + column * pitch);
      const cells = Array.from({ length: letters.length * H }, (_, n) => svg("rect", {
        x: edge(Math.floor(n / H)), y: y + (n % H) * ROW,
        width: edge(Math.floor(n / H) + 1) - edge(Math.floor(n / H)), height: ROW,
      }, scene));
      svg("rect", { class: "rf-frame", x, y, width: pitch * letters.length, height: H * ROW }, scene);
      return { x, y, pitch, cells, legend: svg("g", { class: "rf-axes" }, scene) };
    });
    // 文字の列は、上の端と下の端に置く。
    for (const y of [13, height - 4]) {
      for (const { x } of panels.slice(0, columns)) {
        [...letters].forEach((letter, n) => svgText(scene, letter, {
          x: x + (n + 0.5) * pitch, y, "text-anchor": "middle", class: "rf-letter", "data-t": n + 1,
        }));
      }
    }
    fill();
    point();
  }

  function fill() {
    panels.forEach(({ x, y, pitch, cells, legend }, k) => {
      const { name, signed } = maps[k];
      const limit = limits[name] ?? 1;
      const values = cells.map((_, n) => at(name, Math.floor(n / H) + 1, (n % H) + 1));
      // 読めない値（null、NaN、無限大）の升目には、色を置かず、斜線を引く。
      cells.forEach((cell, n) => {
        if (Number.isFinite(values[n])) return paint(cell, values[n] / limit, signed);
        for (const [key, value] of Object.entries({ class: "rf-missing", fill: hatched, "fill-opacity": 1 })) cell.setAttribute(key, String(value));
      });
      legend.replaceChildren();
      const end = drawLegend(legend, maps[k], limit, x + pitch * letters.length, y - 6);
      if (!values.every(Number.isFinite)) {
        const word = svgText(legend, MISSING, { x: end - 12, y: y - 6, "text-anchor": "end" });
        const size = 9;
        svg("rect", { class: "rf-frame", style: `fill:${hatched}`, x: end - 12 - word.getComputedTextLength() - size - 4, y: y - 6 - size, width: size, height: size }, legend);
      }
    });
  }

  function point() {
    marks.replaceChildren();
    for (const { x, y, pitch } of panels) {
      const row = y + (chosen.unit - 1) * ROW;
      svg("rect", { class: "rf-row-mark", x, y: row, width: pitch * letters.length, height: ROW }, marks);
      svg("rect", { class: "rf-column-mark", x: x + (chosen.t - 1) * pitch, y: y - 1, width: pitch, height: H * ROW + 2 }, marks);
      svgText(marks, String(chosen.unit), { x: x - 5, y: row + ROW / 2 + 4, "text-anchor": "end" });
    }
    for (const node of scene.querySelectorAll(".rf-letter")) {
      node.classList.toggle("rf-chosen", Number(node.dataset.t) === chosen.t);
    }
  }

  /** 画面の位置にある升目。題の上では unit が 0 以下になる。 @param {PointerEvent} event */
  const locate = (event) => {
    const box = root.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const k = panels.findIndex(({ x, y, pitch }) =>
      px >= x - 4 && px <= x + pitch * letters.length + 4 && py >= y - TITLE && py <= y + H * ROW + GAP);
    if (k < 0) return null;
    const t = Math.floor((px - panels[k].x) / panels[k].pitch) + 1;
    return { name: maps[k].name, t: Math.max(1, Math.min(letters.length, t)), unit: Math.floor((py - panels[k].y) / ROW) + 1 };
  };
  const onMap = (/** @type {{unit: number} | null} */ cell) => cell !== null && cell.unit >= 1 && cell.unit <= H;
  pickable(root, (event) => {
    const cell = locate(event);
    if (cell) onPick(cell.t, onMap(cell) ? cell.unit : chosen.unit);
  });

  /** 升目の、SVG の中での場所。 @param {{name: string, t: number, unit: number}} cell */
  const placeOf = ({ name, t, unit }) => {
    const { x, y, pitch } = panels[maps.findIndex((map) => map.name === name)];
    return { x: x + (t - 1) * pitch, y: y + (unit - 1) * ROW, width: pitch, height: ROW };
  };

  onWidth(holder, (next) => {
    width = next;
    layout();
  });

  const pointed = svg("rect", { class: "rf-cell-mark", visibility: "hidden" }, root);

  return {
    root,
    /** 画面の位置にある升目。 @param {PointerEvent} event @returns {{name: string, t: number, unit: number} | null} */
    find(event) {
      const cell = locate(event);
      return onMap(cell) ? cell : null;
    },
    /** 升目の、画面での場所。 @param {{name: string, t: number, unit: number}} cell */
    box(cell) {
      if (!panels.length || cell.t > letters.length) return null;
      const [{ x, y, width: w, height }, { left, top }] = [placeOf(cell), root.getBoundingClientRect()];
      return { left: left + x, top: top + y, width: w, height };
    },
    /** 選ばれた升目を囲む。 @param {{name: string, t: number, unit: number} | null} cell */
    mark(cell) {
      pointed.setAttribute("visibility", cell ? "visible" : "hidden");
      for (const [key, value] of Object.entries(cell ? placeOf(cell) : {})) pointed.setAttribute(key, String(value));
    },
    /** 値を入れ替える。 @param {string} text @param {(name: string, t: number, unit: number) => number | null} read @param {Record<string, number>} scale 図の名 → 色の端の値 */
    set(text, read, scale) {
      [at, limits] = [read, scale];
      if (text === letters) {
        if (width) fill();
        return;
      }
      letters = text;
      layout();
    },
    /** 見る時刻とユニット。 @param {number} t @param {number} unit */
    point(t, unit) {
      chosen = { t, unit };
      if (width) point();
    },
  };
}
