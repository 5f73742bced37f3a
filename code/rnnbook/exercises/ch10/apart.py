"""演習: 試料を分けずに、試験の行を選びます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def right(groups, n_test):
    names = list(dict.fromkeys(groups))
    late = names[len(names) - n_test :]
    return np.array([name in late for name in groups])


def sorted_names(groups, n_test):
    late = sorted(set(groups))[-n_test:]
    return np.array([name in late for name in groups])


WRONG = (
    Wrong(
        lambda groups, n_test: np.arange(len(groups)) >= len(groups) - n_test,
        "後ろから n_test 個の行を選んでいます。数えるのは、行ではなく試料です。",
    ),
    Wrong(
        sorted_names,
        "試料を名前の順に並べています。順は、はじめに現れた順です。",
    ),
    Wrong(
        lambda groups, n_test: ~right(groups, n_test),
        "真と偽が逆です。試験の行を真にします。",
    ),
    Wrong(
        lambda groups, n_test: right(groups, len(set(groups)) - n_test),
        "学習の試料の数だけ選んでいます。",
    ),
)


def examine(answer: Callable) -> str:
    compare_runs(
        answer,
        right,
        [
            {"groups": ["B", "B", "A", "C", "B", "A"], "n_test": 1},
            {"groups": ["B", "A", "B", "C", "A", "D", "C"], "n_test": 2},
            {"groups": list("hgfedcbahh"), "n_test": 3},
        ],
        wrong=WRONG,
        hint="試料の名前を、はじめに現れた順に重なりなく並べ、後ろから n_test 個を取ります。",
    )
    return "行の数は試料ごとに違うので、試験の割合は、試料の割合と同じになるとは限りません。"


STUB = '''def my_test_rows(groups, n_test):
    """後ろから n_test 個の試料の行を真にした (N,) の配列を返す。

    試料の順は、groups にはじめに現れた順とする。
    """
    ...  # ここを書き換えます
'''

EXERCISE = Exercise(
    title="試料を、両側に入れない",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
`groups` は、行ごとの試料の名前です。測った順に並んでいますが、一つの試料の測定が続いているとは限りません。はじめに現れた順に試料を数え、後ろから `n_test` 個の試料の行をすべて試験（真）に、ほかを学習（偽）にしてください。
""",
    stub=STUB,
    hints=(
        "行の番号で切ると、あとでもう一度測った試料が、両側に入ります。",
        "`list(dict.fromkeys(groups))` は、重なりを除いた名前を、現れた順に並べます。",
        "後ろから n_test 個の名前を `late` とし、`[name in late for name in groups]` を配列にします。",
    ),
    solution='''def my_test_rows(groups, n_test):
    """後ろから n_test 個の試料の行を真にした (N,) の配列を返す。

    試料の順は、groups にはじめに現れた順とする。
    """
    names = list(dict.fromkeys(groups))
    late = names[len(names) - n_test :]
    return np.array([name in late for name in groups])
''',
    compare="本書の `by_group` は、試料を乱数で混ぜてから切ります。分けたあとに `require_apart` で確かめるのは同じです。",
    examine=examine,
    wrong=WRONG,
)
