"""数字の列を、英語の語の列にする問題（第 5 章）: 314 → three one four。

三桁の数字は 1000 通りしかありません。乱数で引くと、学習と試験に同じものが入ります。そこで、
すべてを並べ、半分を学習に、半分を試験に分けます。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_seed
from rnnbook.tasks.symbols import Vocabulary

WORDS = (
    *("zero", "one", "two", "three", "four"),
    *("five", "six", "seven", "eight", "nine"),
)
SOURCE = Vocabulary("0123456789")
TARGET = Vocabulary("efghinorstuvwxz ")
LONGEST = 18  # three three three と、終わりの記号


class Pairs(NamedTuple):
    """数字の列と、語の列の番号。"""

    x: np.ndarray  # (B, 3)
    y: np.ndarray  # (B, 18)
    digits: list[str]


def spell(digits: str) -> str:
    """数字を一つずつ、英語の語にします。

    例:
        >>> spell("314")
        'three one four'
    """
    return " ".join(WORDS[int(digit)] for digit in digits)


def split(seed: int = 0) -> tuple[Pairs, Pairs]:
    """1000 通りの、学習の 500 と試験の 500。重なりはありません。

    例:
        >>> train, test = split()
        >>> len(train.x), len(set(train.digits) & set(test.digits))
        (500, 0)
    """
    order = np.random.default_rng(require_seed("seed", seed)).permutation(1000)
    return tuple(_pairs([f"{n:03d}" for n in half]) for half in np.split(order, 2))


def _pairs(digits: list[str]) -> Pairs:
    x, _ = SOURCE.encode(digits)
    words = [spell(each) for each in digits]
    y, _ = TARGET.encode(words, end=True, longest=LONGEST - 1)
    return Pairs(x, y, digits)
