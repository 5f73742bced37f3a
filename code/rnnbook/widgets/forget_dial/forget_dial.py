"""忘却ゲートのダイヤル: b_f と T を動かし、直接の道に残るものを見る図（第 3 章）。"""

from __future__ import annotations

import math

import traitlets
from scipy.special import log_expit

from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Number, Whole

LENGTHS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000)


class ForgetDial(Figure):
    r"""忘却ゲートがいつも σ(b_f) に開いているとき、セル状態の直接の道に残るもの。

    c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t で f_t = f = σ(b_f) なら、直接の道だけを通って

        残るもの     f^t
        勾配         ∂c_T/∂c_{T-t} = f · f ⋯ f = f^t
        半減期       t½ = ln(1/2) / ln f   （歩）

    本当の f_t は入力と隠れ状態でも変わり、c_t から h_t を通って戻る道もあります。

    引数:
        b_f: 忘却ゲートのバイアス（−3 から 8）。
        T: 系列長（1 から 1000 歩）。

    引数が範囲の外なら ValueError です。

    例:
        >>> ForgetDial(b_f=3, T=50)
        ForgetDial(b_f=3.0, T=50)

    論文: Gers, F., Schmidhuber, J. & Cummins, F. (2000). Neural Computation 12, 2451-2471。
          Jozefowicz, R., Zaremba, W. & Sutskever, I. (2015). ICML 2015。
          Tallec, C. & Ollivier, Y. (2018). ICLR 2018（chrono の初期値）。
    """

    b_f = Number(1.0, -3.0, 8.0, "忘却ゲートのバイアス $b_f$", step=0.05)
    T = Whole(100, 1, 1000, "系列長 $T$", stops=LENGTHS, unit="歩")

    alt = traitlets.Unicode(
        "忘却ゲートのダイヤル。忘却ゲートのバイアス b_f と系列長 T を動かすと、忘却ゲートの値 σ(b_f)、"
        "半減期、T 歩後にセル状態の直接の道に残るものが変わります。上は半減期と b_f の関係、"
        "中は残るものの減り方、下は同じ数を勾配として対数の目盛りで示します。"
    ).tag(sync=True)
    _height = traitlets.List([836, 1220]).tag(sync=True)

    def numbers(self) -> dict[str, float]:
        """図が見せる数: f = σ(b_f)、半減期 half_life（歩）、T 歩後に残る割合の常用対数 log10_left。

        例:
            >>> round(ForgetDial(b_f=1, T=100).numbers()["log10_left"], 2)
            -13.6
        """
        log_f = float(log_expit(self.b_f))
        return {
            "f": math.exp(log_f),
            # t½ = ln(1/2) / ln f
            "half_life": -math.log(2) / log_f,
            # log10 f^T
            "log10_left": self.T * log_f / math.log(10),
        }
