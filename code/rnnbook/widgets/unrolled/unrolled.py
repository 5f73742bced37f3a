"""展開図: 隠れユニット一つの Simple RNN を時間方向に広げ、一歩ずつ数を見る図（第 1 章）。"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import traitlets

from rnnbook.arguments import require_array, require_range
from rnnbook.cells.rnn import RNNParams, rnn_forward
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Number, Series, Whole

LONGEST = 30
INPUTS = {
    "impulse": "一発だけ",
    "constant": "一定",
    "sine": "正弦波",
    "drawn": "自分で描く",
}


class Unrolled(Figure):
    """一歩の式 h_t = tanh(w_xh x_t + w_hh h_{t-1} + b) を、時間方向に展開した図。

    引数:
        T: 系列長（1 から 30）。
        w_hh: 再帰の重み（−1.5 から 1.5）。
        w_xh: 入力の重み（0 から 3）。
        b: バイアス（−1 から 1）。
        x: 入力。"impulse"（t = 1 だけ 1）、"constant"（ずっと 1）、"sine"（周期 10 の正弦波）、
           "drawn"（図の中で描いた値）、または長さ T の数の並び（−1 から 1、描き直せます）。
        drawn: x が "drawn" のときの x_1, x_2, …（30 個まで、残りは 0）。
        t: 見ている時刻（1 から T）。

    例:
        >>> Unrolled(T=8, w_hh=0.5)
        Unrolled(T=8, w_hh=0.5)
    """

    T = Whole(10, 1, LONGEST, "系列長 $T$")
    w_hh = Number(0.9, -1.5, 1.5, "再帰の重み $w_{hh}$", step=0.05)
    w_xh = Number(1.0, 0.0, 3.0, "入力の重み $w_{xh}$", step=0.05)
    b = Number(0.0, -1.0, 1.0, "バイアス $b$", step=0.05)
    x = Choice("impulse", INPUTS, "入力の形")
    drawn = Series(LONGEST, -1.0, 1.0, when=("x", "drawn"))
    t = Whole(1, 1, LONGEST, "時刻 $t$", most="T")

    alt = traitlets.Unicode(
        "展開図。隠れユニット一つの RNN を時間方向に広げ、各時刻の入力 x、活性化の前の値 a、"
        "隠れ状態 h を示します。再帰の重みと入力の重みを動かすと、入力の跡が消える、残る、"
        "符号を変えながら続く、の違いが見えます。"
    ).tag(sync=True)
    _height = traitlets.List([875, 1265]).tag(sync=True)

    def __init__(
        self, x: str | Sequence[float] | np.ndarray = "impulse", **values: object
    ) -> None:
        if not isinstance(x, str):
            given = require_array("x", x, (values.get("T", 10),))
            values["drawn"] = [require_range("x", float(v), -1.0, 1.0) for v in given]
            x = "drawn"
        super().__init__(x=x, **values)

    def _inputs(self) -> np.ndarray:
        """入力の系列 x_1 … x_T。"""
        t = np.arange(1, self.T + 1)
        shapes = {
            "impulse": np.where(t == 1, 1.0, 0.0),
            "constant": np.ones(self.T),
            "sine": np.sin(2 * np.pi * t / 10),
            "drawn": np.array(self.drawn[: self.T]),
        }
        return shapes[self.x]

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 見ている時刻の x_t、a_t、h_t と、終わりの h_T。

        例:
            >>> round(Unrolled(T=11, w_hh=0.5, t=11).numbers()["h_t"], 5)
            0.0007
        """
        params = RNNParams([[self.w_xh]], [[self.w_hh]], [self.b])
        trace = rnn_forward(self._inputs()[None, :, None], params)
        x, a, h = (float(v[0, self.t - 1, 0]) for v in (trace.x, trace.a, trace.h))
        return {"x_t": x, "a_t": a, "h_t": h, "h_T": float(trace.h[0, -1, 0])}
