"""JavaScript の注釈を落とします。文字列、`…` のひな形、正規表現の中は、そのまま残します。"""

from __future__ import annotations

import re
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
# 後の / が、割り算ではなく正規表現の始まりになる語
_BEFORE_REGEX = frozenset(
    ["return", "typeof", "case", "of", "in", "do", "else", "void", "delete", "await"]
)


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
    code: list[str] = []
    bare: list[str] = []
    inside = [False]
    braces: list[bool] = []  # 開いている { ごとに、ひな形の ${ か
    before, place = "", 0  # 一つ前の語か記号

    def keep(piece: str, literal: bool = False) -> None:
        nonlocal place
        code.append(piece)
        bare.append(re.sub(r"[^\n]", "◌", piece) if literal else piece)
        inside.extend([literal] * piece.count("\n"))
        place += len(piece)

    def literal(pattern: re.Pattern[str]) -> str:
        match = pattern.match(text, place)
        if not match:
            number = text.count("\n", 0, place) + 1
            line = text.splitlines()[number - 1]
            raise ValueError(
                f"{name} の {number} 行に、閉じていない文字列か注釈があります: {line}"
            )
        keep(match[0], literal=True)
        return match[0]

    while place < len(text):
        token = _TOKEN.match(text, place)
        piece, kind = token[0], token.lastgroup
        if kind == "comment":
            keep("\n" * piece.count("\n"))
            place += len(piece) - piece.count("\n")
            continue
        if piece in "\"'" or text.startswith("/*", place):
            literal(re.compile("(?!)"))
        if piece == "`" or (piece == "}" and braces and braces[-1]):
            keep(piece)
            if piece == "}":
                braces.pop()
            if literal(_TEMPLATE).endswith("${"):
                braces.append(True)
                before = "{"
            else:
                before = "`"
            continue
        if piece == "/" and (
            before in _BEFORE_REGEX or not re.match(r"[\w$)\]}`\"']", before or "(")
        ):
            literal(_REGEX)
            before = "`"
            continue
        if piece == "{":
            braces.append(False)
        elif piece == "}" and braces:
            braces.pop()
        keep(piece, literal=kind == "string")
        before = piece if kind != "space" else before
    if any(braces):
        raise ValueError(f"{name} に、閉じていない ${{ があります。")
    shown = zip("".join(code).split("\n"), "".join(bare).split("\n"), strict=True)
    lines = []
    for (line, mark), within in zip(shown, inside, strict=True):
        end = len(mark.rstrip())
        lines.append(Line(line[:end], mark[:end], within))
    return lines
