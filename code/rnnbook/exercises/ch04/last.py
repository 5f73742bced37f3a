"""演習: 双方向の「最後の状態」を、h[:, -1] で取ったプログラム。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "後ろからの向きの状態が、最後の一語しか読んでいません。"


def right(h, H):
    return np.concatenate([h[:, -1, :H], h[:, 0, H:]], axis=1)


WRONG = (
    Wrong(lambda h, H: h[:, -1], SYMPTOM),
    Wrong(
        lambda h, H: h[:, 0],
        "前からの向きの状態が、はじめの一語しか読んでいません。",
    ),
    Wrong(
        lambda h, H: np.concatenate([h[:, 0, :H], h[:, -1, H:]], axis=1),
        "二つの向きの場所が逆です。前からの向きが読み終えるのは、どちらの端ですか。",
    ),
    Wrong(
        lambda h, H: np.concatenate([h[:, 0, H:], h[:, -1, :H]], axis=1),
        "並べる順が逆です。前からの向きが先です。",
    ),
    Wrong(
        lambda h, H: h.mean(axis=1),
        "すべての時刻の平均です。読み終えた状態は、向きごとに一つです。",
    ),
)


def examine(answer: Callable) -> str:
    small = {
        "h": np.array([[[1.0, 60.0], [2.0, 50.0], [3.0, 40.0]]]),
        "H": 1,
    }
    long = {"h": np.random.default_rng(0).normal(size=(3, 5, 4)), "H": 2}
    compare_runs(
        answer,
        right,
        [small, long],
        wrong=WRONG,
        hint="前半の H 個と後半の H 個を、別の時刻から取り、並べます。",
    )
    return "埋めた系列なら、前からの向きは `lengths - 1` の時刻から取ります。"


STUB = '''def my_last(h, H):
    """双方向の h (B, T, 2H) から、向きごとに読み終えた状態 (B, 2H) を返す。"""
    return h[:, -1]
'''

EXERCISE = Exercise(
    title="読み終えたのは、どちらの端か",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
文全体に一つ答えるときは、それぞれの向きが文を読み終えた状態を使います。`h` は $(B, T, 2H)$ で、前半が前から、後半が後ろからの状態です（埋めた所はありません）。プログラムは形の合う値を返しますが、誤りが一つあります。はじめの語を変えたとき、返す値のどこが動くはずかを予想してから、`check` を実行してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "後ろからの向きは、どの時刻から読み始め、どの時刻で読み終えますか。",
        "前からの向きは時刻 $T$ で、後ろからの向きは時刻 1 で読み終えます。",
        "`np.concatenate([h[:, -1, :H], h[:, 0, H:]], axis=1)` です。",
    ),
    solution=STUB.replace(
        "h[:, -1]", "np.concatenate([h[:, -1, :H], h[:, 0, H:]], axis=1)"
    ),
    compare="PyTorch の `nn.LSTM` が二つめに返す `h_n` は、はじめからこの二つです。",
    examine=examine,
    wrong=WRONG,
)
