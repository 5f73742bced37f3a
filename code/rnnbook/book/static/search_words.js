// 検索の言葉: 打たれた文をどう読むか。画面を持たない関数だけを置きます。
//
// 幅や合成の違いをなくし、空白と約物で語に分け、英語や読みを用語の一覧（[{names, keys}, …]）を
// 通して本文の語に替えます。
"use strict";

const BookWords = (() => {
  // 全角の英数字、半角のかな、濁点やアクセントが分かれた字、合字など、正規化で変わりうる文字。
  const VARIANTS =
    /[\uff66-\uff9d][\uff9e\uff9f]?|.\p{M}+|[^\u0000-\u007f\u3001-\u30ff\u4e00-\u9fff]/gu;

  /** 全角と半角、大文字と小文字、一字と濁点つきの二字の違いをなくします。 */
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

  /**
   * 正規化した文字を添えた索引。一度だけ作ります。
   * @param terms 用語。names は本文にある語、keys はそれを指す読み、英語、ほかの呼び方です。
   */
  function prepare(index, terms) {
    const pages = index.map((page) => ({
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
    const known = terms.map(({ names, keys }) => ({
      names: names.map(normalize),
      keys: [...names, ...keys].map(spoken),
    }));
    return { pages, terms: known };
  }

  /** 用語を引くときの形: かたかなはひらがなに、英語のハイフンは空白にします。 */
  const spoken = (text) =>
    normalize(text)
      .replace(/[\u30a1-\u30f6]/gu, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
      .replaceAll("-", " ");

  /** 語の指す用語。ぴったりの用語がなければ、英語の一部の語か、読みの初めが同じものです。 */
  function termsOf(book, word) {
    const key = spoken(word);
    const exact = book.terms.filter((term) => term.keys.includes(key));
    if (exact.length) return exact;
    if (/^[a-z][a-z ]{3,}$/.test(word)) {
      return book.terms.filter((term) => term.keys.some((name) => ` ${name}`.includes(` ${key}`)));
    }
    if (/^[\u3041-\u3096ー]{3,}$/u.test(word)) {
      return book.terms.filter((term) => term.keys.some((name) => name.startsWith(key)));
    }
    return [];
  }

  /** 語と、その指す用語の、本文での書き方。 */
  const forms = (book, word) => [
    ...new Set([word, ...termsOf(book, word).flatMap((term) => term.names)]),
  ];

  const appears = (book, word) =>
    book.pages.some(
      (page) =>
        page.key.includes(word) ||
        page.sections.some((s) => s.headingKey.includes(word) || s.textKey.includes(word)),
    );

  // W_hh や h_{t-1} のような記号。中の約物では切りません。
  const FORMULA = /[\p{Script=Latin}\p{Script=Greek}∂∇]+(?:[_^](?:\{[^{}]*\}|[\p{L}\p{N}⊤]+))+/gu;
  // 約物と等号など。数の小数点は約物とみなしません。
  const MARKS = /(?:(?!(?<=\d)\.(?=\d))[\p{P}=<>|])+/u;

  /** 空白のないひと続きを、約物で語に分けます。本にそのままある英字の並び（nn.RNN など）は分けません。 */
  function atoms(book, chunk) {
    const bare = chunk.replace(/^["'([<]+|["')\]>.,;:!?]+$/g, "");
    const whole = normalize(bare);
    if (/^[!-~]+$/.test(bare) && appears(book, whole)) return [whole];
    const out = [];
    let last = 0;
    const text = normalize(chunk);
    for (const match of text.matchAll(FORMULA)) {
      out.push(...text.slice(last, match.index).split(MARKS), match[0]);
      last = match.index + match[0].length;
    }
    return [...out, ...text.slice(last).split(MARKS)].filter(Boolean);
  }

  /** 打たれた文を語に分けます。空白と約物で区切り、英語の用語は一つの語にまとめます。 */
  function split(book, query) {
    // 本文の記号は W_hh の形なので、W_{hh} もそう読みます。
    const plain = query.normalize("NFC").replace(/([_^])\{(\w+)\}/g, "$1$2");
    const parts = plain.split(/\s+/u).flatMap((chunk) => atoms(book, chunk));
    const words = [];
    for (let at = 0, end; at < parts.length; at = end) {
      const joined = () => parts.slice(at, end).join(" ");
      end = Math.min(parts.length, at + 6);
      while (end > at + 1 && !book.terms.some((term) => term.keys.includes(spoken(joined())))) end--;
      words.push(joined());
    }
    return words;
  }

  /**
   * 続けて打たれ、そのままでは見つからない語を、本にある語に分けます。
   * 隠れ状態更新 → 隠れ状態、更新。英字とかたかなの語は分けません。分けられなければ null です。
   */
  function pieces(book, typed) {
    const word = typed.replace(/(?:って|とは|は)?(?:何|なに)(?:ですか|か)?$/u, ""); // 問いの形
    if (word === "") return [];
    const [term] = book.terms
      .flatMap(({ names }) => names)
      .filter((name) => /[^!-~]/.test(name) && word.includes(name) && appears(book, name))
      .sort((a, b) => b.length - a.length);
    if (term) {
      const [before, ...after] = word.split(term);
      const sides = [pieces(book, before), pieces(book, after.join(term))];
      return sides.includes(null) ? null : [...sides[0], term, ...sides[1]];
    }
    const out = [];
    for (const [run] of word.matchAll(/[a-z0-9_.+-]+|[\u30a0-\u30ff]+|[^a-z0-9_.+\-\u30a0-\u30ff]+/gu)) {
      if (/^[a-z0-9\u30a0-\u30ff]/u.test(run)) {
        if (!appears(book, run)) return null;
        out.push(run);
        continue;
      }
      for (let at = 0, end; at < run.length; at = end) {
        end = run.length;
        while (end > at && !appears(book, run.slice(at, end))) end--;
        if (end === at) {
          if (!/[\u3040-\u309f]/u.test(run[at])) return null;
          end++; // 本にないかな一字（助詞など）は飛ばします
          continue;
        }
        // 語の前後の助詞（「の違いは」の「の」と「は」）と、「とは」「する」のような短いかなは、探す語に入れません。
        const piece = run
          .slice(at, end)
          .replace(/^[はがをにでとのもへや]+(?=[^\u3040-\u309f])/u, "")
          .replace(/(?<=[^\u3040-\u309f])[はがをにでとのもへやか]+$|(?<=[^\u3040-\u309f][\u3040-\u309f]+)[はがをにでとのもへや]$/u, "");
        if (/[^\u3040-\u309f]/u.test(piece) || piece.length > 2) out.push(piece);
      }
    }
    return out;
  }

  return { normalize, positions, prepare, forms, split, pieces, appears };
})();

globalThis.BookWords = BookWords;
