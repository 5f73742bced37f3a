// 文字を出す唯一の道。与えられた文は、印のついた断片に分けてから文字として置くので、HTML にはならない。
import { ACCENTS, FUNCTIONS, GREEK, SYMBOLS } from "./symbols.js";

/**
 * @typedef {{kind: "text" | "code" | "var" | "sign", text: string}} Word
 * @typedef {{kind: "sub" | "sup", parts: Piece[]}} Script
 * @typedef {Word | Script} Piece
 */

/**
 * 文を断片に分ける。`…` はコード、$…$ は TeX の式（一行で書けるもの。formulas.py）。
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

/** @param {Piece[]} parts @returns {string} */
function textOf(parts) {
  return parts.map((piece) => ("parts" in piece ? textOf(piece.parts) : piece.text)).join("");
}

/** 分数や根号の中身。一語でなければ括弧で包む。 @param {Piece[]} parts @returns {Piece[]} */
function grouped(parts) {
  const base = textOf(parts.filter((piece) => !("parts" in piece)));
  return /^([√∂]?\p{L}\p{M}*|[\d.]+)$/u.test(base) ? parts : [{ kind: "text", text: "(" }, ...parts, { kind: "text", text: ")" }];
}

/**
 * 字だけにした文。添え字と肩には _ と ^ を付ける（$w_{hh}$ は w_hh）。
 * @param {string} text
 * @returns {string}
 */
export function plainText(text) {
  const write = (/** @type {Piece[]} */ parts) => parts.map((piece) =>
    ("parts" in piece ? `${piece.kind === "sub" ? "_" : "^"}${write(piece.parts)}` : piece.text)).join("");
  return write(parseInline(text)).replaceAll("\u2009", " ");
}

// 和文の書体では一字ぶんの幅になるので、式の書体で描く。
const SIGNS = "‖∂";
const SPACES = { ",": "\u2009", ":": "\u2005", ";": "\u2005", "!": "", " ": " " };

/**
 * @param {string} source $ と $ の間
 * @returns {Piece[]}
 */
