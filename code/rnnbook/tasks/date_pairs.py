"""判定だけが反対になる、二つの日付の組（第 6 章）。一方のものを他方に差し替えて、判定が変わるかを調べます。

    leap  うるう年の2月29日と、平年の2月29日。書く年が違います（2024-02-29○ と 2025-02-29×）
    era   元号にある年と、ない年。書く日付は同じです（令和10年5月3日 と 平成40年5月3日、どちらも 2028-05-03）
    year  同じ元号で、ある年と、ない年。書く年も違います（平成10年5月3日 と 平成40年5月3日）

二つは、字の数も、字の役の並びも同じです。どちらも学習に現れる日付だけを使います。
"""

from __future__ import annotations

import calendar

from rnnbook.tasks import dates, eras
from rnnbook.tasks.date_parts import parts_of
from rnnbook.tasks.date_split import Case, hidden

LATER = (1, 2, 3)  # うるう年から何年あとの平年と組むか


def pairs() -> dict[str, list[tuple[Case, Case]]]:
    """種類 → 組のすべて。前が判定させるもの、後が差し替えるもので、両方の向きが入ります。

    例:
        >>> {kind: len(found) > 400 for kind, found in pairs().items()}
        {'leap': True, 'era': True, 'year': True}
    """
    found = {"leap": list(_leap()), "era": list(_era()), "year": list(_year())}
    return {
        kind: [
            pair
            for one, two in each
            if not hidden(one) and not hidden(two)
            if _roles(one) == _roles(two)
            for pair in ((one, two), (two, one))
        ]
        for kind, each in found.items()
    }


def _roles(case: Case) -> tuple[str, ...]:
    return parts_of(dates.write(*case))


def _leap():
    for notation in dates.NOTATIONS:
        if notation in dates.WITH_ERA:
            continue
        for year in range(eras.FIRST.year, eras.LAST.year - max(LATER) + 1):
            if calendar.isleap(year):
                for later in LATER:
                    if not calendar.isleap(year + later):
                        yield (
                            (notation, None, year, 2, 29),
                            (notation, None, year + later, 2, 29),
                        )


def _era():
    """同じ日を、その日の元号で書いたものと、終わった一つ前の元号で書き続けたもの。"""
    turn = 0
    for before, now in zip(eras.ERAS, eras.ERAS[1:], strict=False):
        last = before.last.year - before.base
        for year in range(last + 1, 100):
            western = before.base + year
            for month in range(1, 13):
                if not now.first.year < western < now.last.year:
                    continue
                turn += 1
                notation = dates.WITH_ERA[turn % len(dates.WITH_ERA)]
                day = 1 + turn * 7 % 28
                yield (
                    (notation, now.name, western - now.base, month, day),
                    (notation, before.name, year, month, day),
                )


def _year():
    """同じ元号の、ある年（二桁）と、ない年。"""
    turn = 0
    for era in eras.ERAS[:-1]:
        last = era.last.year - era.base
        for wrong in range(last + 1, 100):
            for notation in dates.WITH_ERA:
                turn += 1
                right = 10 + turn % (last - 10)
                month, day = 1 + turn % 12, 1 + turn * 7 % 28
                yield (
                    (notation, era.name, right, month, day),
                    (notation, era.name, wrong, month, day),
                )
