"""演習: 周期境界の箱で、距離を測りまちがえたプログラム。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = (
    "箱の端で向かい合う二つの原子が、ほとんど箱の一辺だけ離れていることになります。"
)


def distance(shift: Callable) -> Callable:
    """d から箱の何倍を引くかを shift が決める距離。"""

    def answer(x, y, box):
        d = np.asarray(y) - np.asarray(x)
        d = d - box * shift(d / box)
        return float(np.sqrt((d**2).sum()))

    return answer


right = distance(np.rint)

WRONG = (
    Wrong(distance(np.floor), SYMPTOM),
    Wrong(
        distance(np.zeros_like),
        "周期境界を見ていません。箱の向こうの写しのほうが近いことがあります。",
    ),
    Wrong(
        distance(np.ceil),
        "差を、いつも負の側に移しています。符号の違う差で、遠い写しになります。",
    ),
    Wrong(
        lambda x, y, box: right(x, y, box) ** 2,
        "距離の二乗です。平方根を取ります。",
    ),
)


def examine(answer: Callable) -> str:
    compare_runs(
        answer,
        right,
        [
            {"x": [1.0, 2.0, 9.0], "y": [0.5, 4.0, 1.0], "box": 10.0},
            {"x": [0.2, 0.1, 3.0], "y": [5.8, 5.0, 2.5], "box": 6.0},
            {"x": [1.0, 1.0, 1.0], "y": [2.0, 0.0, 3.5], "box": 8.0},
        ],
        wrong=WRONG,
        hint="差のそれぞれを、いちばん近い写しまで移します。−box/2 から box/2 の間です。",
    )
    return "差を丸めて引くと、どの成分も −box/2 から box/2 の間に入ります。これより遠くまで見る計算には、使えません。"


STUB = '''def my_distance(x, y, box):
    """一辺 box の周期境界で、原子 x と y のいちばん近い距離を返す。"""
    d = np.asarray(y) - np.asarray(x)
    d = d - box * np.floor(d / box)
    return np.sqrt((d**2).sum())
'''

EXERCISE = Exercise(
    title="箱の向こうの隣",
    kind="誤りを探す",
    difficulty=2,
    importance=3,
    minutes=10,
    text="""
周期境界では、箱の右の端を出た原子は、左の端から入ります。二つの原子の距離は、箱の向こうの写しも含めて、いちばん近いものです。位置 `x` と `y`（それぞれ三つの数）と箱の一辺 `box` から、距離を返すプログラムに、誤りが一つあります。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "`x = [0.5, 0, 0]`、`y = [0.2, 0, 0]`、`box = 10` で、距離はいくつのはずですか。",
        "差 −0.3 は、そのままでよいのに、9.7 に移されます。",
        "`np.floor` ではなく、いちばん近い整数にする `np.rint` を使います。",
    ),
    solution=STUB.replace("np.floor", "np.rint"),
    compare="本書の `order` も、差に同じ `np.rint` を使います。隣を漏らすと、$Q_6$ は静かに小さくなります。",
    examine=examine,
    wrong=WRONG,
)
