"""欠けた値: 欠けの作り方と、平均・直線・低ランクによる埋め方（第 10 章）。"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_choice,
    require_generator,
    require_numbers,
    require_positive_int,
)

GAPS = ("scattered", "block10", "block20")
FILLS = ("mean", "linear", "low_rank")
COMPONENTS = 16  # filled が低ランクで埋めるときの主成分の数


def fill_linear(X: np.ndarray) -> np.ndarray:
    """欠けた値（NaN）を、同じ行の両隣から直線で埋めます。端は、いちばん近い値です。

    例:
        >>> fill_linear([[1.0, np.nan, 3.0, np.nan]]).tolist()
        [[1.0, 2.0, 3.0, 3.0]]
    """
    X, seen = _with_gaps(X, needed=1)
    at = np.arange(X.shape[1])
    return np.stack([np.interp(at, at[s], x[s]) for x, s in zip(X, seen, strict=True)])


def fill_low_rank(X: np.ndarray, train: np.ndarray, components: int) -> np.ndarray:
    """欠けた値（NaN）を、欠けのない学習の行 train の主成分で埋めます。

    行の見えたチャンネル s に、x_s = x̄_s + P_sᵀ t を最小二乗で当て、欠けた所に x̄ + Pᵀ t を入れます。

    例:
        >>> train = np.outer([1.0, 2.0, 4.0], [1.0, 2.0, 3.0])
        >>> fill_low_rank([[3.0, np.nan, 9.0]], train, components=1).round(6).tolist()
        [[3.0, 6.0, 9.0]]

    論文: Nelson, Taylor, MacGregor (1996)。章: 10 章。
    """
    train = require_array("train", train, ("N", "T")).astype(float)
    A = require_positive_int("components", components)
    X, seen = _with_gaps(X, needed=A)
    if X.shape[1] != train.shape[1] or min(train.shape) <= A:
        raise ValueError(
            f"引数 train は、チャンネルの数が X と同じ {X.shape[1]} で、行が components = {A} より"
            f"多い配列です。形 {train.shape} が渡されました。"
        )
    mean = train.mean(axis=0)
    P = np.linalg.svd(train - mean, full_matrices=False)[2][:A]  # (A, T)
    filled = X.copy()
    for x, s in zip(filled, seen, strict=True):
        # t = argmin Σ_s (x_s − x̄_s − P_sᵀ t)²
        t = np.linalg.lstsq(P[:, s].T, x[s] - mean[s], rcond=None)[0]
        x[~s] = (mean + t @ P)[~s]
    return filled


def holes(shape: tuple[int, int], kind: str, rng: np.random.Generator) -> np.ndarray:
    """欠けた所が真の (N, T)。2 割をばらばらに、または行ごとに、続く 10 か 20 チャンネルです。

    例:
        >>> holes((2, 50), "block10", np.random.default_rng(0)).sum(axis=1).tolist()
        [10, 10]
    """
    require_choice("kind", kind, GAPS)
    require_generator("rng", rng)
    N, T = shape
    if kind == "scattered":
        return rng.random(shape) < 0.2
    length = int(kind.removeprefix("block"))
    start = rng.integers(0, T - length + 1, (N, 1))
    return (start <= np.arange(T)) & (np.arange(T) < start + length)


def filled(X: np.ndarray, gone: np.ndarray, how: str, train: np.ndarray) -> np.ndarray:
    """欠けた所 gone を、平均、直線、低ランクのどれかで埋めたスペクトル。train は学習の行です。

    例:
        >>> X, gone = np.array([[1.0, 9.0, 3.0]]), np.array([[False, True, False]])
        >>> filled(X, gone, "linear", train=X).tolist()
        [[1.0, 2.0, 3.0]]
    """
    require_choice("how", how, FILLS)
    X = np.where(gone, np.nan, X)
    if how == "mean":
        return np.where(gone, np.mean(train, axis=0), X)
    return fill_linear(X) if how == "linear" else fill_low_rank(X, train, COMPONENTS)


def _with_gaps(X: np.ndarray, needed: int) -> tuple[np.ndarray, np.ndarray]:
    X = require_numbers("X", X).astype(float)
    if X.ndim != 2 or X.size == 0:
        raise ValueError(
            f"引数 X は形 (N, T) の配列です。形 {X.shape} が渡されました。"
        )
    seen = np.isfinite(X)
    if (few := seen.sum(axis=1) < needed).any():
        row = int(np.argmax(few))
        raise ValueError(
            f"引数 X の {row} 番の行には、値が {int(seen[row].sum())} 個しかありません。"
            f"埋めるには {needed} 個以上要ります。"
        )
    return X, seen
