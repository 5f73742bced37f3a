"""黒点相対数の年平均（1700–2008 年）と、時間で分けた窓（第 1 章）。

statsmodels が同梱する実測の系列です（公有。出どころは米国 NOAA の国立地球物理データセンター）。
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_array, require_positive_int

TRAIN_LAST_YEAR = 1920  # 学習: 1920 年まで（約 20 周期）
VALID_LAST_YEAR = (
    1955  # 検証: 1921–1955 年（約 3 周期）。試験: 1956–2008 年（約 5 周期）
)


class Sunspots(NamedTuple):
    """年と、その年の黒点相対数。"""

    year: np.ndarray  # (309,) 整数
    number: np.ndarray  # (309,) 実数


class Split(NamedTuple):
    """一つの期間の窓。値は学習期間の平均と標準偏差で標準化してあります。"""

    x: np.ndarray  # (N, p, 1) 直前の p 年
    y: np.ndarray  # (N, 1) 当てる年
    year: np.ndarray  # (N,) 当てる年の西暦


@dataclass(frozen=True)
class Splits:
    """学習・検証・試験の三つの期間と、元の単位に戻すための平均と標準偏差。"""

    train: Split
    valid: Split
    test: Split
    mean: float
    std: float

    def to_number(self, y: np.ndarray) -> np.ndarray:
        """標準化した値を黒点相対数に戻します。"""
        return np.asarray(y) * self.std + self.mean


def load_sunspots() -> Sunspots:
    """黒点相対数の年平均を読みます。

    例:
        >>> sunspots = load_sunspots()
        >>> int(sunspots.year[0]), int(sunspots.year[-1]), len(sunspots.number)
        (1700, 2008, 309)
    """
    from statsmodels.datasets import (
        sunspots,
    )  # 読み込みに時間がかかるので、使うときに読みます

    table = sunspots.load_pandas().data
    return Sunspots(
        year=table["YEAR"].to_numpy().astype(int),
        number=table["SUNACTIVITY"].to_numpy().astype(np.float64),
    )


def windows(series: np.ndarray, p: int) -> tuple[np.ndarray, np.ndarray]:
    """系列 (n,) を、直前の p 点 x (n − p, p, 1) と次の値 y (n − p, 1) に切ります。

    例:
        >>> x, y = windows(np.array([1.0, 2.0, 3.0, 4.0]), p=2)
        >>> x[:, :, 0].tolist(), y[:, 0].tolist()
        ([[1.0, 2.0], [2.0, 3.0]], [3.0, 4.0])
    """
    series = require_array("series", series, ("n",)).astype(np.float64)
    p = require_positive_int("p", p)
    if p >= len(series):
        raise ValueError(
            f"引数 p は系列の長さ {len(series)} より小さい整数です。{p} が渡されました。"
        )
    cut = np.lib.stride_tricks.sliding_window_view(series, p + 1)  # (n − p, p + 1)
    return cut[:, :p, np.newaxis].copy(), cut[:, p:].copy()


def split_by_time(
    sunspots: Sunspots,
    p: int,
    train_last_year: int = TRAIN_LAST_YEAR,
    valid_last_year: int = VALID_LAST_YEAR,
) -> Splits:
    """当てる年で三つの期間に分けます。標準化は学習期間の値だけで決めます。

    試験の窓が検証期間の年を入力として見るのは、予測する時点で既に知られている値なので
    リークではありません。当てる年は三つの期間で重なりません。

    例:
        >>> splits = split_by_time(load_sunspots(), p=11)
        >>> [int(s.year[0]) for s in (splits.train, splits.valid, splits.test)]
        [1711, 1921, 1956]
    """
    year, number = sunspots
    if not year[0] < train_last_year < valid_last_year < year[-1]:
        raise ValueError(
            "引数 train_last_year と valid_last_year は、系列の中の年で、この順に並びます。"
            f"{year[0]}–{year[-1]} 年の系列に {train_last_year} と {valid_last_year} が渡されました。"
        )
    known = number[year <= train_last_year]
    mean, std = float(known.mean()), float(known.std())
    # z = (x − 学習期間の平均) / 学習期間の標準偏差
    x, y = windows((number - mean) / std, p)
    target_year = year[p:]
    if target_year[0] > train_last_year:
        raise ValueError(
            f"引数 p が長すぎて、学習する年が残りません。{p} が渡されました。"
        )

    def part(first: int, last: int) -> Split:
        inside = (first <= target_year) & (target_year <= last)
        return Split(x[inside], y[inside], target_year[inside])

    return Splits(
        train=part(year[0], train_last_year),
        valid=part(train_last_year + 1, valid_last_year),
        test=part(valid_last_year + 1, year[-1]),
        mean=mean,
        std=std,
    )
