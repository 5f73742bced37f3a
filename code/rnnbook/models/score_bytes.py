"""点数を 1 バイトにします。しきい値のつまみが止まる所では、もとの点数と同じ警報になります（第 9 章の図）。

点数 s を、検証の点数の最大 M で割り、百分率の境目 EDGES のいくつを超えたかを数えます。

    b = #{ e ∈ EDGES : 100 s / M > e }

つまみが止まる割合 STOPS は、どれも境目なので、s > (e/100) M かどうかは、b だけで正しく決まります。
"""

from __future__ import annotations

import base64

import numpy as np

from rnnbook.arguments import require_array, require_number

# つまみが止まる、検証の最大に対する百分率
STOPS = (25, 30, 35, 40, 50, 60, 70, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400)  # fmt: skip
# 12 % から 3000 % まで、およそ 2 % 刻み
EDGES = tuple(sorted({round(100 * 2 ** (k / 32)) for k in range(-96, 158)} | {*STOPS}))


def pack(score: np.ndarray, most: float) -> str:
    """点数 (n,) を、一つ 1 バイトの base64 にします。most は検証の点数の最大 M です。

    例:
        >>> pack([0.0, 1.0, 2.0, 2.1], most=2.0)
        'ACZJTA=='
    """
    score = require_array("score", score, ("n",)).astype(float)
    most = require_number("most", most)
    if most <= 0:
        raise ValueError(f"引数 most は正の数です。{most} が渡されました。")
    levels = np.array(EDGES) / 100 * most
    # side="left" は、e M/100 < s の境目を数えます
    b = np.searchsorted(levels, score, side="left")
    return base64.b64encode(b.astype(np.uint8).tobytes()).decode("ascii")


def unpack(text: str) -> np.ndarray:
    """pack したものを、境目の番号 b (n,) に戻します。

    例:
        >>> unpack(pack([0.0, 1.0, 2.0, 2.1], most=2.0)).tolist()
        [0, 38, 73, 76]
    """
    return np.frombuffer(base64.b64decode(text), np.uint8).astype(int)


def is_over(b: np.ndarray, percent: int) -> np.ndarray:
    """番号 b の点数が、検証の最大の percent % を超えているか。percent は EDGES のどれかです。

    例:
        >>> is_over(unpack(pack([0.0, 1.0, 2.0, 2.1], most=2.0)), 100).tolist()
        [False, False, False, True]
    """
    if percent not in EDGES:
        raise ValueError(
            f"引数 percent は EDGES のどれかです。{percent} が渡されました。"
        )
    return np.asarray(b) > EDGES.index(percent)
