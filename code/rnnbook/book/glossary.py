"""用語の表（付録）から、検索が使う言いかえを読み取ります。

表の一行が一つの用語です。英語、読み、「使わない語」のどれを打っても、本文の語に行き着きます。
言いかえの表を別に持たないので、用語を一行足せば、検索もそれを知ります。「章」の列は、その語を
説明する章です。それより前で使っていないことは :mod:`rnnbook.book.word_order` が調べます。
"""

import re
from typing import TypedDict

from docutils import nodes

PAGE = "chapters/appendix_glossary"
COLUMNS = ("用語", "読み", "英語", "意味", "章", "使わない語")
_PARENTHESES = re.compile(r"（([^（）]*)）")


class Term(TypedDict):
    """``names`` は本文での書き方、``keys`` はそこへ導く読み、英語、ほかの本での呼び方。"""

    names: list[str]
    keys: list[str]


def names_of(cell: str) -> list[str]:
    """「用語」の欄から、その書き方をすべて取り出します。

    >>> names_of("時間方向の誤差逆伝播（BPTT）")
    ['時間方向の誤差逆伝播', 'BPTT']
    >>> names_of("注意（アテンション）機構")
    ['注意機構', 'アテンション']
    """
    inside = [part for found in _PARENTHESES.findall(cell) for part in _split(found)]
    return [_PARENTHESES.sub("", cell).strip(), *inside]


def read_row(row: list[str]) -> Term:
    """表の一行を読みます。

    >>> read_row(["隠れ状態", "かくれじょうたい", "hidden state", "意味", "1", "隠し状態"])
    {'names': ['隠れ状態'], 'keys': ['かくれじょうたい', 'hidden state', '隠し状態']}
    """
    cells = dict(zip(COLUMNS, row, strict=True))
    words = (
        part
        for column in ("読み", "英語", "使わない語")
        for part in _split(_PARENTHESES.sub("", cells[column]))
    )
    return {"names": names_of(cells["用語"]), "keys": list(words)}


def _split(cell: str) -> list[str]:
    parts = (part.strip() for part in re.split("[、,・]", cell))
    return [part for part in parts if part and part != "—"]


def rows(markdown: str) -> list[list[str]]:
    """用語のページの Markdown から、表の本体の行を取り出します。

    >>> rows("| 用語 | 読み |\\n|---|---|\\n| 系列 | けいれつ |")
    [['系列', 'けいれつ']]
    """
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines][
        2:
    ]


def terms(document: nodes.document) -> list[Term]:
    """用語のページにある表の、すべての行を読みます。

    Raises:
        ValueError: 列の並びが :data:`COLUMNS` と違うとき。
    """
    rows = [
        [entry.astext().strip() for entry in row.findall(nodes.entry)]
        for row in document.findall(nodes.row)
    ]
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ValueError(
            f"{PAGE} の表の見出しは {'、'.join(COLUMNS)} の順です。"
            f"いまは {'、'.join(rows[0]) if rows else '表がありません'} です。"
        )
    return [read_row(row) for row in rows[1:]]
