"""演習: 忘却ゲートのバイアスを 1 増やすと、半減期は何倍になるか。"""

from __future__ import annotations

import numpy as np
from scipy.special import expit as sigmoid

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed


def half_life(b_f: float) -> float:
    """f = σ(b_f) を掛け続けて、半分になる時刻の数。"""
    return float(np.log(0.5) / np.log(sigmoid(b_f)))


def ratio() -> float:
    return half_life(6) / half_life(5)


REASONS = {
    "ア": Reason(
        "半減期は $b_f$ に比例する。",
        lambda: (
            f"b_f は 5 から 6 へ {6 / 5:.1f} 倍ですが、半減期は {ratio():.2f} 倍です。"
        ),
    ),
    "イ": Reason(
        "半減期は $f$ に比例する。",
        lambda: (
            f"f は {sigmoid(5):.4f} から {sigmoid(6):.4f} へ {sigmoid(6) / sigmoid(5):.3f} 倍ですが、半減期は {ratio():.2f} 倍です。"
        ),
    ),
    "ウ": Reason(
        "半減期はおよそ $1 - f$ に反比例し、$1 - f$ は $b_f$ が 1 増えるたびにおよそ $1/e$ になる。"
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=ratio,
        reasons=REASONS,
        what="半減期の比",
        rtol=0.005,
    )
    return f"{said}半減期そのものは {half_life(5):.0f} 時刻と {half_life(6):.0f} 時刻です。"


EXERCISE = Exercise(
    title="バイアスを 1 増やすと",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=10,
    text=f"""
直接の道だけを考えます。セル状態は 1 時刻に $f = \\sigma(b_f)$ 倍です。

1. $b_f$ を 5 から 6 に増やすと、半減期（$f^n = 1/2$ となる $n$。整数でなくてもかまいません）は何倍になるでしょうか。走らせる前に予想し、`my_prediction` に書きます。
2. 測って `my_measurement` に入れます。
3. そうなる理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 走らせる前に: 半減期は何倍か
my_measurement = ...  # 測った比
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        "$b_f$ が 0、1、2、…、6 のときの $f$ と $1 - f$ を並べて印字します。きれいに変わるのはどちらですか。",
        "$f^n = 1/2$ から $n = \\ln(1/2) / \\ln f$ です。",
        "$f$ が 1 に近いとき $\\ln f \\approx -(1 - f)$ です。$1 - \\sigma(b) = 1/(1 + e^b)$ は、$b$ が大きいとおよそ $e^{-b}$ です。",
    ),
    solution="""def half_life(b_f):
    f = 1 / (1 + np.exp(-b_f))
    return np.log(0.5) / np.log(f)


my_prediction = 1.2
my_measurement = half_life(6) / half_life(5)
my_reason = "ウ"  # 1 − f ≈ e^{-b_f}
""",
    compare="比が $e = 2.718…$ からわずかに外れる理由も考えます。$b_f$ を 10 と 11 にすると、どうなりますか。",
    examine=examine,
    wrong=(
        Wrong((1.2, 1.2, "ア"), "半減期の比が違います。"),
        Wrong((1.2, ratio(), "ア"), "b_f は 5 から 6 へ 1.2 倍ですが"),
        Wrong((1.2, ratio(), "イ"), "1.004 倍ですが"),
        Wrong((1.2, ..., ...), "次に測ります。"),
        Wrong((1.2, ratio(), ...), "次に、理由を選びます。"),
    ),
)
