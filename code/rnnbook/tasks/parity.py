"""偶奇（parity）: ここまでに 1 が奇数個あったか、偶数個だったかを答える問題（第 16 章）。

入力は 0 か 1 が T 個、答えは時刻ごとに、x_1 + … + x_t の偶奇（偶数なら 0、奇数なら 1）です。
覚えておく状態は二つだけですが、一つの 1 を読むたびに、状態がひっくり返ります。

    s_t = s_{t-1} XOR x_t

記憶なしの正解率: x_t だけでは、それまでの偶奇は分かりません。s_{t-1} は 0 と 1 が同じ確率なので
（t ≥ 2）、どう答えても 1/2 です。一つでも読み飛ばせば 1/2 になります。

論文: Merrill, W., Petty, J. & Sabharwal, A. (2024). The illusion of state in state-space
      models. ICML 2024。Grazzi, R. ほか (2025). ICLR 2025（負の固有値）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_generator, require_number, require_positive_int

D = 2  # 入力の次元（0 と 1 に一つずつ）
O = 2  # 出力の次元（偶数、奇数）
OUTPUT = "sequence"  # 全時刻で答える
METRIC = "accuracy"
MIN_T = 2


def batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """新しい系列を B 本作ります。one-hot の入力 x (B, T, 2) と答え y (B, T)。

    例:
        >>> x, y = batch(np.random.default_rng(0), B=1, T=6)
        >>> x[0].argmax(axis=1), y[0]
        (array([1, 1, 1, 0, 0, 0]), array([1, 0, 1, 1, 1, 1]))
    """
    require_generator("rng", rng)
    B, T = require_positive_int("B", B), require_positive_int("T", T, MIN_T)
    bits = rng.integers(0, 2, (B, T))
    # s_t = (x_1 + … + x_t) mod 2
    return np.eye(D)[bits], bits.cumsum(axis=1) % 2


def baseline(T: int) -> float:
    """記憶なしの正解率 1/2（終わりの時刻で、T によりません）。"""
    require_positive_int("T", T, MIN_T)
    return 1 / 2


def is_solved(metric: float, T: int) -> bool:
    """終わりの時刻の正解率 metric が 0.99 以上なら、解けたとします。"""
    require_positive_int("T", T, MIN_T)
    return require_number("metric", metric) >= 0.99
