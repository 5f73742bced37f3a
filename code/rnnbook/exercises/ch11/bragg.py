"""演習: ピークの角度から、格子の伸びを読みます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def strain(two_theta, two_theta0, half=0.5, unit=np.deg2rad):
    return np.sin(unit(two_theta0) * half) / np.sin(unit(two_theta) * half) - 1


def right(two_theta, two_theta0):
    return 100 * strain(two_theta, two_theta0)


WRONG = (
    Wrong(
        lambda a, b: 100 * strain(a, b, half=1.0),
        "2θ のまま sin に入れています。ブラッグの式の角度は θ です。",
    ),
    Wrong(
        lambda a, b: 100 * strain(a, b, unit=np.asarray),
        "度のまま sin に入れています。ラジアンに直します。",
    ),
    Wrong(
        lambda a, b: strain(a, b),
        "割合のままです。% にするには、100 を掛けます。",
    ),
    Wrong(
        lambda a, b: -right(a, b) / (1 + right(a, b) / 100),
        "比が逆です。角度が小さくなれば、格子は伸びています。",
    ),
    Wrong(
        lambda a, b: 100 * (b - a) / b,
        "角度の比を、そのまま伸びにしています。sin θ の比を使います。",
    ),
)


def examine(answer: Callable) -> str:
    cases = [(43.17, 43.32), (74.40, 74.13), (89.0, 89.93)]
    compare_runs(
        answer,
        right,
        [{"two_theta": a, "two_theta0": b} for a, b in cases],
        wrong=WRONG,
        hint="d = λ / (2 sin θ) なので、伸びは sin θ₀ / sin θ − 1 です。",
    )
    return (
        f"(111) が 43.32 度から 43.17 度に動けば、格子は {right(43.17, 43.32):.2f} % 伸びて"
        "います。図 11.3 で、印がはっきり見つけた大きさです。"
    )


EXERCISE = Exercise(
    title="ピークのずれは、何 % の伸びか",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=15,
    text="""
同じ面のピークが、標準の試料では `two_theta0`（度）、測った試料では `two_theta`（度）にあります。波長は同じです。ブラッグの式 $\\lambda = 2d\\sin\\theta$ から、面の間隔 $d$ の伸びを **%** で返してください（縮んでいれば負）。
""",
    stub='''def my_strain(two_theta, two_theta0):
    """面の間隔の伸び（%）を返す。two_theta0 が標準の 2θ（度）。"""
    ...  # ここを書き換えます
''',
    hints=(
        "$d = \\lambda / (2\\sin\\theta)$ です。波長は、比を取ると消えます。",
        "渡されるのは $2\\theta$ で、単位は度です。半分にし、ラジアンに直します。",
        "`100 * (np.sin(t0) / np.sin(t) - 1)` です。",
    ),
    solution='''import numpy as np


def my_strain(two_theta, two_theta0):
    """面の間隔の伸び（%）を返す。two_theta0 が標準の 2θ（度）。"""
    t, t0 = np.deg2rad(two_theta) / 2, np.deg2rad(two_theta0) / 2
    return 100 * (np.sin(t0) / np.sin(t) - 1)
''',
    compare="角度の小さいほうに動いたピークは、伸びです。符号を先に言葉で確かめます。",
    examine=examine,
    wrong=WRONG,
)
