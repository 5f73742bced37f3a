// 検索ページの画面。打たれた文字も索引の文字も textContent で置き、HTML としては扱いません。
"use strict";

(() => {
  const input = document.querySelector(".bd-search-container input[name=q]");
  const output = document.getElementById("search-results");
  const status = document.createElement("p");
  const list = document.createElement("ol");
  status.className = "search-status";
  status.setAttribute("role", "status");
  list.className = "search-list";
  output.replaceChildren(status, list);
  const book = BookSearch.prepare(globalThis.BOOK_INDEX, globalThis.BOOK_TERMS);

  /** 要素を一つ作り、文字か子を入れます。 */
  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  /** 文字列を、範囲だけ <mark> で包んだ節にします。 */
  function marked(text, spans) {
    const nodes = [];
    let last = 0;
    for (const [start, end] of spans) {
      nodes.push(text.slice(last, start), make("mark", "", text.slice(start, end)));
      last = end;
    }
    return [...nodes, text.slice(last)];
  }

  const markedAll = (text, words) => marked(text, BookSearch.ranges(text, words));

  /** 節の場所。見つけた文字を添えると、ブラウザがそこまで動きます（text fragment）。 */
  function address(page, section, hit) {
    const words = hit ? `:~:text=${encodeURIComponent(hit).replaceAll("-", "%2D")}` : "";
    const place = section.anchor + words;
    return place ? `${page.url}#${place}` : page.url;
  }

  function resultItem({ page, sections }, words) {
    const item = make("li", "search-page");
    const title = make("a", "search-title", ...markedAll(page.title, words));
    title.href = page.url;
    item.append(title);
    for (const section of sections) {
      const cut = BookSearch.excerpt(section.text, words);
      const link = make("a", "search-section");
      link.href = address(page, section);
      // 主題の目次の仕掛けは text fragment を読めないので、押されたときに添えます。
      link.addEventListener("click", () => (link.href = address(page, section, cut.hit)));
      if (section.heading) {
        link.append(make("span", "search-heading", ...markedAll(section.heading, words)));
      }
      link.append(
        make(
          "span",
          "search-excerpt",
          cut.cutBefore ? "…" : "",
          ...marked(cut.text, cut.marks),
          cut.cutAfter ? "…" : "",
        ),
      );
      item.append(link);
    }
    return item;
  }

  const quoted = (words) => words.map((word) => `「${word}」`).join("");

  /** 状態を一文で述べます。 */
  function report({ words, used, marks, results }, query) {
    if (!words.length) return "探したい言葉を入れてください。漢字一字でも、言葉の一部でも探せます。";
    if (results.length) {
      const changed = used.join() === words.join() ? "" : `そのままの言葉はないので、${quoted(used)}で探しました。`;
      const terms = marks.filter((word) => !used.includes(word));
      const named = terms.length ? `用語の${quoted(terms)}も探しました。` : "";
      return `${changed}${named}${results.length} ページに見つかりました。`;
    }
    if (used.length > 1) return `${quoted(used)}のすべてを含むページはありません。言葉を減らしてみてください。`;
    return `「${query.trim()}」は見つかりませんでした。短い言葉（例えば 勾配、記憶、LSTM）か、別の言い方で探してみてください。`;
  }

  function show() {
    const found = BookSearch.search(book, input.value);
    status.textContent = report(found, input.value);
    list.replaceChildren(...found.results.map((result) => resultItem(result, found.marks)));
  }

  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.focus();
  show();
  // 打つそばから探します。かな漢字変換の途中は待ちます。
  const update = () => {
    show();
    history.replaceState(null, "", input.value ? `?q=${encodeURIComponent(input.value)}` : location.pathname);
  };
  input.addEventListener("input", (event) => event.isComposing || update());
  input.addEventListener("compositionend", update);
})();
