"""演習: 欲しい半減期になる、忘却ゲートのバイアス。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.check import Exercise, NotYet, call
from rnnbook.exercises.compare import as_array, close, name_mistake, near


def logit(f: np.ndarray) -> np.ndarray:
    """σ(b) = f となる b。"""
    return np.log(f) - np.log1p(-f)


def examine(answer: Callable) -> str:
    n = np.array([1.0, 2.0, 10.0, 100.0, 1000.0])
    value = [call(answer, float(each)) for each in n]
    value = np.array([as_array("戻り値", each, ()) for each in value])
    f = 2 ** (-1 / n)
    if close(value, logit(f)):
        return "半減期 1 時刻なら $b_f = 0$、100 時刻なら 5 に近い値です。"
    wrong = {
        "返しているのは $f$ です。$\\sigma(b_f) = f$ となる $b_f$ まで戻します。": f,
        "符号が逆です。$\\sigma(b) = f$ を解くと $b = \\ln\\frac{f}{1 - f}$ です。": -logit(
            f
        ),
        "$n$ 時刻の間に半分になります。$f = (1/2)^{1/n}$ で、$f = 1 - 1/n$ ではありません。": logit(
            np.maximum(1 - 1 / n, 1e-300)
        ),
        "$e^{-1}$ 倍になる長さではなく、半分になる長さです。": logit(np.exp(-1 / n)),
        "$\\ln f$ では足りません。シグモイドの逆は $\\ln\\frac{f}{1 - f}$ です。": np.log(
            f
        ),
        "$\\ln(n - 1)$ や $\\ln n$ は chrono の初期値です。半減期は $f^n = 1/2$ から求めます。": np.log(
            n
        ),
    }
    k = int(np.argmin(near(value, logit(f))))
    raise NotYet(
        f"半減期 {n[k]:g} 時刻で {value[k]:.4g} になりました。正しくは {logit(f)[k]:.4g} です。",
        name_mistake(value, wrong)
        or "$\\sigma(b_f)^n = 1/2$ を、まず $\\sigma(b_f)$ について、次に $b_f$ について解きます。",
    )


FORGET_BIAS = Exercise(
    title="欲しい半減期の忘却バイアス",
    stub='''def my_forget_bias(half_life):
    """直接の道がちょうど half_life 時刻で半分になる b_f を返す。"""
    ...  # ここを書き換えます
''',
    solution='''def my_forget_bias(half_life):
    """直接の道がちょうど half_life 時刻で半分になる b_f を返す。"""
    f = 0.5 ** (1 / half_life)  # f^n = 1/2
    return np.log(f / (1 - f))  # σ(b) = f を b について解く
''',
    examine=examine,
)
