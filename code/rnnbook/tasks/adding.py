"""足し算（Adding）: 印の付いた二つの数を覚えて、和を答える問題（第 3 章）。

入力の一列目は 0 から 1 の一様乱数、二列目は印です。前半に一か所、後半に一か所、印が 1 になります。
T まで読み終えたところで、印の付いた二つの数の和を答えます。

記憶なしの誤差: 二つの数を覚えていなければ、最もよい答えは和の平均 1/2 + 1/2 = 1 です。
そのときの平均二乗誤差は和の分散で、一様乱数の分散 1/12 が二つ分、

    E[(u₁ + u₂ − 1)²] = 1/12 + 1/12 = 1/6

二つめの印が最後の時刻に来た系列だけは、覚えていなくても u₂ が見えます。それを使うと誤差は
1/(12 (T − ⌊T/2⌋)) だけ下がりますが、T = 100 で 1 % です。

論文: Hochreiter, S. & Schmidhuber, J. (1997). Neural Computation 9, 1735-1780（実験 4。
      論文の数は −1 から 1、答えは 0.5 + (u₁ + u₂)/4 で、成功は誤差の絶対値 0.04 未満です。
      ここの和に直すと 0.08 未満）。
      Arjovsky, M., Shah, A. & Bengio, Y. (2016). ICML 2016（ここの形）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_generator, require_number, require_positive_int

D = 2  # 入力の次元（数と印）
O = 1  # 出力の次元
OUTPUT = "value"  # 最後に一つの数を答える
METRIC = "squared_error"
MIN_T = 2


def batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """新しい系列を B 本作ります。入力 x (B, T, 2) と和 y (B, 1)。

    例:
        >>> x, y = batch(np.random.default_rng(0), B=1, T=4)
        >>> x[0, :, 1]  # 印
        array([1., 0., 0., 1.])
        >>> bool(np.isclose(y[0, 0], x[0, 0, 0] + x[0, 3, 0]))
        True
    """
    require_generator("rng", rng)
    B, T = require_positive_int("B", B), require_positive_int("T", T, MIN_T)
    x = np.zeros((B, T, 2))
    x[:, :, 0] = rng.uniform(0, 1, (B, T))
    rows = np.arange(B)
    first, second = rng.integers(0, T // 2, B), rng.integers(T // 2, T, B)
    x[rows, first, 1] = x[rows, second, 1] = 1
    y = x[rows, first, 0] + x[rows, second, 0]  # (B,)
    return x, y[:, np.newaxis]


def baseline(T: int) -> float:
    """いつも 1 と答えたときの平均二乗誤差 1/6（T によりません）。"""
    require_positive_int("T", T, MIN_T)
    return 1 / 6


def is_solved(metric: float, T: int) -> bool:
    """平均二乗誤差 metric が 0.01 未満（誤差の大きさで 0.1 未満）なら、解けたとします。"""
    require_positive_int("T", T, MIN_T)
    return require_number("metric", metric) < 0.01
