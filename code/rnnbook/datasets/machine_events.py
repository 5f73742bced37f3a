"""機械の温度の 5 分ごとの記録と、日付のある四つの異常（第 9 章）。

記録と異常の区間は Numenta Anomaly Benchmark のものです。時計が一度だけ 55 分戻り、12 個の時刻が二度あります。
行の順に、いつも 5 分おきの系列として読みます。もとの資料に単位の記載はありません。

    python -m rnnbook.datasets.machine_events FOLDER   もとのファイルから抜粋を作ります
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from rnnbook.data import DATA, verified_path

FILE = "measured/machine_minutes.csv.bz2"
PER_HOUR, PER_DAY = 12, 288  # 5 分ごと
# 異常の印の時刻、区間のはじめと終わり（NAB の labels と windows）、名前
EVENTS = (
    ("2013-12-11 06:00", "2013-12-10 06:25", "2013-12-12 05:35", "計画した停止"),
    ("2013-12-16 17:25", "2013-12-15 17:50", "2013-12-17 17:00", "異常"),
    ("2014-01-28 13:55", "2014-01-27 14:20", "2014-01-29 13:30", "前触れ"),
    ("2014-02-08 14:30", "2014-02-07 14:55", "2014-02-09 14:05", "故障"),
)


class MachineRecord(NamedTuple):
    """機械の温度の 5 分ごとの記録。"""

    time: np.ndarray  # (n,) 日時
    temperature: np.ndarray  # (n,)
    windows: tuple[tuple[int, int], ...]  # 異常の区間。はじめと終わりの番号（含む）
    marks: tuple[int, ...]  # 異常の印の番号
    names: tuple[str, ...]

    def at(self, when: str) -> int:
        """日時 when 以後の、はじめの番号。"""
        return int(np.flatnonzero(self.time >= np.datetime64(when))[0])


def load_machine_minutes() -> MachineRecord:
    """5 分ごとの記録を読みます。

    例:
        >>> record = load_machine_minutes()
        >>> len(record.temperature), record.names[2], record.marks
        (22695, '前触れ', (2409, 3986, 16340, 19515))
    """
    table = pd.read_csv(verified_path(FILE), parse_dates=["time"])
    time = table["time"].to_numpy().astype("datetime64[s]")
    record = MachineRecord(time, table["temperature"].to_numpy(float), (), (), ())
    return record._replace(
        windows=tuple((record.at(a), record.at(b)) for _, a, b, _ in EVENTS),
        marks=tuple(record.at(mark) for mark, *_ in EVENTS),
        names=tuple(name for *_, name in EVENTS),
    )


def main(folder: str) -> None:
    """NAB の machine_temperature_system_failure.csv から抜粋を書きます（値は小数 2 桁）。"""
    source = Path(folder) / "machine_temperature_system_failure.csv"
    table = pd.read_csv(source)
    table = pd.DataFrame(
        {"time": table["timestamp"].str.slice(0, 16), "temperature": table["value"]}
    )
    table.to_csv(DATA / FILE, index=False, float_format="%.2f", lineterminator="\n")


if __name__ == "__main__":
    main(sys.argv[1])
