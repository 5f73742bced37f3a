// 軸のある図を SVG で描く小さな部品。幅に合わせて並べ直すので、文字の大きさは画面の幅によらない。
import { setSvgInline } from "./text.js";
import { linear, log, tidy } from "./scales.js";
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

/**
 * 要素の幅が変わるたびに layout(幅) を呼ぶ。はじめの一度はすぐに呼ぶ。
 * @param {Element} node
 * @param {(width: number) => void} layout
 * @returns {() => void} やめる関数
 */
export function onWidth(node, layout) {
  let last = 0;
  const check = () => {
    const width = Math.floor(node.getBoundingClientRect().width);
    if (width > 0 && width !== last) layout((last = width));
  };
  const observer = new ResizeObserver(check);
  observer.observe(node);
  check();
  return () => observer.disconnect();
}

const MARGIN = { left: 44, right: 14, top: 28 };

/**
 * 軸のある図。印（線、帯、点…）は一度作り、値だけを入れ替える。
 *
 * @param {Element} parent
 * @param {{label: string, height: number,
 *          x: {label: string, domain: [number, number], scale?: "linear" | "log", ticks?: number[]},
 *          y: {label: string, domain: [number, number], scale?: "linear" | "log", ticks?: number[]}}} options
 *   label は図の読み上げ。x.label が空なら、下の目盛りを省く。
 */
