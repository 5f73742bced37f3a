"""正弦波の続きを当てる問題（第 1 章）。

位相だけが違う正弦波 x_t = sin(φ + ω t) を T 点見せ、次の 1 点を当てます。
雑音がなければ、答えは直前の二点で決まります: x_{t+1} = 2 cos(ω) x_t − x_{t−1}。

記憶なしの誤差: いまの一点 x_T だけでは、上りと下りの区別がつきません。位相が一様なので、最もよい
答えは cos(ω) x_T で、残る誤差は sin(ω) √(1 − x_T²) の二乗の平均、sin²(ω)/2 です。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import (
    require_generator,
    require_number,
    require_positive_int,
    require_range,
)

D = 1  # 入力の次元
O = 1  # 出力の次元
OUTPUT = "value"  # 最後に一つの数を答える
METRIC = "squared_error"
MIN_T = 1
STEP = 0.1  # 一時刻に進む角度 ω（ラジアン）


def sine_wave(
    n: int, T: int, rng: np.random.Generator, step: float = STEP
) -> tuple[np.ndarray, np.ndarray]:
    """n 本の正弦波の入力 x (n, T, 1) と、次の値 y (n, 1) を作ります。

    step は一時刻に進む角度 ω（ラジアン）です。

    例:
        >>> x, y = sine_wave(n=3, T=50, rng=np.random.default_rng(0))
        >>> x.shape, y.shape
        ((3, 50, 1), (3, 1))
    """
    require_generator("rng", rng)
    n, T = require_positive_int("n", n), require_positive_int("T", T)
    step = require_range("step", step, 0.0, np.pi)
    phase = rng.uniform(0, 2 * np.pi, (n, 1))
    # x_t = sin(φ + ω t)、t = 0 … T
    wave = np.sin(phase + step * np.arange(T + 1))  # (n, T + 1)
    return wave[:, :T, np.newaxis], wave[:, T:]  # (n, T, 1), (n, 1)


def batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """新しい正弦波を B 本作ります。入力 x (B, T, 1) と次の値 y (B, 1)。

    例:
        >>> x, y = batch(np.random.default_rng(0), B=3, T=50)
        >>> bool(np.allclose(y, 2 * np.cos(STEP) * x[:, -1] - x[:, -2]))
        True
    """
    B, T = require_positive_int("B", B), require_positive_int("T", T, MIN_T)
    return sine_wave(B, T, rng)


def baseline(T: int) -> float:
    """いまの一点だけから答えたときの平均二乗誤差 sin²(ω)/2（T によりません）。"""
    require_positive_int("T", T, MIN_T)
    return float(np.sin(STEP) ** 2 / 2)


def is_solved(metric: float, T: int) -> bool:
    """平均二乗誤差 metric が記憶なしの 1/100 未満なら、解けたとします。"""
    return require_number("metric", metric) < baseline(T) / 100
