"""演習: 積分した勾配を、微分の分かるモデルで書きます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def integrated(shift: float, start: float = 1.0, times: bool = True, share: int = 1):
    """点 (k + shift)/steps での勾配を足す計算。start は基準に掛ける数です。"""

    def answer(w, x, baseline, steps):
        w, x, x0 = (np.asarray(v, dtype=float) for v in (w, x, baseline))
        total = np.zeros_like(x)
        for k in range(steps):
            z = start * x0 + (k + shift) / steps * (x - start * x0)
            total += (w @ z) ** 2 * w
        return ((x - x0) if times else 1) * total / (steps if share else 1)

    return answer


right = integrated(0.5)
WRONG = (
    Wrong(
        integrated(0.0),
        "区間の左端で勾配を取っています。真ん中 (k + 1/2)/steps で取ります。",
    ),
    Wrong(
        integrated(0.5, times=False),
        "勾配の平均のままです。(x − baseline) を掛けます。",
    ),
    Wrong(
        integrated(0.5, share=0),
        "勾配を足しただけです。steps で割って、平均にします。",
    ),
    Wrong(
        integrated(0.5, start=0.0),
        "道が 0 から始まっています。baseline から始めます。",
    ),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(0)
    names = ("w", "x", "baseline", "steps")
    cases = [
        (np.array([1.0, 2.0]), np.array([3.0, 1.0]), np.array([1.0, 0.5]), 2),
        *((*rng.normal(size=(3, 5)), steps) for steps in (3, 20)),
    ]
    compare_runs(
        answer,
        right,
        [dict(zip(names, case, strict=True)) for case in cases],
        wrong=WRONG,
        hint="道の点 z で勾配 (w·z)² w を求め、平均し、(x − baseline) を掛けます。",
        rtol=1e-9,
    )
    return (
        "steps を増やすと、和は ŷ(x) − ŷ(baseline) に近づきます。地図を描く前に、"
        "この差を確かめます。"
    )


EXERCISE = Exercise(
    title="道に沿って、勾配を足す",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
モデルは $\\hat y = (w \\cdot x)^3/3$ です。勾配は $\\partial\\hat y/\\partial x = (w \\cdot x)^2 w$ です。`w`、`x`、`baseline` は $(T,)$ の配列です。`baseline` から `x` への直線を `steps` 個の区間に分け、区間の真ん中で勾配を取り、式 (15.2) の積分した勾配を $(T,)$ の配列で返してください。
""",
    stub='''import numpy as np


def my_integrated(w, x, baseline, steps):
    """積分した勾配 (T,)。道を steps 個に分け、真ん中で勾配を取る。"""
    ...  # ここを書き換えます
''',
    hints=(
        "k 番目の区間の真ん中は `z = baseline + (k + 0.5) / steps * (x - baseline)` です。",
        "z での勾配は `(w @ z) ** 2 * w` です。",
        "勾配を足して `steps` で割り、`(x - baseline)` を掛けます。",
    ),
    solution='''import numpy as np


def my_integrated(w, x, baseline, steps):
    """積分した勾配 (T,)。道を steps 個に分け、真ん中で勾配を取る。"""
    total = np.zeros(len(x))
    for k in range(steps):
        z = baseline + (k + 0.5) / steps * (x - baseline)
        total += (w @ z) ** 2 * w  # z での勾配
    return (x - baseline) * total / steps
''',
    compare="本書の `integrated_gradients` は、勾配を手で書かず、autograd に求めさせます。",
    examine=examine,
    wrong=WRONG,
)
