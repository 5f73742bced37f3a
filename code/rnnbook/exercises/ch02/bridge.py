"""演習: ウェーハのキャリアの寿命だけ遡るには、勾配は何時刻を渡らなければならないか。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs
from rnnbook.reading.numbers import rounded


def right(rate_khz: float, tau_ms: float, bound: float) -> tuple[float, float]:
    """時刻の数 T = 標本化の周波数 × 寿命と、log₁₀ (γσ_max)^T。"""
    T = rate_khz * tau_ms  # kHz × ms = (1/ms) × ms
    return T, T * np.log10(bound)


def changed(steps: Callable, digits: Callable = lambda T, bound: T * np.log10(bound)):
    """時刻の数か桁を、間違えた式で計算する関数。"""

    def answer(rate_khz, tau_ms, bound):
        T = steps(rate_khz, tau_ms)
        return T, digits(T, bound)

    return answer


WRONG = (
    Wrong(
        changed(lambda rate, tau: rate * tau / 1000),
        "kHz と ms を掛けています。$10^3$ と $10^{-3}$ は打ち消し合うので、1000 で割る必要はありません。",
    ),
    Wrong(
        changed(lambda rate, tau: rate * tau * 1000),
        "kHz を Hz に直しましたが、ms を秒に直していません。",
    ),
    Wrong(
        changed(lambda rate, tau: tau / rate),
        "周波数で割っています。1 ms の間に標本は `rate_khz` 個あります。",
    ),
    Wrong(
        changed(lambda rate, tau: rate * tau, lambda T, bound: T * np.log(bound)),
        "自然対数になっています。桁を数えるのは `np.log10` です。",
    ),
    Wrong(
        changed(lambda rate, tau: rate * tau, lambda T, bound: bound**T),
        "上限そのものを返しています。小さすぎて 0 になる前に、対数にします。",
    ),
    Wrong(
        changed(lambda rate, tau: rate * tau, lambda T, bound: np.log10(bound)),
        "1 時刻ぶんの桁です。$T$ 時刻では $T$ 倍になります。",
    ),
    Wrong(
        lambda rate_khz, tau_ms, bound: rate_khz * tau_ms,
        "2 個の値を返していません（float が返されました）。",
    ),
)


def examine(answer: Callable) -> str:
    cases = [(200.0, 2.5, 0.98), (50.0, 40.0, 0.5), (10.0, 0.5, 1.02)]
    compare_runs(
        answer,
        right,
        [
            dict(zip(("rate_khz", "tau_ms", "bound"), each, strict=True))
            for each in cases
        ],
        returns=("T", "digits"),
        wrong=WRONG,
        hint="$T$ は、寿命の間に取られる標本の数です。(2.5) の上限は $(\\gamma\\,\\sigma_{\\max})^T$ です。",
    )
    T, digits = right(*cases[0])
    return (
        f"200 kHz の波形で 2.5 ms は {T:.0f} 時刻、$\\gamma\\,\\sigma_{{\\max}} = 0.98$ なら届く勾配は多くてもおよそ {rounded(10**digits, 1)} 倍です。"
        f"信号が 5 % ほどに減る $3\\tau$ まで読ませるなら、{3 * T:.0f} 時刻です（$e^{{-3}} \\approx 0.05$）。"
        "標本を 10 個に 1 個にすれば、時刻の数も 10 分の 1 です。ただし、間引く前に、新しい周波数の半分より速い成分を"
        "低域通過フィルター（遅い成分だけを通す計算）で除きます。除かないと、速い雑音が遅い信号に化けます。"
    )


EXERCISE = Exercise(
    title="寿命 2.5 ms は、何時刻か",
    kind="材料",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
シリコンウェーハに光を当て、消してからの光導電率の減衰を `rate_khz`（kHz）で標本化します。1 標本が RNN の 1 時刻です。光で生まれたキャリア（電気を運ぶ電子と正孔）は、寿命 `tau_ms`（ms）で 1/e（およそ 37 %）に減ります。消した瞬間から寿命だけ後の標本までに渡る時刻の数 $T$ と、(2.5) の上限 $(\\gamma\\,\\sigma_{\\max})^T$ が 10 の何乗かを返してください。$\\gamma\\,\\sigma_{\\max}$ は `bound` です。

返す前に、200 kHz、2.5 ms、0.98 では、上限が 1/1000 より大きいかどうかを予想してください。
""",
    stub='''def my_bridge(rate_khz, tau_ms, bound):
    """渡る時刻の数 T と、届く勾配の上限の常用対数 digits を返す。"""
    ...  # ここを書き換えます
    # return T, digits
''',
    hints=(
        "単位を書き出します。1 kHz は 1 ms に 1 回です。",
        "$T$ は kHz と ms の積です。上限は $T$ 乗なので、そのまま計算すると、表せないほど小さくなることがあります。",
        "$\\log_{10} a^T = T \\log_{10} a$ です。`T * np.log10(bound)` を返します。",
    ),
    solution='''def my_bridge(rate_khz, tau_ms, bound):
    """渡る時刻の数 T と、届く勾配の上限の常用対数 digits を返す。"""
    T = rate_khz * tau_ms  # kHz × ms = (1/ms) × ms
    digits = T * np.log10(bound)  # log10(bound^T)
    return T, digits
''',
    compare="単位をどこで直したか、べき乗と対数のどちらを先にしたかを見比べます。",
    examine=examine,
    wrong=WRONG,
)
