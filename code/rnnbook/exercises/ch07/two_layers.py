"""演習: 活性化関数のない二層。層を重ねても、一層の線形と同じです。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "返った値は、一つの行列 $W_1 W_2$ を掛けたものと同じです。層を重ねた意味がありません。"


def relu(a):
    return np.maximum(a, 0.0)


def right(x, W_1, b_1, W_2, b_2):
    return relu(x @ W_1 + b_1) @ W_2 + b_2


WRONG = (
    Wrong(lambda x, W_1, b_1, W_2, b_2: (x @ W_1 + b_1) @ W_2 + b_2, SYMPTOM),
    Wrong(
        lambda x, W_1, b_1, W_2, b_2: relu((x @ W_1 + b_1) @ W_2 + b_2),
        "活性化関数が、二つの層のあとにあります。あいだは、まだ一つの行列です。負の出力も出せません。",
    ),
    Wrong(
        lambda x, W_1, b_1, W_2, b_2: relu(x @ W_1) @ W_2 + b_2,
        "はじめの層のバイアス `b_1` が抜けています。どこで折れ曲がるかを決める値です。",
    ),
    Wrong(
        lambda x, W_1, b_1, W_2, b_2: relu(relu(x @ W_1 + b_1) @ W_2 + b_2),
        "終わりにも活性化関数があり、負の出力が 0 になります。",
    ),
    Wrong(
        lambda x, W_1, b_1, W_2, b_2: (relu(x) @ W_1 + b_1) @ W_2 + b_2,
        "活性化関数が、はじめの層の前にあります。二つの行列のあいだには、何もありません。",
    ),
)


def examine(answer: Callable) -> str:
    small = {
        "x": np.array([[1.0], [-1.0]]),
        "W_1": np.array([[1.0, -1.0]]),
        "b_1": np.array([0.5, -0.25]),
        "W_2": np.array([[1.0], [-2.0]]),
        "b_2": np.array([0.1]),
    }
    rng = np.random.default_rng(0)
    shapes = {"x": (5, 3), "W_1": (3, 8), "b_1": (8,), "W_2": (8, 3), "b_2": (3,)}
    wide = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    compare_runs(
        answer,
        right,
        [small, wide],
        wrong=WRONG,
        hint="`x @ W_1 + b_1` と `@ W_2` のあいだに、`np.maximum(…, 0)` を入れます。",
    )
    return (
        "活性化関数がなければ、何層重ねても一つの行列です。本書の Transformer では、ReLU の代わりに "
        "GELU が、同じ所に立ちます。"
    )


STUB = '''def my_feedforward(x, W_1, b_1, W_2, b_2):
    """語ごとの二層。x (T, E) から (T, E) を返す。"""
    hidden = x @ W_1 + b_1  # (T, 4E)
    return hidden @ W_2 + b_2  # (T, E)
'''

EXERCISE = Exercise(
    title="二層なのに、一層",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
Transformer の一層は、自己注意のあとに、語ごとの二層の全結合を置きます。次元を 4 倍に広げ、ReLU を通し、もとの次元に戻すはずでした。プログラムは形の合う値を返し、学習もできますが、誤りが一つあります。`my_feedforward(2 * x, …)` と `my_feedforward(x, …)` の関係がどうなるはずかを予想してから、`check` を実行してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "$(x W_1 + b_1) W_2 + b_2$ を展開してください。$x$ に掛かる行列はいくつありますか。",
        "二つの行列のあいだに、まっすぐでない関数が要ります。",
        "`hidden = np.maximum(x @ W_1 + b_1, 0)` とします。",
    ),
    solution=STUB.replace("x @ W_1 + b_1  #", "np.maximum(x @ W_1 + b_1, 0)  #"),
    compare="活性化関数を入れた場所（二つの行列のあいだか、外か）を見比べます。",
    examine=examine,
    wrong=WRONG,
)
