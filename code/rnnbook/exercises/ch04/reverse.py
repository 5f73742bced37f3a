"""演習: 埋めた所を動かさずに、本当の長さの中だけを逆順にします。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.call import call
from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.runs import compare_runs


def right(x, lengths):
    turned = x.copy()
    for row, n in enumerate(lengths):
        turned[row, :n] = x[row, :n][::-1]
    return turned


def in_place(x, lengths):
    """渡された x の上で並べ替える誤り。"""
    x[:] = right(x, lengths)
    return x


def all_by(pick: Callable) -> Callable:
    """どの行も、lengths から選んだ一つの長さで逆順にする誤り。"""
    return lambda x, lengths: right(x, np.full(len(x), pick(lengths)))


WRONG = (
    Wrong(
        lambda x, lengths: x[:, ::-1],
        "埋めた所が先頭に来ています。逆順にするのは、本当の長さの中だけです。",
    ),
    Wrong(
        all_by(lambda lengths: lengths[0]),
        "どの行も、一本めの長さで逆順にしています。長さは行ごとに違います。",
    ),
    Wrong(
        lambda x, lengths: right(x, [n - 1 for n in lengths]),
        "本当の長さの最後の一つが動いていません。",
    ),
    Wrong(
        lambda x, lengths: right(x[:, ::-1], lengths),
        "全体を逆順にしてから、さらに先頭を逆順にしています。",
    ),
    Wrong(lambda x, lengths: x.copy(), "どの行も、逆順になっていません。"),
    Wrong(in_place, "渡された x も書き換わっています。"),
)


def examine(answer: Callable) -> str:
    small = {
        "x": np.array([[1.0, 2.0, 3.0, 0.0], [5.0, 6.0, 7.0, 8.0]]),
        "lengths": [3, 4],
    }
    rng = np.random.default_rng(0)
    long = {"x": rng.normal(size=(5, 7)), "lengths": [2, 7, 4, 1, 6]}
    compare_runs(
        answer,
        right,
        [small, long],
        wrong=WRONG,
        hint="行ごとに、はじめの `lengths[row]` 個だけを逆順にします。",
    )
    x = small["x"].copy()
    call(answer, x, small["lengths"])
    if not np.array_equal(x, small["x"]):
        raise NotYet(
            "戻り値は合っていますが、渡された x も書き換わっています。",
            "`x.copy()` を作り、写しのほうを並べ替えます。",
            (("呼んだあとの x", shown(x)), ("期待する x", shown(small["x"]))),
        )
    return "二度使うと、もとに戻ります。後ろから読んだ状態を並べ直すのにも、同じ関数が使えます。"


EXERCISE = Exercise(
    title="埋めた系列を、後ろから",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
後ろからの向きに渡すために、系列を逆順にします。`x` は $(B, T)$ で、短い系列は後ろを 0 で埋めてあります。本当の長さ `lengths` の中だけを逆順にし、埋めた所はそのままにしてください。
""",
    stub='''def my_reverse(x, lengths):
    """x (B, T) の、本当の長さの中だけを逆順にして返す。

    埋めた所は動かさない。
    """
    ...  # ここを書き換えます
''',
    hints=(
        "`x[:, ::-1]` では、埋めた 0 が先頭に来ます。そこから読み始めると、何が起こりますか。",
        "一行ずつなら `x[row, :n][::-1]` です。もとの `x` を書き換えないように、写してから入れます。",
        "`for row, n in enumerate(lengths):` の中で `turned[row, :n] = x[row, :n][::-1]` とします。",
    ),
    solution='''def my_reverse(x, lengths):
    """x (B, T) の、本当の長さの中だけを逆順にして返す。

    埋めた所は動かさない。
    """
    turned = x.copy()
    for row, n in enumerate(lengths):
        turned[row, :n] = x[row, :n][::-1]
    return turned
''',
    compare="`np.take_along_axis` と番号の配列で、ループなしに書くこともできます。本書の `reverse_padded` がその書き方です。",
    examine=examine,
    wrong=WRONG,
)
