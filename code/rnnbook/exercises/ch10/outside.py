"""演習: 分ける前に標準化したプログラム。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "試験の行を替えると、学習の行の値まで変わります。"


def scaled(rows: Callable) -> Callable:
    """rows(X, train) の平均と標準偏差で標準化する計算。"""

    def answer(X, train):
        known = rows(X, train)
        return (X - known.mean(axis=0)) / known.std(axis=0)

    return answer


right = scaled(lambda X, train: X[train])


def only_train(X, train):
    return right(X, train)[train]


def one_by_one(X, train):
    """学習と試験を、それぞれの平均と標準偏差で標準化する誤り。"""
    out = np.empty_like(X)
    test = np.setdiff1d(np.arange(len(X)), train)
    for part in (np.asarray(train), test):
        out[part] = scaled(lambda X, rows: X[rows])(X, part)[part]
    return out


WRONG = (
    Wrong(scaled(lambda X, train: X), SYMPTOM),
    Wrong(
        one_by_one,
        "試験の行を、試験の行の平均で標準化しています。使う場では、一行ずつ届きます。",
    ),
    Wrong(
        lambda X, train: (X - X[train].mean()) / X[train].std(),
        "すべてのチャンネルを、一つの平均と標準偏差で標準化しています。",
    ),
    Wrong(
        lambda X, train: X - X[train].mean(axis=0),
        "平均を引いただけで、標準偏差で割っていません。",
    ),
)


def examine(answer: Callable) -> str:
    small = np.array([[1.0, 0.0], [3.0, 10.0], [8.0, 20.0], [20.0, 30.0]])
    X = np.random.default_rng(0).normal(size=(12, 3)) * [1, 5, 20] + [0, 100, -3]
    compare_runs(
        answer,
        right,
        [
            {"X": small, "train": [0, 1]},
            {"X": X, "train": [0, 2, 3, 5, 8, 9, 11]},
        ],
        wrong=WRONG,
        hint="平均と標準偏差を、`X[train]` から計算します。",
    )
    return "試験の行は、学習の行の物差しで測ります。試験の行の平均が 0 にならなくても、正しいのです。"


STUB = '''def my_standardise(X, train):
    """学習の行 train の平均と標準偏差で、すべての行を標準化する。"""
    mean, std = X.mean(axis=0), X.std(axis=0)
    return (X - mean) / std
'''

EXERCISE = Exercise(
    title="分ける前の標準化",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
`X` は $(N, T)$ の測定で、`train` は学習の行の番号です。チャンネルごとに標準化するプログラムに、誤りが一つあります。試験の行を一つ大きくしたとき、学習の行の値がどうなるはずかを考えてから、`check` を実行してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "平均と標準偏差は、どの行から計算していますか。",
        "使う場では、試験の行はまだありません。",
        "`X[train].mean(axis=0)` と `X[train].std(axis=0)` を使います。",
    ),
    solution=STUB.replace(
        "X.mean(axis=0), X.std(axis=0)", "X[train].mean(axis=0), X[train].std(axis=0)"
    ),
    compare="scikit-learn の `StandardScaler` なら、`fit` に学習の行だけを、`transform` にすべての行を渡します。",
    examine=examine,
    wrong=WRONG,
)
