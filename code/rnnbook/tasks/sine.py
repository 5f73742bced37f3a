"""正弦波の続きを当てる問題（第 1 章）。

位相だけが違う正弦波 x_t = sin(φ + ω t) を T 点見せ、次の 1 点を当てます。
雑音がなければ、答えは直前の二点で決まります: x_{t+1} = 2 cos(ω) x_t − x_{t−1}。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_positive_int, require_range


def sine_wave(
    n: int, T: int, rng: np.random.Generator, step: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """n 本の正弦波の入力 x (n, T, 1) と、次の値 y (n, 1) を作ります。

    step は一時刻に進む角度 ω（ラジアン）です。

    例:
        >>> x, y = sine_wave(n=3, T=50, rng=np.random.default_rng(0))
        >>> x.shape, y.shape
        ((3, 50, 1), (3, 1))
    """
    n, T = require_positive_int("n", n), require_positive_int("T", T)
    step = require_range("step", step, 0.0, np.pi)
    phase = rng.uniform(0, 2 * np.pi, (n, 1))
    # x_t = sin(φ + ω t)、t = 0 … T
    wave = np.sin(phase + step * np.arange(T + 1))  # (n, T + 1)
    return wave[:, :T, np.newaxis], wave[:, T:]  # (n, T, 1), (n, 1)
