"""演習: 点の調整をすると、でたらめな点数の F1 は、窓の長さで変わるか。"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed

T, FLAGGED = 20_000, 0.99
FEW, MANY = 4, 40  # 異常の数
TOTAL = 2_000  # 異常の点の合計


@cache
def measured(events: int, adjust: bool = True) -> tuple[float, int, int]:
    """でたらめな点数の、F1、当たった異常の数、異常の外で鳴った点の数。"""
    length, gap = TOTAL // events, T // events
    score = np.random.default_rng(0).random(T)
    loud, truth = score > FLAGGED, np.zeros(T, bool)
    found = 0
    for start in range(gap // 2, T, gap):
        truth[start : start + length] = True
        if loud[start : start + length].any():
            found += 1
            if adjust:
                loud[start : start + length] = True
    hit, false = (loud & truth).sum(), int((loud & ~truth).sum())
    precision, recall = hit / loud.sum(), hit / truth.sum()
    return float(2 * precision * recall / (precision + recall)), found, false


REASONS = {
    "ア": Reason(
        "異常の点の数が減ったので、当たりにくくなった。",
        lambda: f"異常の点は、どちらも {TOTAL} 個です。",
    ),
    "イ": Reason(
        "異常の外で鳴る点が増えた。",
        lambda: (
            f"異常の外で鳴った点は、{measured(FEW)[2]} 個と {measured(MANY)[2]} 個です。"
        ),
    ),
    "ウ": Reason(
        "異常が短いと、その中の一点が偶然に超えることが減り、全部を当たりに直せない異常が増える。"
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    if isinstance(prediction, int | float) and not 0 <= prediction <= 1:
        raise NotYet(
            "予想は F1 なので、0 から 1 の数で書きます。",
            "すべての点を正しく答えたときの F1 が 1 です。",
            (("渡された値", shown(prediction)), ("期待する値", "0 から 1")),
        )
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=lambda: measured(MANY)[0],
        reasons=REASONS,
        what="F1 ",
    )
    return (
        f"{said}一点でも超えた異常は、長いときは {FEW} 個のうち {measured(FEW)[1]} 個、"
        f"短いときは {MANY} 個のうち {measured(MANY)[1]} 個です。"
    )


SETUP = f"""score = np.random.default_rng(0).random({T})  # でたらめ
loud, truth = score > {FLAGGED}, np.zeros({T}, bool)
length, gap = {TOTAL // MANY}, {T // MANY}
for start in range(gap // 2, {T}, gap):
    truth[start : start + length] = True
    if loud[start : start + length].any():  # 点の調整
        loud[start : start + length] = True
"""

EXERCISE = Exercise(
    title="短い異常なら、でたらめは見破れるか",
    kind="調べる",
    difficulty=2,
    importance=3,
    minutes=15,
    text=f"""
{T:,} 点の系列に、異常が {FEW} 個、長さ {TOTAL // FEW} 点ずつあります。一様な乱数を点数とし、{FLAGGED} を超えた点を警報とします。点の調整をしたあとの F1 は {measured(FEW)[0]:.2f} です（調整をしなければ {measured(FEW, adjust=False)[0]:.2f} です）。

1. 異常の点の合計を変えずに、長さ {TOTAL // MANY} 点の異常 {MANY} 個に分けたら、点の調整をしたあとの F1 はいくつになるでしょうか。測る前に予想し、`my_prediction` に書きます。
2. 種 0 の乱数で測り、`my_measurement` に入れます。測り方は、一つめのヒントにあります。
3. 変わった理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 測る前に: 短い異常での、点の調整のあとの F1
my_measurement = ...  # 測った F1
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        f"次のように調整できます。\n\n```python\n{SETUP}```",
        "適合率は `(loud & truth).sum() / loud.sum()`、再現率は、それを `truth.sum()` で割った形です。",
        "F1 は `2 * precision * recall / (precision + recall)` です。",
    ),
    solution=f"""{SETUP}
hit = (loud & truth).sum()
precision, recall = hit / loud.sum(), hit / truth.sum()

my_prediction = 0.8
my_measurement = 2 * precision * recall / (precision + recall)
my_reason = "ウ"
""",
    compare=f"長さ n の異常に、割合 p で鳴る点が一つも入らない確率は (1 − p)ⁿ です。n が {TOTAL // FEW} と {TOTAL // MANY} のときを比べます。",
    examine=examine,
    wrong=tuple(
        Wrong((0.8, measured(MANY)[0], key), "次の測定と食い違います。")
        for key in ("ア", "イ")
    ),
)
