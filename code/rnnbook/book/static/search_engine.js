// 検索の探し方。画面を持たない関数だけを置きます。
//
// 索引は [{url, title, sections: [[anchor, heading, text], …]}, …]。語は文字の並びとして探し、
// 一つのページにすべての語があるものを、題名 > 見出し > 本文（多く出る順）の重さで並べます。
"use strict";

const BookSearch = (() => {
  const { normalize, positions, prepare, forms, split, pieces, appears } = globalThis.BookWords;
  const EXCERPT = 120; // 抜粋の長さ（文字）
  const LEAD = 36; // 見つけた場所の前に見せる長さ

  /** 語の現れる位置をすべて返します。 */
  function places(text, word) {
    const found = [];
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      found.push(at);
    }
    return found;
  }

  /** 一つの語のページでの重さ。見つからなければ 0 です。 */
  function weight(page, words) {
    let title = 0;
    let headings = 0;
    let count = 0;
    for (const word of words) {
      if (page.key.includes(word)) title = Math.max(title, 10 + (4 * word.length) / page.key.length);
      for (const section of page.sections) {
        if (section.headingKey.includes(word)) headings++;
        count += places(section.textKey, word).length;
      }
    }
    return title + (6 * headings) / (1 + headings) + (3 * count) / (8 + count);
  }

  /** 節の重さ。語がそろう節ほど前に出します。 */
  function sectionWeight(section, groups) {
    let total = 0;
    for (const words of groups) {
      const count = words.reduce((n, word) => n + places(section.textKey, word).length, 0);
      const named = words.some((word) => section.headingKey.includes(word));
      if (named || count) total += 4 + (named ? 4 : 0) + (3 * count) / (4 + count);
    }
    return total;
  }

  /**
   * 探します。
   * @returns {{words: string[], used: string[], marks: string[], results: {page, score, sections}[]}}
   *   words は打たれた語、used は実際に探した語、marks は印を付ける語（用語を含む）、
   *   results はよく合う順のページ。
   */
  function search(book, query) {
    const words = split(book, query);
    const used = [...new Set(
      words.flatMap((word) => {
        if (/[_^]/.test(word) || forms(book, word).some((form) => appears(book, form))) return [word];
        const parts = pieces(book, word);
        return parts?.length ? parts : [word];
      }),
    )];
    const groups = used.map((word) => forms(book, word));
    const rows = book.pages.map((page) => ({ page, weights: groups.map((g) => weight(page, g)) }));
    const rarity = groups.map((_, i) => {
      const pages = rows.filter((row) => row.weights[i] > 0).length;
      return Math.log(1 + book.pages.length / Math.max(pages, 1));
    });
    const results = rows
      .filter((row) => used.length && row.weights.every((w) => w > 0))
      .map(({ page, weights }) => ({
        page,
        score: weights.reduce((sum, w, i) => sum + w * rarity[i], 0),
        sections: page.sections
          .map((section) => ({ section, score: sectionWeight(section, groups) }))
          .filter((hit) => hit.score > 0)
          .sort((a, b) => b.score - a.score)
          .slice(0, 3)
          .map((hit) => hit.section),
      }))
      .sort((a, b) => b.score - a.score);
    return { words, used, marks: [...new Set(groups.flat())], results };
  }

  /** 語の現れる範囲を [始め, 終わり] で、重ならないように返します。 */
  function ranges(text, words) {
    const key = normalize(text);
    const map = positions(text);
    const spans = words
      .flatMap((word) => places(key, word).map((at) => [map[at], map[at + word.length]]))
      .sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    const merged = [];
    for (const [start, end] of spans) {
      const last = merged.at(-1);
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else merged.push([start, end]);
    }
    return merged;
  }

  /** 抜粋の中心にする範囲。違う語が近くに多く集まるものを選びます。 */
  function densest(text, hits) {
    const kinds = hits.map(([from]) => {
      const near = hits.filter(([start]) => start >= from && start < from + EXCERPT - LEAD);
      return new Set(near.map((span) => normalize(text.slice(...span)))).size;
    });
    return hits[kinds.indexOf(Math.max(...kinds))];
  }

  /** 見つけた場所の抜粋と、その中で印をつける範囲。語がなければ文の初めです。 */
  function excerpt(text, words) {
    const hits = ranges(text, words);
    const hit = hits.length ? densest(text, hits) : [0, 0];
    const before = text.slice(Math.max(0, hit[0] - LEAD), hit[0]);
    // 文の切れ目があれば、そこから始めます。
    const cut = Math.max(before.lastIndexOf("。"), before.lastIndexOf("\n"));
    const start = hit[0] - before.length + cut + 1;
    const limit = Math.min(text.length, Math.max(start + EXCERPT, hit[1]));
    // 終わりにかかる語は、途中で切らずに終わりまで見せます。
    const shown = hits.filter(([from]) => from >= start && from < limit);
    const end = Math.max(limit, shown.at(-1)?.[1] ?? 0);
    const marks = shown.map(([from, to]) => [from - start, to - start]);
    return {
      text: text.slice(start, end),
      marks,
      cutBefore: cut < 0 && start > 0,
      cutAfter: end < text.length,
      hit: text.slice(...hit),
    };
  }

  return { prepare, search, ranges, excerpt };
})();

globalThis.BookSearch = BookSearch;
