"""演習: 系列が長くなると、探している一語の注意の重みはどうなるか。"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnbook.cells.attention import masked_softmax
from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed

SHORT, LONG, POINT = 64, 1024, 6.0


@cache
def scores(T: int) -> np.ndarray:
    """点 (T,)。先頭が探している語の POINT、残りは平均 0、分散 1 の正規乱数です。"""
    e = np.random.default_rng(0).normal(size=T)
    e[0] = POINT
    return e


def weight(T: int) -> float:
    """探している語の重み。"""
    return float(masked_softmax(scores(T)[None, None])[0, 0, 0])


REASONS = {
    "ア": Reason(
        "系列が長いと、探している語の点が下がる。",
        lambda: (
            f"点は、どちらの長さでも {scores(SHORT)[0]:.1f} と {scores(LONG)[0]:.1f} です。"
        ),
    ),
    "イ": Reason(
        "ほかの語の $e^{点}$ の和が、語の数に比例して増える。",
    ),
    "ウ": Reason(
        "長い系列には、探している語より点の高い語が現れる。",
        lambda: (
            f"ほかの語の点の最大は、{LONG} 語でも {scores(LONG)[1:].max():.1f} で、"
            f"{POINT:.0f} より小さいです。"
        ),
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    if isinstance(prediction, int | float) and not 0 <= prediction <= 1:
        raise NotYet(
            "予想は重みなので、0 から 1 の数で書きます。",
            "重みは、すべての語について足すと 1 です。",
            (("渡された値", shown(prediction)), ("期待する値", "0 から 1")),
        )
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=lambda: weight(LONG),
        reasons=REASONS,
        what="重み ",
    )
    rest = [np.exp(scores(T)[1:]).sum() for T in (SHORT, LONG)]
    return (
        f"{said}ほかの語の e^点 の和は、{rest[0]:.0f} から {rest[1]:.0f} に増え、探している語の"
        f" e^{POINT:.0f} = {np.exp(POINT):.0f} を上回りました。再帰の状態にも限りがありますが、"
        "薄まり方は違います。"
    )


SETUP = f"""import numpy as np

rng = np.random.default_rng(0)
e = rng.normal(size={LONG})  # ほかの語の点
e[0] = {POINT}  # 探している語の点
"""

EXERCISE = Exercise(
    title="長くなると、注意は薄まるか",
    kind="調べる",
    difficulty=1,
    importance=2,
    minutes=10,
    text=f"""
自己注意で、時刻 $t$ が一つの語を探しています。その語の点は {POINT:.0f}、ほかの語の点は平均 0、分散 1 の乱数です。{SHORT} 語の系列なら、探している語の重み $\\alpha$ は、およそ {weight(SHORT):.2f} です（種 0）。

1. {LONG} 語の系列なら、重みはいくつになるでしょうか。計算する前に予想し、`my_prediction` に書きます。
2. 種 0 の乱数で計算し、`my_measurement` に入れます。点の作り方は、一つめのヒントにあります。
3. 変わった理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 計算する前に: 探している語の重み
my_measurement = ...  # 計算した重み
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        f"点は次のように作ります。\n\n```python\n{SETUP}```",
        "重みは `np.exp(e[0]) / np.exp(e).sum()` です。",
        "分子と分母のうち、長さで変わるのはどちらでしょうか。",
    ),
    solution=f"""{SETUP}
my_prediction = 0.5
my_measurement = np.exp(e[0]) / np.exp(e).sum()
my_reason = "イ"
""",
    compare="点の差が決まっていれば、重みは長さとともに薄まります。薄めないためには、点の差も長さとともに大きくなければなりません。",
    examine=examine,
    wrong=tuple(
        Wrong((0.5, weight(LONG), key), "次の測定と食い違います。")
        for key in ("ア", "ウ")
    ),
)
