// 検索の探し方。画面を持たない関数だけを置きます。
//
// 索引は [{url, title, sections: [[anchor, heading, text], …]}, …]。語は文字の並びとして探し、
// 一つのページにすべての語があるものを、題名 > 見出し > 本文（多く出る順）の重さで並べます。
"use strict";

const BookSearch = (() => {
  /** 言いかえ。どれか一つを打てば、同じ行の語でも探します（正規化した形で書きます）。 */
  const SYNONYMS = [
    ["rnn", "再帰型ニューラルネットワーク"],
    ["lstm", "長短期記憶"],
    ["gru", "ゲート付き再帰型ユニット"],
    ["bptt", "時間方向の誤差逆伝播"],
    ["アテンション", "attention", "注意機構"],
    ["エンコーダ", "符号化器", "encoder"],
    ["デコーダ", "復号器", "decoder"],
    ["勾配消失", "vanishing gradient"],
    ["勾配爆発", "exploding gradient"],
    ["seq2seq", "系列から系列へ"],
  ];
  const EXCERPT = 120; // 抜粋の長さ（文字）
  const LEAD = 36; // 見つけた場所の前に見せる長さ

  // 全角の英数字、半角のかな（濁点つき）、合字など、正規化で変わりうる文字。
  const VARIANTS = /[\uff66-\uff9d][\uff9e\uff9f]?|[^\u0000-\u007f\u3001-\u30ff\u4e00-\u9fff]/gu;

  /** 全角と半角、大文字と小文字の違いをなくします。 */
  const normalize = (text) =>
    text.replace(VARIANTS, (piece) => piece.normalize("NFKC")).toLowerCase();

  /** 正規化した文字列の各位置が、元の文字列のどこに当たるかの表。 */
  function positions(text) {
    const map = [];
    let last = 0;
    const copy = (from, to) => {
      for (let i = from; i < to; i++) map.push(i);
    };
    for (const match of text.matchAll(VARIANTS)) {
      copy(last, match.index);
      const width = normalize(match[0]).length;
      for (let i = 0; i < width; i++) map.push(match.index);
      last = match.index + match[0].length;
    }
    copy(last, text.length + 1);
    return map;
  }

  /** 語の現れる位置をすべて返します。 */
  function places(text, word) {
    const found = [];
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      found.push(at);
    }
    return found;
  }

  /** 正規化した文字を添えた索引。一度だけ作ります。 */
  function prepare(index) {
    return index.map((page) => ({
      ...page,
      key: normalize(page.title),
      sections: page.sections.map(([anchor, heading, text]) => ({
        anchor,
        heading,
        text,
        headingKey: normalize(heading),
        textKey: normalize(text),
      })),
    }));
  }

  /** 打たれた文を語に分けます。空白と読点で区切ります。 */
  const split = (query) => normalize(query).split(/[\s、。,]+/u).filter(Boolean);

  /** 語と、その言いかえ。 */
  const forms = (word) => SYNONYMS.find((row) => row.includes(word)) ?? [word];

  const appears = (book, word) =>
    book.some(
      (page) =>
        page.key.includes(word) ||
        page.sections.some((s) => s.headingKey.includes(word) || s.textKey.includes(word)),
    );

  /**
   * 続けて打たれ、そのままでは見つからない語を、本にある語に分けます。
   * 隠れ状態更新 → 隠れ状態、更新。英字とかたかなの語は分けません。分けられなければ空です。
   */
  function pieces(book, word) {
    const out = [];
    for (const [run] of word.matchAll(/[a-z0-9_.+-]+|[\u30a0-\u30ff]+|[^a-z0-9_.+\-\u30a0-\u30ff]+/gu)) {
      if (/^[a-z0-9\u30a0-\u30ff]/u.test(run)) {
        if (!appears(book, run)) return [];
        out.push(run);
        continue;
      }
      for (let at = 0, end; at < run.length; at = end) {
        end = run.length;
        while (end > at && !appears(book, run.slice(at, end))) end--;
        if (end === at) {
          if (!/[\u3040-\u309f]/u.test(run[at])) return [];
          end++; // 本にないかな一字（助詞など）は飛ばします
          continue;
        }
        // 語の後ろの助詞と、「とは」「する」のような短いかなは、探す語に入れません。
        const piece = run.slice(at, end).replace(/(?<=[^\u3040-\u309f])[はがをにでとのもへやか]+$/u, "");
        if (/[^\u3040-\u309f]/u.test(piece) || piece.length > 2) out.push(piece);
      }
    }
    return out;
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
   * @returns {{words: string[], used: string[], results: {page, score, sections}[]}}
   *   words は打たれた語、used は実際に探した語、results はよく合う順のページ。
   */
  function search(book, query) {
    const words = split(query);
    const used = [...new Set(
      words.flatMap((word) => {
        if (forms(word).some((form) => appears(book, form))) return [word];
        const parts = pieces(book, word);
        return parts.length ? parts : [word];
      }),
    )];
    const groups = used.map(forms);
    const rows = book.map((page) => ({ page, weights: groups.map((g) => weight(page, g)) }));
    const rarity = groups.map((_, i) => {
      const pages = rows.filter((row) => row.weights[i] > 0).length;
      return Math.log(1 + book.length / Math.max(pages, 1));
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
    return { words, used, results };
  }

  /** 語の現れる範囲を [始め, 終わり] で、重ならないように返します。 */
  function ranges(text, words) {
    const key = normalize(text);
    const map = positions(text);
    const spans = words
      .flatMap(forms)
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
    const end = Math.min(text.length, Math.max(start + EXCERPT, hit[1]));
    const marks = hits
      .filter(([from]) => from >= start && from < end)
      .map(([from, to]) => [from - start, Math.min(to, end) - start]);
    return {
      text: text.slice(start, end),
      marks,
      cutBefore: cut < 0 && start > 0,
      cutAfter: end < text.length,
      hit: text.slice(...hit),
    };
  }

  return { normalize, positions, split, prepare, search, ranges, excerpt };
})();

globalThis.BookSearch = BookSearch;
