"""演習: 目標の太さになるまでの、時効の時間。"""

from __future__ import annotations

from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def power(n: int) -> Callable:
    """L^n が時間に比例して増えるときの時間。"""

    def answer(start_nm, later_nm, hours, target_nm):
        gain = later_nm**n - start_nm**n
        return hours * (target_nm**n - start_nm**n) / gain

    return answer


right = power(3)

WRONG = (
    Wrong(power(1), "太さが時間に比例するとしています。比例して増えるのは 3 乗です。"),
    Wrong(power(2), "2 乗が増えるのは、結晶粒の面積です。この粗大化では 3 乗です。"),
    Wrong(
        lambda start_nm, later_nm, hours, target_nm: (
            hours * (target_nm / later_nm) ** 3
        ),
        "はじめの太さの 3 乗を引いていません。",
    ),
    Wrong(
        lambda start_nm, later_nm, hours, target_nm: (
            right(start_nm, later_nm, hours, target_nm) - hours
        ),
        "測ってから先の時間です。答えるのは、はじめからの時間です。",
    ),
    Wrong(
        lambda start_nm, later_nm, hours, target_nm: (
            60 * right(start_nm, later_nm, hours, target_nm)
        ),
        "分で答えています。単位は時間（h）です。",
    ),
)


def examine(answer: Callable) -> str:
    cases = [(4.0, 6.0, 10.0, 8.0), (3.0, 5.0, 24.0, 10.0), (12.0, 15.0, 2.0, 14.0)]
    names = ("start_nm", "later_nm", "hours", "target_nm")
    compare_runs(
        answer,
        right,
        [dict(zip(names, case, strict=True)) for case in cases],
        wrong=WRONG,
        hint="3 乗の増えた分の比が、時間の比です。",
    )
    return (
        f"4 nm から 10 h で 6 nm になった組織が、8 nm になるのは、はじめから "
        f"{right(4.0, 6.0, 10.0, 8.0):.1f} h です。温度を替えたら、係数を測り直します。"
    )


EXERCISE = Exercise(
    title="目標の太さまで、何時間か",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=10,
    text="""
一定の温度で時効した合金の組織の太さは、はじめ `start_nm`（nm）、`hours`（h）のあと `later_nm`（nm）でした。太さの 3 乗が、時間に比例して増えるとします（$L^3 = L_0^3 + kt$）。太さが `target_nm`（nm）になるのは、はじめから何時間（h）のあとですか。
""",
    stub='''def my_hours(start_nm, later_nm, hours, target_nm):
    """太さが target_nm になる、はじめからの時間（h）を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "係数 $k$ は、二つの太さと時間から決まります。",
        "$k = (L_1^3 - L_0^3) / t_1$ です。",
        "`hours * (target_nm**3 - start_nm**3) / (later_nm**3 - start_nm**3)` です。",
    ),
    solution='''def my_hours(start_nm, later_nm, hours, target_nm):
    """太さが target_nm になる、はじめからの時間（h）を返す。"""
    k = (later_nm**3 - start_nm**3) / hours  # nm³/h
    return (target_nm**3 - start_nm**3) / k
''',
    compare="$k$ の単位（nm³/h）を書いておくと、温度ごとの値を比べられます。",
    examine=examine,
    wrong=WRONG,
)
