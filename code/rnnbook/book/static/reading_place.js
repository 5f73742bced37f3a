// 右の「このページの内容」で、いま読んでいる節と、それを含む節に印を付けます。
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const links = [...document.querySelectorAll(".bd-toc-nav a.nav-link")];
  const places = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  if (!places.some(Boolean)) return;

  /** 画面の上から四割までに見出しが来た、最後の節。 */
  function current() {
    const line = innerHeight * 0.4;
    return places.findLastIndex((place) => place && place.getBoundingClientRect().top <= line);
  }

  let waiting = false;
  function mark() {
    waiting = false;
    const here = links[current()];
    for (const link of links) {
      const entry = link.closest(".toc-entry");
      link.classList.toggle("active", here !== undefined && entry.contains(here));
    }
  }

  function soon() {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  }
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  mark();
});
