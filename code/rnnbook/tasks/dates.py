"""日付の書き換え: いろいろな書き方の日付を、西暦の 2026-11-21 の形にする問題（第 5・6 章）。

    令和八年十一月二十一日、R8.11.21、2026/11/21、二〇二六年十一月二十一日 …  →  2026-11-21

書き方は NOTATIONS の十通りです。全角の数字も半角に直してから読みます。暦にない日は断ります。
断り方は三通りを比べます（ANSWERS）:

    bare   暦にある日は 2026-11-21、ない日は ×
    first  判定を先に書く: ○2026-11-21、×1923-02-29
    last   判定を後に書く: 2026-11-21○、1923-02-29×

暦の約束と、断る種類は rnnbook.tasks.eras にあります。
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.tasks import eras
from rnnbook.tasks.symbols import Vocabulary

NOTATIONS = {
    "era_kanji": "令和八年十一月二十一日",
    "era_digits": "令和8年11月21日",
    "letter_dot": "R8.11.21",
    "letter_slash": "R8/11/21",
    "letter_zero": "R08.11.21",
    "west_digits": "2026年11月21日",
    "west_slash": "2026/11/21",
    "west_hyphen": "2026-11-21",
    "west_kanji": "二〇二六年十一月二十一日",
    "west_plain": "20261121",
}
WITH_ERA = tuple(list(NOTATIONS)[:5])
KANJI = "〇一二三四五六七八九"
ANSWERS = ("bare", "first", "last")
YES, NO = "○", "×"
SOURCE = Vocabulary("0123456789" + KANJI + "十年月日元明治大正昭和平成令MTSHR./-")
TARGET = Vocabulary("0123456789-" + YES + NO)
LONGEST_SOURCE, LONGEST_TARGET = 13, 12  # 終わりの記号を除く


class Written(NamedTuple):
    """書かれた日付を、年月日に分けたもの。"""

    notation: str
    era: str | None  # 元号の名。西暦なら None
    year: int
    month: int
    day: int


class Unreadable(ValueError):
    """日付として読めない文字列。文は、何が読めないかを述べます。"""


@cache
def kanji(n: int) -> str:
    """1 から 99 の漢数字。

    例:
        >>> kanji(8), kanji(10), kanji(21)
        ('八', '十', '二十一')
    """
    n = require_positive_int("n", n)
    tens, ones = divmod(n, 10)
    if tens > 9:
        raise ValueError(f"引数 n は 99 以下の整数です。{n} が渡されました。")
    head = "" if tens == 0 else "十" if tens == 1 else KANJI[tens] + "十"
    return head + (KANJI[ones] if ones else "")


def write(
    notation: str, era: str | None, year: int, month: int, day: int, gannen: bool = True
) -> str:
    """年月日を、一つの書き方で書きます。元号の 1 年は、gannen なら「元年」です（字の頭文字の書き方は 1）。

    例:
        >>> write("era_kanji", "令和", 8, 11, 21), write("letter_zero", "平成", 1, 1, 8)
        ('令和八年十一月二十一日', 'H01.01.08')
        >>> write("era_digits", "昭和", 1, 12, 25), write("west_kanji", None, 1906, 1, 2)
        ('昭和元年12月25日', '一九〇六年一月二日')
    """
    require_choice("notation", notation, NOTATIONS)
    if (era is not None) != (notation in WITH_ERA):
        need = "元号の名" if notation in WITH_ERA else "None"
        raise ValueError(
            f"引数 era は、書き方 {notation} では{need}です。{era!r} が渡されました。"
        )
    first = gannen and year == 1
    letter = next((each.letter for each in eras.ERAS if each.name == era), "")
    if notation == "era_kanji":
        written = "元" if first else kanji(year)
        return f"{era}{written}年{kanji(month)}月{kanji(day)}日"
    if notation == "era_digits":
        return f"{era}{'元' if first else year}年{month}月{day}日"
    if notation == "west_kanji":
        digits = "".join(KANJI[int(digit)] for digit in f"{year:04d}")
        return f"{digits}年{kanji(month)}月{kanji(day)}日"
    return {
        "letter_dot": f"{letter}{year}.{month}.{day}",
        "letter_slash": f"{letter}{year}/{month}/{day}",
        "letter_zero": f"{letter}{year:02d}.{month:02d}.{day:02d}",
        "west_digits": f"{year}年{month}月{day}日",
        "west_slash": f"{year}/{month}/{day}",
        "west_hyphen": f"{year:04d}-{month:02d}-{day:02d}",
        "west_plain": f"{year:04d}{month:02d}{day:02d}",
    }[notation]


def answer(verdict: eras.Verdict, form: str) -> str:
    """判定 verdict の、答えの書き方 form での文字列。

    例:
        >>> from rnnbook.tasks.eras import judge
        >>> [answer(judge(None, 1923, 2, 29), form) for form in ANSWERS]
        ['×', '×1923-02-29', '1923-02-29×']
    """
    require_choice("form", form, ANSWERS)
    mark = NO if verdict.refusal else YES
    if form == "bare":
        return mark if verdict.refusal else verdict.written
    return mark + verdict.written if form == "first" else verdict.written + mark


def normalise(text: str) -> str:
    """全角の数字と記号を半角に、合字の元号（㋿）を二文字に、小文字を大文字に直し、空白を除きます。

    例:
        >>> normalise(" ㋿８年１１月２１日 "), normalise("ｒ８．１１．２１")
        ('令和8年11月21日', 'R8.11.21')
    """
    text = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"\s", "", text.replace("−", "-").replace("零", "〇"))


_NUMBER = r"(\d{1,2})"
_KANJI = f"([{KANJI[1:]}十]{{1,3}})"
_ERA = f"({'|'.join(era.name for era in eras.ERAS)})"
_LETTER = f"([{''.join(era.letter for era in eras.ERAS)}])"
_PATTERNS = (
    ("era_kanji", f"{_ERA}(元|{_KANJI[1:-1]})年{_KANJI}月{_KANJI}日"),
    ("era_digits", rf"{_ERA}(元|\d{{1,2}})年{_NUMBER}月{_NUMBER}日"),
    ("letter_zero", rf"{_LETTER}(\d\d)\.(\d\d)\.(\d\d)"),
    ("letter_dot", rf"{_LETTER}{_NUMBER}\.{_NUMBER}\.{_NUMBER}"),
    ("letter_slash", rf"{_LETTER}{_NUMBER}/{_NUMBER}/{_NUMBER}"),
    ("west_digits", rf"()(\d{{4}})年{_NUMBER}月{_NUMBER}日"),
    ("west_slash", rf"()(\d{{4}})/{_NUMBER}/{_NUMBER}"),
    ("west_hyphen", r"()(\d{4})-(\d\d)-(\d\d)"),
    ("west_kanji", f"()([{KANJI}]{{4}})年{_KANJI}月{_KANJI}日"),
    ("west_plain", r"()(\d{4})(\d\d)(\d\d)"),
)


def read(text: str) -> Written:
    """書かれた日付を年月日に分けます。十通りの書き方に合わなければ Unreadable です。

    暦にあるかどうかは見ません（eras.judge が判定します）。

    例:
        >>> read("令和元年５月１日")
        Written(notation='era_digits', era='令和', year=1, month=5, day=1)
        >>> read("R8.11.21").notation, read("R08.01.02").notation
        ('letter_dot', 'letter_zero')
        >>> read("来年の春")
        Traceback (most recent call last):
        ...
        rnnbook.tasks.dates.Unreadable: 「来」は、日付の文字として読めません。
    """
    typed, text = text, normalise(text)
    if not text:
        raise Unreadable("日付を入れてください。")
    for letter in typed:
        if not set(normalise(letter)) <= set(SOURCE.letters):
            raise Unreadable(f"「{letter}」は、日付の文字として読めません。")
    if len(text) > LONGEST_SOURCE:
        raise Unreadable(
            f"日付は {LONGEST_SOURCE} 文字までです。{len(text)} 文字あります。"
        )
    for notation, pattern in _PATTERNS:
        match = re.fullmatch(pattern, text)
        if match:
            era, *parts = match.groups()
            by_letter = {each.letter: each.name for each in eras.ERAS}
            numbers = [_number(part, notation) for part in parts]
            return Written(notation, by_letter.get(era, era) or None, *numbers)
    raise Unreadable(
        f"「{text}」は、十通りの書き方のどれでもありません。"
        "たとえば R8.11.21 や 2026年11月21日 と書きます。"
    )


def _number(part: str, notation: str) -> int:
    if part == "元":
        return 1
    if part.isascii():
        return int(part)
    if len(part) == 4 and notation == "west_kanji":
        return int("".join(str(KANJI.index(letter)) for letter in part))
    match = re.fullmatch(f"([{KANJI[2:]}]?)(十?)([{KANJI[1:]}]?)", part)
    if not match or (match[1] and not match[2] and match[3]):
        raise Unreadable(f"「{part}」は、1 から 99 の漢数字として読めません。")
    tens, ten, ones = match.groups()
    if not ten:
        return KANJI.index(tens or ones)
    return 10 * (KANJI.index(tens) if tens else 1) + (KANJI.index(ones) if ones else 0)
