"""演習: 0 MPa での零点合わせのプログラムの誤り。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "ほかの試料を一つ足すと、この試料の零点を合わせた値まで変わります。"


def right(F, specimen, stress):
    F = np.asarray(F, float)
    specimen, stress = np.asarray(specimen), np.asarray(stress)
    out = F.copy()
    for name in np.unique(specimen):
        own = specimen == name
        out[own] -= F[own & (stress == 0)].mean(axis=0)
    return out


def all_zero(F, specimen, stress):
    F = np.asarray(F, float)
    return F - F[np.asarray(stress) == 0].mean(axis=0)


def whole_mean(F, specimen, stress):
    return right(F, specimen, np.zeros(len(F)))


def first_zero(F, specimen, stress):
    F = np.asarray(F, float)
    specimen, stress = np.asarray(specimen), np.asarray(stress)
    out = F.copy()
    for name in np.unique(specimen):
        own = specimen == name
        out[own] -= F[own & (stress == 0)][0]
    return out


WRONG = (
    Wrong(all_zero, SYMPTOM),
    Wrong(
        whole_mean,
        "その試料の、すべての応力の平均を引いています。応力の組が違う試料では、ずれます。",
    ),
    Wrong(
        first_zero,
        "0 MPa の、はじめの 1 バーストだけを引いています。その雑音が、すべての行に乗ります。",
    ),
    Wrong(
        lambda F, specimen, stress: right(F, specimen, stress) + np.mean(F, axis=0),
        "全体の平均を足し戻しています。",
    ),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(0)
    specimen = np.repeat(np.arange(3), 5)
    stress = np.tile([0.0, 100.0, 0.0, -50.0, 100.0], 3)
    compare_runs(
        answer,
        right,
        [
            {
                "F": [[1.0], [3.0], [7.0], [10.0], [12.0], [18.0]],
                "specimen": [1, 1, 1, 2, 2, 2],
                "stress": [0.0, 0.0, 100.0, 0.0, 50.0, 100.0],
            },
            {
                "F": rng.normal(size=(15, 2)) + specimen[:, None],
                "specimen": specimen,
                "stress": stress,
            },
        ],
        wrong=WRONG,
        hint="0 MPa の行のうち、その試料のものだけを平均します。",
    )
    return "零点合わせは、試料ごとに閉じています。新しい試料が来ても、前の試料の値は変わりません。"


STUB = '''def my_calibrated(F, specimen, stress):
    """どの行からも、同じ試料の 0 MPa の行の平均を引いた (N, D) を返す。"""
    F, stress = np.asarray(F, float), np.asarray(stress)
    specimen, out = np.asarray(specimen), np.empty_like(F)
    for name in np.unique(specimen):
        own = specimen == name
        out[own] = F[own] - F[stress == 0].mean(axis=0)
    return out
'''

EXERCISE = Exercise(
    title="引いているのは、だれの 0 MPa か",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
`F` は特徴 $(N, D)$、`specimen` は試料の番号、`stress` は応力（MPa）です。試料ごとに 0 MPa で零点を合わせるプログラムに、誤りが一つあります。試料を一つ足したとき、ほかの試料の値がどうなるはずかを考えてから、`check` を実行してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "繰り返しの中で、試料によって変わるものと、変わらないものを見ます。",
        "`F[stress == 0]` に入るのは、どの試料の行ですか。",
        "`own & (stress == 0)` の行を平均します。",
    ),
    solution=STUB.replace("F[stress == 0]", "F[own & (stress == 0)]"),
    compare="本書の実験は、試料 × 応力 × バーストの配列にして、0 MPa の面を引きます。",
    examine=examine,
    wrong=WRONG,
)
