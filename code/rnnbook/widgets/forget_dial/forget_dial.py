"""忘却ゲートのダイヤル: b_f と T を動かし、直接の道に残るものを見る図（第 3 章）。"""

from __future__ import annotations

from functools import partial

import traitlets

from rnnbook.arguments import require_positive_int, require_range
from rnnbook.widgets.kit.figure import Checked, Figure

LONGEST = 1000


def _require_length(name: str, value: object) -> int:
    return int(require_range(name, require_positive_int(name, value), 1, LONGEST))


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

    b_f = Checked(1.0, partial(require_range, low=-3.0, high=8.0))
    T = Checked(100, _require_length)

    alt = traitlets.Unicode(
        "忘却ゲートのダイヤル。忘却ゲートのバイアス b_f と系列長 T を動かすと、忘却ゲートの値 σ(b_f)、"
        "半減期、T 歩後にセル状態の直接の道に残るものが変わります。上は半減期と b_f の関係、"
        "中は残るものの減り方、下は同じ数を勾配として対数の目盛りで示します。"
    ).tag(sync=True)
    _height = traitlets.List([800, 1158]).tag(sync=True)
    _shown = ("b_f", "T")

    def __init__(self, b_f: float = 1.0, T: int = 100) -> None:
        super().__init__(b_f=b_f, T=T)
