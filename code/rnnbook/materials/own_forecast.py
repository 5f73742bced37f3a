"""読者の系列の先を、区間と、内・境・外の印を付けて予測します（第 13 章）。

統計の列は単位がまちまちなので、学習の系列の標準偏差で割ります。温度は、学習の範囲を 0.6 から 0.9 に直線で
写します（ネットワークの入力は (T − 0.75)/0.1）。どちらも、学習の系列だけから決めます。
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_array
from rnnbook.materials.trust import Trusted

LOW, HIGH = 0.6, 0.9


class Ready(NamedTuple):
    """学習の系列で量った統計と温度。"""

    X: np.ndarray  # (N, F, K) 統計 / unit
    T: np.ndarray  # (N, F) 0.6 から 0.9 に写した温度
    unit: np.ndarray  # (K,) 学習の系列の標準偏差


def in_training_units(X: np.ndarray, T: np.ndarray | None, train: np.ndarray) -> Ready:
    """統計 X (N, F, K) と温度 T (N, F) を、学習の系列 train（番号）の単位で量ります。

    T が None か、学習の系列で一定なら、どの温度も 0.75 とします。学習の系列で変わらない統計はエラーです。

    例:
        >>> X, T = np.arange(12.0).reshape(2, 3, 2), np.array([[700.0, 800, 900]] * 2)
        >>> ready = in_training_units(X, T, [0, 1])
        >>> ready.T[0].round(2).tolist(), float(ready.X[..., 0].std())
        ([0.6, 0.75, 0.9], 1.0)
    """
    X = require_array("X", X, ("N", "F", "K"))
    unit = X[train].std(axis=(0, 1))
    if (unit == 0).any():
        k = int(np.argmax(unit == 0)) + 1
        raise ValueError(
            f"{k} つめの統計は、学習の系列でどこも同じ値です。その列を除きます。"
        )
    shape = X.shape[:2]
    if T is None:
        return Ready(X / unit, np.full(shape, 0.75), unit)
    T = require_array("T", T, shape)
    low, high = T[train].min(), T[train].max()
    if low == high:
        return Ready(X / unit, np.full(shape, 0.75), unit)
    # T′ = 0.6 + 0.3 (T − T_low)/(T_high − T_low)
    return Ready(X / unit, LOW + (HIGH - LOW) * (T - low) / (high - low), unit)


def rows_of(X: np.ndarray, T: np.ndarray, seen: int) -> np.ndarray:
    """見た seen 枚の統計と温度の道筋を、一行に並べます。(N, seen K + F)"""
    return np.hstack([X[:, :seen].reshape(len(X), -1), (T - 0.75) / 0.1])


def trust_last(
    model,
    ready: Ready,
    train: Sequence[int],
    held: Sequence[int],
    seen: int,
    k: int = 0,
    components: int = 5,
) -> Trusted:
    """終わりの一枚の k 番めの統計を、90 % の区間と印を付けて答えるもの。predict に rows_of の行を渡します。

    model は、系列 train で学習を済ませたものです。校正の系列 held は 9 個以上要ります。印のしきい値は、
    校正の系列の 3 % に付くように選びますが、33 個より少なければ、校正の系列の数で決まる割合に上げます。
    """
    X, T = ready.X, ready.T
    if len(held) < 9:
        raise ValueError(
            f"校正の系列は {len(held)} 個です。90 % の区間には 9 個以上要ります。"
        )
    K = X.shape[-1]

    def told(rows: np.ndarray) -> np.ndarray:
        C = rows[:, : seen * K].reshape(-1, seen, K)
        return model.forecast(C, 0.75 + 0.1 * rows[:, seen * K :])[:, -1, k]

    rows, last = rows_of(X, T, seen), X[:, -1, k]
    marks = max(0.03, 1.01 / (len(held) + 1))
    mine = Trusted(told, components, false_marks=marks).fit(rows[train], last[train])
    return mine.calibrate(rows[held], last[held])
