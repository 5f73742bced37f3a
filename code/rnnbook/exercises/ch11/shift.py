"""演習: エネルギーのずれを探すプログラムの、向きの誤り。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "答えの符号が反対です。正しい δ で、残りがかえって大きくなっています。"


def search(sign: float, score: Callable, pick: Callable) -> Callable:
    """s(E + sign·δ) との食い違いを score で測り、pick で選ぶ計算。"""

    def answer(E, mu, standard, shifts):
        left = [score(mu - np.interp(E + sign * d, E, standard)) for d in shifts]
        return float(shifts[pick(left)])

    return answer


def squares(x):
    return float((x**2).sum())


right = search(1.0, squares, np.argmin)
WRONG = (
    Wrong(search(-1.0, squares, np.argmin), SYMPTOM),
    Wrong(
        search(1.0, squares, np.argmax),
        "残りがいちばん大きい δ を選んでいます。",
    ),
    Wrong(
        lambda E, mu, standard, shifts: (
            -search(-1.0, squares, np.argmin)(E, mu, standard, shifts)
        ),
        "返す前に符号を変えています。shifts に −δ がないと外れます。",
    ),
    Wrong(
        lambda E, mu, standard, shifts: float(
            list(shifts).index(right(E, mu, standard, shifts))
        ),
        "shifts の中の番号を返しています。返すのは δ（eV）です。",
    ),
)


def edge(E, center):
    return 0.5 + np.arctan((E - center) / 1.5) / np.pi


def examine(answer: Callable) -> str:
    short = np.arange(8.0)
    E = np.arange(11900.0, 11940.0, 0.5)
    cases = [
        (short, edge(short, 3.0), edge(short, 4.0), np.array([-1.0, 0.0, 1.0, 4.0])),
        (short, edge(short, 3.0), edge(short, 4.0), np.array([0.5, 1.0, 2.5, 4.0])),
        (E, edge(E, 11919.6), edge(E, 11919.0), np.linspace(-1, 1, 11)),
        (E, edge(E, 11918.2), edge(E, 11919.0), np.linspace(-1, 1, 11)),
    ]
    names = ("E", "mu", "standard", "shifts")
    compare_runs(
        answer,
        right,
        [dict(zip(names, case, strict=True)) for case in cases],
        wrong=WRONG,
        hint="測定が s(E + δ) と同じ形になる δ を返します。",
    )
    return (
        "測定の端が標準より低いエネルギーにあれば、δ は正です。向きの約束は論文ごとに"
        "違うので、端がどちらに動くかを言葉でも書きます。"
    )


STUB = '''import numpy as np


def my_shift(E, mu, standard, shifts):
    """mu にいちばん近い standard(E + δ) の δ を、shifts の中から返す。"""
    left = []
    for d in shifts:
        moved = np.interp(E - d, E, standard)
        left.append(((mu - moved) ** 2).sum())
    return float(shifts[np.argmin(left)])
'''

EXERCISE = Exercise(
    title="ずれの、向き",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
測定 `mu` と標準物質 `standard` は、同じ軸 `E`（eV）の上の配列です。式 (11.3) の約束では、$\\mu(E) \\approx s(E + \\delta)$ となる $\\delta$ を探します。次のプログラムに、誤りが一つあります。測定の端が標準より 1 eV 低いとき、$\\delta$ の符号がどうなるはずかを考えてから、`check` を実行してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "`np.interp(x, E, standard)` は、軸の値 x での標準の値です。",
        "$s(E + \\delta)$ を計算するには、x をいくつにしますか。",
        "`np.interp(E + d, E, standard)` です。",
    ),
    solution=STUB.replace("E - d", "E + d"),
    compare="本書の `combine` は、割合も一緒に、ずれごとに当てはめ直して選びます。",
    examine=examine,
    wrong=WRONG,
)
