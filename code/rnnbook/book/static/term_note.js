// 本文の用語: 点線の語を押すと、用語の表のその行を、画面の端の小さな囲みに出します。
//
// 囲みはブラウザの popover なので、Esc でも、外を触れても閉じ、焦点は元の語に戻ります。
// 用語の表は、はじめて押されたときに一度だけ読みます。読めなければ、用語の表へ移ります。
"use strict";

(() => {
  let table;

  function read(url) {
    table ??= fetch(url)
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
      .then((text) => new DOMParser().parseFromString(text, "text/html"));
    return table;
  }

  function linkTo(href, words) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = words;
    return link;
  }

  async function open(term) {
    const url = new URL(term.href);
    const row = (await read(url.pathname)).getElementById(url.hash.slice(1));
    const [name, reading, english, meaning, chapter] = [...row.cells].map((cell) => document.importNode(cell, true));

    const note = document.createElement("div");
    note.className = "term-note";
    // 押した語を隠さないように、画面の下半分の語には上に出します。
    note.classList.toggle("term-note-above", term.getBoundingClientRect().bottom > innerHeight / 2);
    note.popover = "auto";
    note.tabIndex = -1;
    note.setAttribute("role", "dialog");
    note.setAttribute("aria-label", `用語 ${name.textContent.trim()}`);

    const title = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = name.textContent.trim();
    title.append(strong, `　${reading.textContent.trim()}、${english.textContent.trim()}`);

    const words = document.createElement("p");
    words.append(...(meaning.querySelector("p") ?? meaning).childNodes);

    const more = document.createElement("p");
    const place = new URL(chapter.querySelector("a").getAttribute("href"), url);
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "閉じる";
    close.addEventListener("click", () => note.hidePopover());
    more.append(linkTo(place, `説明する章（第${chapter.textContent.trim()}章）`), linkTo(url, "用語の表"), close);

    note.append(title, words, more);
    note.addEventListener("toggle", ({ newState }) => newState === "closed" && note.remove());
    term.focus(); // 触れただけでは焦点が移らないブラウザでも、閉じれば語に戻ります
    document.body.append(note);
    note.showPopover();
    note.focus();
  }

  addEventListener("click", (event) => {
    const term = event.target.closest?.("a.term");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!term || !plain || !("popover" in term)) return;
    event.preventDefault();
    open(term).catch(() => location.assign(term.href));
  });
})();
