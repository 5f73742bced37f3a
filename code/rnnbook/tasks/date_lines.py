"""一行に並べた日付の書き換え（第 5・6 章）。日付一つでは見えない、一本のベクトルの限りを測ります。

    R8.11.21、1958/5/3  →  2026-11-21、1958-05-03

書き方は、元号の頭文字（letter_dot）と西暦（west_slash）の二通りです。日付は独立に選ぶので、前の日付は
後の日付について何も教えません。学習には tasks.date_split の隠した日を入れず、試験は隠した日だけを並べます。
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from rnnbook.arguments import require_choice, require_generator, require_positive_int
from rnnbook.tasks import dates, eras
from rnnbook.tasks.date_split import cases_of, unseen_days
from rnnbook.tasks.symbols import Vocabulary

MARK = "、"
SOURCE = Vocabulary("0123456789MTSHR./" + MARK)
TARGET = Vocabulary("0123456789-" + MARK)
NOTATIONS = ("letter_dot", "west_slash")
EACH = len(
    "2026-11-21、"
)  # 日付一つの答え。最後の日付では、区切りが終わりの記号になります


def batch(
    rng: np.random.Generator, B: int, count: int, part: str = "train"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """日付を count 個ずつ並べた B 行: 読む番号 x (B, S)、答え y (B, 11 count)、x の長さ (B,)。

    part は "train" か "test"（隠した日だけ）です。

    例:
        >>> x, y, lengths = batch(np.random.default_rng(0), B=2, count=2)
        >>> SOURCE.decode(x[0]), TARGET.decode(y[0]), lengths
        ('2066/2/3、H29.8.4', '2066-02-03、2017-08-04', array([16, 18]))
    """
    require_generator("rng", rng)
    B, count = require_positive_int("B", B), require_positive_int("count", count)
    require_choice("part", part, ("train", "test"))
    sources, targets = [], []
    for _ in range(B):
        days = [_draw(rng, part) for _ in range(count)]
        notations = [NOTATIONS[k] for k in rng.integers(len(NOTATIONS), size=count)]
        cases = [cases_of(day, (n,))[0] for day, n in zip(days, notations, strict=True)]
        sources.append(MARK.join(dates.write(*case) for case in cases))
        targets.append(MARK.join(str(day) for day in days))
    x, lengths = SOURCE.encode(sources)
    y, _ = TARGET.encode(targets, end=True)
    return x, y, lengths


def _draw(rng: np.random.Generator, part: str) -> date:
    if part == "test":
        return _test_days()[rng.integers(len(_test_days()))]
    while True:
        low, high = eras.FIRST.toordinal(), eras.LAST.toordinal() + 1
        day = date.fromordinal(rng.integers(low, high))
        if (day.year, day.month, day.day) not in unseen_days():
            return day


@cache
def _test_days() -> list[date]:
    return [
        day
        for day in eras.all_days()
        if (day.year, day.month, day.day) in unseen_days()
    ]
