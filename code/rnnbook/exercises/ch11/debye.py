"""演習: デバイの散乱式の和を、対を一つずつ数えて書きます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def distances(points):
    points = np.asarray(points, dtype=float)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    return apart[np.triu_indices(len(points), 1)]


def pairs(points, Q):
    Qr = np.multiply.outer(np.asarray(Q, dtype=float), distances(points))
    return np.sin(Qr) / Qr


def right(points, Q):
    return 2 * pairs(points, Q).sum(axis=1)


WRONG = (
    Wrong(
        lambda points, Q: pairs(points, Q).sum(axis=1),
        "どの対も、一度しか数えていません。和は i ≠ j なので、(i, j) と (j, i) の両方を数えます。",
    ),
    Wrong(
        lambda points, Q: right(points, Q) + len(points),
        "自分との対（r = 0、値は 1）まで数えています。和は i ≠ j です。",
    ),
    Wrong(
        lambda points, Q: (
            2 * np.sin(np.multiply.outer(np.asarray(Q), distances(points))).sum(axis=1)
        ),
        "sin(Qr) を Qr で割っていません。",
    ),
    Wrong(
        lambda points, Q: right(points, Q) * np.asarray(Q),
        "sin(Qr) を r だけで割っています。Q でも割ります。",
    ),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(0)
    compare_runs(
        answer,
        right,
        [
            {
                "points": np.array([[0.0, 0, 0], [2, 0, 0], [0, 3, 0]]),
                "Q": np.array([0.5, 2.0]),
            },
            {"points": rng.normal(size=(8, 3)) * 4, "Q": np.array([1.0, 2.9, 5.0])},
        ],
        wrong=WRONG,
        hint="距離を対ごとに求め、sin(Qr) / (Qr) を足します。",
    )
    return (
        "対の数は N(N − 1) なので、原子が十倍なら百倍の計算です。本文の結晶では、"
        "距離は 105 種類しかなく、殻にまとめると速くなります。"
    )


EXERCISE = Exercise(
    title="対を、一つずつ数える",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
`points` は原子の位置 $(N, 3)$（Å）、`Q` は $(M,)$（Å⁻¹）です。式 (11.1) の $S(Q) = \\sum_{i \\ne j} \\sin(Qr_{ij}) / (Qr_{ij})$ を $(M,)$ の配列で返してください。殻にまとめる必要はありません。
""",
    stub='''def my_interference(points, Q):
    """S(Q) = Σ_{i≠j} sin(Q r_ij) / (Q r_ij) を (M,) の配列で返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "距離の行列は `np.linalg.norm(points[:, None] - points, axis=2)` です。",
        "対角（自分との距離 0）は除きます。`r[~np.eye(len(points), dtype=bool)]` で取り出せます。",
        "`Qr = np.multiply.outer(Q, r)` として、`(np.sin(Qr) / Qr).sum(axis=1)` です。",
    ),
    solution='''import numpy as np


def my_interference(points, Q):
    """S(Q) = Σ_{i≠j} sin(Q r_ij) / (Q r_ij) を (M,) の配列で返す。"""
    r = np.linalg.norm(points[:, None] - points, axis=2)  # (N, N)
    r = r[~np.eye(len(points), dtype=bool)]  # (i, j) と (j, i) の両方が残る
    Qr = np.multiply.outer(Q, r)  # (M, N(N − 1))
    return (np.sin(Qr) / Qr).sum(axis=1)
''',
    compare="本書の `interference` は、同じ距離の対をまとめて `pairs` に数え、一度だけ計算します。",
    examine=examine,
    wrong=WRONG,
)
