"""寺田寅彦の随筆 54 編（およそ 60 万字）と、作品で分けた学習・検証・試験（第 7・8 章）。

文字を一つずつ読み、次の文字を当てる問題に使います。分け方は data/essays/works.csv の列 part です。
同じ作品の一部を学習に、残りを検証に使うと、そこにしか出ない名前や言い回しを覚えたモデルが
良く見えてしまいます。そこで、一つの作品は、学習、検証、試験のどれか一つだけに入れます。

著者は 1935 年に没し、著作権の保護期間は終わっています。もとの文章は青空文庫のもので、
入力と校正の方々の名は data/essays/works.csv にあります。
"""

from __future__ import annotations

import bz2
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.arguments import (
    require_choice,
    require_ids,
    require_instance,
    require_positive_int,
)

PARTS = ("train", "valid", "test")
TITLE = "＃ "  # この印で始まる行が、作品の題です
UNKNOWN = "〓"  # 表にない文字。番号は 0


class Work(NamedTuple):
    """一つの作品。"""

    title: str
    part: str  # PARTS のどれか
    text: str  # 本文。題は含みません


def load_essays() -> list[Work]:
    """すべての作品を、ファイルの順に読みます。

    例:
        >>> works = load_essays()
        >>> len(works), works[0].title, works[0].text[:12]
        (54, '映画時代', '幼少のころ、高知の城下か')
    """
    packed = data.verified_path("essays/essays.txt.bz2").read_bytes()
    table = pd.read_csv(data.verified_path("essays/works.csv"))
    works = []
    for piece in bz2.decompress(packed).decode("utf-8").split(TITLE)[1:]:
        title, text = piece.split("\n", 1)
        works.append((title, text.rstrip("\n")))
    if [title for title, _ in works] != table["title"].tolist():
        raise data.DataError(
            "data/essays/ の essays.txt.bz2 と works.csv の題が食い違います。"
            "git checkout -- data/essays で元に戻ります。"
        )
    return [
        Work(title, part, text)
        for (title, text), part in zip(works, table["part"], strict=True)
    ]


def text_of(part: str) -> str:
    """学習 train、検証 valid、試験 test のどれかの作品を、つなげた文章。

    例:
        >>> len(text_of("train")) > 7 * len(text_of("valid"))
        True
    """
    require_choice("part", part, PARTS)
    return "\n".join(work.text for work in load_essays() if work.part == part)


@dataclass(frozen=True)
class Characters:
    """文字と番号の表。0 は表にない文字（UNKNOWN）で、ほかは多く現れる順に 1 から並びます。

    例:
        >>> table = Characters.most_common("ああいあいう", V=3)
        >>> table.characters, table.encode("うあい").tolist()
        ('〓あい', [0, 1, 2])
        >>> table.decode(np.array([1, 2, 0]))
        'あい〓'
    """

    characters: str  # 番号の順に並べた文字

    @classmethod
    def most_common(cls, text: str, V: int) -> Characters:
        """text に多く現れる V − 1 文字と UNKNOWN の表。同じ数の文字は、先に現れたほうを先にします。"""
        require_instance("text", text, str)
        V = require_positive_int("V", V, 2)
        return cls(UNKNOWN + "".join(c for c, _ in Counter(text).most_common(V - 1)))

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> np.ndarray:
        """文章を番号 (n,) にします。表にない文字は 0 です。"""
        require_instance("text", text, str)
        number = {c: k for k, c in enumerate(self.characters)}
        return np.array([number.get(c, 0) for c in text], dtype=np.int64)

    def decode(self, ids: np.ndarray) -> str:
        """番号 (n,) を文章に戻します。"""
        ids = require_ids("ids", ids, len(self))
        return "".join(self.characters[k] for k in ids)
