"""演習: 一点読む時間が長くなる自己注意が、信号に追いつける秒数。"""

from __future__ import annotations

import math
from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def seconds(
    period_us: Callable = lambda rate: 1000 / rate,
    growth_us: Callable = lambda ns: ns / 1000,
    to_whole: Callable = math.floor,
    per_second: Callable = lambda rate: 1000 * rate,
) -> Callable:
    """周期、増え方、整数への直し方、一秒の点の数を替えられる計算。"""

    def answer(rate_kHz, first_us, growth_ns):
        points = to_whole(
            max(0.0, period_us(rate_kHz) - first_us) / growth_us(growth_ns)
        )
        return points / per_second(rate_kHz)

    return answer


right = seconds()
WRONG = (
    Wrong(
        seconds(growth_us=lambda ns: ns),
        "増え方の ns を µs に直していません。1 µs は 1000 ns です。",
    ),
    Wrong(
        seconds(period_us=lambda rate: 1e6 / rate),
        "kHz を Hz と読んでいます。1 kHz の周期は 1000 µs です。",
    ),
    Wrong(
        seconds(per_second=lambda rate: 1),
        "返ったのは点の数です。一秒に何点来るかで割ると、秒になります。",
    ),
    Wrong(
        seconds(per_second=lambda rate: rate),
        "返ったのはミリ秒です。秒に直します。",
    ),
    Wrong(
        lambda rate_kHz, first_us, growth_ns: (
            math.floor(1000 / rate_kHz / (growth_ns / 1000)) / (1000 * rate_kHz)
        ),
        "はじめの一点の時間 `first_us` を、周期から引いていません。",
    ),
)


def examine(answer: Callable) -> str:
    cases = [(10.0, 40.0, 20.0), (2.0, 90.0, 15.0), (50.0, 25.0, 10.0), (8, 31.5, 70)]
    compare_runs(
        answer,
        right,
        [
            {"rate_kHz": rate, "first_us": first, "growth_ns": growth}
            for rate, first, growth in cases
        ],
        wrong=WRONG,
        hint="周期（µs）から、はじめの一点の時間を引き、一点ごとの増え方（µs）で割って、点の数を出します。",
    )
    return (
        f"10 kHz なら、{right(*cases[0]):.2f} 秒で追いつけなくなります。RNN の一点の時間は、読んだ点の数に"
        "よりません。届き続ける信号を、その場で読むときの違いです。"
    )


EXERCISE = Exercise(
    title="信号に追いつける秒数",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=15,
    text="""
材料の試験片から、弾性波（アコースティックエミッション）の信号が `rate_kHz`（kHz）で届きます。自己注意は、$n$ 点を読んだあとの一点に、`first_us` + `growth_ns` × $n$ の時間がかかります（`first_us` は µs、`growth_ns` は一点あたりの ns）。次の点が届くまでに計算が終わるのは、読み始めから何秒まででしょうか。終わる最後の $n$ を切り捨てて整数で求め、秒に直して返してください。はじめから間に合わなければ 0 です。
""",
    stub='''def my_keep_up(rate_kHz, first_us, growth_ns):
    """自己注意の計算が、届く信号に追いついていられる秒数を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "次の点が届くまでの時間は、何 µs ですか。kHz は、一秒に千点の単位です。",
        "周期は `1000 / rate_kHz`（µs）です。`growth_ns` は、1000 で割ると µs になります。",
        "点の数 $n = \\lfloor (\\text{周期} - \\text{はじめ}) / \\text{増え方} \\rfloor$ を、一秒の点の数 `1000 * rate_kHz` で割ります。",
    ),
    solution='''def my_keep_up(rate_kHz, first_us, growth_ns):
    """自己注意の計算が、届く信号に追いついていられる秒数を返す。"""
    period_us = 1000 / rate_kHz
    room_us = max(0.0, period_us - first_us)
    points = np.floor(room_us / (growth_ns / 1000))
    return float(points / (1000 * rate_kHz))  # 秒
''',
    compare="単位を直した場所（kHz、µs、ns、秒）を、一つずつ見比べます。",
    examine=examine,
    wrong=WRONG,
)
