"""その場 X 線回折のフレームから相分率を推定する、学習の要らない方法（第 11 章）。

linear_combination  参照の図形の重ね合わせ（係数は 0 以上）。格子の伸びも、それまでのフレームから
ema                 指数移動平均。後のフレームを見ません
golay               Savitzky–Golay 法。前後のフレームを使います
jmak_fit            JMAK の曲線の当てはめ。すべてのフレームを使い、式が正しいと仮定します
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnbook.arguments import require_array, require_positive_int, require_range
from rnnbook.materials import phase_fraction as physics

STRAINS = tuple(np.linspace(-0.004, 0.004, 9))


def linear_combination(X: np.ndarray, strains: Sequence[float] = STRAINS) -> np.ndarray:
    """計数 X (N, FRAMES, CHANNELS) から、α の分率 f (N, FRAMES)。

    フレームごとに、γ と α の図形と、なだらかな背景（四つの形）を、0 以上の係数で重ねます（NNLS）。

        f = A_α / (A_γ + A_α)

    二つの相に共通の格子の伸びは、strains の中から、そのフレームまでの残差の二乗の和がいちばん小さいものを選びます。

    例:
        >>> runs = physics.measure(np.random.default_rng(0).random, "jmak", 1, counts=1000)
        >>> bool(abs(linear_combination(runs.X) - runs.f).mean() < 0.02)
        True

    章: 11 章。
    """
    from scipy.optimize import nnls

    X = require_array("X", X, ("N", "FRAMES", physics.CHANNELS))
    x = (physics.Q - physics.Q.mean()) / np.ptp(physics.Q)
    ground = np.stack([np.ones_like(x), 0.5 + x, 0.5 - x, x**2], axis=1)
    # 計数の誤差の逆数: 半分ずつの図形と、平らな背景での値（測ったフレームは使いません）
    half = sum(physics.UNIT * physics.powder(p) for p in ("fcc", "bcc")) / 2
    weight = 1 / np.sqrt(half + 1 / physics.CHANNELS)
    frames = X.reshape(-1, physics.CHANNELS) * weight
    told, loss = np.empty((2, len(strains), len(frames)))
    for k, strain in enumerate(strains):
        phases = [physics.UNIT * physics.powder(p, strain) for p in ("fcc", "bcc")]
        A = np.column_stack([*phases, ground]) * weight[:, None]
        for i, frame in enumerate(frames):
            amount, size = nnls(A, frame)
            # f = A_α / (A_γ + A_α)
            told[k, i] = amount[1] / max(amount[0] + amount[1], 1e-9)
            loss[k, i] = size**2
    shape = (len(strains), *X.shape[:2])
    best = loss.reshape(shape).cumsum(axis=2).argmin(axis=0)  # (N, FRAMES)
    return np.take_along_axis(told.reshape(shape), best[None], axis=0)[0]


def ema(f: np.ndarray, a: float) -> np.ndarray:
    """指数移動平均 s_t = s_{t−1} + a (f_t − s_{t−1})。f は (N, T) です。

    例:
        >>> ema(np.array([[0.0, 1.0, 1.0]]), 0.5).tolist()
        [[0.0, 0.5, 0.75]]
    """
    s = require_array("f", f, ("N", "T")).astype(float)
    a = require_range("a", a, 0.0, 1.0)
    for t in range(1, s.shape[1]):
        s[:, t] = s[:, t - 1] + a * (s[:, t] - s[:, t - 1])
    return s


def golay(f: np.ndarray, width: int) -> np.ndarray:
    """Savitzky–Golay 法（次数 2、窓 width 枚）で平滑化した f (N, T)。

    例:
        >>> f = np.arange(12.0)[None] ** 2  # 二次式は変わりません
        >>> bool(np.allclose(golay(f, 5), f))
        True
    """
    from scipy.signal import savgol_filter

    return savgol_filter(require_array("f", f, ("N", "T")), width, 2, axis=1)


def jmak_fit(f: np.ndarray) -> np.ndarray:
    """f (N, FRAMES) にいちばん近い J((t − t₀)/τ, n)。t₀、τ、n は格子の中から選びます。

    例:
        >>> f = physics.jmak(physics.TIME - 0.2, 0.2, 2.0)[None]
        >>> bool(abs(jmak_fit(f) - f).max() < 0.02)
        True
    """
    f = require_array("f", f, ("N", physics.FRAMES))
    start, tau, n = np.meshgrid(
        np.linspace(0, 0.4, 41), 0.04 * 10 ** np.linspace(0, 1, 25), np.arange(2, 9) / 2
    )
    start, tau, n = (v.reshape(-1, 1) for v in (start, tau, n))
    curves = physics.jmak(physics.TIME - start, tau, n)  # (K, FRAMES)
    # |f − c|² = |f|² − 2 f·c + |c|² の、c によるところ
    return curves[((curves**2).sum(axis=1) - 2 * f @ curves.T).argmin(axis=1)]


def past(X: np.ndarray, frames: int) -> np.ndarray:
    """フレームごとの、それまでの frames 枚 (N·T, frames, CHANNELS)。はじめは、1 枚目を繰り返します。

    例:
        >>> past(np.arange(3.0).reshape(1, 3, 1), 2)[:, :, 0].tolist()
        [[0.0, 0.0], [0.0, 1.0], [1.0, 2.0]]
    """
    X = require_array("X", X, ("N", "T", "D"))
    frames = require_positive_int("frames", frames)
    padded = np.concatenate([X[:, :1].repeat(frames - 1, axis=1), X], axis=1)
    views = np.lib.stride_tricks.sliding_window_view(padded, frames, axis=1)
    return np.moveaxis(views, -1, 2).reshape(-1, frames, X.shape[2])
