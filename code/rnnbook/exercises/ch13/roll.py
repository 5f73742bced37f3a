"""演習: 一枚先の式を、続けて使います。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def rolled(read: Callable) -> Callable:
    """read(z, told, u, t) が返す、いまの値と温度から進める計算。"""

    def answer(z, u, seen, rate):
        told = []
        for t in range(seen - 1, len(u) - 1):
            now, target = read(z, told, u, t)
            told.append(now + rate * (target - now))
        return np.array(told)

    return answer


right = rolled(lambda z, told, u, t: (told[-1] if told else z[t], u[t + 1]))

WRONG = (
    Wrong(
        rolled(lambda z, told, u, t: (z[t], u[t + 1])),
        "いつも本当の値から進めています。使うときには、見た枚数より先の値はありません。",
    ),
    Wrong(
        rolled(lambda z, told, u, t: (told[-1] if told else z[t], u[t])),
        "いまの温度を使っています。次の値は、次の温度で決まります。",
    ),
    Wrong(
        rolled(lambda z, told, u, t: (told[-1] if told else z[0], u[t + 1])),
        "はじめの一枚から進めています。見た最後の一枚から進めます。",
    ),
    Wrong(
        lambda z, u, seen, rate: right(z, u, seen, rate)[:-1],
        "答えが一枚足りません。温度のある終わりの一枚まで進めます。",
    ),
)


def examine(answer: Callable) -> str:
    z = np.array([1.0, 3.0, 2.0, 7.0, 4.0, 9.0])
    u = np.array([0.0, 5.0, 8.0, 2.0, 6.0, 1.0])
    compare_runs(
        answer,
        right,
        [
            {"z": z, "u": u, "seen": 2, "rate": 0.5},
            {"z": z, "u": u, "seen": 3, "rate": 0.2},
        ],
        wrong=WRONG,
        hint="いまの値を一つの変数に持ち、一枚ごとに書き換えます。",
    )
    return "予測が次の入力になるので、はじめの一枚の誤りは、終わりまで残ります。"


STUB = '''def my_roll(z, u, seen, rate):
    """見た z[:seen] の続きを、温度 u の終わりまで予測した配列を返す。

    一枚先は、いまの値 + rate × (次の温度 − いまの値)。
    """
    ...  # ここを書き換えます
'''

EXERCISE = Exercise(
    title="続けて予測する",
    kind="書く",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
`z` は得点の系列（一枚に一つの数）、`u` は温度の系列で、長さは同じです。はじめの `seen` 枚だけを見て、残りを続けて予測してください。一枚先の式は $\\hat z_{t+1} = \\hat z_t + \\mathrm{rate}\\,(u_{t+1} - \\hat z_t)$ です。予測は、次の予測の入力になります。
""",
    stub=STUB,
    hints=(
        "はじめの「いまの値」は、見た最後の一枚 `z[seen - 1]` です。",
        "繰り返しは `for t in range(seen - 1, len(u) - 1)` です。",
        "`now = now + rate * (u[t + 1] - now)` を、答えの列に足していきます。",
    ),
    solution='''def my_roll(z, u, seen, rate):
    """見た z[:seen] の続きを、温度 u の終わりまで予測した配列を返す。

    一枚先は、いまの値 + rate × (次の温度 − いまの値)。
    """
    now, told = z[seen - 1], []
    for t in range(seen - 1, len(u) - 1):
        now = now + rate * (u[t + 1] - now)
        told.append(now)
    return np.array(told)
''',
    compare="本書の `roll` は、同じ繰り返しの前に、見た枚数を読んで隠れ状態を作ります。",
    examine=examine,
    wrong=WRONG,
)
