"""系列長・学習回数と正解率: モデルを並べて、いつ解け始めるかを見る図（第 7 章）。"""

from __future__ import annotations

import pandas as pd
import traitlets

from rnnbook import data
from rnnbook.models.catalogue import MODELS as CATALOGUE
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Measured, Several
from rnnbook.widgets.runs.ladder_runs import encode, tally

VARIANTS = {"plain": "おとりなし", "decoys": "おとりあり（はさむ語の 3 割）"}
MODELS = (
    "rnn",
    "lstm_b0",
    "lstm_b1",
    "lstm_b3",
    "lstm_chrono",
    "gru",
    "transformer",
    "unordered",
    "bag",
)


def runs(table: pd.DataFrame, checkpoints: list[int]) -> dict:
    """問題 → モデル → はさむ語の数 → 種ごとの [記録の文字列, 解けた回数か 0, 0]。"""
    columns = [str(n) for n in checkpoints]
    found: dict = {}
    for (variant, model, fillers), rows in table.groupby(
        ["variant", "model", "fillers"], sort=False
    ):
        ordered = rows.sort_values("seed")
        solved = ordered["solved_at"].fillna(0).astype(int)
        found.setdefault(variant, {}).setdefault(model, {})[str(fillers)] = [
            [encode("if_then", fillers + 4, curve), int(at), 0]
            for curve, at in zip(ordered[columns].to_numpy(), solved, strict=True)
        ]
    return found


class FillerCurves(Figure):
    """if…then の正解率が、学習につれてどう変わるかを、モデルごとの小さな図に並べます。

    数は data/results/ の limits_distance.csv のもので、
    `python -m rnnbook.experiments run limits_distance` が作ります。

    引数:
        variant: 問題。"plain"（おとりなし）か "decoys"（おとりあり）。
        fillers: はさむ語の数。実験にある値のどれか。
        updates: 更新の回数。ここまでに解けた種を数えます。
        models: 並べるモデル。

    引数が実験にない値なら ValueError です。

    例:
        >>> FillerCurves(fillers=80, models=["transformer", "rnn"])
        FillerCurves(fillers=80, models=['rnn', 'transformer'])
    """

    variant = Choice("plain", VARIANTS, "問題")
    fillers = Measured(
        20, lambda figure: figure.lengths, "はさむ語", by="variant", unit="語"
    )
    updates = Measured(2000, lambda figure: figure.checkpoints, "更新の回数", unit="回")
    models = Several(
        ["rnn", "lstm_b1", "gru", "transformer"],
        {model: CATALOGUE[model].label for model in MODELS},
        "並べるモデル",
    )
    lengths = traitlets.Dict().tag(sync=True)  # 問題 → 実験にある、はさむ語の数
    checkpoints = traitlets.List().tag(sync=True)  # 正解率を測った更新の回数
    runs = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "系列長・学習回数と正解率。モデルごとの小さな図が並びます。どの図も、横軸が更新の回数、縦軸が正解率で、"
        "細い線が一つの種です。当てずっぽうの 3 分の 1 から、ある回数で急に 1 まで上がります。"
        "上がる回数が、モデルと、はさむ語の数で違います。"
    ).tag(sync=True)
    _height = traitlets.List([900, 960]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        table = data.load("limits_distance")
        checkpoints = [int(name) for name in table.columns if name.isdigit()]
        super().__init__(
            **values,
            lengths={
                variant: sorted(
                    int(n)
                    for n in table.loc[table["variant"] == variant, "fillers"].unique()
                )
                for variant in VARIANTS
            },
            checkpoints=checkpoints,
            runs=runs(table, checkpoints),
        )

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 並べたモデルごとの、種の数 seeds、解けた種の数 solved とその 95 % 区間など。

        名前と意味は rnnbook.widgets.runs.ladder_runs の tally と同じです。

        例:
            >>> FillerCurves(fillers=80, models=["rnn"]).numbers()["rnn_diverged"]
            0.0
        """
        table = data.load("limits_distance")
        here = (table["variant"] == self.variant) & (table["fillers"] == self.fillers)
        # if…then の長さは、はさむ語に、もし、条件、問い、答えの 4 語を足したもの
        rows = table[here].assign(task="if_then", T=self.fillers + 4)
        return {
            f"{model}_{key}": float(value)
            for model in self.models
            for key, value in tally(
                rows[rows["model"] == model], self.checkpoints, self.updates
            ).items()
        }
