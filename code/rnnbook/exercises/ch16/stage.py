"""演習: 並列スキャンの一段を書きます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def joined(early: Callable, late: Callable) -> Callable:
    """位置 t（d 以上）を、前の組 (A, B) と自分の組 (A, B) から作る計算。"""

    def answer(A, B, d):
        A, B = (np.asarray(v, dtype=float) for v in (A, B))
        new_A, new_B = A.copy(), B.copy()
        new_A[d:] = A[d:] * A[:-d]
        new_B[d:] = early(A, B, d) + late(A, B, d)
        return new_A, new_B

    return answer


right = joined(lambda A, B, d: A[d:] * B[:-d], lambda A, B, d: B[d:])


def overwritten(A, B, d):
    """前から順に、書き換えた値を使ってつなぐ誤り。"""
    A, B = (np.array(v, dtype=float) for v in (A, B))
    for t in range(d, len(A)):
        A[t], B[t] = A[t] * A[t - d], A[t] * B[t - d] + B[t]
    return A, B


def around(A, B, d):
    """先頭の d 個も、後ろの端の組とつなぐ誤り。"""
    A, B = (np.asarray(v, dtype=float) for v in (A, B))
    return A * np.roll(A, d), A * np.roll(B, d) + B


WRONG = (
    Wrong(
        joined(lambda A, B, d: B[:-d], lambda A, B, d: A[:-d] * B[d:]),
        "つなぐ順が逆です。前の組の結果に、あとの組の A を掛けます。",
    ),
    Wrong(
        joined(lambda A, B, d: B[:-d], lambda A, B, d: B[d:]),
        "B を足しただけです。前の組の B には、あとの組の A を掛けます。",
    ),
    Wrong(
        overwritten,
        "書き換えたあとの組を、同じ段の中で使っています。一段の中の計算は、互いを待ちません。",
    ),
    Wrong(
        around,
        "先頭の d 個が、後ろの端の組とつながれています。前に組のない位置は、そのままです。",
    ),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(0)
    cases = [
        (np.array([0.5, 2.0, 3.0, 0.5]), np.array([1.0, 2.0, -1.0, 4.0]), 1),
        (*rng.normal(size=(2, 9)), 2),
        (*rng.normal(size=(2, 7)), 4),
    ]
    compare_runs(
        answer,
        right,
        [dict(zip(("A", "B", "d"), case, strict=True)) for case in cases],
        wrong=WRONG,
        hint="位置 t の新しい組は、位置 t − d の組のあとに、位置 t の組を続けたものです。",
        returns=("A", "B"),
        rtol=1e-9,
    )
    return (
        "d = 1、2、4、… とこの一段を重ねると、B が h になります。"
        "どの段も、配列の掛け算と足し算だけです。"
    )


STUB = '''import numpy as np


def my_stage(A, B, d):
    """幅 d の一段のあとの組 (A, B)。どちらも (T,)。"""
    ...  # ここを書き換えます
'''

EXERCISE = Exercise(
    title="一段だけ、つなぐ",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
`A` と `B` は $(T,)$ の配列で、位置 $t$ の組 $(A_t, B_t)$ は、一次式 $h \\to A_t h + B_t$ を表します。並列スキャンの、幅 `d` の一段を書いてください。位置 $t$ が `d` 以上なら（番号は 0 からです）、位置 $t - d$ の一次式のあとに位置 $t$ の一次式を続けたものを、新しい組にします。`d` より前の位置は、そのままです。`d` は 1 以上 $T$ 未満です。
""",
    stub=STUB,
    hints=(
        "$h \\to A_t (A_{t-d}\\, h + B_{t-d}) + B_t$ を、$h$ の係数と残りに分けます。",
        "前の組は `A[:-d]` と `B[:-d]`、自分の組は `A[d:]` と `B[d:]` です。",
        "`np.concatenate([B[:d], A[d:] * B[:-d] + B[d:]])` が、新しい B です。",
    ),
    solution='''import numpy as np


def my_stage(A, B, d):
    """幅 d の一段のあとの組 (A, B)。どちらも (T,)。"""
    # h → A_t (A_{t-d} h + B_{t-d}) + B_t
    new_A = np.concatenate([A[:d], A[d:] * A[:-d]])
    new_B = np.concatenate([B[:d], A[d:] * B[:-d] + B[d:]])
    return new_A, new_B
''',
    compare="本書の `doubling_steps` は、この一段を `combine` に分けて書いています。",
    examine=examine,
    wrong=WRONG,
)
