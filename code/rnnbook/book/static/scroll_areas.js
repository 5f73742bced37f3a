// 横に動く所（広い表、長いコードと数式）は、キーボードだけでも動かせるように、焦点を受けます。
//
// 動かない所は焦点を受けません。どの幅で動くかは画面によるので、幅が変わるたびに見直します。
"use strict";

(() => {
  const NAMES = {
    ".pst-scrollable-table-container, .text_html": "横に動かせる表",
    "pre": "横に動かせるコード",
    ".formula-scroll, .formula-long": "横に動かせる数式",
  };
  const nameOf = (area) => NAMES[Object.keys(NAMES).find((kind) => area.matches(kind))];

  function look(area) {
    const scrolls = area.scrollWidth > area.clientWidth && getComputedStyle(area).overflowX !== "visible";
    // tabindex は主題も付けるので、role といっしょに見ます。
    if (scrolls === (area.getAttribute("role") === "group") && (!scrolls || area.tabIndex === 0)) return;
    const marks = { tabindex: "0", role: "group", "aria-label": nameOf(area) };
    for (const [name, value] of Object.entries(marks)) {
      if (scrolls) area.setAttribute(name, value);
      else area.removeAttribute(name);
    }
  }

  const widths = new ResizeObserver((entries) => entries.forEach(({ target }) => look(target)));
  addEventListener("DOMContentLoaded", () => {
    const areas = document.querySelectorAll(Object.keys(NAMES).map((kind) => `article :is(${kind})`).join());
    areas.forEach((area) => widths.observe(area));
    document.fonts.ready.then(() => areas.forEach(look)); // 数式の書体が届くと、幅が変わります
  });
})();
