"""演習: 打ち切りを捨てずに、核のできる速さを求めます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def right(time, happened):
    return sum(happened) / sum(time)


def waited(time, happened):
    "起きた軌跡の待ち時間だけ。"
    return [t for t, h in zip(time, happened, strict=True) if h]


WRONG = (
    Wrong(
        lambda time, happened: (
            len(waited(time, happened)) / sum(waited(time, happened))
        ),
        "起きなかった軌跡の待った時間を捨てています。速すぎる値になります。",
    ),
    Wrong(
        lambda time, happened: len(time) / sum(time),
        "起きなかった軌跡まで、起きたと数えています。",
    ),
    Wrong(
        lambda time, happened: sum(time) / sum(happened),
        "分子と分母が逆です。速さの単位は、時間の逆数です。",
    ),
    Wrong(
        lambda time, happened: float(np.mean(happened)) / max(time),
        "起きた割合を、いちばん長い時間で割っています。待った時間は、軌跡ごとに違います。",
    ),
)


def examine(answer: Callable) -> str:
    compare_runs(
        answer,
        right,
        [
            {"time": [2.0, 5.0, 10.0], "happened": [True, True, False]},
            {"time": [1.0, 8.0, 8.0, 8.0], "happened": [True, False, False, False]},
            {"time": [3.0, 4.0, 6.0, 9.0], "happened": [False, True, True, True]},
        ],
        wrong=WRONG,
        hint="起きた数を、すべての軌跡が待った時間の合計で割ります。",
    )
    return "一つも起きなければ、この値は 0 です。それでも「遅い」としか言えないので、区間の上の端を添えます。"


STUB = '''def my_rate(time, happened):
    """核のできる速さ λ を返す。time は待った時間、happened は起きたか。"""
    ...  # ここを書き換えます
'''

EXERCISE = Exercise(
    title="打ち切りを捨てない速さ",
    kind="書く",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
`time` は、軌跡ごとに待った時間（τ）、`happened` は、結晶になった（真）か、記録が終わった（偽）かです。核のできる速さ $\\lambda$（1/τ）が時刻によらないとして、$\\lambda$ を返してください。
""",
    stub=STUB,
    hints=(
        "結晶にならなかった軌跡も、「少なくともここまで待った」という情報を持っています。",
        "分子は起きた数、分母は待った時間の合計です。",
        "`sum(happened)` は、真の数を数えます。",
    ),
    solution='''def my_rate(time, happened):
    """核のできる速さ λ を返す。time は待った時間、happened は起きたか。"""
    return sum(happened) / sum(time)  # λ = k / Σt
''',
    compare="本書の `rate` は、同じ値に、95 % の区間を添えて返します。",
    examine=examine,
    wrong=WRONG,
)
