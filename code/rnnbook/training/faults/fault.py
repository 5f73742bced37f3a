"""一つの誤りを、直す前と直した後で、同じ確かめにかけます。"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from rnnbook.training.checks.finding import MARKS, Finding


@dataclass(frozen=True)
class Pair:
    """直す前と直した後の、確かめの答え。"""

    before: Finding
    after: Finding

    def _lines(self) -> list[tuple[str, str]]:
        named = (("直す前", self.before), ("直した後", self.after))
        return [
            (MARKS[each.passed], f"{when}　{repr(each)[2:]}") for when, each in named
        ]

    def __repr__(self) -> str:
        return "\n".join(f"{mark} {text}" for mark, text in self._lines())

    def _repr_markdown_(self) -> str:
        shown = (
            f'<span class="claim">{mark}</span> {text}' for mark, text in self._lines()
        )
        return "\n\n".join(shown)


def compare(fault: Callable[[bool], Finding]) -> Pair:
    """fault(False) と fault(True) を、同じ乱数の種で動かします。

    直す前が通るか、直した後が通らなければ、AssertionError です。誤りを見ない確かめは、置いておけません。

    例:
        >>> from rnnbook.training.faults.shapes import broadcast
        >>> print(compare(broadcast))
        ✗ 直す前　予測と正解の形が合う: 予測は (8, 1)、正解は (8,) です
        ✓ 直した後　予測と正解の形が合う: 予測は (8,)、正解は (8,) です
    """
    found = []
    for mended in (False, True):
        with torch.random.fork_rng():
            torch.manual_seed(0)
            found.append(fault(mended))
    pair = Pair(*found)
    if pair.before.passed is not False or pair.after.passed is not True:
        raise AssertionError(
            f"{fault.__name__} は、直す前に通らず、直した後に通るはずです。\n{pair}"
        )
    return pair
