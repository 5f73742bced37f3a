// 文字を出す唯一の道。与えられた文は、印のついた断片に分けてから文字として置くので、HTML にはならない。

/**
 * @typedef {{kind: "text" | "code" | "var" | "sub" | "sup", text: string}} Piece
 */

const SYMBOLS = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", lambda: "λ", mu: "μ", pi: "π",
  rho: "ρ", sigma: "σ", tau: "τ", partial: "∂", times: "×", cdot: "·", odot: "⊙", pm: "±",
  le: "≤", ge: "≥", neq: "≠", approx: "≈", to: "→", infty: "∞", sum: "Σ", prod: "∏", dots: "…", lVert: "||", rVert: "||",
};

/**
 * 文を断片に分ける。`…` はコード、$…$ は式（添え字 _、肩 ^、ギリシャ文字だけ）。
 * @param {string} text
 * @returns {Piece[]}
 */
export function parseInline(text) {
  return String(text).split(/(`[^`]+`|\$[^$]+\$)/).filter(Boolean).flatMap((part) => {
    if (part.length > 2 && part[0] === "`" && part.at(-1) === "`") {
      return [{ kind: "code", text: part.slice(1, -1) }];
    }
    if (part.length > 2 && part[0] === "$" && part.at(-1) === "$") {
      return parseMath(part.slice(1, -1));
    }
    return [{ kind: "text", text: part }];
  });
}

/**
 * @param {string} source $ と $ の間
 * @returns {Piece[]}
 */
function parseMath(source) {
  const named = source.replace(/\\([A-Za-z]+) ?/g, (_, name) => SYMBOLS[name] ?? `\u2062${name}\u2062`);
  const pieces = [];
  // \tanh などの名前は立体、添え字と肩、斜体の変数（c̃ の印は字と離さない）、そのほか
  for (const match of named.matchAll(/\u2062([^\u2062]*)\u2062|([_^])(?:\{([^}]*)\}|(.))|([A-Za-z]+\u0303?)|([^A-Za-z_^\u2062]+|.)/gsu)) {
    const [, upright, mark, braced, single, letters, other] = match;
    if (upright !== undefined) pieces.push({ kind: "text", text: upright });
    else if (mark) {
      const script = (braced ?? single).replaceAll("\u2062", "").replace(/-/g, "−");
      pieces.push({ kind: mark === "_" ? "sub" : "sup", text: script });
    } else if (letters) pieces.push({ kind: "var", text: letters });
    else pieces.push({ kind: "text", text: other.replace(/-/g, "−").replace(/ ?([=<>≤≥≈]) ?/g, "\u2009$1\u2009") });
  }
  return pieces;
}

/**
 * 式の中の文字の添え字（和と差も）は斜体、数字の添え字は立体。
 * @param {Piece} piece
 * @returns {string} CSS のクラス
 */
function slant({ kind, text }) {
  return (kind === "sub" || kind === "sup") && /^[A-Za-z]+(?:[−+][A-Za-z]+)*$/.test(text) ? " rf-slant" : "";
}

/**
 * 文を HTML の要素の中身にする（前の中身は消える）。
 * @param {Element} parent
 * @param {string} text
 */
export function setInline(parent, text) {
  const tags = { code: "code", var: "var", sub: "sub", sup: "sup" };
  parent.replaceChildren(...parseInline(text).map((piece) => {
    if (piece.kind === "text") return document.createTextNode(piece.text);
    const node = document.createElement(tags[piece.kind]);
    node.textContent = piece.text;
    if (slant(piece)) node.className = "rf-slant";
    return node;
  }));
}

/**
 * 文を SVG の text の中身にする。添え字は字を小さくして下げる。
 * @param {SVGTextElement} node
 * @param {string} text
 */
export function setSvgInline(node, text) {
  const shift = { sub: 4, sup: -5 };
  let level = 0;
  node.replaceChildren(...parseInline(text).map((piece) => {
    const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
    const wanted = shift[piece.kind] ?? 0;
    if (wanted !== level) span.setAttribute("dy", String(wanted - level));
    level = wanted;
    if (piece.kind !== "text") span.setAttribute("class", `rf-${piece.kind}${slant(piece)}`);
    span.textContent = piece.text;
    return span;
  }));
}
