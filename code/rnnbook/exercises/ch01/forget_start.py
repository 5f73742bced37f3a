"""演習: はじめの隠れ状態の違いは、何時刻で消えるか。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed

SETUP = """rng = np.random.default_rng(0)
H = 32
W_xh = rng.uniform(-1, 1, (H, 1)) / np.sqrt(H)
W_hh = rng.uniform(-1, 1, (H, H)) / np.sqrt(H)
x = rng.normal(size=(200, 1))
"""


def steps_apart(drive: float = 1.0, activation: Callable = np.tanh) -> int:
    """0 から始めた状態と 1 から始めた状態の差が、はじめて 0.001 を下回る時刻。"""
    scope = {"np": np}
    exec(SETUP, scope)
    first, second = np.zeros(scope["H"]), np.ones(scope["H"])
    for t, x_t in enumerate(scope["x"], 1):
        first, second = (
            activation(drive * scope["W_xh"] @ x_t + scope["W_hh"] @ h)
            for h in (first, second)
        )
        if abs(first - second).max() < 0.001:
            return t
    raise AssertionError("200 時刻では消えません")


REASONS = {
    "ア": Reason(
        "入力が隠れ状態を上書きして、違いを消した。",
        lambda: (
            f"入力をすべて 0 にしても、違いは {steps_apart(drive=0)} 時刻で消えます。"
        ),
    ),
    "イ": Reason(
        "$\\tanh$ が状態を $-1$ と $1$ の間に押し込めて、違いを消した。",
        lambda: (
            f"tanh を外して線形にしても、違いは {steps_apart(activation=lambda a: a)} 時刻で消えます。"
        ),
    ),
    "ウ": Reason("この大きさの $W_{hh}$ を掛け続けるうちに、違いが縮んだ。"),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=steps_apart,
        reasons=REASONS,
        what="違いが消えるまでの時刻の数",
        rtol=0,
    )
    return f"{said}消える速さを決めるものは、第2章で式にします。"


EXERCISE = Exercise(
    title="はじめの状態は、いつ忘れられるか",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
同じ重みの RNN（(1.1)、$b_h = 0$）に、同じ入力を読ませます。違うのは $h_0$ だけで、片方はすべて 0、もう片方はすべて 1 です。

1. 走らせる前に、二つの隠れ状態の差（成分の絶対値の最大）がはじめて 0.001 を下回る時刻 $t$ を予想し、`my_prediction` に書きます。
2. 測って `my_measurement` に入れます。はじめの入力 `x[0]` を読んだあとが時刻 1 です。
3. 差が消えた理由を一つ選び、`my_reason` に入れます。入力や $\\tanh$ を外して測ると、確かめられます。

{listed(REASONS)}
""",
    stub=f"""{SETUP}
my_prediction = ...  # 走らせる前に: 差が 0.001 を下回る時刻
my_measurement = ...  # 測った時刻
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        "二つの状態を並べて進め、時刻ごとに差を印字します。差は一定の割合で縮みますか。",
        "理由を選ぶには、疑う原因を一つずつ外します。入力を 0 にしても差は消えますか。`np.tanh` を外すとどうなりますか。",
        "`first = np.tanh(W_xh @ x_t + W_hh @ first)` と、同じ式の `second` を `for` の中で進め、`abs(first - second).max()` が 0.001 を下回ったら止めます。",
    ),
    solution=f"""{SETUP}
first, second = np.zeros(H), np.ones(H)
t = 0
while abs(first - second).max() >= 0.001:
    first, second = (np.tanh(W_xh @ x[t] + W_hh @ h) for h in (first, second))
    t += 1

my_prediction = 50
my_measurement = t
my_reason = "ウ"  # 入力を 0 にしても、tanh を外しても、差は消える
""",
    compare="予想と測定が離れたなら、1 時刻に差が何倍になるかを、測った値から計算してみます。",
    examine=examine,
    wrong=(
        Wrong((50, 50, "ウ"), "違いが消えるまでの時刻の数が違います。"),
        Wrong((50, steps_apart(), "ア"), "入力をすべて 0 にしても"),
        Wrong((50, steps_apart(), "イ"), "tanh を外して線形にしても"),
        Wrong((50, steps_apart(), "エ"), '理由は "ア"、"イ"、"ウ" のどれかです。'),
        Wrong((50, ..., ...), "次に測ります。"),
    ),
)
