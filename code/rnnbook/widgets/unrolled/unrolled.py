"""展開図: 隠れユニット一つの Simple RNN を時間方向に広げ、一歩ずつ数を見る図（第 1 章）。"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import traitlets

from rnnbook.arguments import (
    require_array,
    require_choice,
    require_positive_int,
    require_range,
)
from rnnbook.widgets.kit.figure import Checked, Figure

LONGEST = 30
INPUTS = ("impulse", "constant", "sine", "drawn")


def _require_step(name: str, value: object) -> int:
    return int(require_range(name, require_positive_int(name, value), 1, LONGEST))


def _require_drawn(name: str, value: object) -> list[float]:
    drawn = require_array(name, value, (LONGEST,))
    return [require_range(name, float(v), -1.0, 1.0) for v in drawn]


class Unrolled(Figure):
    """一歩の式 h_t = tanh(w_xh x_t + w_hh h_{t-1} + b) を、時間方向に展開した図。

    引数:
        T: 系列長（1 から 30）。
        w_hh: 再帰の重み（−1.5 から 1.5）。
        w_xh: 入力の重み（0 から 3）。
        b: バイアス（−1 から 1）。
        x: 入力。"impulse"（t = 1 だけ 1）、"constant"（ずっと 1）、"sine"（周期 10 の正弦波）、
           または長さ T の数の並び（−1 から 1、図の中で描き直せます）。

    例:
        >>> Unrolled(T=8, w_hh=0.9)
        Unrolled(T=8, w_hh=0.9, w_xh=1.0, b=0.0, x='impulse')
    """

    T = Checked(10, _require_step)
    w_hh = Checked(0.9, partial(require_range, low=-1.5, high=1.5))
    w_xh = Checked(1.0, partial(require_range, low=0.0, high=3.0))
    b = Checked(0.0, partial(require_range, low=-1.0, high=1.0))
    # 入力の種類と、"drawn" のときの x_1 … x_30
    x = Checked("impulse", partial(require_choice, choices=INPUTS))
    drawn = Checked([0.0] * LONGEST, _require_drawn)
    # 見ている時刻
    t = Checked(1, _require_step)

    alt = traitlets.Unicode(
        "展開図。隠れユニット一つの RNN を時間方向に広げ、各時刻の入力 x、活性化の前の値 a、"
        "隠れ状態 h を示します。再帰の重みと入力の重みを動かすと、入力の跡が消える、残る、"
        "符号を変えながら続く、の違いが見えます。"
    ).tag(sync=True)
    _height = traitlets.List([840, 1240]).tag(sync=True)
    _shown = ("T", "w_hh", "w_xh", "b", "x")

    def __init__(
        self,
        T: int = 10,
        w_hh: float = 0.9,
        w_xh: float = 1.0,
        b: float = 0.0,
        x: str | Sequence[float] | np.ndarray = "impulse",
    ) -> None:
        T = _require_step("T", T)
        drawn = [0.0] * LONGEST
        if not isinstance(x, str):
            given = require_array("x", x, (T,))
            drawn[:T] = [require_range("x", float(v), -1.0, 1.0) for v in given]
            x = "drawn"
        super().__init__(T=T, w_hh=w_hh, w_xh=w_xh, b=b, x=x, drawn=drawn)
