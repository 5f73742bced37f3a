"""演習: 点の表 (T, T) から、前だけを見る注意の重みを作ります。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def softmax(scores, axis=1):
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def masked(k: int, axis: int = 1) -> Callable:
    """対角から k だけ離れた所より先を隠し、axis で割合にする計算。"""

    def answer(scores):
        T = len(scores)
        seen = np.tril(np.ones((T, T), dtype=bool), k)
        return softmax(np.where(seen, scores, -1e9), axis)

    return answer


right = masked(0)
WRONG = (
    Wrong(
        lambda scores: softmax(scores),
        "後ろの語にも重みが付いています。時刻 $t$ が見てよいのは、$s \\le t$ の所だけです。",
    ),
    Wrong(
        lambda scores: np.tril(softmax(scores)),
        "後ろを 0 にしただけで、行の和が 1 より小さくなっています。隠すのは、割合にする前です。",
    ),
    Wrong(
        masked(0, axis=0),
        "列の和が 1 になっています。割合にするのは、見られる側 $s$ の軸です。",
    ),
    Wrong(
        lambda scores: masked(0)(scores.T).T,
        "前ではなく、後ろだけを見ています。行が時刻 $t$、列が $s$ です。",
    ),
    Wrong(
        masked(1),
        "一つ先の語が見えています。次の語を当てる問題では、答えが見えてしまいます。",
    ),
    Wrong(
        lambda scores: softmax(np.tril(scores)),
        "隠した所の点が 0 です。$e^0 = 1$ なので、重みが残ります。",
    ),
)


def examine(answer: Callable) -> str:
    small = {"scores": np.array([[1.0, 2.0, 0.5], [0.0, 1.0, 3.0], [2.0, 1.0, 0.0]])}
    long = {"scores": np.random.default_rng(0).normal(size=(6, 6))}
    compare_runs(
        answer,
        right,
        [small, long],
        wrong=WRONG,
        hint="後ろの点をとても小さな数に替えてから、行ごとに softmax をとります。",
    )
    return "先頭の行は、自分だけを見るので、いつも 1 です。"


EXERCISE = Exercise(
    title="前だけを見る",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
自己注意の点の表 `scores` $(T, T)$ があります。行が見る側の時刻 $t$、列が見られる側の $s$ です。時刻 $t$ が $s \\le t$ だけを見るようにして、注意の重み $\\alpha_{t,s}$ の表 $(T, T)$ を返してください。どの行の和も 1 です。
""",
    stub='''def my_causal(scores):
    """点の表 (T, T) から、前だけを見る注意の重み (T, T) を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "重みを 0 にしたい所の点は、どんな値であればよいでしょうか。softmax の前に替えます。",
        "`np.tril(np.ones((T, T), dtype=bool))` が、見てよい所の印です。",
        "`np.where(seen, scores, -1e9)` の、行ごとの softmax です。",
    ),
    solution='''def my_causal(scores):
    """点の表 (T, T) から、前だけを見る注意の重み (T, T) を返す。"""
    T = len(scores)
    seen = np.tril(np.ones((T, T), dtype=bool))
    masked = np.where(seen, scores, -1e9)
    e = np.exp(masked - masked.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
''',
    compare="隠したのが softmax の前か後か、割合にした軸がどちらかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