function parseMath(source) {
  // コマンド、空白を挟まない数、一字（重ねた印を含む）
  const tokens = source.match(/\\[A-Za-z]+|\\.|\s+|[\d.]+|.\p{M}*/gsu) ?? [];
  const fail = (/** @type {string} */ why) => new Error(`式 $${source}$ を描けません。${why}`);
  let place = 0;
  let deep = 0; // 添え字の中では、記号のまわりを空けない
  const skip = () => { while (/^\s/.test(tokens[place] ?? "")) place += 1; };

  /** @param {string} [closing] @returns {Piece[]} */
  function row(closing) {
    /** @type {Piece[]} */
    const pieces = [];
    for (skip(); place < tokens.length; skip()) {
      const token = tokens[place];
      if (token === closing) return pieces;
      place += 1;
      if (token === "_" || token === "^") {
        const kind = token === "_" ? "sub" : "sup";
        if (pieces.at(-1)?.kind === kind) throw fail(`${token} が続いています。`);
        deep += 1;
        pieces.push({ kind, parts: argument(token) });
        deep -= 1;
        continue;
      }
      pieces.push(...joined(pieces.at(-1), atom(token)));
    }
    if (closing) throw fail(`${closing} が足りません。`);
    return pieces;
  }

  /** 前の断片に続く atom。字は前の字につなげ、関係と演算の記号はまわりを空ける。 @param {Piece | undefined} before @param {Piece[]} next @returns {Piece[]} */
  function joined(before, next) {
    const [first] = next;
    if (!before || !first || "parts" in first || deep) return next;
    if (/^[=<>≤≥≈≠∼≪≫∈→]$/.test(first.text) || (/^[+−×⋅⊙⊕±]$/.test(first.text) && !("text" in before && /[(=,+−×\u2009]$/.test(before.text)))) {
      first.text = `\u2009${first.text}\u2009`;
    } else if (FUNCTIONS.includes(first.text) && !("text" in before && /[(\u2009]$/.test(before.text))) first.text = `\u2009${first.text}`;
    else if ("text" in before && FUNCTIONS.includes(before.text.trim()) && /^[\p{L}\d]/u.test(first.text)) first.text = `\u2009${first.text}`;
    return next;
  }

  /** @param {string} owner @returns {Piece[]} */
  function argument(owner) {
    skip();
    const token = tokens[place];
    if (token === undefined || /^[}_^]$/.test(token)) throw fail(`${owner} の後に、何もありません。`);
    // \frac12 や x_12 では、一字だけが引数
    if (/^\d./.test(token)) tokens.splice(place, 1, token[0], token.slice(1));
    place += 1;
    return atom(token[0] === "\\" ? token : tokens[place - 1]);
  }

  /** @param {string} token @returns {Piece[]} */
  function atom(token) {
    if (token === "{") {
      const inner = row("}");
      place += 1;
      return inner;
    }
    if (token === "}") throw fail("} が余っています。");
    if (token[0] !== "\\") {
      if (/^[A-Za-z]/.test(token)) return [{ kind: "var", text: token.normalize("NFC") }];
      return [{ kind: "text", text: token.replace("-", "−").replace("'", "′").replace("*", "∗") }];
    }
    const name = token.slice(1);
    if (name in GREEK) return [{ kind: "var", text: GREEK[name] }];
    if (name === "|") return [{ kind: "sign", text: "‖" }];
    if (name in SYMBOLS) return [{ kind: SIGNS.includes(SYMBOLS[name]) ? "sign" : "text", text: SYMBOLS[name] }];
    if (FUNCTIONS.includes(name)) return [{ kind: "text", text: name }];
    if (name === "left" || name === "right") return [];
    if (name === "text" || name === "mathrm") return [{ kind: "text", text: raw(token) }];
    if (name === "frac") return [...grouped(argument(token)), { kind: "text", text: "/" }, ...grouped(argument(token))];
    if (name === "sqrt") return [{ kind: "text", text: "√" }, ...grouped(argument(token))];
    if (name in ACCENTS) {
      const [letter, ...more] = argument(token);
      if (more.length || "parts" in letter || [...letter.text].length > 1) throw fail(`${token} は、一字に重ねます。`);
      return [{ ...letter, text: (letter.text + ACCENTS[name]).normalize("NFC") }];
    }
    if (name in SPACES) return [{ kind: "text", text: SPACES[name] }];
    if (/^[{}%]$/.test(name)) return [{ kind: "text", text: name }];
    throw fail(`${token} は、図では使えません。`);
  }

  /** { と } の間の文字そのもの。 @param {string} owner @returns {string} */
  function raw(owner) {
    const end = tokens.indexOf("}", place);
    if (tokens[place] !== "{" || end < 0) throw fail(`${owner} の後に、{…} がありません。`);
    const words = tokens.slice(place + 1, end).join("");
    place = end + 1;
    return words;
  }

  return merged(row());
}

/** 隣り合う字をつなげる。 @param {Piece[]} pieces @returns {Piece[]} */
function merged(pieces) {
  return pieces.reduce((/** @type {Piece[]} */ done, piece) => {
    if ("parts" in piece) return [...done, { ...piece, parts: merged(piece.parts) }];
    const last = done.at(-1);
    if (last && "text" in last && last.kind === piece.kind) return [...done.slice(0, -1), { kind: piece.kind, text: last.text + piece.text }];
    return [...done, piece];
  }, []);
}

/**
 * 文を HTML の要素の中身にする（前の中身は消える）。
 * @param {Element} parent
 * @param {string} text
 */
export function setInline(parent, text) {
  const build = (/** @type {Piece} */ piece) => {
    if (piece.kind === "text") return document.createTextNode(piece.text);
    const node = document.createElement(piece.kind === "sign" ? "span" : piece.kind);
    if (piece.kind === "sign") node.className = "rf-sign";
    if ("parts" in piece) node.append(...piece.parts.map(build));
    else node.textContent = piece.text;
    return node;
  };
  parent.replaceChildren(...parseInline(text).map(build));
}

/**
 * 要素の文を替える関数。同じ文なら書かない（書けば、ブラウザが並べ直す）。
 * @param {Element} node 中身を、この関数のほかは替えないもの
 * @returns {(text: string) => void}
 */
export function changingText(node) {
  let last = "";
  return (text) => {
    if (text !== last) setInline(node, text);
    last = text;
  };
}

/**
 * 文を SVG の text の中身にする。添え字は字を小さくして下げる。
 * @param {SVGTextElement} node
 * @param {string} text
 */
export function setSvgInline(node, text) {
  const shift = { sub: 4, sup: -5 };
  let level = 0;
  const build = (/** @type {Piece} */ piece, wanted = 0, script = "") => {
    if ("parts" in piece) return piece.parts.flatMap((part) => build(part, wanted + shift[piece.kind], ` rf-${piece.kind}`));
    const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
    if (wanted !== level) span.setAttribute("dy", String(wanted - level));
    level = wanted;
    const look = piece.kind === "var" && script ? `rf-slant${script}` : (piece.kind === "text" ? "" : `rf-${piece.kind}`) + script;
    if (look) span.setAttribute("class", look.trim());
    span.textContent = piece.text;
    return [span];
  };
  node.replaceChildren(...parseInline(text).flatMap((piece) => build(piece)));
}
