"""読者が打った数を読みます。ページの側の numbers.js と、同じ数を読みます。"""

from __future__ import annotations

import math
import re
import unicodedata

_PART = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?"
_NUMBER = re.compile(rf"([+-]?{_PART})(?:/({_PART}))?")


def read_number(typed: str, unit: str = "") -> tuple[str, float]:
    """打たれた文字を整え、その文字と数を返します。

    全角の数字と記号、負号の −、三桁ごとの区切り、分数、10 のべき（1e-3）、終わりの単位を読みます。

    ValueError: 数として読めない文字、0 で割る分数、大きすぎて表せない数。

    例:
        >>> read_number("−１／４ 倍", unit="倍")
        ('-1/4', -0.25)
    """
    text = unicodedata.normalize("NFKC", typed).replace("−", "-").lower()
    text = re.sub(r"[ \t\r\n]", "", text)
    text = text.removesuffix(unicodedata.normalize("NFKC", unit).lower())
    text = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", text)
    found = _NUMBER.fullmatch(text)
    below = float(found[2] or 1) if found else 0
    number = float(found[1]) / below if below else math.nan
    if not math.isfinite(number):
        raise ValueError(
            f"「{typed}」は数として読めません。0.17、1e-3、1/3 のように書いてください。"
        )
    return text, number
