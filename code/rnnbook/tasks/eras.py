"""元号と、明治6年からの暦（第 5・6 章）。ある年月日が本当にあるかを、理由とともに答えます。

本書が取る約束:

- 明治5年12月2日までは旧暦（太陰太陽暦）で、翌日が明治6年1月1日、西暦 1873 年 1 月 1 日です
  （明治5年太政官布告第337号）。旧暦の日付は、グレゴリオ暦の計算では書き換えられないので断ります。
- 大正と昭和への改元の詔書は、その日「以後ヲ改メテ」新しい元号とすると書きます。そこで 1912 年
  7 月 30 日は大正元年、1926 年 12 月 25 日は昭和元年とし、明治45年7月30日と大正15年12月25日は
  断ります。当日の文書には古い元号の日付も残りますが、一日に名を一つにするためです。
  Java の JapaneseEra も同じ区切りです。
- 平成は 1989 年 1 月 8 日（昭和64年政令第1号）、令和は 2019 年 5 月 1 日（平成31年政令第143号）からです。
- 令和の終わりは決まっていません。本書は 2099 年 12 月 31 日（令和81年）までを扱います。
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import NamedTuple

from rnnbook.arguments import require_choice

FIRST, LAST = date(1873, 1, 1), date(2099, 12, 31)


class Era(NamedTuple):
    """一つの元号。西暦 = base + 元号の年。"""

    name: str
    letter: str
    base: int
    first: date
    last: date


ERAS = (
    Era("明治", "M", 1867, FIRST, date(1912, 7, 29)),
    Era("大正", "T", 1911, date(1912, 7, 30), date(1926, 12, 24)),
    Era("昭和", "S", 1925, date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", 1988, date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", 2018, date(2019, 5, 1), LAST),
)

# 断る理由の種類
DAY = "day"  # 月にない日（4月31日）
LEAP = "leap"  # 平年の2月29日
ERA_YEAR = "era_year"  # 元号にない年（平成40年）
SIDE = "side"  # 改元の反対側（昭和64年1月8日）
OLD = "old"  # 旧暦（明治5年まで）
RANGE = "range"  # 本書の範囲の外（1872年、2100年）
REFUSALS = (DAY, LEAP, ERA_YEAR, SIDE, OLD, RANGE)


class Verdict(NamedTuple):
    """ある年月日の判定。written は、暦にあってもなくても、西暦で書いたものです。"""

    written: str  # 2026-11-21
    refusal: str | None  # 断る種類。暦にある日なら None
    reason: str  # 断る理由。暦にある日なら空


def era_of(day: date) -> Era:
    """その日の元号。

    例:
        >>> era_of(date(1912, 7, 29)).name, era_of(date(1912, 7, 30)).name
        ('明治', '大正')
    """
    for era in ERAS:
        if era.first <= day <= era.last:
            return era
    raise ValueError(
        f"引数 day は {FIRST} から {LAST} の日です。{day} が渡されました。"
    )


def judge(era: str | None, year: int, month: int, day: int) -> Verdict:
    """年月日が暦にあるかを判定します。era が None なら西暦の年、ほかは元号の名とその年です。

    例:
        >>> judge(None, 2026, 11, 21)
        Verdict(written='2026-11-21', refusal=None, reason='')
        >>> judge("昭和", 64, 1, 8)
        Verdict(written='1989-01-08', refusal='side', reason='昭和は64年1月7日までで、1月8日は平成元年です。')
        >>> judge(None, 1923, 2, 29).refusal, judge("平成", 40, 5, 3).reason
        ('leap', '平成に40年はありません。最後は31年です。')
    """
    names = {each.name: each for each in ERAS}
    if era is not None:
        require_choice("era", era, names)
    found = names.get(era)
    western = year if found is None else found.base + year
    written = f"{western:04d}-{month:02d}-{day:02d}"
    refusal, reason = _refuse(found, year, western, month, day)
    return Verdict(written, refusal, reason)


def _refuse(
    era: Era | None, year: int, western: int, month: int, day: int
) -> tuple[str | None, str]:
    if year == 0 and era:
        return ERA_YEAR, f"{era.name}に0年はありません。はじめは元年です。"
    if era and era.name == "明治" and western < FIRST.year:
        if year == 5 and (month, day) > (12, 2):
            return OLD, "明治5年は12月2日までで、翌日が明治6年1月1日です。"
        return OLD, (
            "明治5年12月2日までは旧暦で、西暦の日付には計算で直せません。"
            "新しい暦は明治6年1月1日からです。"
        )
    if not 1 <= month <= 12:
        return DAY, f"{month}月はありません。"
    longest = 29 if month == 2 else calendar.monthrange(2000, month)[1]
    if not 1 <= day <= longest:
        return DAY, f"{month}月に{day}日はありません。"
    if not FIRST.year <= western <= LAST.year:
        return RANGE, f"本書が扱うのは {FIRST.year} 年から {LAST.year} 年です。"
    last_year = era.last.year - era.base if era else 0
    if era and year > last_year:
        return ERA_YEAR, f"{era.name}に{year}年はありません。最後は{last_year}年です。"
    if (month, day) == (2, 29) and not calendar.isleap(western):
        return LEAP, f"{western} 年は平年で、2月29日はありません。"
    that = date(western, month, day)
    if era and that < era.first:
        before = era_of(that)
        return SIDE, (
            f"{era.name}は元年{era.first.month}月{era.first.day}日からで、"
            f"{month}月{day}日は{before.name}{western - before.base}年です。"
        )
    if era and that > era.last:
        after = era_of(that)
        if that == after.first and era.name in ("明治", "大正"):
            return SIDE, (
                f"{month}月{day}日には二つの元号があります。"
                f"本書では{after.name}元年とします。"
            )
        return SIDE, (
            f"{era.name}は{last_year}年{era.last.month}月{era.last.day}日までで、"
            f"{month}月{day}日は{after.name}元年です。"
        )
    return None, ""


def all_days() -> list[date]:
    """本書の範囲のすべての日。

    例:
        >>> len(all_days()), str(all_days()[-1])
        (82910, '2099-12-31')
    """
    count = (LAST - FIRST).days + 1
    return [FIRST + timedelta(n) for n in range(count)]


def edges() -> list[date]:
    """改元の前後それぞれ二日。ほかのどの日からも推し量れないので、いつも学習に入れます。

    例:
        >>> [str(day) for day in edges()[-4:]]
        ['2019-04-29', '2019-04-30', '2019-05-01', '2019-05-02']
    """
    return [era.first + timedelta(n) for era in ERAS[1:] for n in (-2, -1, 0, 1)]
