"""ゲートをのぞく: 文字列を学習した LSTM に読ませ、ゲートと状態を見る図（第 3 章）。"""

from __future__ import annotations

import traitlets

from rnnbook.models.brackets import BracketReader, load_bracket_reader
from rnnbook.tasks import brackets
from rnnbook.tasks.brackets import ALPHABET
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Text, Whole

LONGEST = 32
FIXED = {
    "none": "固定しない",
    "f=1": "$f$ = 1",
    "f=0.5": "$f$ = 0.5",
    "i=0": "$i$ = 0",
}


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
        GateViewer(text='a(b)c', unit=1)
    """

    text = Text(
        "a(b(c(d)e)a)bcd", ALPHABET, LONGEST, f"読ませる文字列（{LONGEST} 文字まで）"
    )
    t = Whole(2, 1, LONGEST, "文字（時刻 $t$）", most="text")
    unit = Whole(1, 1, lambda figure: len(figure.weights["w_hy"]), "ユニット")
    fixed = Choice("none", FIXED, "ゲートを固定して、記憶がどう壊れるかを見る")
    # params（LSTM の重み）、w_hy、b_y
    weights = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "ゲートをのぞく。打った文字列を学習した LSTM に読ませ、一文字ごとの入力ゲート、忘却ゲート、"
        "出力ゲート、候補、セル状態、隠れ状態を色のマス目で、開いた括弧が残っている確率を折れ線で"
        "示します。文字とユニットを選ぶと、セル状態の式に数が入ります。"
    ).tag(sync=True)
    _height = traitlets.List([1040, 1690]).tag(sync=True)

    def __init__(
        self,
        text: str = "a(b(c(d)e)a)bcd",
        *,
        reader: BracketReader | None = None,
        **values: object,
    ) -> None:
        reader = load_bracket_reader() if reader is None else reader
        params = {name: _rounded(w) for name, w in vars(reader.params).items()}
        self._reader, self._counting = reader, reader.counting_unit() + 1
        super().__init__(
            text=text,
            weights={
                "params": params,
                "w_hy": _rounded(reader.w_hy),
                "b_y": round(reader.b_y, 6),
            },
            **values,
        )

    @traitlets.default("unit")
    def _unit_that_counts(self) -> int:
        return self._counting

    def _read(self) -> BracketReader:
        """いまの引数のとおりにゲートを固定した LSTM。"""
        if self.fixed == "none":
            return self._reader
        gate, value = self.fixed.split("=")
        return self._reader.with_gate_fixed(gate, float(value))

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 選んだ文字とユニットのゲートと状態、括弧が残っている確率、正解した文字の数。

        例:
            >>> figure = GateViewer("a(b)c", t=2)
            >>> figure.numbers()["correct"]
            5.0
        """
        reader, at = self._read(), (0, self.t - 1, self.unit - 1)
        trace, probability = reader.trace(self.text), reader.probability(self.text)
        open_ = brackets.depths(brackets.encode(self.text)) > 0
        names = ("i", "f", "o", "c_tilde", "c", "h")
        return {
            **{name: float(getattr(trace, name)[at]) for name in names},
            "probability": float(probability[self.t - 1]),
            "correct": float(((probability > 0.5) == open_).sum()),
        }
