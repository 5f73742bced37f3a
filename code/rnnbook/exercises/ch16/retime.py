"""演習: 学習した線形の再帰を、別の刻みの測定に使います。"""

from __future__ import annotations

import math
from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def retimed(old_s: float = 1e-3, power: Callable = lambda ratio: ratio) -> Callable:
    """もとの刻み（ms）に old_s を掛けて秒にし、a を power(新しい刻み / もとの刻み) 乗する計算。"""

    def answer(a, step_ms, new_step_s):
        step = step_ms * old_s
        return -step / math.log(a), a ** power(new_step_s / step)

    return answer


right = retimed()
WRONG = (
    Wrong(
        retimed(old_s=1.0),
        "ms と s が混ざっています。もとの刻みを秒に直してから、比をとります。",
    ),
    Wrong(
        retimed(power=lambda ratio: 1 / ratio),
        "刻みの比が逆です。刻みが長いほど、一歩で残る割合は小さくなります。",
    ),
    Wrong(
        lambda a, step_ms, new_step_s: (
            right(a, step_ms, new_step_s)[0],
            1 - (1 - a) * new_step_s / (step_ms * 1e-3),
        ),
        "忘れる割合を、刻みに比例させています。残る割合は、掛け算で減ります。",
    ),
    Wrong(
        lambda a, step_ms, new_step_s: (
            right(a, step_ms, new_step_s)[0] * math.log(2),
            right(a, step_ms, new_step_s)[1],
        ),
        "半分になる時間を返しています。時定数は、1/e になる時間です。",
    ),
    Wrong(
        lambda a, step_ms, new_step_s: (right(a, step_ms, new_step_s)[0], a),
        "a がもとの刻みのままです。",
    ),
)


def examine(answer: Callable) -> str:
    cases = [(0.9, 500.0, 2.0), (0.99, 20.0, 0.05), (0.5, 1000.0, 0.25)]
    compare_runs(
        answer,
        right,
        [
            dict(zip(("a", "step_ms", "new_step_s"), case, strict=True))
            for case in cases
        ],
        wrong=WRONG,
        hint="a = exp(−Δ/τ) を τ について解き、新しい Δ を入れます。",
        returns=("tau", "new_a"),
        rtol=1e-6,
    )
    tau, a = right(0.9, 500.0, 2.0)
    return (
        f"0.5 s 刻みの a = 0.9 は、時定数 {tau:.1f} s です。2 s 刻みなら a = {a:.2f} で、"
        "学習し直さなくても、同じ物理の時間で忘れます。一つ前の h をゲートで見る GRU や LSTM の"
        "一歩には、この直し方がありません（minGRU なら、1 − z を同じように累乗できます）。"
    )


STUB = '''import numpy as np


def my_retime(a, step_ms, new_step_s):
    """時定数 τ（s）と、新しい刻みでの a を返す。"""
    ...  # ここを書き換えます
'''

EXERCISE = Exercise(
    title="刻みの違う温度計に、移す",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=15,
    text="""
炉の温度を `step_ms`（ms）ごとに測り、線形の再帰 $h_t = a h_{t-1} + (1-a) x_t$ を学習しました。$a$ は 0 と 1 の間の数です。連続の時間では $\\tau\\, dh/dt = x - h$ で、$a = e^{-\\Delta/\\tau}$ です（$\\Delta$ は刻み、$\\tau$ は時定数）。これを `new_step_s`（s）ごとに測る別の温度計に使います。時定数 $\\tau$（s）と、新しい刻みでの $a$ を、この順の組で返してください。
""",
    stub=STUB,
    hints=(
        "刻みの単位をそろえます。1 s は 1000 ms です。",
        "$\\tau = -\\Delta/\\ln a$ です。",
        "新しい $a$ は `np.exp(-new_step_s / tau)` です。",
    ),
    solution='''import numpy as np


def my_retime(a, step_ms, new_step_s):
    """時定数 τ（s）と、新しい刻みでの a を返す。"""
    step_s = step_ms / 1000  # s
    tau = -step_s / np.log(a)  # s
    return tau, np.exp(-new_step_s / tau)
''',
    compare="$\\tau$ を経由しても、$a$ を刻みの比で累乗しても、同じ数になります。",
    examine=examine,
    wrong=WRONG,
)
