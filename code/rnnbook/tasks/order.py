"""順序（temporal order）: 離れた二つの記号が、どの順に現れたかを答える問題（第 3 章）。

はじめは E、終わりは B、間は a, b, c, d のどれかです。ただし二か所だけ X か Y になります。
一か所めは T/10 から 2T/10 の間、二か所めは 5T/10 から 6T/10 の間です。
答えは XX, XY, YX, YY の四通り（順に 0, 1, 2, 3）です。

記憶なしの正解率: 最後に見えるのはいつも B で、答えについて何も教えません。
四つの答えは同じ確率なので、どう答えても P(正解) = 1/4。
二つの記号の片方だけを覚えているなら 1/2 です。

論文: Hochreiter, S. & Schmidhuber, J. (1997). Neural Computation 9, 1735-1780（実験 6a。
      長さは 100 から 110、X と Y は時刻 10-20 と 50-60。ここでは長さ T に比例させます）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_generator, require_number, require_positive_int

SYMBOLS = ("E", "B", "a", "b", "c", "d", "X", "Y")
ANSWERS = ("XX", "XY", "YX", "YY")
D = len(SYMBOLS)  # 入力の次元（記号ごとに一つ）
O = len(ANSWERS)  # 出力の次元
OUTPUT = "class"  # 最後に一つの答えを選ぶ
METRIC = "accuracy"
MIN_T = 10


def batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """新しい系列を B 本作ります。one-hot の入力 x (B, T, 8) と答え y (B,)。

    例:
        >>> x, y = batch(np.random.default_rng(0), B=1, T=12)
        >>> "".join(SYMBOLS[k] for k in x[0].argmax(axis=1)), ANSWERS[y[0]]
        ('EcYbbaaYadcB', 'YY')
    """
    require_generator("rng", rng)
    B, T = require_positive_int("B", B), require_positive_int("T", T, MIN_T)
    ids = rng.integers(2, 6, (B, T))  # a, b, c, d
    ids[:, 0], ids[:, -1] = SYMBOLS.index("E"), SYMBOLS.index("B")
    rows = np.arange(B)
    first = rng.integers(T // 10, 2 * T // 10 + 1, B)
    second = rng.integers(5 * T // 10, 6 * T // 10 + 1, B)
    is_y = rng.integers(0, 2, (B, 2))  # X なら 0、Y なら 1
    ids[rows, first] = SYMBOLS.index("X") + is_y[:, 0]
    ids[rows, second] = SYMBOLS.index("X") + is_y[:, 1]
    return np.eye(D)[ids], 2 * is_y[:, 0] + is_y[:, 1]  # (B, T, 8), (B,)


def baseline(T: int) -> float:
    """記憶なしの正解率 1/4（T によりません）。"""
    require_positive_int("T", T, MIN_T)
    return 1 / 4


def is_solved(metric: float, T: int) -> bool:
    """正解率 metric が 0.99 以上なら、解けたとします。"""
    require_positive_int("T", T, MIN_T)
    return require_number("metric", metric) >= 0.99
