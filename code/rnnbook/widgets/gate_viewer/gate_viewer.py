"""ゲートをのぞく: 文字列を学習した LSTM に読ませ、ゲートと状態を見る図（第 3 章）。"""

from __future__ import annotations

from functools import partial

import traitlets

from rnnbook.arguments import require_choice, require_positive_int, require_range
from rnnbook.models.brackets import BracketReader, load_bracket_reader
from rnnbook.tasks.brackets import encode
from rnnbook.widgets.kit.figure import Checked, Figure

LONGEST = 32
FIXED = ("none", "f=1", "f=0.5", "i=0")


def _require_text(name: str, value: object) -> str:
    if len(encode(value)) > LONGEST:
        raise ValueError(
            f"引数 {name} は {LONGEST} 文字までです。{len(value)} 文字が渡されました。"
        )
    return value


def _rounded(values) -> list:
    return values.round(6).tolist()


class GateViewer(Figure):
    """一文字ごとの i_t, f_t, o_t, c̃_t, c_t, h_t と、開いた括弧が残っている確率。

    学習した LSTM（rnnbook.models.brackets）は、カーネルのないページの中でも動きます。

    引数:
        text: 読ませる文字列。( ) . a b c d e の 32 文字まで。
        t: 見る時刻（1 から文字数）。
        unit: 見るユニット（1 から H）。省くと、括弧の深さを数えているユニット。
        fixed: "none"、または固定するゲート "f=1"、"f=0.5"、"i=0"。
        reader: 別の重みを見るときの BracketReader。省くと公開している重み。

    使えない文字や範囲の外の値は ValueError です。

    例:
        >>> GateViewer("a(b)c", t=2, unit=1)
        GateViewer(text='a(b)c', t=2, unit=1, fixed='none')
    """

    text = Checked("a", _require_text)
    t = Checked(1, require_positive_int)
    unit = Checked(1, require_positive_int)
    fixed = Checked("none", partial(require_choice, choices=FIXED))
    # params（LSTM の重み）、w_hy、b_y
    weights = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "ゲートをのぞく。打った文字列を学習した LSTM に読ませ、一文字ごとの入力ゲート、忘却ゲート、"
        "出力ゲート、候補、セル状態、隠れ状態を色の升目で、開いた括弧が残っている確率を折れ線で"
        "示します。文字とユニットを選ぶと、セル状態の式に数が入ります。"
    ).tag(sync=True)
    _height = traitlets.List([1000, 1665]).tag(sync=True)
    _shown = ("text", "t", "unit", "fixed")

    def __init__(
        self,
        text: str = "a(b(c(d)e)a)bcd",
        t: int = 2,
        unit: int | None = None,
        fixed: str = "none",
        reader: BracketReader | None = None,
    ) -> None:
        reader = load_bracket_reader() if reader is None else reader
        t = require_range(
            "t", require_positive_int("t", t), 1, len(_require_text("text", text))
        )
        if unit is None:
            unit = reader.counting_unit() + 1
        else:
            unit = require_positive_int("unit", unit)
            require_range("unit", unit, 1, reader.params.H)
        params = {name: _rounded(w) for name, w in vars(reader.params).items()}
        super().__init__(
            text=text,
            t=int(t),
            unit=unit,
            fixed=fixed,
            weights={
                "params": params,
                "w_hy": _rounded(reader.w_hy),
                "b_y": round(reader.b_y, 6),
            },
        )
