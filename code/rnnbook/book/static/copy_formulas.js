// 数式を含む文をコピーすると、数式は TeX（$h_t$）になり、文と同じ行に残ります。
//
// そのままでは、ブラウザは数式の字を一行に一つずつ並べ、添字の上下も失います。
// ほかの文字、改行、表の欄、リンクは、ブラウザが写すままにします。
"use strict";

(() => {
  /** 数式の TeX。別行立てなら $$ で挟みます。TeX の残っていない数式は、見える字の並びです。 */
  function tex(math) {
    const source = math.querySelector("annotation")?.textContent ?? math.textContent;
    const line = source.replace(/\s+/g, " ").trim();
    return math.getAttribute("display") === "block" ? `$$${line}$$` : `$${line}$`;
  }

  /** 端が数式の途中にあれば、その数式の全体まで範囲を広げます。 */
  function widen(range) {
    const inside = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("math");
    const first = inside(range.startContainer);
    const last = inside(range.endContainer);
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
  }

  /** 数式を TeX に替えた間だけ work を行い、元に戻します。 */
  function withTex(formulas, work) {
    const shown = formulas.map((math) => {
      const text = document.createElement("span");
      text.textContent = tex(math);
      math.before(text);
      math.style.display = "none";
      return text;
    });
    try {
      return work();
    } finally {
      shown.forEach((text) => text.remove());
      formulas.forEach((math) => math.style.removeProperty("display"));
    }
  }

  /** 選んだ所の HTML。数式は TeX に、リンクは完全な住所にします。 */
  function markup(range) {
    const box = document.createElement("div");
    box.append(range.cloneContents());
    box.querySelectorAll("math").forEach((math) => math.remove());
    box.querySelectorAll("a[href]").forEach((link) => link.setAttribute("href", link.href));
    return box.innerHTML;
  }

  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const original = range.cloneRange();
    widen(range);
    const formulas = [...document.querySelectorAll("math")].filter((math) => range.intersectsNode(math));
    if (formulas.length) {
      withTex(formulas, () => {
        event.clipboardData.setData("text/plain", selection.toString());
        event.clipboardData.setData("text/html", markup(range));
      });
      event.preventDefault();
    }
    selection.removeAllRanges();
    selection.addRange(original);
  });
})();
