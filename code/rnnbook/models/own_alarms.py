"""読者の記録を見張ります: 正常な区間で管理図を決め、検証でしきい値を決め、その先の警報を並べます（第 9 章）。

管理図は、固定の帯、EWMA、CUSUM の三つです（charts）。抜けた時刻は飛ばして積み、抜けた時刻では鳴りません。
しきい値は、検証の点数の最大です。検証と、その m 倍の長さの試験が、同じように散らばる正常な記録なら、
点数の最大が検証にあるのは 1/(m + 1) の確率で、残りの m/(m + 1) では、正常なのに一度は鳴ります。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2

from rnnbook.arguments import require_range
from rnnbook.materials.own_log import Log
from rnnbook.models import charts
from rnnbook.models.alarms import onsets

LEAST = 50  # 正常な区間と検証の区間に要る、値のある点の数
MISSED = 0.2  # 正常な区間で抜けてよい割合
WEEK = 168.0  # h


class Watch(NamedTuple):
    """見張った結果。"""

    summary: pd.DataFrame  # 方法ごとの、しきい値、警報の数、週あたりの数と 95 % 区間
    alarms: pd.DataFrame  # 警報ごとの、方法、はじめ、終わり、点数の最大 / しきい値
    notes: list[str]  # 読む前に知っておくこと


def watch(
    log: Log,
    normal: tuple[str | float, str | float],
    held: tuple[str | float, str | float],
    quiet: float = 1.0,
    lam: float = 0.05,
    k: float = 1.5,
) -> Watch:
    """正常な区間 normal と検証の区間 held（はじめと、終わりの手前）を決め、held のあとを見張ります。

    区間は、日時の文字か、はじめからの時間（h）で渡します。quiet 時間静かなら、次の警報を別の 1 回と数えます。

    例:
        >>> rng = np.random.default_rng(0)
        >>> value = rng.normal(850.0, 1.5, size=2000)
        >>> value[1500:1600] += 6.0
        >>> log = Log(np.arange(2000) / 6, value, 1 / 6, None, ())
        >>> found = watch(log, normal=(0, 100), held=(100, 200))
        >>> found.summary["警報"].tolist(), found.alarms["はじめ"].iloc[-1]
        ([1, 1, 1], '250 h')

    論文: Page (1954)、Roberts (1959)。章: 9 章。
    """
    quiet = require_range("quiet", quiet, log.step, 1e5)
    (a, b), (c, d) = _part("normal", log, normal), _part("held", log, held)
    if c < b:
        raise ValueError(
            "引数 held は、normal より後の区間です。同じ時刻を、管理図としきい値の両方に使いません。"
        )
    seen = np.isfinite(log.value)
    for name, first, last in (("normal", a, b), ("held", c, d)):
        there = int(seen[first:last].sum())
        if there < LEAST or there < (1 - MISSED) * (last - first):
            raise ValueError(
                f"引数 {name} の区間には、値のある時刻が {last - first} 個のうち {there} 個です。"
                f"{LEAST} 個以上あり、抜けが {100 * MISSED:.0f} % までの区間にします。"
            )
    if not seen[d:].any():
        raise ValueError("引数 held のあとに、見張る値がありません。")
    at = np.flatnonzero(seen)
    # 抜けた時刻を飛ばして並べた系列で、正常な区間は番号 first から last の手前
    first, last = np.searchsorted(at, (a, b))
    z = charts.standardise(log.value[seen], slice(first, last))
    made = {
        "固定の帯": charts.band(z),
        "EWMA": charts.ewma(z, lam),
        "CUSUM": charts.cusum(z, k),
    }
    weeks = float(seen[d:].sum()) * log.step / WEEK
    rows, listed, notes = [], [], _notes(log, c, d, seen)
    for name, dense in made.items():
        score = np.zeros(len(seen))
        score[at] = dense
        threshold = float(score[c:d].max())
        starts, ends = episodes(score, threshold, max(1, round(quiet / log.step)), d)
        low, high = poisson_interval(len(starts))
        rows.append([name, threshold, len(starts), *np.array([len(starts), low, high]) / weeks])  # fmt: skip
        for s, e in zip(starts, ends, strict=True):
            peak = score[s : e + 1].max() / threshold if threshold else np.inf
            listed.append([name, log.when(s), log.when(e), peak])
        if name == "CUSUM" and score[c:d].argmax() >= 0.9 * (d - c):
            notes.append(
                "CUSUM の最大は検証の終わりにあり、まだ増えている途中かもしれません。k を大きくするか、"
                "検証を長くして確かめます。"
            )
    summary = ["方法", "しきい値", "警報", "週あたり", "下限", "上限"]
    columns = ["方法", "はじめ", "終わり", "最大 / しきい値"]
    return Watch(
        pd.DataFrame(rows, columns=summary),
        pd.DataFrame(listed, columns=columns),
        notes,
    )


def episodes(
    score: np.ndarray, threshold: float, quiet: int, first: int
) -> tuple[np.ndarray, np.ndarray]:
    """番号 first からの警報の、はじめと終わりの番号。

    例:
        >>> episodes(np.array([9, 0, 0, 5, 5, 0, 7, 0, 0, 0, 6]), 4, quiet=2, first=1)
        (array([ 3, 10]), array([ 6, 10]))
    """
    starts = onsets(score, threshold, quiet)
    starts = starts[starts >= first]
    loud = np.flatnonzero(score > threshold)
    bounds = np.append(starts, len(score))[1:]
    ends = np.array([loud[loud < stop][-1] for stop in bounds], dtype=int)
    return starts, ends


def poisson_interval(count: int) -> tuple[float, float]:
    """回数 count の期待値の、正確な 95 % 区間。

    例:
        >>> [round(v, 2) for v in poisson_interval(0)], [round(v, 2) for v in poisson_interval(4)]
        ([0.0, 3.69], [1.09, 10.24])

    論文: Garwood (1936)。章: 9 章。
    """
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    return float(low), float(chi2.ppf(0.975, 2 * count + 2) / 2)


def _part(name: str, log: Log, part: tuple) -> tuple[int, int]:
    try:
        first, last = part
    except (TypeError, ValueError):
        raise ValueError(
            f"引数 {name} は、はじめと終わりの二つです。{part!r} が渡されました。"
        ) from None
    a, b = log.at(first), log.at(last)
    if a >= b:
        raise ValueError(
            f"引数 {name} の終わり {last!r} は、はじめ {first!r} より後にします。"
        )
    return a, b


def _notes(log: Log, c: int, d: int, seen: np.ndarray) -> list[str]:
    """抜けの多さと、検証の短さの注意。"""
    notes = []
    missing = int((~seen).sum())
    if missing:
        longest = max((length for _, length in log.gaps), default=0.0)
        notes.append(
            f"{len(seen)} 個の時刻のうち {missing} 個に値がありません（いちばん長い抜けは {longest:g} 時間）。"
            "その間の異常は、見つかりません。"
        )
    m = seen[d:].sum() / seen[c:d].sum()
    notes.append(
        f"検証は {log.step * (d - c) / 24:.1f} 日、見張る区間はその {m:.1f} 倍です。同じように散らばる正常な記録でも、"
        f"確率 {m / (m + 1):.2f} で、一度は検証の最大を超えて鳴ります。"
    )
    return notes
