"""書かれた日付の、どの文字が元号で、どれが年、月、日か（第 6 章）。注意の重みと比べる、決まった対応です。

答えの 2026-11-21○ のはじめの 4 字は年、6・7 字目は月、9・10 字目は日、そのあとが判定です。
"""

from __future__ import annotations

from rnnbook.tasks import eras

# 読む側の役。mark は、年・月・日の字や . / - で、その前の役の印です
SOURCE_PARTS = ("era", "year", "year_mark", "month", "month_mark", "day", "day_mark")
# 書く側の役と、記号の場所（0 から）
TARGET_PARTS = {"year": (0, 1, 2, 3), "month": (5, 6), "day": (8, 9), "verdict": (10,)}


def parts_of(text: str) -> tuple[str, ...]:
    """書かれた日付の、一字ごとの役。

    例:
        >>> parts_of("R8.11.21")
        ('era', 'year', 'year_mark', 'month', 'month', 'month_mark', 'day', 'day')
        >>> parts_of("令和元年5月1日")[:4]
        ('era', 'era', 'year', 'year_mark')
        >>> parts_of("20261121")
        ('year', 'year', 'year', 'year', 'month', 'month', 'day', 'day')
    """
    if text.isascii() and text.isdigit():
        return ("year",) * 4 + ("month",) * 2 + ("day",) * 2
    heads = [head for era in eras.ERAS for head in (era.name, era.letter)]
    era = next((head for head in heads if text.startswith(head)), "")
    parts, rest = ["era"] * len(era), ["year", "month", "day"]
    for letter in text[len(era) :]:
        is_mark = letter in "年月日./-"
        parts.append(rest[0] + "_mark" * is_mark)
        if is_mark:
            rest.pop(0)
    return tuple(parts)
