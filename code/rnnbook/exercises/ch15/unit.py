"""演習: √計数あたりの地図を、1000 計数あたりの % に直します。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def right(per_root, counts):
    return 1000 * np.asarray(per_root) / (2 * np.sqrt(counts))


WRONG = (
    Wrong(
        lambda g, n: 1000 * np.asarray(g) / np.sqrt(n),
        "√n の微分は 1/(2√n) です。2 が抜けています。",
    ),
    Wrong(
        lambda g, n: 1000 * np.asarray(g) * 2 * np.sqrt(n),
        "掛けています。計数が 1 増えたとき、√計数は 1/(2√n) だけ増えます。",
    ),
    Wrong(
        lambda g, n: np.asarray(g) / (2 * np.sqrt(n)),
        "1 計数あたりのままです。1000 計数あたりにします。",
    ),
    Wrong(
        lambda g, n: 1000 * np.asarray(g) / (2 * np.asarray(n)),
        "計数そのもので割っています。割るのは √計数です。",
    ),
)


def examine(answer: Callable) -> str:
    compare_runs(
        answer,
        right,
        [
            {"per_root": np.array([0.02, -0.05]), "counts": np.array([100.0, 2500.0])},
            {"per_root": np.array([0.4]), "counts": np.array([4000.0])},
        ],
        wrong=WRONG,
        hint="計数 n が 1 増えると、√n は 1/(2√n) だけ増えます。",
        rtol=1e-9,
    )
    return (
        "同じ √計数あたりの値でも、計数の多いピークでは小さく、少ない裾では大きくなり"
        "ます。目盛りを書かない地図は、読めません。"
    )


EXERCISE = Exercise(
    title="地図の目盛りを、計数に直す",
    kind="材料",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
モデルの入力は $\\sqrt{n}$（$n$ は計数）です。`per_root` は √計数あたりの勾配の地図（%）、`counts` はその点の計数です。どちらも $(T,)$ の配列です。同じ地図を、**1000 計数あたりの %** に直して返してください。
""",
    stub='''import numpy as np


def my_per_thousand(per_root, counts):
    """√計数あたりの地図（%）を、1000 計数あたりの地図（%）に直す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "$\\partial\\hat y/\\partial n = \\partial\\hat y/\\partial\\sqrt n \\cdot \\partial\\sqrt n/\\partial n$ です。",
        "$\\partial\\sqrt n/\\partial n = 1/(2\\sqrt n)$ です。",
        "`1000 * per_root / (2 * np.sqrt(counts))` です。",
    ),
    solution='''import numpy as np


def my_per_thousand(per_root, counts):
    """√計数あたりの地図（%）を、1000 計数あたりの地図（%）に直す。"""
    return 1000 * per_root / (2 * np.sqrt(counts))
''',
    compare="本書の `saliency` では、同じことを `unit=1 / (2 * x)` と書きます。",
    examine=examine,
    wrong=WRONG,
)
