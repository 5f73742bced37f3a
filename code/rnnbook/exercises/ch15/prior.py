"""演習: 空孔の範囲を広げると、最適な読み手の、一歩への応えはどうなるか。"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed
from rnnbook.materials import powder, yardsticks
from rnnbook.materials.diffraction import expected

WIDE = 40.0  # 空孔の範囲（%）


@cache
def answered(width: float = WIDE, times: float = 1.0) -> float:
    """空孔の範囲が 0 から width（%）のとき、最適な重みが +1 % に応える量。times は測る時間の倍率です。"""
    theta = np.array([[5.0, 0, 0, 0, 0, 0]])
    J, mu = powder.jacobian(theta)[0], expected(*powder.values(theta))[0]
    prior = powder.PRIOR.copy()
    prior[0, 0] = 12 / width**2
    return float(yardsticks.optimal_responses(times * J, times * mu, prior)[0])


REASONS = {
    "ア": Reason(
        "範囲が広いと、計数が増え、雑音が減る。",
        lambda: (
            f"計数は同じです。測る時間を 4 倍にしても、応えは {answered(10.0, 4.0):.2f} です。"
        ),
    ),
    "イ": Reason("範囲が広いと、答えを平均に寄せる得が、小さくなる。"),
    "ウ": Reason(
        "範囲が広いと、モデルが線形でなくなる。",
        lambda: "最適な重みは、どちらも線形です。",
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    if isinstance(prediction, int | float) and not 0 <= prediction <= 2:
        raise NotYet(
            "予想は、+1 % に応える量なので、0 から 2 の数で書きます。",
            "範囲が 0〜10 % のときより大きいか、小さいかを、まず決めます。",
            (("渡された値", shown(prediction)), ("期待する値", "0 から 2")),
        )
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=answered,
        reasons=REASONS,
        what="応え ",
    )
    return (
        f"{said}範囲が 0〜10 % なら {answered(10.0):.2f} です。一歩に 1 だけ応えることは、"
        "誤差がいちばん小さいことと、同じではありません。"
    )


SETUP = """import numpy as np
from rnnbook.materials import powder, yardsticks
from rnnbook.materials.diffraction import expected

theta = np.array([[5.0, 0, 0, 0, 0, 0]])
J, mu = powder.jacobian(theta)[0], expected(*powder.values(theta))[0]
prior = powder.PRIOR.copy()
prior[0, 0] = 12 / 40**2  # 範囲 0〜40 % の、分散の逆数
"""

EXERCISE = Exercise(
    title="範囲を広げると、応えは 1 に近づくか",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
空孔が 0〜10 % の範囲にあると知っているとき、最適な線形の重みは、空孔 +1 % に 1 より小さくしか応えませんでした（およそ {answered(10.0):.1f}）。

1. 範囲が 0〜{WIDE:.0f} % なら、応えはいくつになるでしょうか。計算する前に予想し、`my_prediction` に書きます。
2. `yardsticks.optimal_responses` で計算し、`my_measurement` に入れます。準備は、一つめのヒントにあります。
3. 変わった理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 計算する前に: +1 % に応える量
my_measurement = ...  # 計算した量
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        f"次のように準備します。\n\n```python\n{SETUP}```",
        "`yardsticks.optimal_responses(J, mu, prior)` の 0 番目が、空孔の一歩への応えです。",
        "事前の範囲が狭いほど、平均の近くを答えておけば、大きくは外れません。",
    ),
    solution=f"""{SETUP}
my_prediction = 1.0
my_measurement = yardsticks.optimal_responses(J, mu, prior)[0]
my_reason = "イ"
""",
    compare="応えが 1 でないことは、欠陥とは限りません。最適な重みの応えと並べます。",
    examine=examine,
    wrong=tuple(
        Wrong((1.0, answered(), key), "次の測定と食い違います。")
        for key in ("ア", "ウ")
    ),
)
