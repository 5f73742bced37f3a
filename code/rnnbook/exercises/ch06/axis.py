"""演習: 和を 1 にする軸が違う注意。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import softmax

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "書く側の軸で和を 1 にしています。記号が一つだけなら、どの重みも 1 です。"


def weights(s: np.ndarray, h: np.ndarray, axis: int | tuple = 2) -> np.ndarray:
    return softmax(s @ h.transpose(0, 2, 1), axis=axis)  # (B, U, S)


WRONG = (
    Wrong(lambda s, h: weights(s, h, axis=1), SYMPTOM),
    Wrong(
        lambda s, h: weights(s, h, axis=0),
        "系列をまたいで和を 1 にしています。隣の系列が変わると、重みが変わります。",
    ),
    Wrong(
        lambda s, h: weights(s, h, axis=(1, 2)),
        "表の全部で和を 1 にしています。記号を一つ書くごとに、読む側で 1 です。",
    ),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(3)
    shapes = ((2, 1, 3, 1), (2, 3, 4, 2), (3, 2, 5, 3))
    inputs = [
        {"s": rng.normal(size=(B, U, H)), "h": rng.normal(size=(B, S, H))}
        for B, U, S, H in shapes
    ]
    compare_runs(
        answer,
        weights,
        inputs,
        wrong=WRONG,
        hint="どの軸の和が 1 になるべきかを、u 番目の記号を書くときの言葉で言ってみます。",
    )
    return "`alpha.sum(axis=2)` がどこも 1 であることは、一行で確かめられます。"


STUB = '''def my_weights(s, h):
    """重み (B, U, S) を返す。s は (B, U, H)、h は (B, S, H)。"""
    e = np.einsum("buh,bsh->bus", s, h)
    e = np.exp(e - e.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
'''

EXERCISE = Exercise(
    title="どの軸の和が 1 か",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
書く側のすべての時刻から、読む側のすべての時刻を見る重みを求めるプログラムです。形も合い、重みは 0 と 1 のあいだにあり、学習もできます。書く記号が一つだけのとき、重みはいくつになるでしょうか。予想してから `check` を実行し、直してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "「u 番目を書くときに、読んだ所のどれをどれだけ見るか」の和が 1 です。動くのは、どちらの番号ですか。",
        "`e` の形は (B, U, S) で、軸の番号は 0、1、2 です。",
        "`axis=1` は書く側 U です。二か所とも、読む側の軸にします。",
    ),
    solution=STUB.replace("axis=1", "axis=2"),
    compare="最大値を引く行の軸も、割る行の軸と同じになっているかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
