"""演習: 熱く保つと、組織は太くなるか。"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed
from rnnbook.materials import spinodal

COLD, HOT, SEED = 0.65, 0.85, 7


@cache
def measured(T: float) -> float:
    """温度 T に 60 枚保った組織の太さ（画素）。"""
    path = np.full((1, spinodal.FRAMES), T)
    C = spinodal.simulate(spinodal.initial([SEED]), path, spinodal.autocovariance)
    return float(spinodal.length(C[0, -1]))


REASONS = {
    "ア": Reason("熱いほど、原子が動きやすい。"),
    "イ": Reason(
        "熱いほど、分かれようとする強さが大きい。",
        lambda: (
            f"a は、{COLD} で {spinodal.depth(COLD):.2f}、{HOT} で "
            f"{spinodal.depth(HOT):.2f} です。"
        ),
    ),
    "ウ": Reason(
        "熱いほど、濃度の平均が大きくなる。",
        lambda: "濃度の平均は、どの温度でも 0 のままです。",
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    if isinstance(prediction, int | float) and not 0 < prediction < 31:
        raise NotYet(
            "予想は太さ（画素）なので、0 と 31 の間の数で書きます。",
            f"{COLD} では、およそ {measured(COLD):.1f} 画素です。",
            (("渡された値", shown(prediction)), ("期待する値", "0 から 31")),
        )
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=lambda: measured(HOT),
        reasons=REASONS,
        what="太さ ",
    )
    return f"{said}{COLD} では {measured(COLD):.2f} 画素です。"


SETUP = f"""from rnnbook.materials import spinodal

path = np.full((1, 60), {HOT})  # 一定の温度
c = spinodal.initial([{SEED}])
C = spinodal.simulate(c, path, spinodal.autocovariance)
"""

EXERCISE = Exercise(
    title="熱く保つと、太くなるか",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
温度 $T = {COLD}$ に 60 枚保つと、太さはおよそ {measured(COLD):.1f} 画素になります（はじめのゆらぎの種は {SEED}）。

1. $T = {HOT}$ に保つと、60 枚めの太さは何画素になるでしょうか。測る前に予想し、`my_prediction` に書きます。
2. 測って、`my_measurement` に入れます。測り方は、一つめと二つめのヒントにあります。
3. 変わった理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 測る前に: 60 枚めの太さ（画素）
my_measurement = ...  # 測った太さ（画素）
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        f"次のように測れます。\n\n```python\n{SETUP}```",
        "太さは `spinodal.length(C[0, -1])` です。",
        "`spinodal.mobility(T)` と `spinodal.depth(T)` を、二つの温度で比べます。",
    ),
    solution=f"""{SETUP}
my_prediction = 7.0
my_measurement = spinodal.length(C[0, -1])
my_reason = "ア"
""",
    compare="どこまでも熱くすればよいわけではありません。混ざる温度に近いと、分かれ始めるまでに時間がかかります。",
    examine=examine,
    wrong=tuple(
        Wrong((7.0, measured(HOT), key), "次の測定と食い違います。")
        for key in ("イ", "ウ")
    ),
)
