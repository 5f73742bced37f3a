"""演習: 勾配が必ず消えると言い切れるか。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.check import Exercise, NotYet, call

GROWS_FIRST = "固有値（スペクトル半径）で判定していませんか。一歩の伸びの上限は、最大の特異値です。"
THRESHOLD = "境目は $1/\\gamma$ です。シグモイドの γ は 1/4 なので、$\\sigma_{\\max}$ が 4 より小さければ言い切れます。"
FROBENIUS = "フロベニウスノルム（`np.linalg.norm(W)` の既定）で判定していませんか。最大の特異値は `np.linalg.norm(W, 2)` です。"


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(6)
    Q, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    cases = [
        (0.9 * Q, 1.0, FROBENIUS),  # フロベニウスノルムは 2 を超えます
        (1.1 * Q, 1.0, THRESHOLD),
        (np.array([[0.5, 3.0], [0.0, 0.5]]), 1.0, GROWS_FIRST),
        (3.0 * Q, 0.25, THRESHOLD),
        (4.4 * Q, 0.25, THRESHOLD),
        (np.array([[0.5, 9.0], [0.0, 0.5]]), 0.25, GROWS_FIRST),
        (np.array([[0.5, 3.0], [0.0, 0.5]]), 0.25, THRESHOLD),
    ]
    for W_hh, gamma, hint in cases:
        value = call(answer, W_hh.copy(), gamma)
        if not isinstance(value, (bool, np.bool_)):
            raise NotYet(
                f"True か False が要りますが、{type(value).__name__} が返されました。"
            )
        largest = np.linalg.norm(W_hh, 2)
        correct = bool(gamma * largest < 1)
        if value != correct:
            radius = abs(np.linalg.eigvals(W_hh)).max()
            raise NotYet(
                f"σ_max = {largest:.2f}、ρ = {radius:.2f}、γ = {gamma:g} で {bool(value)} になりました。正しくは {correct} です。",
                hint,
            )
    return "False は「消えない」ではありません。この条件だけでは決まらない、という意味です。"


VANISH = Exercise(
    title="必ず消えると言い切れるか",
    stub='''def my_must_vanish(W_hh, gamma):
    """W_hh (H, H) と、活性化関数の微分の最大値 gamma から、勾配が必ず消えると言い切れるなら True を返す。"""
    ...  # ここを書き換えます
''',
    solution='''def my_must_vanish(W_hh, gamma):
    """W_hh (H, H) と、活性化関数の微分の最大値 gamma から、勾配が必ず消えると言い切れるなら True を返す。"""
    largest = np.linalg.norm(W_hh, 2)  # 最大の特異値
    return largest < 1 / gamma
''',
    examine=examine,
)
