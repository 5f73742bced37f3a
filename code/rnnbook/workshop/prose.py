"""章を、読まれる順の断片に分けます: 文、見出し、表、式、見えるコード、出力の文。

Markdown の読み方はページを組むもの (markdown-it-py) と同じなので、太字も式も畳んだ所も、
ページに出るとおりに分かれます。
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

# 文の中の式とコードの代わりに置く一字。本文には現れません。
INLINE = "\ufffc"
HIDDEN_CODE = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
HIDDEN_OUTPUT = {"remove-output", "remove-cell"}
FOLDED_OUTPUT = {"hide-output", "hide-cell"}
# 読者に見せる文を引数に持つもの。
SPEAKING = {"Prediction", "Answer", "Question", "Choice"}


@dataclass(frozen=True)
class Piece:
    """章の断片。

    Attributes:
        cell: セルの名。
        kind: 文 "text"、見出し "heading"、表の一行 "table"、別行の式 "formula"、
            コード "code"、セルが表示する文 "output"、予想や理解度チェックの文 "asked"。
        text: 読まれる文字。文の中の式とコードの所には :data:`INLINE` があります。
        bold: 太字の (始まり, 終わり)。
        signs: 文の中の式 (:func:`signs_of`) とコードの字数。
        folded: ``<details>`` か、畳んだセルの出力の中か。
    """

    cell: str
    kind: str
    text: str
    bold: tuple[tuple[int, int], ...] = ()
    signs: int = 0
    folded: bool = False

    @property
    def length(self) -> int:
        """読まれる字数。空白は数えません。"""
        return len(re.sub(rf"[\s{INLINE}]", "", self.text)) + self.signs


def signs_of(tex: str) -> int:
    r"""式の見える字の数。TeX の語（\alpha など）は一字、括り、添字の印、字間は零字と数えます。

    例:
        >>> signs_of(r"\tanh\left(W_{hh}\,h_{t-1}\right)")
        10
    """
    tex = re.sub(r"\\(left|right|quad|[,;!: ])", "", tex)
    return len(re.sub(r"[{}_^\s]", "", re.sub(r"\\([A-Za-z]+|.)", "x", tex)))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)


def pieces_of(markdown: str, cell: str = "") -> Iterator[Piece]:
    """Markdown を断片に分けます。

    例:
        >>> for piece in pieces_of("# 題\\n\\n**系列** $x_t$ です。\\n\\n$$y$$"):
        ...     print(piece.kind, piece.text.replace(INLINE, "□"), piece.bold)
        heading 題 ()
        text 系列 □ です。 ((0, 2),)
        formula y ()
    """
    kind, folds, row = "text", 0, None
    for token in _parser().parse(markdown):
        match token.type:
            case "heading_open":
                kind = "heading"
            case "heading_close":
                kind = "text"
            case "tr_open":
                row = []
            case "tr_close":
                yield _joined(row, cell, folds > 0)
                row = None
            case "html_block":
                folds += token.content.count("<details") - token.content.count(
                    "</details"
                )
            case "math_block" | "math_block_label":
                text = token.content.strip()
                yield Piece(cell, "formula", text, folded=folds > 0)
            case "fence" | "code_block":
                text = token.content.rstrip("\n")
                yield Piece(cell, "code", text, folded=folds > 0)
            case "inline":
                text, bold, signs = _inline(token.children or [])
                if row is None:
                    yield Piece(cell, kind, text, bold, signs, folds > 0)
                else:
                    row.append((text, bold, signs))


def _inline(tokens: list[Token]) -> tuple[str, tuple[tuple[int, int], ...], int]:
    """文の文字と、太字の場所と、文の中の式とコードの字数。"""
    text, bold, begins, signs = "", [], [], 0
    for token in tokens:
        match token.type:
            case "text":
                text += token.content
            case "math_inline":
                text += INLINE
                signs += signs_of(token.content)
            case "code_inline":
                text += INLINE
                signs += len(token.content)
            case "softbreak" | "hardbreak":
                text += "\n"
            case "strong_open":
                begins.append(len(text))
            case "strong_close":
                bold.append((begins.pop(), len(text)))
    return text, tuple(bold), signs


def _joined(row: list, cell: str, folded: bool) -> Piece:
    """表の一行を、欄ごとに改行した一つの断片にします。"""
    text, bold = "", []
    for part, places, _ in row:
        text += "\n" if text else ""
        bold += [(start + len(text), end + len(text)) for start, end in places]
        text += part
    signs = sum(signs for _, _, signs in row)
    return Piece(cell, "table", text, tuple(bold), signs, folded)


def pieces(chapter: Path) -> list[Piece]:
    """章の断片のすべて。コードは、ページで見えるものだけです (表示した関数のソースも含みます)。

    セルの断片は、見えるコード、予想や理解度チェックの文 (:data:`SPEAKING` の引数)、
    保存された出力の順です。
    """
    found = []
    for cell in nbformat.read(chapter, as_version=4).cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown":
            found += pieces_of(cell.source, cell.id)
        elif cell.cell_type == "code":
            if not tags & HIDDEN_CODE:
                found.append(Piece(cell.id, "code", cell.source))
            found += [Piece(cell.id, "asked", text) for text in spoken(cell.source)]
            if not tags & HIDDEN_OUTPUT:
                folded = bool(tags & FOLDED_OUTPUT)
                found += [
                    replace(piece, folded=piece.folded or folded)
                    for piece in _outputs(cell)
                ]
    return found


def spoken(code: str) -> Iterator[str]:
    """コードのうち、読者に見せる文。

    例:
        >>> list(spoken("Prediction('ch01.a', '$h_t$ はいくつですか。')"))
        ['\ufffc はいくつですか。']
    """
    for call in calls(code):
        if called(call) in SPEAKING:
            values = [*call.args, *(word.value for word in call.keywords)]
            for value in values:
                for text in [value, *getattr(value, "elts", [])]:
                    words = getattr(text, "value", None)
                    if isinstance(words, str) and re.search(
                        r"[ぁ-んァ-ヶ一-龥]", words
                    ):
                        yield from (piece.text for piece in pieces_of(words))


def sources(chapter: Path) -> list[str]:
    """章のコードセルの中身。"""
    cells = nbformat.read(chapter, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def calls(code: str) -> list[ast.Call]:
    """コードの中の呼び出しを、書かれた順に並べます。"""
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def called(call: ast.Call) -> str:
    """呼ばれた関数の名。

    例:
        >>> called(calls("plt.plot(x)")[0])
        'plot'
    """
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _outputs(cell: nbformat.NotebookNode) -> Iterator[Piece]:
    """保存された出力のうち、文とソース。"""
    for output in cell.outputs:
        for piece in pieces_of(
            output.get("data", {}).get("text/markdown", ""), cell.id
        ):
            yield piece if piece.kind == "code" else replace(piece, kind="output")
