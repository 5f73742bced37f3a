"""演習: 逆向きのスキャンの、一歩ずれた掛ける数。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "終わりの時刻の勾配だけが合っていて、そこから前が違います。"


def backward(factor: Callable, before: Callable) -> Callable:
    """g_t = dh_t + factor(a, t) g_{t+1} と、∂L/∂a_t = g_t before(h, t) の計算。"""

    def answer(a, b, dh):
        a, b, dh = (np.asarray(v, dtype=float) for v in (a, b, dh))
        T, h, last = len(a), np.zeros(len(a)), 0.0
        for t in range(T):
            last = h[t] = a[t] * last + b[t]
        g, later = np.zeros(T), 0.0
        for t in reversed(range(T)):
            later = g[t] = dh[t] + (factor(a, t) * later if t + 1 < T else 0.0)
        return g * np.array([before(h, t) for t in range(T)]), g

    return answer


def one_back(h, t):
    return h[t - 1] if t else 0.0


right = backward(lambda a, t: a[t + 1], one_back)
WRONG = (
    Wrong(backward(lambda a, t: a[t], one_back), SYMPTOM),
    Wrong(
        backward(lambda a, t: a[t + 1], lambda h, t: h[t]),
        "a の勾配に、掛けた先の h を使っています。a が掛かったのは、一つ前の h です。",
    ),
    Wrong(
        backward(lambda a, t: 1.0, one_back),
        "後ろから来る勾配が、一歩ごとに何倍になるかが抜けています。",
    ),
    Wrong(
        backward(lambda a, t: 0.0, one_back),
        "後ろの時刻から来る勾配が、足されていません。",
    ),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(0)
    cases = [
        ([0.5, 2.0, 3.0], [1.0, -1.0, 2.0], [1.0, 0.5, 2.0]),
        tuple(rng.normal(size=(3, 8))),
    ]
    names = ("a", "b", "dh")
    compare_runs(
        answer,
        right,
        [{n: np.array(v) for n, v in zip(names, case, strict=True)} for case in cases],
        wrong=WRONG,
        hint="h_{t+1} = a_{t+1} h_t + b_{t+1} を h_t で微分すると、何が残りますか。",
        returns=("da", "db"),
        rtol=1e-9,
    )
    return (
        "逆伝播も、a を一歩ずらした、後ろから前への同じスキャンです。"
        "数値微分と比べる試験は、この一歩のずれを見逃しません。"
    )


STUB = '''import numpy as np


def my_backward(a, b, dh):
    """h_t = a_t h_{t-1} + b_t の、∂L/∂a と ∂L/∂b。どれも (T,)。"""
    T = len(a)
    h = np.zeros(T)
    for t in range(T):
        h[t] = a[t] * (h[t - 1] if t > 0 else 0.0) + b[t]
    g = np.zeros(T)
    for t in reversed(range(T)):
        g[t] = dh[t]
        if t + 1 < T:
            g[t] += a[t] * g[t + 1]
    before = np.concatenate([[0.0], h[:-1]])
    return g * before, g
'''

EXERCISE = Exercise(
    title="逆向きのスキャンは、何を掛けるか",
    kind="誤りを探す",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
$h_t = a_t h_{t-1} + b_t$（$h_0 = 0$）の逆伝播です。`dh` は、損失を $h_t$ で微分したもののうち、出力から直接来る分です。次のプログラムに、誤りが一つあります。$T = 2$ のとき、$\\partial L/\\partial b_1$ がいくつになるはずかを紙で求めてから、`check` を実行してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "$h_t$ は、次の時刻の $h_{t+1}$ に、何倍されて入りますか。",
        "$\\partial h_{t+1}/\\partial h_t = a_{t+1}$ です。プログラムは、どの a を掛けていますか。",
        "`g[t] += a[t + 1] * g[t + 1]` に替えます。",
    ),
    solution=STUB.replace("g[t] += a[t] *", "g[t] += a[t + 1] *"),
    compare="本書の `scan_backward` は、`a` を一歩ずらし、時刻を逆にして、順伝播と同じスキャンを呼びます。",
    examine=examine,
    wrong=WRONG,
)
