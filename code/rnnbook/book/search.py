"""検索。ページの文字をそのまま索引にし、読者のブラウザが文字の並びとして探します。

本の大きさなら、語に切った索引はいりません。文字の並びで探せば、語の切り方によらず、
複合語もその一部も漢字一字も見つかり、見つけた場所から抜粋を作れます。
Sphinx の索引は和文を語に切る（勾配消失問題が見つからない）うえ、出現の回数も場所も持ちません。
Pagefind は 学習率 で 正解率 のページを先に出し、かなの一部と全角の英字を落としました。

索引（searchindex.js）を読み込むのは検索ページだけです。打たれた言葉の読み方は
``static/search_words.js``、探し方は ``static/search_engine.js``、見せ方は
``static/search_page.js`` にあります。英語と読みは、用語の表（:mod:`rnnbook.book.glossary`）を
通して本文の語に替えます。
"""

import json
from pathlib import Path

from sphinx.errors import ExtensionError

from rnnbook.book import glossary
from rnnbook.book.searchtext import read_page

INDEX_FILE = "searchindex.js"


def build_index(pages: dict[str, str]) -> list[dict]:
    """ページの HTML から索引を作ります。

    Args:
        pages: 住所（サイトの根から）→ そのページの HTML。
    Returns:
        ページごとの ``{"url", "title", "sections": [[場所, 見出し, 文], …]}``。
    """
    index = []
    for url, page_html in pages.items():
        page = read_page(page_html)
        sections = [
            [s.anchor, s.heading, s.text] for s in page.sections if s.heading or s.text
        ]
        index.append({"url": url, "title": page.title, "sections": sections})
    return index


def _replace_builtin(app) -> None:
    """Sphinx の索引を止めます。検索ページは :func:`_search_page` が組みます。"""
    app.builder.search = False


def _search_page(app):
    yield "search", {}, "search.html"


def _write_index(app, exception) -> None:
    if exception is not None or app.builder.format != "html":
        return
    pages = {}
    for name in sorted(app.env.found_docs):
        url = app.builder.get_target_uri(name)
        pages[url] = Path(app.builder.get_outfilename(name)).read_text(encoding="utf-8")
    try:
        index = build_index(pages)
        has_glossary = glossary.PAGE in app.env.found_docs
        terms = (
            glossary.terms(app.env.get_doctree(glossary.PAGE)) if has_glossary else []
        )
    except ValueError as error:
        raise ExtensionError(f"検索の索引を作れません。{error}") from error
    values = {"BOOK_INDEX": index, "BOOK_TERMS": terms}
    lines = (
        f"globalThis.{name} = {json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"
        for name, value in values.items()
    )
    (Path(app.outdir) / INDEX_FILE).write_text("".join(lines), encoding="utf-8")


def setup(app):
    """Sphinx の拡張として登録します。"""
    app.connect("builder-inited", _replace_builtin)
    app.connect("html-collect-pages", _search_page)
    app.connect("build-finished", _write_index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
