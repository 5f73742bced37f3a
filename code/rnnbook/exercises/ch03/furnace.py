"""演習: 炉の温度の記録から、欲しい半減期の忘却バイアスを決めます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def logit(f: float) -> float:
    """σ(b) = f となる b。"""
    return np.log(f) - np.log1p(-f)


def furnace(steps: Callable, base: float = 0.5) -> Callable:
    """時刻の数え方と、減る割合を選べる計算。"""

    def answer(interval_s, half_life_min):
        n = steps(interval_s, half_life_min)
        return n, logit(base ** (1 / n))

    return answer


right = furnace(lambda interval_s, half_life_min: half_life_min * 60 / interval_s)
WRONG = (
    Wrong(
        furnace(lambda interval_s, half_life_min: half_life_min / interval_s),
        "分を秒に直していません。1 分は 60 秒です。",
    ),
    Wrong(
        furnace(lambda interval_s, half_life_min: half_life_min * 60 * interval_s),
        "間隔を掛けています。半減期の間に入る間隔の数は、割り算です。",
    ),
    Wrong(
        furnace(lambda interval_s, half_life_min: half_life_min * 60),
        "1 秒に 1 点と数えています。点の間隔は `interval_s` 秒です。",
    ),
    Wrong(
        furnace(
            lambda interval_s, half_life_min: round(half_life_min * 60 / interval_s)
        ),
        "時刻の数 $n$ を整数に丸めています。$f^n = 1/2$ の $n$ は、整数でなくてもかまいません。",
    ),
    Wrong(
        furnace(
            lambda interval_s, half_life_min: half_life_min * 60 / interval_s,
            np.exp(-1),
        ),
        "$e^{-1}$ 倍になる長さではなく、半分になる長さです。",
    ),
    Wrong(
        lambda interval_s, half_life_min: (
            right(interval_s, half_life_min)[0],
            0.5 ** (1 / right(interval_s, half_life_min)[0]),
        ),
        "返しているのは $f$ です。$\\sigma(b_f) = f$ となる $b_f$ まで戻します。",
    ),
    Wrong(
        lambda *given: right(*given)[1],
        "`return n, b_f` で終えます。",
    ),
)


def examine(answer: Callable) -> str:
    cases = [(2.0, 10.0), (30.0, 10.0), (0.5, 1.5), (7.0, 10.0)]
    compare_runs(
        answer,
        right,
        [{"interval_s": each[0], "half_life_min": each[1]} for each in cases],
        returns=("n", "b_f"),
        wrong=WRONG,
        hint="はじめに半減期を時刻の数に直し、それから $f^n = 1/2$ と $\\sigma(b_f) = f$ を解きます。",
    )
    (n, b), (fewer, smaller) = (right(*each) for each in cases[:2])
    return (
        f"10 分の半減期は、2 秒おきなら {n:.0f} 時刻で $b_f$ は {b:.1f}、30 秒おきなら {fewer:.0f} 時刻で {smaller:.1f} です。"
        "同じ炉でも、記録の間隔が変われば、はじめの値も変わります。"
    )


EXERCISE = Exercise(
    title="炉の温度と忘却バイアス",
    kind="材料",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
熱処理炉の温度を `interval_s` 秒おきに記録し、一点一時刻として LSTM に読ませます。試料は炉の温度に遅れて応答し、遅れの半減期は `half_life_min` 分と見積もられています。直接の道がこの半減期で始まるように、半減期を時刻の数 $n$（整数とは限りません）に直し、忘却ゲートのバイアス $b_f$ と合わせて返してください。
""",
    stub='''def my_furnace(interval_s, half_life_min):
    """半減期の時刻の数 n と、忘却ゲートのバイアス b_f を返す。"""
    ...  # ここを書き換えます
    # return n, b_f
''',
    hints=(
        "2 秒おきの記録で 10 分は何点ですか。",
        "分を秒に直し、間隔で割ると $n$ です。次に $f^n = 1/2$ を解きます。",
        "$n = 60\\,t_{\\min} / \\Delta t$、$f = (1/2)^{1/n}$、$b_f = \\ln\\frac{f}{1 - f}$ です。",
    ),
    solution='''def my_furnace(interval_s, half_life_min):
    """半減期の時刻の数 n と、忘却ゲートのバイアス b_f を返す。"""
    n = half_life_min * 60 / interval_s  # 分 → 秒 → 時刻の数
    f = 0.5 ** (1 / n)  # f^n = 1/2
    return n, np.log(f / (1 - f))  # σ(b_f) = f
''',
    compare="単位をそろえた場所と、時刻の数が整数でなくてもよいことを、どう扱ったかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
