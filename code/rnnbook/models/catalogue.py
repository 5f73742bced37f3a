"""モデルの一覧: 名前、色、線、印、作るときの引数。Python の図も動く図も、ここだけを読みます。

色には名があり、一つの意味に一つの色です。色覚の違いによらず見分けられる Okabe–Ito の組から
選び、同じ色のモデルは線の種類と印で見分けます。暗い画面では、明るくした色に替わります。
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# 色の名 → 明るい画面の色と、暗い画面の色。動く図の CSS では --rf-名 になります
COLORS: dict[str, tuple[str, str]] = {
    "rnn": ("#0072B2", "#3D9FD6"),
    "lstm": ("#D55E00", "#D55E00"),
    "gru": ("#009E73", "#009E73"),
    "linear": ("#CC79A7", "#CC79A7"),  # 線形の予測（自己回帰、PLS、リッジ）
    "baseline": ("#7F7F7F", "#A0A0A0"),  # 直前の値、当てずっぽう
    "truth": ("#222222", "#E6E6E6"),  # 実測
    "warn": ("#E69F00", "#E69F00"),  # 注目させたいところ、期間の境目
    "transformer": ("#56B4E9", "#56B4E9"),
}


@dataclass(frozen=True)
class Model:
    """一つのモデルの見え方と作り方。

    引数:
        label: 名前。式は $…$ で囲みます。
        color: COLORS の名。
        dash: 線の種類。描く長さと空ける長さ (px) の繰り返しで、空なら実線です。
        marker: 印の形（widgets/kit/shapes.js の名）。
        settings: 作るときの引数（rnnbook.models.recurrent）。

    例:
        >>> MODELS["lstm_b1"].plain, MODELS["lstm_b1"].settings
        ('LSTM b_f=1', {'cell': 'lstm', 'forget_bias': 1.0})
    """

    label: str
    color: str
    dash: tuple[float, ...] = ()
    marker: str = "circle"
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def plain(self) -> str:
        """式の印を外した名前。文字だけの表に使います。"""
        return self.label.replace("$", "")


def _lstm(label: str, forget_bias: float | str, *look: object) -> Model:
    settings = {"cell": "lstm", "forget_bias": forget_bias}
    return Model(label, "lstm", *look, settings=settings)


MODELS: dict[str, Model] = {
    "rnn": Model("RNN", "rnn", settings={"cell": "rnn"}),
    "irnn": Model("IRNN", "rnn", (5, 3), "square", {"cell": "irnn"}),
    "lstm": Model("LSTM", "lstm", (), "diamond", {"cell": "lstm"}),
    "lstm_b0": _lstm("LSTM $b_f=0$", 0.0, (2, 3), "triangle"),
    "lstm_b1": _lstm("LSTM $b_f=1$", 1.0, (), "diamond"),
    "lstm_b3": _lstm("LSTM $b_f=3$", 3.0, (7, 3), "down"),
    "lstm_chrono": _lstm("LSTM chrono", "chrono", (7, 3, 2, 3), "cross"),
    "gru": Model("GRU", "gru", (), "plus", {"cell": "gru"}),
    "bilstm": Model("双方向 LSTM", "lstm", (5, 3), "square"),
    "attention": Model("注意機構", "transformer", (5, 3), "square"),
    "transformer": Model("Transformer", "transformer"),
    "unordered": Model("Transformer（位置なし）", "transformer", (2, 3), "triangle"),
    "bag": Model("語の袋", "linear", (5, 3), "cross"),
    "pair_bag": Model("隣り合う二語の袋", "linear", (2, 3), "plus"),
    "linear": Model("線形自己回帰", "linear"),
    "last": Model("直前の値", "baseline"),
    "baseline": Model("記憶なし", "baseline", (5, 3)),
    "truth": Model("実測", "truth"),
}

# 記憶のはしごに並ぶモデル（第 2・3 章）
LADDER = ("rnn", "irnn", "lstm_b0", "lstm_b1", "lstm_b3", "lstm_chrono", "gru")
