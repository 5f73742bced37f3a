"""演習: 欲しい半減期になる、忘却ゲートのバイアス。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def logit(f: float) -> float:
    """σ(b) = f となる b。"""
    return np.log(f) - np.log1p(-f)


def right(half_life: float) -> float:
    return logit(0.5 ** (1 / half_life))


WRONG = (
    Wrong(
        lambda half_life: 0.5 ** (1 / half_life),
        "返しているのは $f$ です。$\\sigma(b_f) = f$ となる $b_f$ まで戻します。",
    ),
    Wrong(
        lambda half_life: -right(half_life),
        "符号が逆です。$\\sigma(b) = f$ を解くと $b = \\ln\\frac{f}{1 - f}$ です。",
    ),
    Wrong(
        lambda half_life: logit(max(1 - 1 / half_life, 1e-300)),
        "$n$ 時刻の間に半分になります。$f = (1/2)^{1/n}$ で、$f = 1 - 1/n$ ではありません。",
    ),
    Wrong(
        lambda half_life: logit(np.exp(-1 / half_life)),
        "$e^{-1}$ 倍になる長さではなく、半分になる長さです。",
    ),
    Wrong(
        lambda half_life: np.log(0.5 ** (1 / half_life)),
        "$\\ln f$ では足りません。シグモイド関数の逆は $\\ln\\frac{f}{1 - f}$ です。",
    ),
    Wrong(
        np.log,
        "$\\ln(n - 1)$ や $\\ln n$ は chrono の初期値です。半減期は $f^n = 1/2$ から求めます。",
    ),
)


def examine(answer: Callable) -> str:
    compare_runs(
        answer,
        right,
        [{"half_life": n} for n in (2.0, 1.0, 10.0, 100.0, 1000.0)],
        wrong=WRONG,
        hint="$\\sigma(b_f)^n = 1/2$ を、まず $\\sigma(b_f)$ について、次に $b_f$ について解きます。",
    )
    return "半減期 1 時刻なら $b_f = 0$、100 時刻なら 5 に近い値です。"


EXERCISE = Exercise(
    title="欲しい半減期の忘却バイアス",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text="""
(3.12) を逆に解きます。直接の道が、ちょうど `half_life` 時刻で半分になる $b_f$ を返してください。
""",
    stub='''def my_forget_bias(half_life):
    """直接の道がちょうど half_life 時刻で半分になる b_f を返す。"""
    ...  # ここを書き換えます
''',
    hints=(
        "直接の道は、1 時刻に $f = \\sigma(b_f)$ 倍です。$n$ 時刻では何倍になりますか。",
        "$f^n = 1/2$ から $f$ を求めます。次に、$\\sigma(b) = f$ を $b$ について解きます。",
        "$f = (1/2)^{1/n}$、$b = \\ln\\frac{f}{1 - f}$ です。",
    ),
    solution='''def my_forget_bias(half_life):
    """直接の道がちょうど half_life 時刻で半分になる b_f を返す。"""
    f = 0.5 ** (1 / half_life)  # f^n = 1/2
    return np.log(f / (1 - f))  # σ(b) = f を b について解く
''',
    compare="$f$ を求める行と、$f$ から $b_f$ に戻す行を分けて見比べます。",
    examine=examine,
    wrong=WRONG,
)
