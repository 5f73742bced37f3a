"""写しの長さ: 長さと正解率の曲線の一点を選び、種ごとの学習の進み方を見る図（第 5 章）。"""

from __future__ import annotations

import pandas as pd
import traitlets

from rnnbook import data
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Whole

MODELS = {
    "small": "$H$ = 32",
    "forward": "$H$ = 64",
    "large": "$H$ = 128",
    "reversed": "$H$ = 64、後ろから読む",
    "sampled": "$H$ = 64、scheduled sampling",
}


def curves(table: pd.DataFrame, lengths: list[int]) -> dict[str, dict]:
    """モデルの名前 → right[長さ][種] と looks[長さ][種][更新]。"""
    steps = [column for column in table if column.isdigit()]
    found = {}
    for model in MODELS:
        rows = table[table["model"] == model]
        by_length = [rows[rows["T"] == T].sort_values("seed") for T in lengths]
        found[model] = {
            "right": [part["right"].tolist() for part in by_length],
            "looks": [part[steps].to_numpy().tolist() for part in by_length],
        }
    return found


class CopyCurve(Figure):
    """写しの正解率と長さの曲線と、選んだ長さでの、更新の回数と正解率（種ごと）。

    数は data/results/ の seq2seq_length.csv のもので、
    `python -m rnnbook.experiments run seq2seq_length` が作ります。

    引数:
        model: 見るモデル。
        T: 見る長さ（1 から 20。学習したのは 5 から 15）。

    例:
        >>> CopyCurve(model="reversed", T=12)
        CopyCurve(model='reversed', T=12)
    """

    model = Choice("forward", MODELS, "モデル")
    T = Whole(10, 1, 20, "列の長さ $T$")
    lengths = traitlets.List().tag(sync=True)
    updates = traitlets.List().tag(sync=True)
    curves = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "写しの長さ。上は、列の長さと、列の全部が正しい割合の関係を、選んだモデルの種ごとに示します。"
        "ほかのモデルの平均は、細い線で添えます。下は、選んだ長さでの、更新の回数と正解率を種ごとに示します。"
    ).tag(sync=True)
    _height = traitlets.List([812, 979]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        table = data.load("seq2seq_length")
        lengths = sorted(int(T) for T in table["T"].unique())
        super().__init__(
            lengths=lengths,
            updates=[int(column) for column in table if column.isdigit()],
            curves=curves(table, lengths),
            **values,
        )

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 選んだ点の、種の平均、最小、最大と、半分を超えた種の数 reached。

        first_at は、半分を超えた種があれば、いちばん早い更新の回数です。

        例:
            >>> CopyCurve(T=1).numbers()["reached"]
            0.0
        """
        table = data.load("seq2seq_length")
        rows = table[(table["model"] == self.model) & (table["T"] == self.T)]
        found = {way: float(rows["right"].agg(way)) for way in ("mean", "min", "max")}
        above = rows[[str(n) for n in self.updates]] >= 0.5  # 種 × 更新
        found["reached"] = float(above.any(axis=1).sum())
        if above.to_numpy().any():
            found["first_at"] = float(above.columns[above.any()].astype(int).min())
        return found
