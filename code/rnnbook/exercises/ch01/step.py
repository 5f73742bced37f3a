"""演習: 一時刻の計算。"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

# 間違いの文 → その項の計算。空の文は正しい計算です
PAST = {
    "": lambda h, W_hh: h @ W_hh.T,
    "`W_hh` の向きが逆です。$W_{hh} h$ を、行に例が並ぶ配列で書くと `h @ W_hh.T` になります。": lambda h, W_hh: (
        h @ W_hh
    ),
    "一つ前の隠れ状態 `h` が使われていません。$W_{hh} h_{t-1}$ の項を足します。": lambda h, W_hh: (
        0 * h
    ),
    "`*` は要素ごとの積です。行列の積は `@` で書きます。": lambda h, W_hh: (
        h * np.diag(W_hh)
    ),
}
BIAS = {"": 1, "バイアス `b_h` が足されていません。": 0}
ACTIVATION = {
    "": np.tanh,
    "tanh を通していません。$h_t = \\tanh(a_t)$ です。": lambda a: a,
    "活性化関数がシグモイド関数になっています。ここでは tanh です。": lambda a: (
        1 / (1 + np.exp(-a))
    ),
}


def step(past: str = "", bias: str = "", activation: str = "") -> Callable:
    """間違いを選べる一時刻の計算。何も選ばなければ正しい計算です。"""

    def answer(x, h, W_xh, W_hh, b_h):
        a = x @ W_xh.T + PAST[past](h, W_hh) + BIAS[bias] * b_h
        return ACTIVATION[activation](a)

    return answer


# 間違いの少ない組み合わせから順に照らします。二つ重なっていれば、二つとも名指しします
COMBINED = sorted(
    product(PAST, BIAS, ACTIVATION), key=lambda names: sum(map(bool, names))
)
WRONG = (
    *(Wrong(step(*names), "".join(names)) for names in COMBINED if any(names)),
    Wrong(
        lambda x, h, W_xh, W_hh, b_h: np.tanh(x @ W_xh + h @ W_hh + b_h),
        "転置 `.T` が要るかを形から確かめます。",
    ),
    Wrong(
        lambda *given: step()(*given).T,
        "の形が (3, 2) です。正しくは (2, 3) です。",
    ),
    Wrong(lambda x, h: np.tanh(x), "関数の引数の数と順番を"),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(1)
    B, D, H = 2, 2, 3
    shapes = {"x": (B, D), "h": (B, H), "W_xh": (H, D), "W_hh": (H, H), "b_h": (H,)}
    given = {name: rng.normal(size=shape).round(1) for name, shape in shapes.items()}
    compare_runs(
        answer,
        step(),
        [given],
        wrong=WRONG,
        hint="$a = W_{xh} x + W_{hh} h + b_h$ の三つの項を一つずつ確かめます。",
    )
    return "式のとおりの隠れ状態が出ています。"


EXERCISE = Exercise(
    title="一時刻の計算",
    kind="書く",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
(1.1) を NumPy で書いてください。`x` は $(B, D)$、`h` は $(B, H)$ です。行に例が並びます。
""",
    stub='''def my_step(x, h, W_xh, W_hh, b_h):
    """x (B, D) と一つ前の h (B, H) から、新しい h (B, H) を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "(1.1) の右辺には三つの項があります。それぞれの形が $(B, H)$ になる掛け方を、形だけで考えます。",
        "例が行に並ぶので、$W_{xh} x$ は `x @ W_xh.T` と書きます。$W_{hh} h$ も同じです。",
        "`a = x @ W_xh.T + h @ W_hh.T + b_h` を tanh に通して返します。",
    ),
    solution='''def my_step(x, h, W_xh, W_hh, b_h):
    """x (B, D) と一つ前の h (B, H) から、新しい h (B, H) を返す。"""
    a = x @ W_xh.T + h @ W_hh.T + b_h
    return np.tanh(a)
''',
    compare="転置 `.T` を付けた場所と、tanh を掛けた範囲を見比べます。",
    examine=examine,
    wrong=WRONG,
)
