"""写しの長さと注意: 固定のベクトルと注意機構の正解率を、長さのつまみで見比べる図（第 6 章）。"""

from __future__ import annotations

import pandas as pd
import traitlets

from rnnbook import data
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Whole

MEASURES = {"right": "列の全部が正しい割合", "free": "一記号ごとの正解率"}
LONGEST = 30


def tables() -> dict[str, pd.DataFrame]:
    """モデルの名前 → 長さ T、種 seed、right、free の表。固定のベクトルは、第 5 章の測定です。"""
    fixed, attention = data.load("seq2seq_length"), data.load("attention_length")
    found = {name: fixed[fixed["model"] == name] for name in ("forward", "reversed")}
    return found | {
        name: attention[attention["score"] == name] for name in ("dot", "additive")
    }


def points(table: pd.DataFrame, measure: str) -> list[list[float]]:
    """長さごとの [T, 平均, 最小, 最大]。"""
    by_length = table.groupby("T")[measure].agg(["mean", "min", "max"])
    return [[int(T), *map(float, row)] for T, *row in by_length.itertuples()]


class AttentionCurve(Figure):
    """列の長さと、写しの正解率。固定のベクトルと、注意機構を加えたもの。

    数は data/results/ の seq2seq_length.csv と attention_length.csv のものです。

    引数:
        T: 見る長さ（1 から 30。学習したのは 5 から 15、固定のベクトルを測ったのは 20 まで）。
        measure: 縦軸。列の全部が正しい割合か、一記号ごとの正解率。

    例:
        >>> AttentionCurve(T=12)
        AttentionCurve(T=12)
    """

    T = Whole(15, 1, LONGEST, "列の長さ $T$")
    measure = Choice("right", MEASURES, "縦軸")
    curves = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "写しの長さと注意。横軸が列の長さ、縦軸が正解率です。固定のベクトルを前から読むもの、後ろから読むもの、"
        "内積の注意、加法の注意の四本の線と、種の幅の帯を並べ、選んだ長さでの値を言います。"
    ).tag(sync=True)
    _height = traitlets.List([520, 640]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        found = tables()
        super().__init__(
            curves={
                measure: {name: points(table, measure) for name, table in found.items()}
                for measure in MEASURES
            },
            **values,
        )

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 長さ T での、モデルごとの種の平均、最小、最大。測っていないモデルはありません。

        例:
            >>> found = AttentionCurve(T=30).numbers()
            >>> sorted(found)[:3], "forward_mean" in found
            (['additive_max', 'additive_mean', 'additive_min'], False)
        """
        found = {}
        for name, table in tables().items():
            seeds = table.loc[table["T"] == self.T, self.measure]
            for way in ("mean", "min", "max") if len(seeds) else ():
                found[f"{name}_{way}"] = float(seeds.agg(way))
        return found