export function createPlot(parent, { label, height, x, y }) {
  const holder = document.createElement("div");
  holder.className = "rf-plot";
  parent.append(holder);
  const bottom = x.label ? 42 : 8;
  const root = svg("svg", { role: "img", "aria-label": label, height }, holder);
  const axes = svg("g", { class: "rf-axes" }, root);
  const clip = `rf-clip-${Math.random().toString(36).slice(2, 9)}`;
  const window_ = svg("rect", {}, svg("clipPath", { id: clip }, svg("defs", {}, root)));
  const marks = svg("g", { "clip-path": `url(#${clip})` }, root);
  const kinds = { linear, log };
  /** @type {(() => void)[]} */
  const painters = [];
  let width = 0;
  /** @type {Scale} */ let sx;
  /** @type {Scale} */ let sy;

  function layout() {
    if (!width) return;
    const [left, right] = [MARGIN.left, width - MARGIN.right];
    const [low, high] = [height - bottom, MARGIN.top];
    sx = kinds[x.scale ?? "linear"](x.domain, [left, right]);
    sy = kinds[y.scale ?? "linear"](y.domain, [low, high]);
    root.setAttribute("width", String(width));
    // 端の点が欠けないように、枠より少し広く切り取る。
    const pad = 7;
    for (const [name, value] of Object.entries({ x: left - pad, y: high - pad, width: right - left + 2 * pad, height: low - high + 2 * pad })) {
      window_.setAttribute(name, String(value));
    }
    axes.replaceChildren();
    for (const tick of y.ticks ?? sy.ticks((low - high) / 40)) {
      svg("line", { class: "rf-grid", x1: left, x2: right, y1: sy(tick), y2: sy(tick) }, axes);
      svgText(axes, tidy(tick), { x: left - 7, y: sy(tick) + 4, "text-anchor": "end" });
    }
    svgText(axes, y.label, { x: 2, y: 13, class: "rf-axis-label" });
    if (x.label) {
      let free = -Infinity;
      for (const tick of x.ticks ?? sx.ticks((right - left) / 44)) {
        svg("line", { class: "rf-tick", x1: sx(tick), x2: sx(tick), y1: low, y2: low + 4 }, axes);
        // 隣の数字と重なる目盛りは、線だけを残す。
        const text = tidy(tick);
        const half = text.replace(/[$^{}]/g, "").length * 4;
        if (sx(tick) - half < free) continue;
        free = sx(tick) + half + 4;
        svgText(axes, text, { x: sx(tick), y: low + 17, "text-anchor": "middle" });
      }
      svgText(axes, x.label, { x: (left + right) / 2, y: low + 35, "text-anchor": "middle", class: "rf-axis-label" });
      svg("line", { class: "rf-base", x1: left, x2: right, y1: low, y2: low }, axes);
    }
    painters.forEach((paint) => paint());
  }

  /**
   * @param {SVGElement} node
   * @param {(node: SVGElement, values: any) => void} draw
   */
  function mark(node, draw) {
    let values = /** @type {any} */ (null);
    const paint = () => width && values !== null && draw(node, values);
    painters.push(paint);
    return {
      node,
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
  const styled = (/** @type {SVGElement} */ node, /** @type {string} */ color, paint = "stroke") => {
    node.style[paint] = color;
    return node;
  };

  const stop = onWidth(holder, (next) => {
    width = next;
    layout();
  });

  return {
    root,
    stop,
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
      layout();
    },
    /** 画面の位置を、図の値にする。 @param {PointerEvent} event @returns {[number, number]} */
    toData(event) {
      const box = root.getBoundingClientRect();
      return [sx.invert(event.clientX - box.left), sy.invert(event.clientY - box.top)];
    },
    /** 折れ線。値は [x, y] の並び。 @param {string} color @param {string} [kind] CSS のクラス */
    line(color, kind = "") {
      return mark(styled(svg("path", { class: `rf-line ${kind}` }, marks), color), (node, points) =>
        node.setAttribute("d", points.length ? `M${points.map(at).join("L")}` : ""));
    },
    /** いくつもの折れ線。値は折れ線の並び。 @param {string} color @param {string} [kind] CSS のクラス */
    lines(color, kind = "") {
      return mark(styled(svg("path", { class: `rf-line ${kind}` }, marks), color), (node, many) =>
        node.setAttribute("d", many.filter((points) => points.length).map((points) => `M${points.map(at).join("L")}`).join("")));
    },
    /** 帯。値は [x, 下, 上] の並び。 @param {string} color */
    band(color) {
      return mark(styled(svg("path", { class: "rf-band" }, marks), color, "fill"), (node, rows) => {
        const upper = rows.map(([u, , high]) => at([u, high]));
        const lower = rows.map(([u, low]) => at([u, low])).reverse();
        node.setAttribute("d", rows.length ? `M${[...upper, ...lower].join("L")}Z` : "");
      });
    },
    /** 点。値は [x, y] の並び。 @param {string} color @param {number} diameter px */
    dots(color, diameter) {
      const node = styled(svg("path", { class: "rf-dots", "stroke-width": diameter }, marks), color);
      return mark(node, (dots, points) => dots.setAttribute("d", points.map((p) => `M${at(p)}h0`).join("")));
    },
    /** 形のある印。値は [x, y] の並び。 @param {string} color @param {string} shape shapes.js の形の名 @param {number} size px */
    markers(color, shape, size) {
      const node = styled(svg("path", { class: "rf-markers" }, marks), color);
      if (!isOpen(shape)) node.style.fill = color;
      return mark(node, (path, points) => path.setAttribute("d", points.map(([u, v]) => outline(shape, sx(u), sy(v), size)).join("")));
    },
    /** 文字。値は [x, y, 文, 右へ px, 下へ px, "start" | "middle" | "end"] の並び。 @param {string} color */
    notes(color) {
      return mark(styled(svg("g", { class: "rf-notes" }, root), color, "fill"), (node, rows) => {
        node.replaceChildren();
        for (const [u, v, text, right = 0, down = 0, anchor = "start"] of rows) {
          svgText(node, text, { x: sx(u) + right, y: sy(v) + down, "text-anchor": anchor });
        }
      });
    },
    /** 0 から伸びる棒。値は [x, y] の並び。 @param {string} color @param {number} thickness px */
    bars(color, thickness) {
      const node = styled(svg("path", { class: "rf-bars", "stroke-width": thickness }, marks), color);
      return mark(node, (bars, points) => bars.setAttribute("d", points.map(([u, v]) => `M${at([u, 0])}V${sy(v).toFixed(1)}`).join("")));
    },
    /** 色の升目。値は [x, y, 濃さ 0…1] の並びと升の大きさ。 @param {string} color */
    heat(color) {
      return mark(styled(svg("g", {}, marks), color, "fill"), (node, { cells, dx, dy }) =>
        node.replaceChildren(...cells.map(([u, v, strength]) => svg("rect", {
          x: sx(u - dx / 2), y: sy(v + dy / 2), width: sx(u + dx / 2) - sx(u - dx / 2),
          height: sy(v - dy / 2) - sy(v + dy / 2), "fill-opacity": strength.toFixed(3),
        }))));
    },
    /** 縦の線。値は x。 @param {string} color @param {string} [kind] */
    ruleX(color, kind = "") {
      return mark(styled(svg("path", { class: `rf-rule ${kind}` }, marks), color), (node, u) =>
        node.setAttribute("d", `M${sx(u).toFixed(1)},${height - bottom}V${MARGIN.top}`));
    },
    /** 横の線。値は y。 @param {string} color @param {string} [kind] */
    ruleY(color, kind = "") {
      return mark(styled(svg("path", { class: `rf-rule ${kind}` }, marks), color), (node, v) =>
        node.setAttribute("d", `M${MARGIN.left},${sy(v).toFixed(1)}H${width - MARGIN.right}`));
    },
  };
}
