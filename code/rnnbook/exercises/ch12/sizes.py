"""演習: 波形から、雪崩の大きさを数えます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs
from rnnbook.materials.barkhausen import avalanches


def right(v, threshold, dt):
    return avalanches(np.asarray(v, float)[None], threshold, dt).size


def runs(v, threshold):
    """しきい値を続けて超える区間の、番号の組。"""
    found, now = [], []
    for k, value in enumerate(v):
        if value > threshold:
            now.append(k)
        elif now:
            found.append(now)
            now = []
    return [*found, now] if now else found


def summed(pick: Callable) -> Callable:
    """pick(区間, v, threshold, dt) を、端の雪崩も含めて並べる計算。"""

    def answer(v, threshold, dt):
        v = np.asarray(v, float)
        return np.array([pick(run, v, threshold, dt) for run in runs(v, threshold)])

    return answer


def from_the_start(v, threshold, dt):
    """はじめの点を含む区間も数え、終わりの点を含む区間だけを除く。"""
    ended = [run for run in runs(v, threshold) if run[-1] < len(v) - 1]
    return np.array([np.asarray(v, float)[run].sum() * dt for run in ended])


def one_early(v, threshold, dt):
    """変わる所の番号を、一つ手前のまま使う。"""
    whole = [run for run in runs(v, threshold) if run[0] > 0 and run[-1] < len(v) - 1]
    v = np.asarray(v, float)
    return np.array([v[run[0] - 1 : run[-1]].sum() * dt for run in whole])


WRONG = (
    Wrong(from_the_start, "はじめの点を含む区間が残っています。始まりを見ていません。"),
    Wrong(
        one_early,
        "足す区間が、一点ずつ手前にずれています。np.diff の番号は、変わる手前の点です。",
    ),
    Wrong(
        summed(lambda run, v, threshold, dt: v[run].sum() * dt),
        "記録の端で切れた雪崩も数えています。本当の大きさは分かりません。",
    ),
    Wrong(
        lambda v, threshold, dt: right(v, threshold, 1.0),
        "刻み dt を掛けていません。大きさは、速さを時間で積んだものです。",
    ),
    Wrong(
        lambda v, threshold, dt: avalanches(np.asarray(v, float)[None], threshold, dt)[
            1
        ],
        "返しているのは長さ（時間）です。大きさは、その間の v の和です。",
    ),
    Wrong(
        lambda v, threshold, dt: right(np.asarray(v, float) - threshold, 0.0, dt),
        "しきい値を引いてから足しています。この章の大きさは、v そのものの和です。",
    ),
)


def examine(answer: Callable) -> str:
    compare_runs(
        answer,
        right,
        [
            {
                "v": np.array([5.0, 0.0, 2.0, 3.0, 0.5, 4.0, 0.0, 9.0]),
                "threshold": 1.0,
                "dt": 0.5,
            },
            {
                "v": np.array([0.0, 2.0, 0.2, 7.0, 6.0, 1.5, 0.0]),
                "threshold": 0.25,
                "dt": 0.1,
            },
            {
                "v": np.array([3.0, 0.0, 1.5, 1.25, 0.0, 0.5]),
                "threshold": 0.4,
                "dt": 2.0,
            },
        ],
        wrong=WRONG,
        hint="しきい値を下から超える点と、上から下がる点を探し、その間の v を足して dt を掛けます。",
    )
    return (
        "長い雪崩ほど端に掛かります。端の雪崩を数えると指数は小さいほうへ、除くと大きいほうへ偏り、"
        "記録を長くすると、どちらの偏りも減ります。"
    )


STUB = '''def my_sizes(v, threshold, dt):
    """v (T,) の、threshold を続けて超える区間の大きさを、現れた順に返す。

    大きさは、区間の v の和に dt を掛けたもの。記録の端に触れる区間は除く。
    """
    ...  # ここを書き換えます
'''

EXERCISE = Exercise(
    title="雪崩を数える",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
磁壁の速さ `v` から、雪崩の大きさを求めてください。雪崩は、`threshold` より大きい点が続く区間です。大きさは、区間の `v` の和に刻み `dt` を掛けたものです。はじめの点か終わりの点を含む区間は、途中で切れているので除きます。
""",
    stub=STUB,
    hints=(
        "`v > threshold` の真偽が変わる所が、雪崩の始まりと終わりです。",
        "`np.diff((v > threshold).astype(int))` は、始まりの手前で 1、終わりで −1 です。",
        "一点ずつ見て、超えている間は足し、下がったら並べて 0 に戻しても書けます。はじめの区間と終わりの区間に気を付けます。",
    ),
    solution='''def my_sizes(v, threshold, dt):
    """v (T,) の、threshold を続けて超える区間の大きさを、現れた順に返す。

    大きさは、区間の v の和に dt を掛けたもの。記録の端に触れる区間は除く。
    """
    sizes, total, start = [], 0.0, None
    for k, value in enumerate(v):
        if value > threshold:
            start = k if start is None else start
            total += value
        else:
            if start is not None and start > 0:
                sizes.append(total * dt)
            total, start = 0.0, None
    return np.array(sizes)
''',
    compare="本書の `avalanches` は、和の差から一度に求めます。端の区間を除くのは同じです。",
    examine=examine,
    wrong=WRONG,
)
