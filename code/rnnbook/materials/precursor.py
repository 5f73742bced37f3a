"""前触れを当てる問題: 8 列の軌跡から、20 コマのうちに結晶になるかを当てます（第 14 章）。

    e    結晶になったコマ: そこから 10 コマのうち 8 コマ以上で Q_6 > 0.22（エネルギーで決めた e も作れます）
    窓   コマ t で終わる W コマ。t < e なので、まだ液体です
    y    e ≤ t + 20 なら 1、ほかは 0

t + 20 が記録の終わりを越える窓は、結晶にならないと決まっていないので、外します（打ち切り）。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_array, require_choice, require_positive_int
from rnnbook.materials.crystallisation import COLUMNS

NAMES = tuple(COLUMNS)
CRYSTAL, DROP = 0.22, 0.15  # Q_6 の境と、液体から下がったエネルギー（ε）の境
LOOK, MOST = 10, 8  # 10 コマのうち 8 コマ以上
WIDTH, HORIZON = 20, 20  # 窓の長さと、当てる先（コマ）
NEVER = np.iinfo(np.int64).max  # 記録のうちに結晶にならなかった


class Windows(NamedTuple):
    """窓 N 個。"""

    x: np.ndarray  # (N, W, 8)
    y: np.ndarray  # (N,) 20 コマのうちに結晶になるか。0 か 1
    run: np.ndarray  # (N,) 軌跡の番号
    t: np.ndarray  # (N,) 窓の終わりのコマ
    event: np.ndarray  # (N,) その軌跡の e。ならなければ NEVER


def first_sustained(above: np.ndarray) -> np.ndarray:
    """above (軌跡, コマ) が、そこから 10 コマのうち 8 コマ以上で真になる、はじめの真のコマ (軌跡,)。

    例:
        >>> above = np.zeros((2, 30), bool)
        >>> above[0, 5], above[0, 12:] = True, True
        >>> first_sustained(above)[0], first_sustained(above)[1] == NEVER
        (np.int64(12), np.True_)
    """
    n = np.cumsum(np.pad(np.asarray(above, int), ((0, 0), (1, 0))), axis=1)
    enough = (n[:, LOOK:] - n[:, :-LOOK] >= MOST) & above[:, : -LOOK + 1]
    return np.where(enough.any(axis=1), enough.argmax(axis=1), NEVER)


def events(series: np.ndarray, temperature: np.ndarray, by: str = "order"):
    """軌跡 (軌跡, コマ, 8) が結晶になったコマ (軌跡,)。ならなければ NEVER です。

    by="order" は Q_6 で、by="energy" はエネルギーで決めます。液体のエネルギーは、同じ温度の軌跡の
    はじめの 10 コマの中央値です。
    """
    series = require_array("series", series, ("N", "T", len(NAMES)))
    temperature = require_array("temperature", temperature, (len(series),))
    if require_choice("by", by, ("order", "energy")) == "order":
        return first_sustained(series[:, :, NAMES.index("Q6")] > CRYSTAL)
    energy = series[:, :, NAMES.index("energy")]
    liquid = np.empty(len(series))
    for T in np.unique(temperature):
        liquid[temperature == T] = np.median(energy[temperature == T, :10])
    return first_sustained(energy < liquid[:, None] - DROP)


def windows(series: np.ndarray, event: np.ndarray, width: int = WIDTH) -> Windows:
    """まだ液体の窓と、その答え。記録の終わりで打ち切られる窓は入りません。

    例:
        >>> series, event = np.zeros((2, 60, 8)), np.array([45, NEVER])
        >>> w = windows(series, event)
        >>> w.x.shape, int(w.y.sum()), w.t[w.run == 1].max()
        ((38, 20, 8), 20, np.int64(30))
    """
    series = require_array("series", series, ("N", "T", len(NAMES)))
    width = require_positive_int("width", width)
    event = np.asarray(event)
    # e は、コマ T − LOOK までしか決まりません
    last = series.shape[1] - LOOK - HORIZON
    parts = []
    for run, e in enumerate(event):
        t = np.arange(width - 1, min(e, series.shape[1]) if e < NEVER else last + 1)
        rows = t[:, None] + np.arange(1 - width, 1)
        y = (e <= t + HORIZON).astype(int) if e < NEVER else np.zeros(len(t), int)
        parts.append(
            (series[run][rows], y, np.full(len(t), run), t, np.full(len(t), e))
        )
    return Windows(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def summary(x: np.ndarray) -> np.ndarray:
    """窓 (N, W, 8) の、最後の値、平均、傾き（一コマあたり）を並べた (N, 24)。

    例:
        >>> ramp = np.arange(20.0)[None, :, None] * np.ones(8)
        >>> summary(ramp)[0, [0, 8, 16]].tolist()
        [19.0, 9.5, 1.0]
    """
    x = require_array("x", x, ("N", "W", "D"))
    tau = np.arange(x.shape[1]) - (x.shape[1] - 1) / 2
    # 傾き = Σ τ x / Σ τ²
    slope = np.einsum("w,nwd->nd", tau, x) / (tau**2).sum()
    return np.concatenate([x[:, -1], x.mean(axis=1), slope], axis=1)
