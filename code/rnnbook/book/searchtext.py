"""組み上がったページから、検索に使う文字を読み取ります。

索引に載るのは読者の目に入る文字です。本文、表、コード、セルの出力、数式（h_t のような
読める形）を、見出しごとに分けて取り出します。
"""

import re
import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser

from rnnbook.book.mathtext import readable

_ARTICLE = re.compile(r'<article\b[^>]*class="[^"]*bd-article.*?</article>', re.DOTALL)
_SKIP_TAGS = frozenset(("script", "style", "svg", "button", "template", "noscript"))
# 見出しの鎖印と、畳んだセルの「コードを表示」。
_SKIP_CLASSES = frozenset(("headerlink", "fold-show", "fold-hide"))
_VOID = frozenset(
    (
        "area",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "wbr",
    )
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "code",
        "em",
        "i",
        "kbd",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "var",
    ]
)
_WIDE = r"[\u3001-\u30ff\u3400-\u9fff\uff00-\uff60]"
# 組版のための改行は、和文の間では空白にもなりません。
_SOFT_BREAK = re.compile(rf"(?<={_WIDE})[ \t]*\n\s*(?={_WIDE})")
# かたまりの切れ目と、表の欄の切れ目（本文に現れない私用の文字）。
_BLOCK, _CELL = "\ue000", "\ue001"


@dataclass
class Section:
    """見出し一つと、その下の文。``anchor`` はページの中の場所、``heading`` は見出しの文字。"""

    anchor: str = ""
    heading: str = ""
    text: str = ""


@dataclass
class PageText:
    """一つのページの題名と節。"""

    title: str = ""
    sections: list[Section] = field(default_factory=lambda: [Section()])


def read_page(page_html: str) -> PageText:
    """ページの HTML から、題名と節ごとの文字を取り出します。

    Raises:
        ValueError: 本文（``<article class="bd-article">``）が見つからないとき。
    """
    article = _ARTICLE.search(page_html)
    if article is None:
        raise ValueError('本文 <article class="bd-article"> がありません。')
    reader = _Reader()
    reader.feed(readable(article[0]))
    reader.close()
    page = reader.page
    page.title = _tidy(page.title)
    for section in page.sections:
        section.heading, section.text = _tidy(section.heading), _tidy(section.text)
    return page


def _tidy(raw: str) -> str:
    """空白をまとめ、かたまり（段落、行、セル）の間だけを改行にします。"""
    joined = _SOFT_BREAK.sub("", unicodedata.normalize("NFC", raw))
    blocks = (" ".join(b.split()) for b in joined.replace(_CELL, " ").split(_BLOCK))
    return "\n".join(block for block in blocks if block)


class _Reader(HTMLParser):
    """本文を頭から読み、文字を今の見出しの下に積みます。"""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.page = PageText()
        self._anchor = ""
        self._skip = 0  # 読み飛ばしている要素の深さ
        self._pre = 0
        self._cell = 0
        self._heading = ""  # いま読んでいる見出しの段（h1 から h3）

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        classes = set((attributes.get("class") or "").split())
        if tag in _VOID:
            self._add(_BLOCK if tag in ("br", "hr") else "")
        elif self._skip or tag in _SKIP_TAGS or classes & _SKIP_CLASSES:
            self._skip += 1
        else:
            if tag == "section":
                self._anchor = attributes.get("id") or self._anchor
            elif tag in ("h2", "h3"):
                self.page.sections.append(Section(anchor=self._anchor))
            self._heading = tag if tag in ("h1", "h2", "h3") else self._heading
            self._pre += tag == "pre"
            self._separate(tag)
            self._cell += tag in ("td", "th")

    def handle_endtag(self, tag):
        if tag in _VOID:
            return
        if self._skip:
            self._skip -= 1
            return
        self._heading = "" if tag == self._heading else self._heading
        self._pre -= tag == "pre"
        self._cell -= tag in ("td", "th")
        self._separate(tag)

    def handle_data(self, data):
        if not self._skip:
            self._add(data.replace("\n", _BLOCK) if self._pre else data)

    def _separate(self, tag):
        # 表の一行は、ひと続きの文字にします。
        if self._cell or tag in ("td", "th"):
            self._add(_CELL if tag not in _INLINE else "")
        elif tag not in _INLINE:
            self._add(_BLOCK)

    def _add(self, text):
        if self._heading == "h1":
            self.page.title += text.replace(_BLOCK, "")
        elif self._heading:
            self.page.sections[-1].heading += text.replace(_BLOCK, "")
        else:
            self.page.sections[-1].text += text
