"""演習: 終わりの記号が出るまで、いちばん確からしい記号を選びます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs
from rnnbook.tasks.symbols import END, START


def write(
    table: np.ndarray,
    longest: int,
    *,
    start: int = START,
    carry: bool = True,
    stop: bool = True,
    keep_end: bool = True,
) -> np.ndarray:
    """正しい書き方と、間違いを一つ選べる書き方。"""
    last, written = start, np.zeros(longest, int)
    for u in range(longest):
        best = int(np.argmax(table[last]))
        if stop and best == END:
            written[u] = END if keep_end else 0
            break
        written[u] = best
        last = best if carry else START
    return written


WRONG = (
    Wrong(
        lambda table, longest: write(table, longest, stop=False),
        "終わりの記号のあとも書き続けています。",
    ),
    Wrong(
        lambda table, longest: write(table, longest, carry=False),
        "いつも始まりの記号を渡しています。渡すのは、いま書いた記号です。",
    ),
    Wrong(
        lambda table, longest: write(table, longest, keep_end=False),
        "終わりの記号が入っていません。終わりの記号も、書いた記号の一つです。",
    ),
    Wrong(
        lambda table, longest: write(table, longest, start=0),
        "始まりの記号は番号 1 です。番号 0 は、埋めた所の印です。",
    ),
)


def examine(answer: Callable) -> str:
    small = np.log(
        [
            [0.1, 0.1, 0.1, 0.1, 0.6],
            [0.1, 0.1, 0.1, 0.6, 0.1],
            [0.1, 0.1, 0.1, 0.6, 0.1],
            [0.1, 0.1, 0.1, 0.1, 0.6],
            [0.1, 0.1, 0.6, 0.1, 0.1],
        ]
    )
    rng = np.random.default_rng(2)
    inputs = [{"table": small, "longest": 6}, {"table": small, "longest": 2}]
    inputs += [
        {"table": np.log(rng.dirichlet(np.ones(6), 6)), "longest": 8} for _ in range(6)
    ]
    compare_runs(
        answer,
        write,
        inputs,
        wrong=WRONG,
        hint="選んだ記号を書き、終わりでなければ、次に渡します。",
    )
    return "終わりの記号も長さも、モデルではなく書く手続きが見張ります。"


EXERCISE = Exercise(
    title="終わりまで書く",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
読んだものを忘れた、いちばん小さなデコーダを考えます。次の記号の対数確率は、一つ前に書いた記号だけで決まり、表 `table` の行が一つ前の記号、列が次の記号です。番号 1 が始まり、2 が終わりの記号です。いちばん確からしい記号を選びながら書き、終わりの記号を書くか、`longest` 個になったら止めます。書いた番号を、長さ `longest` の配列で返してください（終わりの記号のあとは 0 のままです）。
""",
    stub='''def my_greedy(table, longest):
    """書いた番号 (longest,) を返す。

    table (V, V) の行は一つ前の記号、列は次の記号。
    """
    ...  # ここを書き換えます
''',
    hints=(
        "はじめに渡すのは、始まりの記号です。二つめからは、何を渡しますか。",
        "`np.argmax(table[last])` が、次の記号です。配列に書いてから、終わりかどうかを見ます。",
        "`for u in range(longest):` の中で、選ぶ、書く、終わりなら `break`、`last` を替える、の順です。",
    ),
    solution='''def my_greedy(table, longest):
    """書いた番号 (longest,) を返す。

    table (V, V) の行は一つ前の記号、列は次の記号。
    """
    last, written = 1, np.zeros(longest, dtype=int)  # 始まりの記号
    for u in range(longest):
        last = int(np.argmax(table[last]))  # いま書いた記号を、次に渡す
        written[u] = last
        if last == 2:  # 終わりの記号
            break
    return written
''',
    compare="終わりの記号を書く行と、止める行の順を見比べます。",
    examine=examine,
    wrong=WRONG,
)
