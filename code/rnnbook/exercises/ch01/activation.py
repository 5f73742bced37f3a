"""演習: 活性化関数のない RNN。動き、学習も進みますが、線形です。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.call import call
from rnnbook.exercises.compare import as_array, close
from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.runs import compare_runs

DOUBLED = "入力を 2 倍にすると、すべての隠れ状態がちょうど 2 倍になりました。"
W_XH = np.array([[1.0], [-0.5]])
W_HH = np.array([[0.6, -0.4], [0.3, 0.8]])


def rnn(activation: Callable, output: Callable = lambda h: h) -> Callable:
    """活性化関数を選べる RNN。output は、取り出す状態にだけ掛けます。"""

    def answer(x, W_xh, W_hh, b_h):
        h, states = np.zeros(len(W_hh)), []
        for x_t in x:
            h = activation(W_xh @ x_t + W_hh @ h + b_h)
            states.append(output(h))
        return np.array(states)

    return answer


def past_only(x, W_xh, W_hh, b_h):
    h, states = np.zeros(len(W_hh)), []
    for x_t in x:
        h = W_xh @ x_t + np.tanh(W_hh @ h) + b_h
        states.append(h)
    return np.array(states)


WRONG = (
    Wrong(
        rnn(lambda a: a, np.tanh),
        "tanh が、取り出す状態にだけ掛かっています。次の時刻へ渡る h は線形のままです。",
    ),
    Wrong(
        rnn(lambda a: 1 / (1 + np.exp(-a))),
        "活性化関数がシグモイド関数になっています。ここでは tanh です。",
    ),
    Wrong(
        rnn(lambda a: np.maximum(a, 0)),
        "活性化関数が ReLU になっています。ここでは tanh です。",
    ),
    Wrong(
        past_only,
        "tanh が $W_{hh} h_{t-1}$ の項にだけ掛かっています。三つの項を足してから掛けます。",
    ),
)


def examine(answer: Callable) -> str:
    x = np.array([[1.0], [0.5], [-1.0], [2.0]])
    once, twice, minus = (
        as_array("戻り値", call(answer, each, W_XH, W_HH, np.zeros(2)), (4, 2))
        for each in (x, 2 * x, -x)
    )
    if once.any() and close(2 * once, twice) and close(-once, minus):
        raise NotYet(
            DOUBLED,
            "(1.1) で計算した状態なら、どの成分も $-1$ と $1$ の間にあります。",
            (
                ("入力", f"x = {shown(x)} と 2x、b_h = 0"),
                (
                    "返った x と 2x の最後の状態",
                    f"{shown(once[-1])} と {shown(twice[-1])}",
                ),
                (
                    "正しい最後の状態",
                    " と ".join(
                        shown(rnn(np.tanh)(each, W_XH, W_HH, np.zeros(2))[-1])
                        for each in (x, 2 * x)
                    ),
                ),
            ),
        )
    compare_runs(
        answer,
        rnn(np.tanh),
        [{"x": x, "W_xh": W_XH, "W_hh": W_HH, "b_h": np.array([0.2, -0.1])}],
        wrong=WRONG,
        hint="$a_t = W_{xh} x_t + W_{hh} h_{t-1} + b_h$ を tanh に通した値が、次の時刻へ渡ります。",
    )
    return "線形の RNN は、何時刻読んでも、入力の重み付きの和しか作れません。"


STUB = '''def my_rnn(x, W_xh, W_hh, b_h):
    """系列 x (T, D) を読み、すべての時刻の隠れ状態 (T, H) を返す。"""
    h, states = np.zeros(len(W_hh)), []
    for x_t in x:
        h = W_xh @ x_t + W_hh @ h + b_h
        states.append(h)
    return np.array(states)
'''

EXERCISE = Exercise(
    title="動くのに、線形",
    kind="誤りを探す",
    difficulty=1,
    importance=2,
    minutes=10,
    text="""
このプログラムは動き、学習させれば損失も下がります。それでも (1.1) の RNN ではありません。入力を 2 倍にしたとき、(1.1) の隠れ状態はちょうど 2 倍になるでしょうか。予想してから `check` を実行し、足りないものを補ってください。公開されている手引きにも、隠れ状態がこの形のものがあります（PyTorch の公式チュートリアル "Generating Names with a Character-Level RNN"。2026 年 8 月の指摘は [pytorch/tutorials #3953](https://github.com/pytorch/tutorials/issues/3953)）。
""",
    stub=STUB,
    symptom=DOUBLED,
    hints=(
        "2 倍の入力に 2 倍で答えるのは、掛け算と足し算だけでできた計算です。(1.1) にあって、ここにないものは何ですか。",
        "活性化関数がありません。掛けるのは、次の時刻へ渡る前です。",
        "`h = np.tanh(W_xh @ x_t + W_hh @ h + b_h)` とします。",
    ),
    solution=STUB.replace(
        "W_xh @ x_t + W_hh @ h + b_h", "np.tanh(W_xh @ x_t + W_hh @ h + b_h)"
    ),
    compare="tanh を通した値が、取り出す `states` だけでなく、次の時刻の `h` にもなっているかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
