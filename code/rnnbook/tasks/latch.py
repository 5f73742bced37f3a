"""ラッチ: はじめの一点の符号を、雑音の中で最後まで覚えておく問題（第 2・3 章）。

時刻 1 の入力は +1 か −1 で、時刻 2 から T までは平均 0、標準偏差 NOISE の雑音です。
T まで読み終えたところで、はじめが +1 なら 1、−1 なら 0 と答えます。

記憶なしの正解率: 最後に見えるのは雑音だけで、雑音ははじめの符号と独立です。
二つの答えは同じ確率なので、どう答えても P(正解) = 1/2。
入力を足し上げるだけでも足りません。和は符号 ±1 に標準偏差 NOISE √(T − 1) の雑音を足したもので、
T = 100 では雑音（約 2）が符号より大きくなります。

論文: Bengio, Y., Simard, P. & Frasconi, P. (1994). Learning long-term dependencies with
      gradient descent is difficult. IEEE Trans. Neural Networks 5, 157-166
      （論文は符号をはじめの数時刻に分けて示します。ここでは一時刻です）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_generator, require_number, require_positive_int

D = 1  # 入力の次元
O = 2  # 出力の次元（二つの答え）
OUTPUT = "class"  # 最後に一つの答えを選ぶ
METRIC = "accuracy"
MIN_T = 2
NOISE = 0.2


def batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """新しい系列を B 本作ります。入力 x (B, T, 1) と答え y (B,)（0 か 1）。

    例:
        >>> x, y = batch(np.random.default_rng(0), B=3, T=50)
        >>> x.shape, y.shape
        ((3, 50, 1), (3,))
    """
    require_generator("rng", rng)
    B, T = require_positive_int("B", B), require_positive_int("T", T, MIN_T)
    y = rng.integers(0, 2, B)
    x = rng.normal(0, NOISE, (B, T, 1))
    x[:, 0, 0] = 2 * y - 1  # 0 → −1、1 → +1
    return x, y


def baseline(T: int) -> float:
    """記憶なしの正解率 1/2（T によりません）。"""
    require_positive_int("T", T, MIN_T)
    return 1 / 2


def is_solved(metric: float, T: int) -> bool:
    """正解率 metric が 0.99 以上なら、解けたとします。"""
    require_positive_int("T", T, MIN_T)
    return require_number("metric", metric) >= 0.99
