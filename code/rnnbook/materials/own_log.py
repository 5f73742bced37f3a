"""読者の記録を読みます: 日時（か経過時間）と値の列のある CSV を、等間隔の系列にします（第 9 章）。

時刻が戻る、同じ時刻が二度ある、間隔がそろわないときは、ファイルと行を述べて FileProblem になります。抜けた時刻は
NaN で埋め、どこがどれだけ抜けたかを残します。時刻を埋めずに並べると、抜けた分だけ、先が過去にずれるからです。
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnbook.materials.own_files import FileProblem, Table, read_table

HOURS = {"s": 1 / 3600, "sec": 1 / 3600, "秒": 1 / 3600, "min": 1 / 60, "分": 1 / 60}
HOURS |= {"h": 1.0, "hour": 1.0, "時間": 1.0, "d": 24.0, "day": 24.0, "日": 24.0}
FORMATS = tuple(
    f"{day}{between}{clock}"
    for day in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d")
    for between in (" ", "T")
    for clock in ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%H時%M分")
)
UNEVEN = 0.1  # 一間隔のこの割合まで、時刻の揺れを許します
LONGEST = 1_000_000  # 抜けを埋めたあとの、いちばん長い系列


class Log(NamedTuple):
    """等間隔の記録。抜けた時刻と読めない値は NaN です。"""

    hour: np.ndarray  # (n,) はじめの時刻からの時間（h）
    value: np.ndarray  # (n,)
    step: float  # 間隔（h）
    start: datetime | None  # はじめの日時。経過時間の列なら None
    gaps: tuple[tuple[float, float], ...]  # 抜けの、はじめの時刻（h）と長さ（h）

    def when(self, k: int) -> str:
        """k 番目の時刻の書き方。"""
        if self.start is None:
            return f"{self.hour[k]:g} h"
        clock = np.datetime64(self.start, "s") + np.timedelta64(
            round(3600 * self.hour[k]), "s"
        )
        return str(clock).replace("T", " ")[:16]

    def at(self, time: str | float) -> int:
        """日時の文字か、経過時間（h）以後の、はじめの番号。記録の外なら ValueError です。"""
        if isinstance(time, str) and self.start is not None:
            found = _date(time)
            if found is None:
                raise ValueError(
                    f"引数 time は「2026-04-01 09:00」のような日時です。{time!r} が渡されました。"
                )
            hour = (found - self.start).total_seconds() / 3600
        elif isinstance(time, (str, bool)):
            raise ValueError(
                f"引数 time は、はじめからの時間（h）の数です。{time!r} が渡されました。"
            )
        else:
            hour = float(time)
        slack = 1e-6 * self.step
        # 終わりの手前を表すために、終わりの一つ先までを許します
        if not -slack <= hour <= self.hour[-1] + self.step + slack:
            raise ValueError(
                f"引数 time の {time!r} は、記録（{self.when(0)} から {self.when(-1)}）の外です。"
            )
        return int(np.searchsorted(self.hour, hour - slack))


def read_log(
    path: str | Path,
    time: str | int = 0,
    value: str | int = 1,
    time_unit: str | None = None,
) -> Log:
    """日時か経過時間の列 time と、値の列 value を、等間隔の記録にします。

    経過時間の単位は、見出しの括弧（「時間 (min)」など）か、time_unit（s、min、h、d）から読みます。
    間隔は、いちばん多い間隔とします。

    例:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "log.csv"
        >>> rows = "2026-04-01 09:00,851\\n2026/4/1 9:10,849\\n2026-04-01 09:20,\\n2026-04-01 09:50,850\\n"
        >>> _ = file.write_text("日時,炉の温度\\n" + rows)
        >>> log = read_log(file, time="日時", value="炉の温度")
        >>> log.value.tolist(), round(60 * log.step), len(log.gaps)
        ([851.0, 849.0, nan, nan, nan, 850.0], 10, 1)
        >>> _ = file.write_text("日時,値\\n2026-04-01 09:00,1\\n2026-04-01 09:10,2\\n2026-04-01 09:10,3\\n")
        >>> read_log(file)
        Traceback (most recent call last):
        ...
        rnnbook.materials.own_files.FileProblem: log.csv の 3 行目と 4 行目は、同じ時刻 2026-04-01 09:10 です。どちらを使うかを決め、一行にします。
    """
    table = read_table(path)
    hour, start = _hours(table, time, time_unit)
    values, lines = table.numbers(value, missing=True), table.lines
    name, cell = table.path.name, [row[table.find(time)] for row in table.cells]
    gap = np.diff(hour)
    if len(hour) < 3:
        raise FileProblem(
            f"{name} は {len(hour)} 行です。間隔を決めるには、3 行以上要ります。"
        )
    if (gap == 0).any():
        k = int(np.argmax(gap == 0))
        raise FileProblem(
            f"{name} の {lines[k]} 行目と {lines[k + 1]} 行目は、同じ時刻 {cell[k]} です。"
            "どちらを使うかを決め、一行にします。"
        )
    if (gap < 0).any():
        k = int(np.argmax(gap < 0))
        raise FileProblem(
            f"{name} の {lines[k + 1]} 行目で、時刻が {cell[k]} から {cell[k + 1]} に戻ります。"
            "時計の合わせ直しなら、その前後で時刻を直します。並びが違うだけなら、時刻の順に並べ直します。"
        )
    step = _usual(gap)
    steps = np.rint(gap / step)
    off = np.abs(gap - steps * step) > UNEVEN * step
    if (wrong := off | (steps < 1)).any():
        k = int(np.argmax(wrong))
        raise FileProblem(
            f"{name} の {lines[k]} 行目から {lines[k + 1]} 行目までの間隔は {60 * gap[k]:g} 分で、"
            f"ふだんの {60 * step:g} 分の整数倍ではありません（そろわない所は {int(wrong.sum())} か所）。"
            "等間隔の時刻に、平均するか補間してから読みます。"
        )
    place = np.concatenate([[0], np.cumsum(steps)]).astype(int)
    if place[-1] >= LONGEST:
        raise FileProblem(
            f"{name} は、間隔 {60 * step:g} 分で {place[-1] + 1} 点になります。"
            f"{LONGEST} 点までに、粗くするか分けます。"
        )
    filled = np.full(place[-1] + 1, np.nan)
    filled[place] = values
    if not np.isfinite(filled).any():
        raise FileProblem(f"{name} の列 {table.names[table.find(value)]} が空です。")
    missed = np.flatnonzero(steps > 1)
    gaps = tuple(
        (step * (place[k] + 1), step * (place[k + 1] - place[k] - 1)) for k in missed
    )
    return Log(step * np.arange(len(filled)), filled, step, start, gaps)


def _hours(
    table: Table, column: str | int, unit: str | None
) -> tuple[np.ndarray, datetime | None]:
    """時刻の列を、はじめの行からの時間（h）にします。日時なら、はじめの日時も返します。"""
    k = table.find(column)
    dates = [_date(row[k]) for row in table.cells]
    if dates[0] is not None:
        if None in dates:
            row = dates.index(None)
            raise FileProblem(
                f"{table.path.name} の {table.lines[row]} 行目、列 {table.names[k]} の "
                f"{table.cells[row][k]!r} は、日時として読めません。"
            )
        seconds = [(date - dates[0]).total_seconds() for date in dates]
        return np.array(seconds) / 3600, dates[0]
    if re.search(r"[:年月日]|\d[/-]\d", table.cells[0][k]):
        raise FileProblem(
            f"{table.path.name} の {table.lines[0]} 行目、列 {table.names[k]} の {table.cells[0][k]!r} は、"
            "日時として読めません。「2026-04-01 09:00」のように、年、月、日、時刻の順に書きます。"
        )
    numbers = table.numbers(column)
    written = re.search(r"[(\[/]\s*([^)\]\s]+)", table.names[k])
    unit = unit or (written.group(1) if written else None)
    if unit not in HOURS:
        raise FileProblem(
            f"{table.path.name} の列 {table.names[k]} の単位 {unit or '（なし）'} は読めません。"
            f"見出しに「(min)」のように書くか、time_unit に {'、'.join(HOURS)} のどれかを渡します。"
        )
    return HOURS[unit] * (numbers - numbers[0]), None


def _date(text: str) -> datetime | None:
    for form in FORMATS:
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            continue
    return None


def _usual(gap: np.ndarray) -> float:
    """いちばん多い間隔（h）。ミリ秒まで丸めて数え、同じ数なら短いほうです。"""
    rounded, counts = np.unique(np.round(gap * 3600, 3), return_counts=True)
    common = rounded[counts.argmax()]
    return float(gap[np.round(gap * 3600, 3) == common].mean())
