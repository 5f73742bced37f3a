// 画面の小さな仕事: コピーのボタンの言葉、全画面にできない端末での始末、紙に刷る支度。
"use strict";

/* global messages, locale:writable, iconCheck:writable */
// sphinx-copybutton は日本語を持たないので、その訳語の表に足します。
if (typeof messages === "object") {
  messages.ja = {
    copy: "コピー",
    copy_to_clipboard: "クリップボードへコピー",
    copy_success: "コピーしました",
    copy_failure: "コピーできませんでした",
  };
  locale = "ja";
  iconCheck = iconCheck.replace(/<title>.*<\/title>/, "<title>コピーしました</title>");
}

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button.copybtn")) {
    button.setAttribute("aria-label", "コードをコピー");
    button.type = "button";
  }
  // iPhone など、全画面にできない端末ではボタンを出しません。
  if (!document.fullscreenEnabled && !document.webkitFullscreenEnabled) {
    document.querySelector(".btn-fullscreen-button")?.remove();
  }
});

// Colab の一言は、Esc と、外に触れることで閉じます。
document.addEventListener("keydown", ({ key }) => {
  const note = document.querySelector(".colab-note[open]");
  if (key !== "Escape" || !note) return;
  const inside = note.contains(document.activeElement);
  note.open = false;
  if (inside) note.querySelector("summary").focus();
});
document.addEventListener("pointerdown", ({ target }) => {
  const note = document.querySelector(".colab-note[open]");
  if (note && !note.contains(target)) note.open = false;
});

// 紙には、明るい画面の色で、畳んだ解答やコードも開いて刷ります。
const page = document.documentElement;

function dressForPaper() {
  if (page.dataset.themeOnScreen) return;
  page.dataset.themeOnScreen = page.dataset.theme;
  page.dataset.theme = "light";
  for (const details of document.querySelectorAll("article details:not([open])")) {
    details.open = true;
    details.dataset.closeAfterPrint = "";
  }
}

function dressForScreen() {
  if (!page.dataset.themeOnScreen) return;
  page.dataset.theme = page.dataset.themeOnScreen;
  delete page.dataset.themeOnScreen;
  for (const details of document.querySelectorAll("[data-close-after-print]")) {
    details.open = false;
    delete details.dataset.closeAfterPrint;
  }
}

addEventListener("beforeprint", dressForPaper);
addEventListener("afterprint", dressForScreen);
matchMedia("print").addEventListener("change", ({ matches }) => (matches ? dressForPaper() : dressForScreen()));
