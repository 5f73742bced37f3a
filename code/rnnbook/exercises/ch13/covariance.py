"""演習: 平均を引かない自己共分散。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "濃度に同じ数を足すと、値が変わります。"


def right(c, d):
    off = c - c.mean()
    return np.mean(off * np.roll(off, d))


def broken(c, d):
    return np.mean(c * np.roll(c, d))


WRONG = (
    Wrong(broken, SYMPTOM),
    Wrong(
        lambda c, d: right(c, d) / right(c, 0),
        "分散で割っています。それは自己相関で、組織の濃さが消えます。",
    ),
    Wrong(
        lambda c, d: np.mean((c - c.mean()) * c),
        "ずらしていません。",
    ),
    Wrong(
        lambda c, d: np.sum((c - c.mean()) * np.roll(c - c.mean(), d)) / (len(c) - 1),
        "点の数より一つ少ない数で割っています。ここでは、点の数で割ります。",
    ),
    Wrong(
        lambda c, d: np.mean((c - c.mean())[d:] * (c - c.mean())[:-d]),
        "端を切っています。列の端はつながっているので、どの点にも相手があります。",
    ),
    Wrong(
        lambda c, d: np.sum((c - c.mean()) * np.roll(c - c.mean(), d)),
        "和のままです。点の数で割って、平均にします。",
    ),
)


def examine(answer: Callable) -> str:
    c = np.array([2.0, 5.0, 1.0, 4.0, 9.0, 3.0])
    compare_runs(
        answer,
        right,
        [{"c": c, "d": 1}, {"c": c, "d": 2}, {"c": 10 + c, "d": 1}],
        wrong=WRONG,
        hint="`c` から、平均を引いてから掛けます。",
    )
    return "濃度に同じ数を足しても、自己共分散は変わりません。照明の明るさが違う画像でも、同じ組織なら同じ値です。"


STUB = '''def my_autocovariance(c, d):
    """端のつながった一列の濃度 c の、d だけ離れた二点の自己共分散。"""
    return np.mean(c * np.roll(c, d))
'''

EXERCISE = Exercise(
    title="明るい画像ほど、相関が強い？",
    kind="誤りを探す",
    difficulty=1,
    importance=2,
    minutes=10,
    text="""
`c` は一列に並んだ濃度で、端はつながっています。`d` だけ離れた二点の自己共分散を計算するプログラムに、誤りが一つあります。すべての濃度に同じ数を足したとき、値がどうなるはずかを考えてから、`check` を実行してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "(13.2) の式と、一文字ずつ見比べます。",
        "式の $\\bar c$ は、プログラムのどこにありますか。",
        "`off = c - c.mean()` を作り、`c` の代わりに使います。",
    ),
    solution='''def my_autocovariance(c, d):
    """端のつながった一列の濃度 c の、d だけ離れた二点の自己共分散。"""
    off = c - c.mean()
    return np.mean(off * np.roll(off, d))
''',
    compare="本書の `autocovariance` は、すべてのずらしを Fourier 変換で一度に計算します。",
    examine=examine,
    wrong=WRONG,
)
