"""スピノーダル分解の計算をまとめて行い、温度の道筋と自己共分散の記録にします（第 13 章）。"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_choice, require_generator, require_positive_int
from rnnbook.materials.spinodal import (
    COLD,
    FRAMES,
    HOT,
    autocovariance,
    initial,
    programme,
    simulate,
)

KNOTS = 5  # 折れ線の温度の点の数
BATCH = 20  # 一度に進める計算の数
KINDS = ("programme", "step", "constant", "hot", "uneven", "rough")


class Runs(NamedTuple):
    """計算 N 回の記録。"""

    T: np.ndarray  # (N, F) 温度。混ざる温度が 1
    C: np.ndarray  # (N, F, LAGS) 自己共分散


def temperatures(kind: str, n: int, rng: np.random.Generator) -> np.ndarray:
    """n 回ぶんの温度の道筋 (n, F)。

    "programme" は COLD と HOT の間の 5 点を結ぶ折れ線、"step" は途中で一度だけ変わる段、"constant" は一定、
    "hot" は 0.93 から 0.96 の一定です。"uneven" と "rough" は折れ線です（はじめの組織が違います）。

    例:
        >>> temperatures("constant", 2, np.random.default_rng(0)).shape
        (2, 60)
    """
    require_choice("kind", kind, KINDS)
    n = require_positive_int("n", n)
    require_generator("rng", rng)
    if kind == "step":
        before, after = rng.uniform(COLD, HOT, (2, n, 1))
        at = rng.integers(FRAMES // 6, FRAMES * 5 // 6, (n, 1))
        return np.where(np.arange(FRAMES) < at, before, after)
    if kind == "constant":
        return np.repeat(rng.uniform(COLD, HOT, (n, 1)), FRAMES, axis=1)
    if kind == "hot":
        return np.repeat(rng.uniform(0.93, 0.96, (n, 1)), FRAMES, axis=1)
    return np.stack([programme(rng.uniform(COLD, HOT, KNOTS)) for _ in range(n)])


def make_runs(kind: str, n: int, rng: np.random.Generator) -> Runs:
    """温度の道筋を引き、はじめのゆらぎの種も引いて、n 回計算します。

    "uneven" は濃度の平均が 0.25（一方の相が粒になる）、"rough" ははじめのゆらぎが 4 倍です。

    例:
        >>> runs = make_runs("constant", 1, np.random.default_rng(0))
        >>> runs.T.shape, runs.C.shape
        ((1, 60), (1, 60, 32))
    """
    T = temperatures(kind, n, rng)
    seeds = rng.integers(100, 2**32, n)  # 100 より小さい種は、図と演習のもの
    shift, times = (0.25 if kind == "uneven" else 0.0), (4.0 if kind == "rough" else 1)
    C = [
        simulate(shift + times * initial(some), T[k : k + BATCH], autocovariance)
        for k, some in ((k, seeds[k : k + BATCH].tolist()) for k in range(0, n, BATCH))
    ]
    return Runs(T, np.concatenate(C))


def windows(runs: Runs, width: int, stride: int) -> tuple[Runs, np.ndarray]:
    """どの計算からも、width 枚の窓を stride 枚ずつずらして切り出します。窓と、その計算の番号 (M,)。

    例:
        >>> runs = Runs(np.zeros((2, 60)), np.zeros((2, 60, 32)))
        >>> cut, run = windows(runs, width=20, stride=10)
        >>> cut.C.shape, run.tolist()
        ((10, 20, 32), [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    """
    width = require_positive_int("width", width)
    stride = require_positive_int("stride", stride)
    N, F = runs.T.shape
    if width > F:
        raise ValueError(
            f"引数 width は、画面の数 {F} 以下の整数です。{width} が渡されました。"
        )
    starts = range(0, F - width + 1, stride)
    T = np.stack([runs.T[:, s : s + width] for s in starts], axis=1)
    C = np.stack([runs.C[:, s : s + width] for s in starts], axis=1)
    run = np.repeat(np.arange(N), len(starts))
    return Runs(T.reshape(-1, width), C.reshape(-1, width, C.shape[-1])), run
