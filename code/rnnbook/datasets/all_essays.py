"""寺田寅彦の随筆 294 編（およそ 183 万字）と、作品で分けた学習・検証・試験（第 8 章）。

第 7 章の 54 編（rnnbook.datasets.essays）に、240 編を加えた全体です。分け方は
data/essays/all_works.csv の列 part で、第 7 章のものとは別です。

ほとんど同じ作品（からすうりの花と蛾、烏瓜の花と蛾）と、一方が他方の一部である作品（蛆の効用、
自由画稿）は、同じ部分に入れます。二つに分かれると、丸写しの文章が当たりやすくなるからです。
"""

from __future__ import annotations

import bz2
import math
from collections import Counter

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.arguments import require_choice, require_instance
from rnnbook.datasets.essays import PARTS, TITLE, Characters, Work, load_essays

CODE_POINTS = 1 << 16  # 表にない文字は、この中の一つとして書き表します


def load_all_essays() -> list[Work]:
    """すべての作品を、図書カードの順に読みます。

    例:
        >>> works = load_all_essays()
        >>> len(works), works[0].title, works[0].part
        (294, '映画時代', 'train')
    """
    packed = data.verified_path("essays/more.txt.bz2").read_bytes()
    table = pd.read_csv(data.verified_path("essays/all_works.csv"))
    pieces = bz2.decompress(packed).decode("utf-8").split(TITLE)[1:]
    more = (piece.split("\n", 1) for piece in pieces)
    texts = {
        "essays": iter([(work.title, work.text) for work in load_essays()]),
        "more": iter([(title, text.rstrip("\n")) for title, text in more]),
    }
    works = []
    for row in table.itertuples():
        title, text = next(texts[row.file], ("", ""))
        if (title, len(text)) != (row.title, row.characters):
            raise data.DataError(
                f"data/essays/ の all_works.csv の {row.title}（{row.characters} 字）が、"
                f"文章の {title}（{len(text)} 字）と食い違います。"
                "git checkout -- data/essays で元に戻ります。"
            )
        works.append(Work(title, row.part, text))
    return works


def works_of(part: str) -> list[Work]:
    """学習 train、検証 valid、試験 test のどれかの作品。

    例:
        >>> [len(works_of(part)) for part in ("train", "valid", "test")]
        [254, 15, 25]
    """
    require_choice("part", part, PARTS)
    return [work for work in load_all_essays() if work.part == part]


def all_text_of(part: str) -> str:
    """学習 train、検証 valid、試験 test のどれかの作品を、改行でつなげた文章。

    例:
        >>> len(all_text_of("train"))
        1625153
    """
    return "\n".join(work.text for work in works_of(part))


def spelled_bits(text: str, table: Characters) -> np.ndarray:
    """文章 text (n,) の各文字を、番号 0（表にない文字）のあとに書き足すビット数 (n,)。

    表にある文字は 0、ない文字は log₂ 65536 = 16 ビットです。これを足さないモデルは、読めない文字を
    「読めない」と当てるだけで済み、一文字あたりのビット数が小さく見えすぎます。

    例:
        >>> spelled_bits("あい", Characters("〓あう")).tolist()
        [0.0, 16.0]
    """
    require_instance("text", text, str)
    return np.where(table.encode(text) == 0, math.log2(CODE_POINTS), 0.0)


def shared_share(one: str, other: str, width: int = 20) -> float:
    """one の、長さ width の並びのうち、other にも現れるものの割合。

    例:
        >>> shared_share("あいうえお", "いうえ", width=2)
        0.5
    """
    windows = _windows(one, width)
    common = windows.keys() & _windows(other, width).keys()
    return sum(windows[window] for window in common) / max(windows.total(), 1)


def _windows(text: str, width: int) -> Counter:
    return Counter(text[k : k + width] for k in range(len(text) - width + 1))
