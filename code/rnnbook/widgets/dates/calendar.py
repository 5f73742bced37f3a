"""日付の二つの図（第 5 章、第 6 章）がページに渡す、元号の表と、学習で隠したもの。"""

from __future__ import annotations

import base64

import numpy as np

from rnnbook.tasks import date_split, eras


def calendar() -> dict:
    """ページに渡す、元号の表と、学習で隠したもの。隠した年月日は、一組 1 ビットです。"""
    first, last = eras.FIRST.year, eras.LAST.year
    bits = np.zeros((last - first + 1, 12, 31), bool)
    for year, month, day in date_split.unseen_days():
        bits[year - first, month - 1, day - 1] = True
    packed = np.packbits(bits.ravel(), bitorder="little")
    return {
        "eras": [
            era._asdict() | {"first": str(era.first), "last": str(era.last)}
            for era in eras.ERAS
        ],
        "hidden": {
            "first": first,
            "days": base64.b64encode(packed.tobytes()).decode(),
            "years": {name: list(v) for name, v in date_split.UNSEEN_YEARS.items()},
            "pairs": [list(pair) for pair in date_split.UNSEEN_PAIRS],
        },
    }
