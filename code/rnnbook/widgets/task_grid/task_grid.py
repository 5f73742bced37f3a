"""問題とモデルの升目: 同じ予算で解けたか、学習より長い系列でも解けるかを見る図（第 16 章）。"""

from __future__ import annotations

import pandas as pd
import traitlets

from rnnbook import data
from rnnbook.models.catalogue import MODELS as CATALOGUE
from rnnbook.reading.intervals import Counted
from rnnbook.tasks import order, parity, selective_copy
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Measured

TASKS = {
    "parity": ("偶奇", parity),
    "selective": ("選んで写す", selective_copy),
    "order": ("順序", order),
}
MODELS = {
    "rnn": CATALOGUE["rnn"].label,
    "lstm": CATALOGUE["lstm"].label,
    "gru": CATALOGUE["gru"].label,
    "mingru": "minGRU",
    "minlstm": "minLSTM",
    "signed": "符号つき",
    "linear_state": "線形状態空間",
    "transformer": CATALOGUE["transformer"].label,
}


def packed(table: pd.DataFrame, curves: pd.DataFrame) -> dict:
    """問題 → {T、baseline（当てずっぽう）、models}。

    models は、モデル → {"accuracy": 種 × 長さ、"solved": 種 × 長さ、"curve": 種 × 更新}。
    どれも、種の番号、長さ、更新の順です。

    例:
        >>> table = pd.DataFrame({"task": "order", "model": "gru", "T": 32, "seed": 0,
        ...                       "length": [32, 64], "accuracy": [1.0, 0.5], "solved": [1, 0]})
        >>> curves = pd.DataFrame({"task": "order", "model": "gru", "seed": 0,
        ...                        "update": [100], "accuracy": [0.25]})
        >>> packed(table, curves)["order"]["models"]
        {'gru': {'accuracy': [[1.0, 0.5]], 'solved': [[1, 0]], 'curve': [[0.25]]}}
    """
    found: dict = {}
    for (task, model), rows in table.groupby(["task", "model"]):
        T = int(rows["T"].iloc[0])
        by_length = rows.pivot(
            index="seed", columns="length", values=["accuracy", "solved"]
        )
        own = curves[(curves["task"] == task) & (curves["model"] == model)]
        by_update = own.pivot(index="seed", columns="update", values="accuracy")
        place = found.setdefault(
            task, {"T": T, "baseline": TASKS[task][1].baseline(T), "models": {}}
        )
        place["models"][model] = {
            "accuracy": by_length["accuracy"].to_numpy().tolist(),
            "solved": by_length["solved"].astype(int).to_numpy().tolist(),
            "curve": by_update.to_numpy().tolist(),
        }
    return found


class TaskGrid(Figure):
    """八つのモデルが、三つの問題を、同じ予算で解けたかの升目。

    数は data/results/ の beyond_grid.csv と beyond_grid_curve.csv のもので、
    `python -m rnnbook.experiments run beyond_grid` が作ります。

    引数:
        task: 選んだ問題。"parity"（偶奇）、"selective"（選んで写す）、"order"（順序）。
        model: 選んだモデル。"rnn"、"lstm"、"gru"、"mingru"、"minlstm"、"signed"、
            "linear_state"、"transformer"。
        times: 試す長さ。学習した長さの何倍か。実験にある値のどれか。

    引数が実験にない値なら ValueError です。

    例:
        >>> TaskGrid(task="order", model="transformer", times=2)
        TaskGrid(task='order', model='transformer', times=2)
    """

    task = Choice("parity", {key: label for key, (label, _) in TASKS.items()}, "問題")
    model = Choice("mingru", MODELS, "モデル")
    times = Measured(
        1,
        lambda figure: figure.multiples,
        "試す長さ（学習した長さの何倍か）",
        unit="倍",
    )
    multiples = traitlets.List().tag(sync=True)
    updates = traitlets.List().tag(sync=True)  # 正解率を測った更新の回数
    grid = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "問題とモデルの升目。行が八つのモデル、列が三つの問題で、升目には、解けた種の数と正解率の中央値があり、"
        "正解率が高いほど青くなります。升目を選ぶと、その下に、学習につれての正解率と、学習した長さの 1、2、4、8 倍での"
        "正解率が、種ごとに出ます。"
    ).tag(sync=True)
    _height = traitlets.List([780, 1065]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        table, curves = data.load("beyond_grid"), data.load("beyond_grid_curve")
        times = (table["length"] // table["T"]).unique()
        super().__init__(
            **values,
            multiples=sorted(int(n) for n in times),
            updates=sorted(int(n) for n in curves["update"].unique()),
            grid=packed(table, curves),
        )

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 選んだ升目の、種の数 seeds、解けた種の数 solved と、その割合の 95 % 区間 low、high。

        median、min、max は種ごとの正解率の中央値、最小、最大、baseline は当てずっぽうです。

        例:
            >>> TaskGrid(task="order").numbers()["baseline"]
            0.25
        """
        table = data.load("beyond_grid")
        rows = table[(table["task"] == self.task) & (table["model"] == self.model)]
        T = int(rows["T"].iloc[0])
        rows = rows[rows["length"] == self.times * T]
        solved, seeds = int(rows["solved"].sum()), len(rows)
        low, high = Counted(solved, seeds).interval
        found = {"seeds": seeds, "solved": solved, "low": low, "high": high}
        found |= rows["accuracy"].agg(["median", "min", "max"])
        found["baseline"] = TASKS[self.task][1].baseline(T)
        return {name: float(value) for name, value in found.items()}
