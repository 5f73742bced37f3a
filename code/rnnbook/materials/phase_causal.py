"""その場で答える、学習の要らない推定: 傾きも追う平滑化と、それまでの枚への JMAK の式（第 11 章）。

どちらも、一枚ずつの推定 f (N, FRAMES) を受け取り、後のフレームを見ません。

出典: Holt (1957)（二つの比の指数平滑化）、Avrami (1939)（式）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_range
from rnnbook.materials import phase_fraction as physics


def holt(f: np.ndarray, a: float, b: float) -> np.ndarray:
    """Holt の平滑化。f は (N, T)、a は水準の比、b は傾きの比（どちらも 0 から 1）です。

        s_t = s_{t−1} + g_{t−1} + a (f_t − s_{t−1} − g_{t−1})
        g_t = g_{t−1} + b (s_t − s_{t−1} − g_{t−1})

    b = 0 なら、はじめの傾き 0 のままで、指数移動平均と同じです。

    例:
        >>> holt(np.array([[0.0, 1.0, 2.0]]), 1.0, 1.0).tolist()
        [[0.0, 1.0, 2.0]]

    章: 11 章。
    """
    s = require_array("f", f, ("N", "T")).astype(float)
    a, b = require_range("a", a, 0.0, 1.0), require_range("b", b, 0.0, 1.0)
    slope = np.zeros(len(s))
    for t in range(1, s.shape[1]):
        ahead = s[:, t - 1] + slope
        s[:, t] = ahead + a * (s[:, t] - ahead)
        slope = slope + b * (s[:, t] - s[:, t - 1] - slope)
    return s


def jmak_so_far(f: np.ndarray, sigma: float) -> np.ndarray:
    """それまでのフレームに合う JMAK の曲線の、重みつきの平均 (N, FRAMES)。

    曲線 k の重みは、推定の誤差を N(0, σ²) としたときの尤度（格子の上の事前は一様）です。

        w_k(t) ∝ exp(−Σ_{s≤t} (f_s − J_k(s))² / 2σ²)、f̂_t = Σ_k w_k(t) J_k(t)

    例:
        >>> f = physics.jmak(physics.TIME - 0.2, 0.2, 2.0)[None]
        >>> bool(abs(jmak_so_far(f, 0.02) - f)[0, 40:].max() < 0.02)
        True

    章: 11 章。
    """
    f = require_array("f", f, ("N", physics.FRAMES)).astype(float)
    sigma = require_range("sigma", sigma, 1e-4, 10.0)
    start, tau, n = np.meshgrid(
        np.linspace(0, 0.4, 21), 0.04 * 10 ** np.linspace(0, 1, 17), np.arange(2, 9) / 2
    )
    start, tau, n = (v.reshape(-1, 1) for v in (start, tau, n))
    curves = physics.jmak(physics.TIME - start, tau, n)  # (K, FRAMES)
    told = np.empty_like(f)
    for row, out in zip(f, told, strict=True):
        loss = ((row - curves) ** 2).cumsum(axis=1) / (2 * sigma**2)
        w = np.exp(loss.min(axis=0) - loss)  # (K, FRAMES)
        # f̂_t = Σ_k w_k(t) J_k(t)
        out[:] = (w * curves).sum(axis=0) / w.sum(axis=0)
    return told
