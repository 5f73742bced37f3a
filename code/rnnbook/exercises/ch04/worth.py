"""演習: 読みの割合が偏ると、両側から読む値打ちは増えるか。"""

from __future__ import annotations

from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed

LEFT, EVEN, SKEWED = 0.5, 2 / 3, 0.9


def bound(likely: float, left: float = LEFT) -> float:
    """待たずに答えるときの上限 A(0) = P(左) + P(右) · 平均 max(π, 1 − π)。"""
    return left + (1 - left) * likely


REASONS = {
    "ア": Reason(
        "割合が偏っていると、手がかりが左に立つ文が増える。",
        lambda: (
            f"手がかりが左に立つ文は、どちらも {LEFT} です。それでも上限は {bound(EVEN):.4f} と {bound(SKEWED):.4f} です。"
        ),
    ),
    "イ": Reason(
        "割合が偏っていると、手がかりが見えなくても、多いほうの読みがよく当たる。"
    ),
    "ウ": Reason(
        "割合が偏っていると、LSTM が速く学習できる。",
        lambda: (
            f"上限 {bound(SKEWED):.4f} は、LSTM を一つも学習させずに計算した値です。"
        ),
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    if isinstance(prediction, int | float) and not 0 <= prediction <= 1:
        raise NotYet(
            "予想は正解率なので、0 から 1 の数で書きます。",
            "百分率なら、100 で割ります。",
            (("渡された値", shown(prediction)), ("期待する値", "0 から 1")),
        )
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=lambda: bound(SKEWED),
        reasons=REASONS,
        what="上限 $A(0)$ ",
        rtol=0.001,
    )
    return f"{said}両側から読む値打ち $1 - A(0)$ は、{1 - bound(EVEN):.4f} から {1 - bound(SKEWED):.4f} に減ります。"


EXERCISE = Exercise(
    title="偏った語では、後ろを見る値打ちは",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=10,
    text=f"""
六つの語のどれでも、多いほうの読みの割合が 0.9 だとします。手がかりが左に立つのは、これまでどおり半分の文です。

1. 待たずに答えるときの上限 $A(0)$ はいくつでしょうか。計算する前に予想し、`my_prediction` に書きます。4.2 節の値は 0.833 でした。
2. (4.1) で計算し、`my_measurement` に入れます。
3. 4.2 節の値から動いた理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 計算する前に: 上限 A(0)
my_measurement = ...  # 計算した上限 A(0)
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        "手がかりの見える文と、見えない文に分けて考えます。",
        "見える文では 1、見えない文では多いほうの読みの割合が当たります。",
        "$A(0) = 0.5 + 0.5 \\times 0.9$ です。",
    ),
    solution="""my_prediction = 0.9
my_measurement = 0.5 + 0.5 * 0.9
my_reason = "イ"  # 見えなくても、割合から当たります
""",
    compare="割合を 1 にすると $A(0)$ も 1 です。読みが一つしかない語では、後ろを見る値打ちはありません。",
    examine=examine,
    wrong=(
        Wrong((0.9, 0.9, "イ"), "が違います。"),
        Wrong((90, 0.95, "イ"), "0 から 1 の数"),
        Wrong((0.9, 0.95, "ア"), "手がかりが左に立つ文は、どちらも 0.5"),
        Wrong((0.9, 0.95, "ウ"), "一つも学習させずに計算した値です。"),
        Wrong((0.9, ..., ...), "次に測ります。"),
        Wrong((0.9, 0.95, ...), "次に、理由を選びます。"),
    ),
)
