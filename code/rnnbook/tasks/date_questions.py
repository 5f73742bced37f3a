"""日付の書き換えの試験（第 5・6 章）。隠したものと、暦にない日を、数えられる限りすべて並べます。

同じ日を何度も引くと、少ない日の間違いが割合を動かします。そこで乱数で引かず、日ごとに数えます。
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from rnnbook.tasks import eras
from rnnbook.tasks.date_split import (
    EDGE_YEARS,
    ERA_YEARS_BEYOND,
    UNSEEN_PAIRS,
    UNSEEN_YEARS,
    Case,
    cases_of,
    hidden,
    unseen_days,
)
from rnnbook.tasks.dates import NOTATIONS, WITH_ERA

ALL, ERA_ONLY = tuple(NOTATIONS), WITH_ERA
QUESTIONS = {
    "unseen_day": "隠した日",
    "unseen_year": "隠した元号の年",
    "unseen_pair": "隠した元号と書き方の組",
    "february": "うるう年の2月29日",
    "edge": "改元の年の、正しい側",
    "leap": "平年の2月29日",
    "no_day": "4月31日など",
    "era_year": "平成40年など",
    "side": "改元の反対側",
}
REFUSED = ("leap", "no_day", "era_year", "side")  # 断るのが正しいもの


# その試験に入れてよい、隠したもの。ほかの試験は、隠した日かどうかで分けて数えます
ALLOWED = {
    name: (frozenset([name]),) for name in ("unseen_day", "unseen_year", "unseen_pair")
}
SEEN = (frozenset(), frozenset(["unseen_day"]))


def questions() -> dict[str, list[Case]]:
    """試験の名前 → 書かれた日付。隠した年と組は、その試験のほかには入りません。

    例:
        >>> {name: len(cases) > 500 for name, cases in questions().items()} == dict.fromkeys(QUESTIONS, True)
        True
    """
    found = {
        "unseen_day": [
            case
            for triple in sorted(unseen_days())
            if (that := _day(*triple)) is not None
            for case in cases_of(that)
        ],
        "february": [
            case
            for year in range(eras.FIRST.year, eras.LAST.year + 1)
            if (that := _day(year, 2, 29)) is not None
            for case in cases_of(that)
        ],
        "edge": [case for that in _edge_days() for case in cases_of(that, ERA_ONLY)],
        "leap": list(_impossible([(2, 29)], ALL)),
        "no_day": list(
            _impossible([(2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31)], None)
        ),
        "era_year": list(_beyond()),
        "side": list(_other_side()),
    }
    found["unseen_year"] = [
        case
        for era in eras.ERAS
        for year in UNSEEN_YEARS[era.name]
        for that in _days_of(era.base + year, step=5)
        for case in cases_of(that, ERA_ONLY)
    ]
    found["unseen_pair"] = [
        case
        for name, notation in UNSEEN_PAIRS
        for era in eras.ERAS
        if era.name == name
        for year in range(era.first.year, era.last.year + 1)
        for that in _days_of(year, step=17)
        for case in cases_of(that, (notation,))
        if case[1] == name
    ]
    return {
        name: [case for case in found[name] if hidden(case) in ALLOWED.get(name, SEEN)]
        for name in QUESTIONS
    }


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _days_of(year: int, step: int = 1) -> list[date]:
    count = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return [date(year, 1, 1) + timedelta(n) for n in range(0, count, step)]


def _edge_days() -> list[date]:
    return [that for year in EDGE_YEARS for that in _days_of(year)]


def _impossible(
    days: list[tuple[int, int]], notations: tuple[str, ...] | None
) -> Iterator[Case]:
    """どの年にもない月日。書き方は notations のすべて、None なら十通りから順に一つずつ。"""
    turn = 0
    for year in range(eras.FIRST.year, eras.LAST.year + 1):
        for month, day in days:
            if _day(year, month, day) is not None:
                continue
            era = eras.era_of(date(year, month, 28))
            turn += 1
            for notation in notations or (ALL[turn % len(ALL)],):
                if notation in WITH_ERA:
                    yield notation, era.name, year - era.base, month, day
                else:
                    yield notation, None, year, month, day


def _beyond() -> Iterator[Case]:
    """元号にない年の、毎月一日ずつ。"""
    turn = 0
    for era, (low, high) in ERA_YEARS_BEYOND.items():
        for year in range(low, high + 1):
            for month in range(1, 13):
                turn += 1
                day = 1 + turn * 7 % 28
                yield ERA_ONLY[turn % len(ERA_ONLY)], era, year, month, day


def _other_side() -> Iterator[Case]:
    """改元の年の、反対側の元号で書いた日。"""
    for that in _edge_days():
        k = eras.ERAS.index(eras.era_of(that))
        changed = eras.ERAS[k].first.year == that.year
        era = eras.ERAS[k - 1 if changed else k + 1]
        for notation in ERA_ONLY:
            yield notation, era.name, that.year - era.base, that.month, that.day
