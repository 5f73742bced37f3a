"""JavaScript の注釈を落とします。文字列、`…` のひな形、正規表現の中は、そのまま残します。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<string>"(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*')
    | (?P<space>\s+)
    | (?P<word>[\w$]+)
    | (?P<mark>.)""",
    re.DOTALL | re.VERBOSE,
)
# 区切りの / の間。[…] の中の / は区切りではない
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/\w*")
_TEMPLATE = re.compile(r"(?:\\.|[^\\`$]|\$(?!\{))*(`|\$\{)", re.DOTALL)
_NEVER = re.compile("(?!)")
# これで終わる式の後の / は割り算。ただし、式の前に立つ語の後では正規表現
_OPERAND = re.compile(r"[\w$)\]}]")
_BEFORE_REGEX = ("return", "typeof", "case", "of", "in", "do", "else", "void", "await")
_KINDS = ("comment", "string", "regex", "template")


@dataclass(frozen=True)
class Line:
    """ソースの一行。

    引数:
        code: 注釈を落とした行。
        bare: そのうち、文字列やひな形の中を ◌ に替えた行。宣言を探すために使います。
        inside: 前の行から続くひな形の中で始まる行か。
    """

    code: str
    bare: str
    inside: bool


def read_lines(text: str, name: str) -> list[Line]:
    """text を行に分けます。行の番号は変わりません。

    ValueError: 閉じていない文字列、ひな形、注釈、正規表現。name とその行を示します。

    例:
        >>> [line.code for line in read_lines("a = `// b`; // c", "x.js")]
        ['a = `// b`;']
    """
    code, bare, inside = "", "", [False]
    for kind, piece in _pieces(text, name):
        if kind == "comment":
            piece = "\n" * piece.count("\n")
        literal = kind in ("string", "template", "regex")
        code += piece
        bare += re.sub(r"[^\n]", "◌", piece) if literal else piece
        inside += [literal] * piece.count("\n")
    lines = []
    for line, mark, within in zip(
        code.split("\n"), bare.split("\n"), inside, strict=True
    ):
        end = len(mark.rstrip())
        lines.append(Line(line[:end], mark[:end], within))
    return lines


def literals(text: str, name: str) -> list[str]:
    """text の中の文字列とひな形の値。ひな形の ${…} は 0 に替わります。

    例:
        >>> literals("say(`$h_{${t}}$ は`, 'x')", "x.js")
        ['$h_{0}$ は', 'x']
    """
    found: list[str] = []
    templates: list[str] = []
    for kind, piece in _pieces(text, name):
        if kind == "string":
            found.append(_unescaped(piece[1:-1]))
        elif kind == "open":
            templates.append("")
        elif kind == "template" and piece.endswith("${"):
            templates[-1] += piece[:-2] + "0"
        elif kind == "template":
            found.append(_unescaped(templates.pop() + piece[:-1]))
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _pieces(text: str, name: str) -> Iterator[tuple[str, str]]:
    """text を頭から、種類と中身の組に分けます。つなげると text に戻ります。

    種類は comment、string、regex、ひな形の始まり open とその続き template、ほかは code です。
    """
    braces: list[bool] = []  # 開いている { ごとに、ひな形の ${ か
    before, place = "(", 0  # 一つ前の語か記号

    def literal(pattern: re.Pattern[str], start: int) -> str:
        match = pattern.match(text, start)
        if match:
            return match[0]
        number = text.count("\n", 0, start) + 1
        line = text.splitlines()[number - 1]
        raise ValueError(
            f"{name} の {number} 行に、閉じていない文字列か注釈があります: {line}"
        )

    while place < len(text):
        token = _TOKEN.match(text, place)
        kind, piece = token.lastgroup, token[0]
        if piece in ("'", '"') or (text.startswith("/*", place) and kind != "comment"):
            literal(_NEVER, place)
        if piece == "`" or (piece == "}" and braces and braces[-1]):
            yield ("open" if piece == "`" else "code"), piece
            place += 1
            if piece == "}":
                braces.pop()
            kind, piece = "template", literal(_TEMPLATE, place)
            if piece.endswith("${"):
                braces.append(True)
        elif piece == "/" and (before in _BEFORE_REGEX or not _OPERAND.match(before)):
            kind, piece = "regex", literal(_REGEX, place)
        elif piece == "{":
            braces.append(False)
        elif piece == "}" and braces:
            braces.pop()
        if kind not in ("space", "comment"):
            # ひな形の ${ の後は式の始まり、ほかの文字列の後は式の終わり
            before = {"template": "(" if piece.endswith("${") else ")"}.get(kind, piece)
            before = ")" if kind in ("string", "regex") else before
        yield (kind if kind in _KINDS else "code"), piece
        place += len(piece)
    if any(braces):
        raise ValueError(f"{name} に、閉じていない ${{ があります。")
