// 展開図の部品: 丸と矢印の図、丸の数の項、動きを言葉にする関数。
import { svg, svgText } from "../kit/plot.js";
import { fixed } from "../kit/scales.js";
import { valueNode, arrow } from "../kit/diagram.js";
import { onWidth } from "../kit/scope.js";
import { setSvgInline } from "../kit/text.js";

const LONGEST_DIAGRAM = 12;

/**
 * 入力の系列 x_1 … x_T。
 * @param {"impulse" | "constant" | "sine" | "drawn"} kind
 * @param {number} T
 * @param {number[]} drawn 読者が描いた値
 * @returns {number[]}
 */
export function inputSeries(kind, T, drawn) {
  const shapes = {
    impulse: (/** @type {number} */ t) => (t === 1 ? 1 : 0),
    constant: () => 1,
    sine: (/** @type {number} */ t) => Math.sin((2 * Math.PI * t) / 10),
    drawn: (/** @type {number} */ t) => drawn[t - 1],
  };
  return Array.from({ length: T }, (_, i) => shapes[kind](i + 1));
}

/**
 * 隠れ状態の動きを、数から言葉にする。
 * @param {number[]} x 入力 (T,)
 * @param {number[]} h 隠れ状態 (T,)
 * @returns {string}
 */
export function describe(x, h) {
  const T = h.length;
  if (h.every((v) => Math.abs(v) < 1e-9)) return "隠れ状態はずっと 0 です。";
  if (T < 3) return "系列長を 3 以上にすると、動きの特徴が見えます。";

  const saturated = h.filter((v) => Math.abs(v) > 0.95).length;
  const flips = h.slice(1).filter((v, i) => v * h[i] < 0).length;
  const alternating = flips >= 0.8 * (T - 1);
  const flipping = alternating ? `符号が一歩ごとに入れ替わりながら（${T - 1} 回中 ${flips} 回）、` : "";

  // 入力が止んで 3 歩以上たつなら、その跡がどれだけ残るか
  const last = x.findLastIndex((v) => v !== 0);
  if (saturated < T / 2 && last >= 0 && last < T - 3 && Math.abs(h[last]) > 1e-9) {
    const ratio = Math.abs(h[T - 1] / h[last]);
    if (ratio < 0.1) {
      const gone = h.findIndex((v, i) => i > last && Math.abs(v) < 0.1 * Math.abs(h[last]));
      return `${flipping}消えていきます。最後の入力（$t$ = ${last + 1}）の跡は、$t$ = ${gone + 1} で 10 分の 1 を下回りました。`;
    }
    const fate = ratio < 0.6 ? "少しずつ消えていきます" : "残り続けます";
    return `${flipping}${fate}。$t$ = ${T} の大きさは、入力が止んだ $t$ = ${last + 1} の ${Math.round(100 * ratio)} % です。`;
  }
  if (saturated >= T / 2) {
    return `飽和しています。${T} 歩のうち ${saturated} 歩で |$h_t$| が 0.95 を超え、±1 の端に張りついています。`;
  }
  if (alternating) return `符号が一歩ごとに入れ替わります（${T - 1} 回中 ${flips} 回）。`;
  return `入力に合わせて動いています。$h_t$ は ${fixed(Math.min(...h), 2)} から ${fixed(Math.max(...h), 2)} の間です。`;
}

/**
 * 丸の数と、足すとその数になる項。h_t は、a_t の三つの項の和に tanh をかけたもの。
 * @param {{row: "h" | "x", t: number}} cell
 * @param {{x: number[], a: number[], h: number[], w_hh: number, w_xh: number, b: number}} values
 * @returns {import("../kit/terms.js").Sum}
 */
export function termsOf({ row, t }, { x, a, h, w_hh, w_xh, b }) {
  if (row === "x") return { name: `$x_{${t}}$`, value: x[t - 1], terms: [{ name: "入力", value: x[t - 1] }] };
  if (t === 0) return { name: "$h_0$", value: 0, terms: [{ name: "はじめの隠れ状態", value: 0 }] };
  const before = t > 1 ? h[t - 2] : 0;
  const product = (/** @type {number} */ u, /** @type {number} */ v) => `${fixed(u, 2)} × ${v < 0 ? `(${fixed(v, 3)})` : fixed(v, 3)}`;
  return {
    name: `$a_{${t}}$`, value: a[t - 1],
    terms: [
      { name: `$w_{xh}$ $x_{${t}}$`, detail: product(w_xh, x[t - 1]), value: w_xh * x[t - 1] },
      { name: `$w_{hh}$ $h_{${t - 1}}$`, detail: product(w_hh, before), value: w_hh * before },
      { name: "$b$", value: b },
    ],
    then: `$h_{${t}}$ = $\\tanh$($a_{${t}}$) = ${fixed(h[t - 1], 3)}`,
  };
}

/**
 * 丸と矢印の図。幅に入る時刻だけを、見ている時刻が入るように描く。
 * @param {Element} parent
 * @param {(t: number) => void} pick 時刻が選ばれた
 */
