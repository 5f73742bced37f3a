"""管理図: 系列 (n,) の各時刻に、ふだんからの外れの点数を付けます（第 9 章）。

どの点数も、その時刻までの値だけから計算し、大きいほど外れです。ふだんの平均 μ と標準偏差 σ は、
学習の区間だけから決めます。過去がまだ足りない時刻の点数は 0 です。

    標準化         z_t = (x_t − μ) / σ
    固定の帯       |z_t|
    移動 z         |z_t − m_t| / s_t          （m と s は、直前の W 点の平均と標準偏差）
    EWMA           |e_t| / √(λ/(2 − λ))、      e_t = (1 − λ) e_{t−1} + λ z_t
    CUSUM          max(C⁺_t, C⁻_t)、           C^±_t = max(0, C^±_{t−1} ± z_t − k)
    季節           |z_t − z_{t−P}|
    線形予測       |z_t − ẑ_t|、               ẑ_t = b + Σ_j w_j z_{t−a−j}（j = 0 … p − 1）
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_positive_int,
    require_range,
)

FLAT = (
    0.05  # 移動 z の s_t の下限（σ の倍数）。止まった値で点数が無限大にならないように
)


def standardise(x: np.ndarray, train: slice) -> np.ndarray:
    """学習の区間 train の平均と標準偏差で、系列 (n,) を標準化します。

    例:
        >>> standardise([1.0, 3.0, 8.0], slice(0, 2)).tolist()
        [-1.0, 1.0, 6.0]
    """
    x = require_array("x", x, ("n",)).astype(float)
    normal = x[train]
    if len(normal) < 2 or normal.std() == 0:
        raise ValueError(
            "引数 train は、値が二通りはある区間です。"
            f"{len(normal)} 点の、一定の区間が渡されました。"
        )
    return (x - normal.mean()) / normal.std()


def band(z: np.ndarray) -> np.ndarray:
    """固定の帯の点数 (n,)。

    例:
        >>> band([0.0, -2.0, 1.0]).tolist()
        [0.0, 2.0, 1.0]
    """
    return np.abs(_series(z))


def rolling(z: np.ndarray, width: int) -> np.ndarray:
    """移動 z: 直前の width 点の平均と標準偏差で測った、いまの値の外れ (n,)。

    例:
        >>> rolling([1.0, -1.0, 3.0], 2).tolist()
        [0.0, 0.0, 3.0]
    """
    z, width = _series(z), require_positive_int("width", width, minimum=2)
    score = np.zeros(len(z))
    if len(z) > width:
        past = np.lib.stride_tricks.sliding_window_view(z[:-1], width)  # (n − W, W)
        s = np.maximum(past.std(axis=1), FLAT)
        score[width:] = np.abs(z[width:] - past.mean(axis=1)) / s
    return score


def ewma(z: np.ndarray, lam: float) -> np.ndarray:
    """指数移動平均（EWMA）の管理図の点数 (n,)。白色雑音なら、散らばりの極限が 1 です。

    例:
        >>> ewma([1.0, 1.0], 1.0).tolist()
        [1.0, 1.0]

    論文: Roberts (1959)。章: 9 章。
    """
    z, lam = _series(z), require_range("lam", lam, 1e-6, 1.0)
    e, path = 0.0, np.empty(len(z))
    for t, value in enumerate(z):
        # e_t = (1 − λ) e_{t−1} + λ z_t
        e = (1 - lam) * e + lam * value
        path[t] = e
    return np.abs(path) / np.sqrt(lam / (2 - lam))


def cusum(z: np.ndarray, k: float) -> np.ndarray:
    """両側の累積和（CUSUM）の点数 (n,)。上限も、警報のあとの戻しもありません。

    例:
        >>> cusum([1.0, 1.0, -3.0], 0.5).tolist()
        [0.5, 1.0, 2.5]

    論文: Page (1954)。章: 9 章。
    """
    z, k = _series(z), require_range("k", k, 0.0, 1e6)
    up = down = 0.0
    score = np.empty(len(z))
    for t, value in enumerate(z):
        # C⁺_t = max(0, C⁺_{t−1} + z_t − k)、C⁻_t = max(0, C⁻_{t−1} − z_t − k)
        up = max(0.0, up + value - k)
        down = max(0.0, down - value - k)
        score[t] = max(up, down)
    return score


def calm_k(z: np.ndarray, train: slice, share: float = 0.5) -> float:
    """CUSUM の k を、学習の区間だけから選びます: 点数が 0 の時刻が share より多くなる、0.5 刻みで最小の k。

    隣り合う値が似ている系列では、小さな k の累積は 0 に戻らず、ふだんでも育ち続けます。

    例:
        >>> calm_k([1.2, -1.2] * 20, slice(0, 40))
        1.5
    """
    z = _series(z)[train]
    share = require_range("share", share, 0.0, 0.99)
    k = 0.5
    while (cusum(z, k) == 0).mean() <= share:
        k += 0.5
    return k


def seasonal(z: np.ndarray, period: int) -> np.ndarray:
    """一周期 period 点だけ前の値との差の大きさ (n,)。

    例:
        >>> seasonal([1.0, 2.0, 1.0, 5.0], 2).tolist()
        [0.0, 0.0, 0.0, 3.0]
    """
    z, period = _series(z), require_positive_int("period", period)
    score = np.zeros(len(z))
    score[period:] = np.abs(z[period:] - z[:-period])
    return score


def fit_ahead(
    z: np.ndarray, train: slice, p: int, ahead: int, penalty: float = 1.0
) -> np.ndarray:
    """ahead 点先を、過去 p 点の線形の式で当てる係数 (p + 1,)。終わりの一つが切片 b です。

    学習の区間だけで、Σ_t (z_t − ẑ_t)² + penalty Σ_j w_j² を最小にします。w[0] がいちばん新しい値に掛かります。

    例:
        >>> z = 0.5 ** np.arange(30.0)   # 一つ前の半分
        >>> fit_ahead(z, slice(0, 30), p=1, ahead=1, penalty=0.0).round(6).tolist()
        [0.5, 0.0]
    """
    z = _series(z)[train]
    p, ahead = require_positive_int("p", p), require_positive_int("ahead", ahead)
    penalty = require_range("penalty", penalty, 0.0, 1e12)
    if len(z) < 2 * (p + ahead):
        raise ValueError(
            f"引数 train は {2 * (p + ahead)} 点以上の区間です（p = {p}、ahead = {ahead}）。"
            f"{len(z)} 点の区間が渡されました。"
        )
    past, y = _past(z, p, ahead), z[p + ahead - 1 :]
    # w = (XᵀX + αI)⁻¹ Xᵀy（X と y は平均を引いたもの）、b = ȳ − x̄ w
    X, level = past - past.mean(axis=0), y.mean()
    w = np.linalg.solve(X.T @ X + penalty * np.eye(p), X.T @ (y - level))
    return np.append(w, level - past.mean(axis=0) @ w)


def ahead_error(z: np.ndarray, weights: np.ndarray, ahead: int) -> np.ndarray:
    """fit_ahead の係数 (p + 1,) による、ahead 点先の予測の外れ |z_t − ẑ_t| (n,)。

    例:
        >>> ahead_error([1.0, 0.5, 0.75], np.array([0.5, 0.0]), 1).tolist()
        [0.0, 0.0, 0.5]
    """
    z, ahead = _series(z), require_positive_int("ahead", ahead)
    weights = require_array("weights", weights, ("m",)).astype(float)
    p, score = len(weights) - 1, np.zeros(len(z))
    if p < 1:
        raise ValueError("引数 weights は、係数と切片の、2 個以上の数です。")
    if len(z) >= p + ahead:
        told = _past(z, p, ahead) @ weights[:-1] + weights[-1]
        score[p + ahead - 1 :] = np.abs(z[p + ahead - 1 :] - told)
    return score


def _past(z: np.ndarray, p: int, ahead: int) -> np.ndarray:
    """t = p + ahead − 1 からの各時刻について、(z_{t−ahead}, …, z_{t−ahead−p+1})。(n − p − ahead + 1, p)"""
    windows = np.lib.stride_tricks.sliding_window_view(z, p)[:, ::-1]
    return windows[: len(z) - p - ahead + 1]


def _series(z: object) -> np.ndarray:
    return require_array("z", z, ("n",)).astype(float)
