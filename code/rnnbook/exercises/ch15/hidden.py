"""演習: 隠した点が、隠れたままになるプログラム。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "後ろの区間ほど、大きな値が付きます。前に隠した点が、隠れたままです。"


def masked(keep: bool = False, sign: float = 1.0, zero: bool = False):
    def answer(w, x, baseline, width):
        w, x, x0 = (np.asarray(v, dtype=float) for v in (w, x, baseline))
        x0 = 0 * x0 if zero else x0
        told, hidden = (w @ x) ** 2, x.copy()
        change = np.empty(len(x))
        for start in range(0, len(x), width):
            hidden = hidden if keep else x.copy()
            here = slice(start, start + width)
            hidden[here] = x0[here]
            change[here] = sign * (told - (w @ hidden) ** 2)
        return change

    return answer


right = masked()
WRONG = (
    Wrong(masked(keep=True), SYMPTOM),
    Wrong(
        masked(sign=-1.0),
        "符号が反対です。隠して答えが減れば、その点は答えを増やしていました。",
    ),
    Wrong(masked(zero=True), "0 で隠しています。baseline の値に替えます。"),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(1)
    names = ("w", "x", "baseline", "width")
    cases = [
        (np.array([1.0, 2, 1, 3]), np.array([1.0, 2, 3, 1]), np.full(4, 0.5), 2),
        (*rng.normal(size=(3, 7)), 3),
        (*rng.normal(size=(3, 6)), 1),
    ]
    compare_runs(
        answer,
        right,
        [dict(zip(names, case, strict=True)) for case in cases],
        wrong=WRONG,
        hint="どの区間でも、もとの x から始めて、その区間だけを替えます。",
        rtol=1e-9,
    )
    return (
        "隠す順で地図が変わるプログラムは、順を逆にして走らせると見つかります。"
        "正しい地図は、順によりません。"
    )


STUB = '''import numpy as np


def my_masking(w, x, baseline, width):
    """ŷ = (w·x)² の、隠す地図 (T,)。"""
    told = (w @ x) ** 2
    hidden, change = x.copy(), np.empty(len(x))
    for start in range(0, len(x), width):
        here = slice(start, start + width)
        hidden[here] = baseline[here]
        change[here] = told - (w @ hidden) ** 2
    return change
'''

EXERCISE = Exercise(
    title="隠したものを、戻したか",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
モデルは $\\hat y = (w \\cdot x)^2$ です。`width` 点ずつを `baseline` に替え、答えが減った分を地図にします。次のプログラムに、誤りが一つあります。`x` の並びを逆にしたら、地図はどうなるはずかを考えてから、`check` を実行してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "二つめの区間を隠すとき、一つめの区間はどうなっていますか。",
        "`hidden` は、一度しか `x` から写していません。",
        "`hidden = x.copy()` を、繰り返しの中に移します。",
    ),
    solution=STUB.replace(
        "    hidden, change = x.copy(), np.empty(len(x))\n",
        "    change = np.empty(len(x))\n",
    ).replace(
        "        hidden[here] =", "        hidden = x.copy()\n        hidden[here] ="
    ),
    compare="本書の `masking` も、区間ごとに `x` を写し直します。",
    examine=examine,
    wrong=WRONG,
)
