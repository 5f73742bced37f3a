"""演習: 一時刻の計算。"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from rnnbook.exercises.check import Exercise, NotYet, call
from rnnbook.exercises.compare import as_array, close, name_mistake

BIAS = "バイアス `b_h` が足されていません。"
TRANSPOSE = "`W_hh` の向きが逆です。$W_{hh} h$ を、行に例が並ぶ配列で書くと `h @ W_hh.T` になります。"
NO_PAST = "一つ前の隠れ状態 `h` が使われていません。$W_{hh} h_{t-1}$ の項を足します。"
ELEMENTWISE = "`*` は要素ごとの積です。行列の積は `@` で書きます。"
NO_TANH = "tanh を通していません。$h_t = \\tanh(a_t)$ です。"
SIGMOID = "活性化関数がシグモイドになっています。ここでは tanh です。"


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(1)
    B, D, H = 4, 2, 3
    x, h = rng.normal(size=(B, D)), rng.normal(size=(B, H))
    W_xh, W_hh, b_h = (
        rng.normal(size=(H, D)),
        rng.normal(size=(H, H)),
        rng.normal(size=H),
    )
    value = call(answer, *(a.copy() for a in (x, h, W_xh, W_hh, b_h)))
    value = as_array("戻り値", value, (B, H))

    past = {
        "": h @ W_hh.T,
        TRANSPOSE: h @ W_hh,
        NO_PAST: np.zeros((B, H)),
        ELEMENTWISE: h * np.diag(W_hh),
    }
    bias = {"": b_h, BIAS: np.zeros(H)}
    activation = {
        "": np.tanh,
        NO_TANH: lambda a: a,
        SIGMOID: lambda a: 1 / (1 + np.exp(-a)),
    }
    # 間違いの少ない組み合わせから順に照らします
    combinations = sorted(
        product(past, bias, activation), key=lambda names: sum(map(bool, names))
    )
    wrong = {
        "".join(names): activation[names[2]](
            x @ W_xh.T + past[names[0]] + bias[names[1]]
        )
        for names in combinations
    }
    correct = wrong.pop("")
    if close(value, correct):
        return "式のとおりの隠れ状態が出ています。"
    raise NotYet(
        "形は合っていますが、値が違います。",
        name_mistake(value, wrong)
        or "$a = W_{xh} x + W_{hh} h + b_h$ の三つの項を一つずつ確かめます。",
    )


STEP = Exercise(
    title="一時刻の計算",
    stub='''def my_step(x, h, W_xh, W_hh, b_h):
    """x (B, D) と一つ前の h (B, H) から、新しい h (B, H) を返す。"""
    ...  # ここを書き換えます
''',
    solution='''def my_step(x, h, W_xh, W_hh, b_h):
    """x (B, D) と一つ前の h (B, H) から、新しい h (B, H) を返す。"""
    a = x @ W_xh.T + h @ W_hh.T + b_h
    return np.tanh(a)
''',
    examine=examine,
)
