"""演習: スペクトルを系列として読むと、ピーク一つは何時刻か。"""

from __future__ import annotations

from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def spectrum(steps: Callable, scale: float = 1 / 1000) -> Callable:
    """間隔の数え方と単位の換算を選べる計算。"""

    def answer(start_ev, stop_ev, points, width_mev):
        step_ev = (stop_ev - start_ev) / steps(points)
        return step_ev, width_mev * scale / step_ev

    return answer


right = spectrum(lambda points: points - 1)
WRONG = (
    Wrong(
        spectrum(lambda points: points),
        "点の数で割っています。点が $n$ 個なら、間隔は $n - 1$ 個です。",
    ),
    Wrong(
        spectrum(lambda points: points - 1, 1),
        "ピークの幅の meV を eV に直していません。1 meV は 0.001 eV です。",
    ),
    Wrong(
        spectrum(lambda points: points - 1, 1000),
        "meV を eV に直す向きが逆です。1 meV は 0.001 eV です。",
    ),
    Wrong(
        lambda *given: (right(*given)[0], 1 / right(*given)[1]),
        "T が逆数になっています。幅を刻みで割ります。",
    ),
    Wrong(lambda *given: right(*given)[0], "`return step_ev, T` で終えます。"),
)


def examine(answer: Callable) -> str:
    names = ("start_ev", "stop_ev", "points", "width_mev")
    cases = [(280.0, 300.0, 401, 600.0), (1.0, 3.0, 21, 100.0)]
    compare_runs(
        answer,
        right,
        [dict(zip(names, each, strict=True)) for each in cases],
        returns=("step_ev", "T"),
        wrong=WRONG,
        hint="刻みは、端から端までの幅を間隔の数で割ります。$T$ は、ピークの幅に入る刻みの数です。",
    )
    step_ev, T = right(*cases[0])
    return (
        f"280〜300 eV を 401 点で測ると刻みは {step_ev:.2f} eV、幅 600 meV のピークは {T:.0f} 時刻です。"
        "点を倍にすれば、同じピークが倍の時刻になります。"
    )


EXERCISE = Exercise(
    title="ピーク一つは、何時刻か",
    kind="材料",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
スペクトルを、エネルギーの順に一点ずつ RNN に読ませます。`start_ev` から `stop_ev` まで（eV、両端を含む）を等間隔の `points` 点で測りました。一時刻の刻み（eV）と、半値全幅（高さが半分のところの幅）`width_mev`（meV）のピークが何時刻にわたるかを返してください。RNN がピークを一つのものと見るには、この時刻の数を覚えていなければなりません。
""",
    stub='''def my_steps(start_ev, stop_ev, points, width_mev):
    """一時刻の刻み step_ev と、ピークがわたる時刻の数 T を返す。"""
    ...  # ここを書き換えます
    # return step_ev, T
''',
    hints=(
        "両端を含む 3 点なら、間隔はいくつですか。",
        "刻みは `(stop_ev - start_ev) / (points - 1)` です。幅と刻みは、同じ単位にそろえてから割ります。",
        "`T = width_mev / 1000 / step_ev` です。",
    ),
    solution='''def my_steps(start_ev, stop_ev, points, width_mev):
    """一時刻の刻み step_ev と、ピークがわたる時刻の数 T を返す。"""
    step_ev = (stop_ev - start_ev) / (points - 1)  # 点より間隔は一つ少ない
    T = width_mev / 1000 / step_ev  # meV → eV
    return step_ev, T
''',
    compare="間隔の数え方と、単位をそろえた場所を見比べます。",
    examine=examine,
    wrong=WRONG,
)
