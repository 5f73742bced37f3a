"""演習: 上位から足して share に届くまでの文字だけを残す（top-p）。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def nucleus(crossing: bool = True, renormalised: bool = True, placed: bool = True):
    """届く一文字を含めるか、割り直すか、もとの番号に戻すか。"""

    def answer(p, share):
        p = np.asarray(p, dtype=float)
        order = np.argsort(-p, kind="stable")
        total = np.cumsum(p[order])
        n = int(np.searchsorted(total, share)) + int(crossing)
        q = np.zeros_like(p)
        q[order[:n]] = p[order[:n]]
        if renormalised:
            q = q / q.sum()
        return q if placed else q[order]

    return answer


def above_share(p, share):
    """確率そのものを share と比べる間違い。"""
    p = np.asarray(p, dtype=float)
    q = np.where(p >= share / 2, p, 0.0)
    return q / q.sum()


right = nucleus()
WRONG = (
    Wrong(
        nucleus(renormalised=False),
        "和が 1 になっていません。残した確率の和で割ります。",
    ),
    Wrong(
        nucleus(crossing=False),
        "和が share に届く一文字を落としています。その文字までを残します。",
    ),
    Wrong(
        nucleus(placed=False),
        "大きい順に並べたままです。もとの番号の所に戻します。",
    ),
    Wrong(
        above_share,
        "一文字ずつの確率を、しきい値と比べています。比べるのは、上位から足した和です。",
    ),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(0)
    cases = [
        {"p": np.array([0.1, 0.2, 0.4, 0.3]), "share": 0.8},
        {"p": np.array([0.1, 0.2, 0.4, 0.3]), "share": 0.45},
        *({"p": rng.dirichlet(np.ones(9)), "share": s} for s in (0.3, 0.55, 0.93)),
    ]
    compare_runs(
        answer,
        right,
        cases,
        wrong=WRONG,
        hint="大きい順の番号で足していき、はじめて share 以上になる文字までを残します。",
        rtol=1e-9,
    )
    return (
        "残る文字の数は、文脈で変わります。次が決まっている所では一文字、迷う所では"
        "何十文字にもなります。top-k との違いは、そこです。"
    )


EXERCISE = Exercise(
    title="和が届くまで残す",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
次の文字の確率 `p`（$(V,)$、和は 1）と、0 より大きく 1 より小さい `share` が渡されます。確率の大きい順に足していき、和がはじめて `share` 以上になる文字までを残します。残りを 0 にし、和が 1 になるように割って、もとの番号の順の配列 $(V,)$ で返してください。
""",
    stub='''import numpy as np


def my_top_p(p, share):
    """上位から、和が share に届くまでを残した確率 (V,) を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "大きい順の番号は `order = np.argsort(-p)`、足した和は `np.cumsum(p[order])` です。",
        "和が share に届くまでの個数は `np.searchsorted(和, share) + 1` です。",
        "`q = np.zeros_like(p)` を作り、残す番号の所だけに `p` を写し、`q / q.sum()` を返します。",
    ),
    solution='''import numpy as np


def my_top_p(p, share):
    """上位から、和が share に届くまでを残した確率 (V,) を返す。"""
    order = np.argsort(-p, kind="stable")
    n = np.searchsorted(np.cumsum(p[order]), share) + 1
    q = np.zeros_like(p)
    q[order[:n]] = p[order[:n]]
    return q / q.sum()
''',
    compare="本書の `sampling.keep_top_p` も同じ順です。share = 1 のときだけ、丸めを避けて、何も除きません。",
    examine=examine,
    wrong=WRONG,
)
