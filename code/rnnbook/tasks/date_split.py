"""日付の書き換えの、学習と試験の分け方（第 5・6 章）。三つの別々のことを隠します。

    unseen_day   年月日の組を 5 %。どの書き方でも、暦にない組（1923-02-29）でも見せません
    unseen_year  元号の 12 の年（昭和33年 …）。元号の書き方では見せません（西暦では見せます）
    unseen_pair  元号と書き方の 4 つの組。その組では見せません（ほかの組では見せます）

改元の前後二日と 1900-02-29 は、ほかの日から推し量れないので、いつも学習に入れます。
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date
from functools import cache

import numpy as np

from rnnbook.arguments import require_choice, require_generator, require_positive_int
from rnnbook.tasks import dates, eras
from rnnbook.tasks.dates import NOTATIONS, WITH_ERA

UNSEEN_SHARE, SPLIT_SEED = 0.05, 5
UNSEEN_YEARS = {
    "明治": (12, 31),
    "大正": (9,),
    "昭和": (8, 22, 33, 47),
    "平成": (5, 18),
    "令和": (20, 34, 47),
}
UNSEEN_PAIRS = (
    ("明治", "letter_dot"),
    ("大正", "era_kanji"),
    ("昭和", "letter_zero"),
    ("平成", "letter_slash"),
)
# 暦にない日の年の端。令和の終わりは決まっていないので、令和にはありません
ERA_YEARS_BEYOND = {
    "明治": (46, 99),
    "大正": (16, 99),
    "昭和": (65, 99),
    "平成": (32, 99),
}
# 改元のあった四つの年
EDGE_YEARS = tuple(era.first.year for era in eras.ERAS[1:])
# 学習のバッチの割合
KINDS = {
    "day": 0.40,  # 暦にある日
    "edge": 0.14,  # 改元のあった年の、正しい側。元号の書き方だけ
    "february": 0.11,  # うるう年の2月29日（9 割）と、2月28日
    "leap": 0.11,  # 平年の2月29日
    "no_day": 0.06,  # 4月31日など
    "era_year": 0.08,  # 平成40年など
    "side": 0.10,  # 改元の反対側
}
# edge と side のうち、改元の前後二日と、前後 AROUND_DAYS 日の割合。残りは、その年のどの日でも
NEAR, AROUND, AROUND_DAYS = 0.2, 0.4, 10
TRUE_LEAP = 0.9
BASES = {None: 0} | {era.name: era.base for era in eras.ERAS}  # 西暦 = 底 + 元号の年
Case = tuple[str, str | None, int, int, int]  # 書き方、元号、年、月、日


@cache
def unseen_days() -> frozenset[tuple[int, int, int]]:
    """隠した年月日の組。暦にない組（2 月は 31 日まで、ほかの月も 31 日まで）も含みます。

    例:
        >>> (1900, 2, 29) in unseen_days(), (1989, 1, 7) in unseen_days()
        (False, False)
        >>> 4200 < len(unseen_days()) < 4250
        True
    """
    triples = [
        (year, month, day)
        for year in range(eras.FIRST.year, eras.LAST.year + 1)
        for month in range(1, 13)
        for day in range(1, 32)
    ]
    count = round(UNSEEN_SHARE * len(triples))
    chosen = np.random.default_rng(SPLIT_SEED).permutation(len(triples))[:count]
    always = {(day.year, day.month, day.day) for day in eras.edges()} | {(1900, 2, 29)}
    return frozenset(triples[k] for k in chosen) - always


def hidden(case: Case) -> frozenset[str]:
    """その書かれた日付に当てはまる、隠したもの。空なら、学習に現れます。

    例:
        >>> set(hidden(("era_digits", "昭和", 33, 5, 1))), set(hidden(("west_slash", None, 1958, 5, 1)))
        ({'unseen_year'}, set())
    """
    notation, era, year, _, _ = case
    return frozenset(
        name
        for name, is_hidden in {
            "unseen_day": triple_of(case) in unseen_days(),
            "unseen_year": era is not None and year in UNSEEN_YEARS[era],
            "unseen_pair": (era, notation) in UNSEEN_PAIRS,
        }.items()
        if is_hidden
    )


def triple_of(case: Case) -> tuple[int, int, int]:
    """書かれた日付の、西暦での年月日の組。"""
    _, era, year, month, day = case
    return BASES[era] + year, month, day


def batches(
    rng: np.random.Generator, B: int, form: str
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """学習のバッチを限りなく作ります: 読む番号 x (B, 13)、答え y (B, 12)、x の長さ (B,)。

    例:
        >>> x, y, lengths = next(batches(np.random.default_rng(0), 4, "last"))
        >>> [dates.SOURCE.decode(row) for row in x][:2], dates.TARGET.decode(y[0])
        (['令和39年2月28日', '2010年9月16日'], '2057-02-28○')
    """
    require_generator("rng", rng)
    require_positive_int("B", B)
    require_choice("form", form, dates.ANSWERS)
    names, shares = list(KINDS), list(KINDS.values())
    while True:
        cases = []
        for kind in rng.choice(names, B, p=shares):
            case = _draw(kind, rng)
            while hidden(case):
                case = _draw(kind, rng)
            cases.append(case)
        yield encode(cases, form, gannen=rng.random(B) < 0.5)


def encode(
    cases: list[Case], form: str, gannen: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """書かれた日付を番号にします: x (B, 13)、y (B, 12)、x の長さ (B,)。y には終わりの記号が付きます。

    gannen (B,) が偽の所は、元号の 1 年を「1年」「一年」と書きます。省けばすべて「元年」です。
    """
    gannen = np.ones(len(cases), bool) if gannen is None else gannen
    sources = [
        dates.write(*case, gannen=bool(g))
        for case, g in zip(cases, gannen, strict=True)
    ]
    targets = [dates.answer(eras.judge(*case[1:]), form) for case in cases]
    x, lengths = dates.SOURCE.encode(sources, longest=dates.LONGEST_SOURCE)
    y, _ = dates.TARGET.encode(targets, end=True, longest=dates.LONGEST_TARGET - 1)
    return x, y, lengths


def cases_of(day: date, notations: tuple[str, ...] = tuple(NOTATIONS)) -> list[Case]:
    """ある日の、正しい書き方すべて。"""
    era = eras.era_of(day)
    return [
        (notation, era.name, day.year - era.base, day.month, day.day)
        if notation in WITH_ERA
        else (notation, None, day.year, day.month, day.day)
        for notation in notations
    ]


def _draw(kind: str, rng: np.random.Generator) -> Case:
    """一つの種類の、書かれた日付を一つ引きます。"""
    if kind in ("edge", "era_year", "side"):
        notation = WITH_ERA[rng.integers(len(WITH_ERA))]
    else:
        notation = list(NOTATIONS)[rng.integers(len(NOTATIONS))]
    if kind == "era_year":
        era = list(ERA_YEARS_BEYOND)[rng.integers(len(ERA_YEARS_BEYOND))]
        low, high = ERA_YEARS_BEYOND[era]
        any_day = eras.FIRST.fromordinal(eras.FIRST.toordinal() + rng.integers(365))
        return (
            notation,
            era,
            int(rng.integers(low, high + 1)),
            any_day.month,
            any_day.day,
        )
    if kind in ("edge", "side"):
        near = eras.edges()
        that = near[rng.integers(len(near))]
        western, where = that.year, rng.random()
        first, last = (date(western, *ends).toordinal() for ends in ((1, 1), (12, 31)))
        if where >= NEAR + AROUND:
            that = date.fromordinal(rng.integers(first, last + 1))
        elif where >= NEAR:
            close = that.toordinal() + rng.integers(-AROUND_DAYS, AROUND_DAYS + 1)
            that = date.fromordinal(min(max(close, first), last))
        if kind == "edge":
            return cases_of(that, (notation,))[0]
        k = eras.ERAS.index(eras.era_of(that))
        changed = eras.ERAS[k].first.year == western  # 新しい元号の側の日か
        wrong = eras.ERAS[k - 1 if changed else k + 1]
        return notation, wrong.name, western - wrong.base, that.month, that.day
    years = (eras.FIRST.year, eras.LAST.year + 1)
    if kind == "day":
        low, high = eras.FIRST.toordinal(), eras.LAST.toordinal() + 1
        return cases_of(date.fromordinal(rng.integers(low, high)), (notation,))[0]
    if kind == "no_day":
        month = (2, 4, 6, 9, 11)[rng.integers(5)]
        day = 31 if month != 2 else int(rng.integers(30, 32))
        return _impossible(notation, int(rng.integers(*years)), month, day)
    year = int(rng.integers(*years))
    if kind == "february" and rng.random() >= TRUE_LEAP:
        return cases_of(date(year, 2, 28), (notation,))[0]
    while calendar.isleap(year) != (kind == "february"):
        year = int(rng.integers(*years))
    return _impossible(notation, year, 2, 29)  # うるう年なら、暦にある日です


def _impossible(notation: str, year: int, month: int, day: int) -> Case:
    """暦にないかもしれない年月日を、その月の 28 日の元号で書きます。"""
    if notation not in WITH_ERA:
        return notation, None, year, month, day
    era = eras.era_of(date(year, month, 28))
    return notation, era.name, year - era.base, month, day
