"""ページの中と同じ計数: 一様乱数（portable_random.Portable）から、ポアソン分布の計数（第 11 章）。

平均 μ が 10 より小さければ、一様乱数を e^(−μ) より小さくなるまで掛けます（Knuth）。大きければ、変換した
一様乱数を採否にかけます（PTRS）。どちらも近似ではなく、平均も分散も μ の、ポアソン分布そのものです。

出典: Hörmann (1993), The transformed rejection method for generating Poisson random variables.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from rnnbook.materials.portable_random import Portable

SMALL = 10.0  # これより小さい平均では、掛ける方法
FACTORIALS = tuple(math.log(math.factorial(k)) for k in range(10))


def log_factorial(k: int) -> float:
    """ln k!（10 からは、スターリングの級数）。

    例:
        >>> round(log_factorial(20), 8)
        42.33561646
    """
    if k < 10:
        return FACTORIALS[k]
    n = k + 1.0
    # (n − 1/2) ln n − n + ln √(2π) + 1/(12 n) − 1/(360 n³) + 1/(1260 n⁵)
    series = (1 / 12 - (1 / 360 - 1 / 1260 / n**2) / n**2) / n
    return (n - 0.5) * math.log(n) - n + 0.5 * math.log(2 * math.pi) + series


def poisson_count(mean: float, draw: Callable[[], float]) -> int:
    """平均 mean のポアソン分布の計数を一つ。draw は一様乱数を返す関数です。

    例:
        >>> draw = Portable(1).uniform
        >>> [poisson_count(mean, draw) for mean in (0.0, 3.0, 1000.0)]
        [0, 0, 1002]
    """
    if mean < SMALL:
        k, product, stop = 0, draw(), math.exp(-mean)
        while product > stop:
            k += 1
            product *= draw()
        return k
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse = 1.1239 + 1.1328 / (b - 3.4)
    edge = 0.9277 - 3.6224 / (b - 2)
    while True:
        u = draw() - 0.5
        v = draw()
        us = 0.5 - abs(u)
        if us == 0:
            continue
        k = math.floor((2 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= edge:
            return k
        if k < 0 or v == 0 or (us < 0.013 and v > us):
            continue
        # ln(v / 提案の密度) ≤ ln(ポアソン分布の確率) なら採る
        height = math.log(v * inverse / (a / us**2 + b))
        if height <= k * math.log(mean) - mean - log_factorial(k):
            return k


def mulberry_poisson(seed: int) -> Callable[[np.ndarray], np.ndarray]:
    """平均の配列から、同じ形の計数を返す関数。rng.poisson の代わりに渡せます。

    例:
        >>> mulberry_poisson(1)(np.array([[5.0, 100.0]])).shape
        (1, 2)
    """
    draw = Portable(seed).uniform

    def counts(mean: np.ndarray) -> np.ndarray:
        flat = [poisson_count(float(m), draw) for m in np.ravel(mean)]
        return np.array(flat, dtype=np.int64).reshape(np.shape(mean))

    return counts
