"""演習: 勾配が必ず消えると言い切れるか。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.cells.initial import spectral_radius
from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

THRESHOLD = "境目は $1/\\gamma$ です。シグモイド関数の γ は 1/4 なので、$\\sigma_{\\max}$ が 4 より小さければ言い切れます。"
WRONG = (
    Wrong(
        lambda W_hh, gamma: bool(np.linalg.norm(W_hh) < 1 / gamma),
        "フロベニウスノルム（`np.linalg.norm(W)` の既定）で判定していませんか。最大の特異値は `np.linalg.norm(W, 2)` です。",
    ),
    Wrong(
        lambda W_hh, gamma: bool(spectral_radius(W_hh) < 1 / gamma),
        "固有値（スペクトル半径）で判定していませんか。一歩の伸びの上限は、最大の特異値です。",
    ),
    Wrong(lambda W_hh, gamma: bool(np.linalg.norm(W_hh, 2) < 1), THRESHOLD),
    Wrong(lambda W_hh, gamma: bool(np.linalg.norm(W_hh, 2) < gamma), THRESHOLD),
    Wrong(
        lambda W_hh, gamma: False,
        "言い切れる行列もあります。一歩ごとに必ず縮むのは、どんなときですか。",
    ),
    Wrong(
        lambda W_hh, gamma: np.linalg.norm(W_hh, 2),
        "True か False が要りますが、float64 が返されました。",
    ),
)


def right(W_hh: np.ndarray, gamma: float) -> bool:
    return bool(gamma * np.linalg.norm(W_hh, 2) < 1)


def examine(answer: Callable) -> str:
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])  # 回転。特異値はどちらも 1
    # 間違いの一つ一つが、どこかで正しい答えと分かれます
    cases = [
        (0.1 * turn, 1.0),  # いつも False では合いません
        (np.array([[0.5, 3.0], [0.0, 0.5]]), 1.0),  # 固有値では True
        (0.9 * turn, 1.0),  # フロベニウスノルムは 1 を超えます
        (np.array([[2.5, 0.0], [0.0, 2.5]]), 0.25),  # 境目は 4
        (np.array([[4.4, 0.0], [0.0, 4.4]]), 0.25),
        (np.array([[0.5, 9.0], [0.0, 0.5]]), 0.25),
    ]
    compare_runs(
        answer,
        right,
        [{"W_hh": W_hh, "gamma": gamma} for W_hh, gamma in cases],
        wrong=WRONG,
        hint="一歩の倍率の上限は $\\gamma\\,\\sigma_{\\max}$ です。これが 1 より小さければ、言い切れます。",
    )
    return "False は「消えない」ではありません。この条件だけでは決まらない、という意味です。"


EXERCISE = Exercise(
    title="必ず消えると言い切れるか",
    kind="書く",
    difficulty=1,
    importance=2,
    minutes=10,
    text="""
$W_{hh}$ と $\\gamma$ が与えられます。(2.6) から「どんな入力でも必ず消える」と言い切れるなら `True`、言い切れないなら `False` を返してください。
""",
    stub='''def my_must_vanish(W_hh, gamma):
    """W_hh (H, H) と活性化関数の微分の最大値 gamma から、真偽を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "一歩ごとに必ず縮むなら、何歩でも必ず縮みます。一歩の伸びの上限を決める数は、どれでしたか。",
        "(2.5) の上限は $(\\gamma\\,\\sigma_{\\max})^{T-t}$ です。$\\sigma_{\\max}$ は固有値ではなく特異値です。",
        "最大の特異値は `np.linalg.norm(W_hh, 2)` です。これを $1/\\gamma$ と比べます。",
    ),
    solution='''def my_must_vanish(W_hh, gamma):
    """W_hh (H, H) と活性化関数の微分の最大値 gamma から、真偽を返す。"""
    largest = np.linalg.norm(W_hh, 2)  # 最大の特異値
    return bool(largest < 1 / gamma)
''',
    compare="比べた数が特異値か固有値か、境目に $\\gamma$ が入っているかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
