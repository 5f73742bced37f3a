"""演習: 測る時間を 4 倍にすると、空孔の誤差の目安はどうなるか。"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed
from rnnbook.materials import powder

TIMES = 4


@cache
def bound(times: float, scale: bool = False, prior: bool = True) -> float:
    """測る時間が times 倍のときの、c の誤差の目安（%）。prior が偽なら、P = 0 です。"""
    theta = powder.measure(np.random.default_rng(0), 200).theta
    known = np.zeros((6, 6))
    known[2, 2] = 1e8 * scale
    F = times * powder.information(theta)
    V = np.linalg.inv(F + prior * powder.PRIOR + known)
    return float(np.sqrt(V[:, 0, 0].mean()))


def ratio() -> float:
    return bound(TIMES) / bound(1)


REASONS = {
    "ア": Reason(
        "計数が 4 倍でも、揺らぎの割合は変わらない。",
        lambda: (
            f"揺らぎの割合は 1/√計数 です。尺度を知っていれば、目安は {bound(1, True):.2f} %"
            f" から {bound(TIMES, True):.2f} % に下がります。"
        ),
    ),
    "イ": Reason(
        "1 倍のときの目安は、測る前から知っている散らばり P にも助けられていて、その分は計数を増やしても良くならない。"
    ),
    "ウ": Reason(
        "PLS が線形のモデルなので、計数を使い切れない。",
        lambda: (
            "目安は、どのモデルで読むかによりません。PLS を使わずに計算しています。"
        ),
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    if isinstance(prediction, int | float) and not 0 < prediction <= 2:
        raise NotYet(
            "予想は目安の比なので、0 から 2 の数で書きます。",
            "変わらなければ 1、半分になれば 0.5 です。",
            (("渡された値", shown(prediction)), ("期待する値", "0 から 2")),
        )
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=ratio,
        reasons=REASONS,
        what="目安の比",
    )
    return (
        f"{said}P を 0 にすると、尺度と背景を知らないままでも、目安は {bound(1, prior=False):.2f} % から"
        f" {bound(TIMES, prior=False):.2f} % に下がり、比は {bound(TIMES, prior=False) / bound(1, prior=False):.2f} です。"
        f"{4 * TIMES} 倍長く測れば、P があっても {bound(4 * TIMES) / bound(1):.2f} まで下がります。"
        f"時間は 1 倍のままで尺度を知ると、比は {bound(1, True) / bound(1):.2f} です。"
    )


SETUP = """import numpy as np
from rnnbook.materials import powder

theta = powder.measure(np.random.default_rng(0), 200).theta
F = powder.information(theta)  # (200, 6, 6)。時間が 4 倍なら 4 倍


def bound(times):
    V = np.linalg.inv(times * F + powder.PRIOR)
    return np.sqrt(V[:, 0, 0].mean())
"""

EXERCISE = Exercise(
    title="4 倍長く測ると、どれだけよくなるか",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
背景のある図形を、{TIMES} 倍長く測ります。計数はどこも 4 倍になり、式 (11.2) の $F$ も 4 倍になります。$P$ は変わりません。

1. 目安 $\\sigma_{{\\text{{目安}}}}$ は、何倍になるでしょうか。測る前に予想し、`my_prediction` に書きます。
2. 種 0 の 200 試料で計算し、4 倍のときと 1 倍のときの目安の比を `my_measurement` に入れます。計算は、一つめのヒントにあります。
3. その比になる理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 計算する前に: 目安は何倍になるか
my_measurement = ...  # 計算した比
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        f"次のように計算できます。\n\n```python\n{SETUP}```",
        "比は `bound(4) / bound(1)` です。",
        "$P$ がなければ、比は $1/\\sqrt4$ です。それより大きい分は、$F$ と $P$ のどちらから来ますか。",
    ),
    solution=f"""{SETUP}

my_prediction = 0.5
my_measurement = bound(4) / bound(1)
my_reason = "イ"
""",
    compare="測る時間より、測り方（尺度の記録）が効きます。どちらが安いかは、測定器によります。",
    examine=examine,
    wrong=tuple(
        Wrong((0.5, ratio(), key), "次の測定と食い違います。") for key in ("ア", "ウ")
    ),
)
