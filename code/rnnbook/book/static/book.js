// 画面の小さな仕事: コピーのボタンの言葉、全画面にできない端末での始末。
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

// 紙には、畳んだ解答やコードも開いて刷ります。
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("article details:not([open])")) {
    details.open = true;
    details.dataset.closeAfterPrint = "";
  }
});
addEventListener("afterprint", () => {
  for (const details of document.querySelectorAll("[data-close-after-print]")) {
    details.open = false;
    delete details.dataset.closeAfterPrint;
  }
});
