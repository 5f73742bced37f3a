"""打たれた日付の扱い（typed.js と同じ）: モデルに渡すか、暦の答えは何か。日付の二つの図が使います。"""

from __future__ import annotations

from rnnbook.tasks import dates, eras
from rnnbook.tasks.symbols import END


def truth_of(text: str) -> str | None:
    """モデルに渡す日付 text の、暦の答え。読めない文と、学んでいない種類の日付なら None です。

    例:
        >>> truth_of("R8.11.21"), truth_of("2023-02-29"), truth_of("明治3年1月1日")
        ('2026-11-21○', '2023-02-29×', None)
    """
    try:
        written = dates.read(text)
    except dates.Unreadable:
        return None
    _, era, year, month, day = written
    verdict = eras.judge(era, year, month, day)
    untaught = verdict.refusal in (eras.OLD, eras.RANGE) or year == 0
    if untaught or not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return dates.answer(verdict, "last")


def symbols_of(written: str) -> tuple[int, ...]:
    """図の引数 written（はじめは ^、終わりは $）の、記号の番号。

    例:
        >>> symbols_of("^20$")
        (5, 3, 2)
    """
    letters = dates.TARGET.letters
    return tuple(
        3 + letters.index(each) if each in letters else END for each in written[1:]
    )
