"""読者の記録の見本: 熱処理炉の温度の、作り物の記録を書きます（第 9 章）。

読む道の試しになるように、BOM、注釈の行、セミコロン、小数のカンマを使い、時刻を 40 分だけ抜きます。
見張る区間に、温度が 4 K だけ高いまま 6 時間続くずれを、一つ入れます。
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from rnnbook.arguments import require_seed

START, MINUTES, DAYS = datetime(2026, 4, 1), 10, 14
SET, NOISE, PERSIST = 850.0, 1.5, 0.5  # 設定 ℃、散らばり K、一点前との相関
SHIFT, FROM, LONG = 4.0, (9, 8), 6  # ずれ K、はじめ（日、時）、長さ h
GAP = (5, 13, 40)  # 抜けのはじめ（日、時）と長さ（分）


def write_example(folder: str | Path, seed: int = 9) -> Path:
    """14 日間、10 分ごとの炉の温度を furnace.csv に書き、その場所を返します。

    例:
        >>> import tempfile
        >>> from rnnbook.materials.own_log import read_log
        >>> log = read_log(write_example(tempfile.mkdtemp()), time="日時", value="炉の温度")
        >>> len(log.value), [round(60 * length) for _, length in log.gaps]
        (2016, [40])
    """
    rng = np.random.default_rng(require_seed("seed", seed))
    n = DAYS * 24 * 60 // MINUTES
    noise = rng.normal(size=n)
    for t in range(1, n):
        # e_t = φ e_{t−1} + √(1 − φ²) ε_t
        noise[t] = PERSIST * noise[t - 1] + np.sqrt(1 - PERSIST**2) * noise[t]
    value = SET + NOISE * noise
    first = _index(*FROM)
    value[first : first + LONG * 60 // MINUTES] += SHIFT
    gap = _index(*GAP[:2])
    kept = [k for k in range(n) if not gap <= k < gap + GAP[2] // MINUTES]
    rows = ["# 作り物の熱処理炉の記録", "日時;炉の温度 (℃)"]
    for k in kept:
        when = START + timedelta(minutes=MINUTES * k)
        rows.append(f"{when:%Y/%m/%d %H:%M};{value[k]:.2f}".replace(".", ","))
    path = Path(folder) / "furnace.csv"
    path.write_bytes(("\r\n".join(rows) + "\r\n").encode("utf-8-sig"))
    return path


def _index(day: int, hour: int) -> int:
    """day 日目（0 から）の hour 時の番号。"""
    return (24 * day + hour) * 60 // MINUTES