export function unrolledDiagram(parent, pick) {
  const holder = document.createElement("div");
  holder.className = "rf-plot rf-diagram";
  parent.append(holder);
  const height = 190;
  const root = svg("svg", { role: "img", "aria-label": "展開した RNN の丸と矢印。左右の矢印キーで時刻、上下で h と x", height }, holder);
  let [width, builtWidth] = [0, 0];
  /** @type {{t: number, h: any, x: any, names: SVGTextElement[], g: SVGGElement}[]} */
  let columns = [];
  let past = /** @type {any} */ (null);
  let band = /** @type {any} */ (null);
  let onward = /** @type {any} */ (null);
  let relayout = () => {};
  let pastTime = 0; // 左の端の、破線の丸の時刻
  onWidth(holder, (next) => {
    [width, builtWidth] = [next, 0];
    relayout();
  });

  // 幅に入るだけの列を一度作り、あとは数と名前だけを替える。
  function build() {
    root.replaceChildren();
    root.setAttribute("width", String(width));
    // 丸は、値の文字が入る大きさにする。
    const least = Math.max(17, Math.ceil(svgText(root, "−0.00", {}).getComputedTextLength() / 2) + 2);
    root.replaceChildren();
    const count = Math.max(1, Math.min(LONGEST_DIAGRAM, Math.floor((width - 8) / (2 * least + 20)) - 1));
    const spacing = Math.min(72, (width - 8) / (count + 1));
    const r = Math.max(least, Math.min(20, spacing * 0.3));
    const [hy, xy] = [52, 138];
    const at = (/** @type {number} */ slot) => 4 + spacing * (slot + 0.5);
    const name = (/** @type {Element} */ parent, /** @type {number} */ x, /** @type {number} */ y) =>
      svgText(parent, "", { x, y, "text-anchor": "middle" });
    band = svg("rect", { class: "rf-column", y: 2, width: spacing - 4, height: height - 4, rx: 8 }, root);

    past = { node: valueNode(root, at(0), hy, r), name: name(root, at(0), hy - r - 9) };
    past.node.node.classList.add("rf-past");
    let before = past.node;
    columns = Array.from({ length: count }, (_, i) => {
      const g = svg("g", { class: "rf-step" }, root);
      const h = valueNode(g, at(i + 1), hy, r);
      const x = valueNode(g, at(i + 1), xy, r);
      arrow(g, before, h, "$w_{hh}$");
      arrow(g, x, h, "$w_{xh}$");
      const column = { t: 0, h, x, names: [name(g, h.x, hy - r - 9), name(g, x.x, xy + r + 18)], g };
      g.addEventListener("click", () => pick(column.t));
      before = h;
      return column;
    });
    onward = arrow(root, before, { x: Math.min(width, before.x + spacing - 12), y: hy, r: 0 }).node;
  }

  /** 時刻 t の丸。row は "h" か "x"。見えていなければ undefined。 */
  const nodeOf = (/** @type {"h" | "x"} */ row, /** @type {number} */ t) =>
    (row === "h" && t === pastTime ? past?.node : columns.find((column) => column.t === t && column.g.style.display !== "none")?.[row]);

  return {
    root,
    /** 画面のその位置にある丸。 @param {PointerEvent} event @returns {{row: "h" | "x", t: number} | null} */
    find({ clientX, clientY }) {
      const { left, top } = root.getBoundingClientRect();
      for (const row of /** @type {("h" | "x")[]} */ (["h", "x"])) {
        for (const t of [pastTime, ...columns.map((column) => column.t)]) {
          const node = nodeOf(row, t);
          if (node && Math.hypot(clientX - left - node.x, clientY - top - node.y) <= node.r + 4) return { row, t };
        }
      }
      return null;
    },
    /** 丸のある列の、画面での場所。 @param {{row: "h" | "x", t: number}} cell */
    box({ row, t }) {
      const node = nodeOf(row, t);
      const { left, top } = root.getBoundingClientRect();
      return node ? { left: left + node.x - node.r, top, width: 2 * node.r, height } : null;
    },
    /** 選ばれた丸に印を付ける。 @param {{row: "h" | "x", t: number} | null} cell */
    mark(cell) {
      root.querySelector(".rf-pointed")?.classList.remove("rf-pointed");
      if (cell) nodeOf(cell.row, cell.t)?.node.classList.add("rf-pointed");
    },
    /** 幅が変わったときに呼ぶ関数を決める。 @param {() => void} draw */
    onLayout(draw) {
      relayout = draw;
    },
    /**
     * @param {number[]} x
     * @param {number[]} h
     * @param {number} t 見ている時刻
     */
    set(x, h, t) {
      if (!width) return;
      if (width !== builtWidth) build();
      builtWidth = width;
      const T = h.length;
      const count = Math.min(T, columns.length);
      const start = Math.max(1, Math.min(T - count + 1, t - Math.floor(count / 2)));
      pastTime = start - 1;
      past.node.set(start > 1 ? h[start - 2] : 0);
      rename(past.name, `$h_{${start - 1}}$`);
      onward.style.display = start + count - 1 < T ? "" : "none";
      columns.forEach((column, i) => {
        column.g.style.display = i < count ? "" : "none";
        if (i >= count) return;
        column.t = start + i;
        column.h.set(h[column.t - 1]);
        column.x.set(x[column.t - 1]);
        column.names.forEach((node, k) => rename(node, `$${"hx"[k]}_{${column.t}}$`));
        column.g.classList.toggle("rf-now", column.t === t);
        if (column.t === t) band.setAttribute("x", String(column.h.x - Number(band.getAttribute("width")) / 2));
      });
    },
  };
}

/**
 * SVG の名前を、変わったときだけ書き直す。
 * @param {SVGTextElement} node
 * @param {string} text
 */
function rename(node, text) {
  if (node.dataset.name === text) return;
  node.dataset.name = text;
  setSvgInline(node, text);
}
