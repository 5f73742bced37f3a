// 軸のある図を SVG で描く小さな部品。幅に合わせて並べ直すので、文字の大きさは画面の幅によらない。
import { setInline, setSvgInline } from "./text.js";
import { giveValues } from "./csv.js";
import { columnEnds } from "./column_ends.js";
import { anySeries, seriesOf } from "./marks.js";
import { linear, log, tidy } from "./scales.js";
import { onWidth } from "./scope.js";
import { isOpen, outline } from "./shapes.js";

/**
 * SVG の要素を作る。
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {Element} [parent]
 * @returns {any}
 */
export function svg(tag, attributes = {}, parent) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  parent?.append(node);
  return node;
}

/** 属性が変わるときだけ書く。書けば、同じ値でも、ブラウザが描き直す。 @param {Element} node @param {string} name @param {string} value */
function put(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * 読めない値の升目に引く斜線。返すものを fill にする。
 * @param {Element} root
 * @returns {string}
 */
export function hatch(root) {
  const id = `rf-hatch-${Math.random().toString(36).slice(2, 9)}`;
  const tile = svg("pattern", { id, width: 4, height: 4, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("defs", {}, root));
  svg("line", { class: "rf-hatch", y2: 4 }, tile);
  return `url(#${id})`;
}

/**
 * SVG に文字を置く。
 * @param {Element} parent
 * @param {string} text
 * @param {Record<string, string | number>} attributes
 * @returns {SVGTextElement}
 */
export function svgText(parent, text, attributes) {
  const node = svg("text", attributes, parent);
  setSvgInline(node, text);
  return node;
}

// 左は、目盛りの数字が広ければ増える。軸の名は、SVG の上と下に一行ずつ。
const MARGIN = { left: 44, right: 14, top: 8, bottom: 22 };
const LABEL = 20;
const NOTE = 14; // 注の一行 px

/**
 * 軸の名。HTML なので、書体が広ければ折り返す。読み上げは図の名に任せる。
 * @param {Element} parent
 * @param {string} text
 * @returns {HTMLElement}
 */
function axisLabel(parent, text) {
  const node = document.createElement("p");
  node.className = "rf-axis-label";
  node.setAttribute("aria-hidden", "true");
  setInline(node, text);
  parent.append(node);
  return node;
}

/**
 * 軸のある図。印（線、帯、点…）は一度作り、値だけを入れ替える。
 *
 * @param {Element} parent
 * @param {{label: string, height: number,
 *          x: {label: string, domain: [number, number], scale?: "linear" | "log", ticks?: number[], whole?: boolean, column?: string},
 *          y: {label: string, domain: [number, number], scale?: "linear" | "log", ticks?: number[], column?: string}}} options
 *   label は図の読み上げ。height は軸の名を含む高さ。x.label が空なら、下の目盛りを省く。x.whole なら、目盛りは整数だけ。
 *   column は、軸の名のほかに表（CSV）の列に付ける名。
 */
export function createPlot(parent, { label, height, x, y }) {
  const holder = document.createElement("div");
  holder.className = "rf-plot";
  parent.append(holder);
  const tall = height - LABEL * (x.label ? 2 : 1);
  const bottom = x.label ? MARGIN.bottom : 8;
  const yLabel = axisLabel(holder, y.label);
  const root = svg("svg", { role: "img", "aria-label": label, height: tall }, holder);
  if (x.label) axisLabel(holder, x.label).classList.add("rf-x-label");
  const axes = svg("g", { class: "rf-axes" }, root);
  const clip = `rf-clip-${Math.random().toString(36).slice(2, 9)}`;
  const window_ = svg("rect", {}, svg("clipPath", { id: clip }, svg("defs", {}, root)));
  const marks = svg("g", { "clip-path": `url(#${clip})` }, root);
  const kinds = { linear, log };
  /** @type {import("./marks.js").Kept[]} */
  const kept = [];
  giveValues(holder, () => seriesOf(kept, { label, x: x.column ?? (x.label || "横の位置"), y: y.column ?? (y.label || "縦の位置") }), () => anySeries(kept));
  /** @type {(() => void)[]} */
  const painters = [];
  let width = 0;
  let left = MARGIN.left;
  /** @type {Map<string, number>} */
  const widths = new Map();
  /** @type {Scale} */ let sx;
  /** @type {Scale} */ let sy;

  function layout() {
    if (!width) return;
    const right = width - MARGIN.right;
    const [low, high] = [tall - bottom, MARGIN.top];
    root.setAttribute("width", String(width));
    axes.replaceChildren();
    sy = kinds[y.scale ?? "linear"](y.domain, [low, high]);
    const yTicks = (y.ticks ?? sy.ticks((low - high) / 40)).map((tick) => tickText(tick, { y: sy(tick) + 4, "text-anchor": "end" }));
    left = Math.max(MARGIN.left, ...yTicks.map(({ size }) => Math.ceil(size) + 9));
    sx = kinds[x.scale ?? "linear"](x.domain, [left, right]);
    // 表（CSV）の値を、同じ位置に描き直せるように
    root.dataset.axes = JSON.stringify({ x: [x.scale ?? "linear", ...x.domain, left, right], y: [y.scale ?? "linear", ...y.domain, low, high] });
    // 端の点が欠けないように、枠より少し広く切り取る。
    const pad = 7;
    for (const [name, value] of Object.entries({ x: left - pad, y: high - pad, width: right - left + 2 * pad, height: low - high + 2 * pad })) {
      window_.setAttribute(name, String(value));
    }
    for (const { tick, node } of yTicks) {
      svg("line", { class: "rf-grid", x1: left, x2: right, y1: sy(tick), y2: sy(tick) }, axes);
      node.setAttribute("x", String(left - 7));
    }
    if (x.label) {
      const ticks = (x.ticks ?? sx.ticks((right - left) / 44)).filter((tick) => !x.whole || Number.isInteger(tick)).map((tick) => tickText(tick, { y: low + 17, "text-anchor": "middle" }));
      let free = -Infinity;
      for (const { tick, node, size } of ticks) {
        svg("line", { class: "rf-tick", x1: sx(tick), x2: sx(tick), y1: low, y2: low + 4 }, axes);
        const middle = Math.min(sx(tick), width - size / 2);
        node.setAttribute("x", middle.toFixed(1));
        // 隣の数字と重なる目盛りは、線だけを残す。
        if (middle - size / 2 < free) node.remove();
        else free = middle + size / 2 + 6;
      }
      svg("line", { class: "rf-base", x1: left, x2: right, y1: low, y2: low }, axes);
    }
    painters.forEach((paint) => paint());
  }

  // 文字の幅は、書体か図の幅が変わるまで覚えておく。測るたびに、ブラウザが並べ直すので。
  function sizeOf(/** @type {SVGTextElement} */ node, /** @type {string} */ text) {
    const size = widths.get(text) ?? node.getComputedTextLength();
    widths.set(text, size);
    return size;
  }

  function tickText(/** @type {number} */ tick, /** @type {Record<string, string | number>} */ attributes) {
    const node = svgText(axes, tidy(tick), attributes);
    return { tick, node, size: sizeOf(node, tidy(tick)) };
  }

  /**
   * @param {string} kind 印の種類（marks.js）。空なら、表（CSV）に出さない
   * @param {SVGElement} node
   * @param {(node: SVGElement, values: any) => void} draw
   */
  function mark(kind, node, draw) {
    let values = /** @type {any} */ (null);
    const paint = () => width && values !== null && draw(node, values);
    painters.push(paint);
    const own = { kind, name: /** @type {any} */ (""), more: /** @type {string[]} */ ([]), read: () => (node.style.display === "none" ? null : values) };
    if (kind) kept.push(own);
    return {
      node,
      /** 表（CSV）での系列の名。more は、行が x と y のあとに持つ値の列の名。 @param {string | ((k: number) => string)} name @param {string[]} [more] */
      named(name, more = []) {
        Object.assign(own, { name, more });
        return this;
      },
      set(/** @type {any} */ next) {
        values = next;
        paint();
      },
      show(/** @type {boolean} */ shown) {
        node.style.display = shown ? "" : "none";
      },
    };
  }

  const at = (/** @type {[number, number]} */ [u, v]) => `${sx(u).toFixed(1)},${sy(v).toFixed(1)}`;
  // 読めない値（null、NaN、無限大）のある所は描かず、ほかを描く。
  const known = (/** @type {any[]} */ row) => row.every((v) => v != null && (typeof v !== "number" || Number.isFinite(v)));
  // 対数の軸では、0 と負の数も読めない。
  const onAxes = (/** @type {[number, number]} */ point) => known(point) && (x.scale !== "log" || point[0] > 0) && (y.scale !== "log" || point[1] > 0);
  // 画素の列より点がずっと多い線は、列ごとの上下の端だけを描く。
  const path = (/** @type {[number, number][]} */ points) => {
    let [pen, text] = ["M", ""];
    for (const point of points.length > 2 * width ? columnEnds(points, sx, onAxes) : points) {
      const shown = onAxes(point);
      if (shown) text += pen + at(point);
      pen = shown ? "L" : "M";
    }
    return text;
  };
  const styled = (/** @type {SVGElement} */ node, /** @type {string} */ color, paint = "stroke") => {
    node.style[paint] = color;
    return node;
  };

  onWidth(holder, (next) => {
    width = next;
    widths.clear();
    layout();
  });

  return {
    root,
    /** 値の範囲を変える。 @param {{x?: [number, number], y?: [number, number]}} domains */
    setDomain(domains) {
      const same = (a, b) => !b || (a[0] === b[0] && a[1] === b[1]);
      if (same(x.domain, domains.x) && same(y.domain, domains.y)) return;
      x.domain = domains.x ?? x.domain;
      y.domain = domains.y ?? y.domain;
      layout();
    },
    /** 縦軸の名を変える。 @param {string} text */
    relabel(text) {
      if (text === y.label) return;
      y.label = text;
      setInline(yLabel, text);
    },
    /** 画面の位置を、図の値にする。 @param {PointerEvent} event @returns {[number, number]} */
    toData(event) {
      const box = root.getBoundingClientRect();
      return [sx.invert(event.clientX - box.left), sy.invert(event.clientY - box.top)];
    },
    /** 折れ線。値は [x, y] の並び。 @param {string} color @param {string} [kind] CSS のクラス */
    line(color, kind = "") {
      return mark("line", styled(svg("path", { class: `rf-line ${kind}` }, marks), color), (node, points) =>
        put(node, "d", path(points)));
    },
    /** いくつもの折れ線。値は折れ線の並び。 @param {string} color @param {string} [kind] CSS のクラス */
    lines(color, kind = "") {
      return mark("lines", styled(svg("path", { class: `rf-line ${kind}` }, marks), color), (node, many) =>
        put(node, "d", many.map(path).join("")));
    },
    /** 帯。値は [x, 下, 上] の並び。 @param {string} color */
    band(color) {
      return mark("band", styled(svg("path", { class: "rf-band" }, marks), color, "fill"), (node, all) => {
        const rows = all.filter(known);
        const upper = rows.map(([u, , high]) => at([u, high]));
        const lower = rows.map(([u, low]) => at([u, low])).reverse();
        put(node, "d", rows.length ? `M${[...upper, ...lower].join("L")}Z` : "");
      });
    },
    /** 点。値は [x, y] の並び。 @param {string} color @param {number} diameter px */
    dots(color, diameter) {
      const node = styled(svg("path", { class: "rf-dots", "stroke-width": diameter }, marks), color);
      return mark("dots", node, (dots, points) => put(dots, "d", points.filter(known).map((p) => `M${at(p)}h0`).join("")));
    },
    /** 形のある印。値は [x, y] の並び。 @param {string} color @param {string} shape shapes.js の形の名 @param {number} size px */
    markers(color, shape, size) {
      const node = styled(svg("path", { class: "rf-markers" }, marks), color);
      if (!isOpen(shape)) node.style.fill = color;
      return mark("markers", node, (path, points) => put(path, "d", points.filter(known).map(([u, v]) => outline(shape, sx(u), sy(v), size)).join("")));
    },
    /** 文字。値は [x, y, 文, 右へ px, 下へ px, "start" | "middle" | "end"] の並び。 @param {string} color */
    notes(color) {
      let before = "";
      return mark("", styled(svg("g", { class: "rf-notes" }, root), color, "fill"), (node, rows) => {
        const shown = rows.filter(known);
        const texts = shown.map((row) => row[2]);
        // 前と同じ文字は、置き直すだけにする。
        if (texts.join("\n") !== before) node.replaceChildren(...texts.map((text) => svgText(node, text, {})));
        before = texts.join("\n");
        /** @type {{from: number, to: number, base: number}[]} */
        const placed = [];
        for (const [k, [u, v, text, right = 0, down = 0, anchor = "start"]] of shown.entries()) {
          const word = node.children[k];
          const size = sizeOf(word, text);
          const wanted = sx(u) + right - size * { start: 0, middle: 0.5, end: 1 }[anchor];
          const from = Math.max(0, Math.min(width - size, wanted));
          let base = sy(v) + down;
          // 先に置いた文字と重なれば、その上に置く。
          while (placed.some((other) => Math.abs(other.base - base) < NOTE && from + 4 < other.to && other.from + 4 < from + size)) base -= NOTE;
          placed.push({ from, to: from + size, base });
          put(word, "x", from.toFixed(1));
          put(word, "y", base.toFixed(1));
        }
      });
    },
    /** 0 から伸びる棒。値は [x, y] の並び。 @param {string} color @param {number} thickness px */
    bars(color, thickness) {
      const node = styled(svg("path", { class: "rf-bars", "stroke-width": thickness }, marks), color);
      return mark("bars", node, (bars, points) => put(bars, "d", points.filter(known).map(([u, v]) => `M${at([u, 0])}V${sy(v).toFixed(1)}`).join("")));
    },
    /** 色の升目。値は [x, y, 濃さ 0…1] の並びと升の大きさ。濃さが読めない升目には、斜線を引く。 @param {string} color */
    heat(color) {
      const hatched = hatch(root);
      return mark("heat", styled(svg("g", {}, marks), color, "fill"), (node, { cells, dx, dy }) =>
        node.replaceChildren(...cells.map(([u, v, strength]) => svg("rect", {
          x: sx(u - dx / 2), y: sy(v + dy / 2), width: sx(u + dx / 2) - sx(u - dx / 2), height: sy(v - dy / 2) - sy(v + dy / 2),
          ...(Number.isFinite(strength) ? { "fill-opacity": strength.toFixed(3) } : { class: "rf-missing", fill: hatched }),
        }))));
    },
    /** 縦の線。値は x。 @param {string} color @param {string} [kind] */
    ruleX(color, kind = "") {
      return mark("ruleX", styled(svg("path", { class: `rf-rule ${kind}` }, marks), color), (node, u) =>
        put(node, "d", `M${sx(u).toFixed(1)},${tall - bottom}V${MARGIN.top}`));
    },
    /** 横の線。値は y。 @param {string} color @param {string} [kind] */
    ruleY(color, kind = "") {
      return mark("ruleY", styled(svg("path", { class: `rf-rule ${kind}` }, marks), color), (node, v) =>
        put(node, "d", `M${left},${sy(v).toFixed(1)}H${width - MARGIN.right}`));
    },
  };
}
