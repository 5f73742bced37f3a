"""順に計算する時間・まとめて計算する時間: 長さと渡し方を替えて比べる図（第 7 章）。"""

from __future__ import annotations

import pandas as pd
import traitlets

from rnnbook import data
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Measured

MODELS = {"lstm": "LSTM", "gru": "GRU", "attention": "自己注意"}
WAYS = {
    "whole": "まとめて読む",
    "train": "まとめて学習する",
    "steps": "一語ずつ、順に読む",
}
ON = {
    "cpu": "CPU の 1 スレッド、H = 64",
    "small": "GPU（H200）、H = 64",
    "half": "GPU（H200）、H = 512、16 ビット",
}
PER = {"sequence": "一系列あたり", "token": "一語あたり"}


def times(table: pd.DataFrame) -> dict:
    """渡し方 → モデル → 長さごとの、一系列あたりのミリ秒（繰り返しの中央値、最小、最大）。"""
    spread = table.groupby(["way", "model", "T"])["milliseconds"]
    spread = spread.agg(["median", "min", "max"])
    return {
        way: {model: spread.loc[way, model].to_numpy().tolist() for model in MODELS}
        for way in WAYS
    }


def both_machines() -> tuple[list[int], dict]:
    """CPU で測った長さと、計算機と大きさ（ON）ごとの times。GPU も、同じ長さだけを使います。"""
    lengths = sorted(int(T) for T in measured("cpu")["T"].unique())
    found = {on: measured(on) for on in ON}
    return lengths, {on: times(t[t["T"].isin(lengths)]) for on, t in found.items()}


def measured(on: str) -> pd.DataFrame:
    """計算機と大きさ on で測った、繰り返しごとの時間の表。"""
    if on == "cpu":
        return data.load("limits_parallel")
    gpu = data.load("limits_parallel_gpu")
    return gpu[gpu["setting"] == on]


class StepTimes(Figure):
    """LSTM、GRU、自己注意の一層の時間を、系列長 T と、渡し方ごとに比べます。

    数は data/results/ の limits_parallel.csv と limits_parallel_gpu.csv のもので、
    `python -m rnnbook.experiments run limits_parallel` などが作ります。

    引数:
        on: 計算機と大きさ。"cpu"、"small"（GPU で同じ大きさ）、"half"（GPU で H = 512、16 ビット）。
        way: 渡し方。"whole"、"train"、"steps"。
        per: "sequence" なら一系列あたりのミリ秒、"token" なら一語あたりのマイクロ秒。
        T: 系列長。実験にある値のどれか。

    引数が実験にない値なら ValueError です。

    例:
        >>> StepTimes(way="steps", T=1024)
        StepTimes(way='steps', T=1024)
    """

    on = Choice("cpu", ON, "計算機")
    way = Choice("whole", WAYS, "渡し方")
    per = Choice("sequence", PER, "時間")
    T = Measured(256, lambda figure: figure.lengths, "系列長 $T$", unit="語")
    lengths = traitlets.List().tag(sync=True)
    times = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "順に計算する時間・まとめて計算する時間。横軸が系列長、縦軸が時間で、どちらも対数目盛りです。"
        "LSTM、GRU、自己注意の三本の線が、まとめて読むとき、まとめて学習するとき、一語ずつ順に読むときで入れ替わります。"
        "計算機を GPU に替えると、まとめて読む自己注意の線が、いちばん下になります。"
    ).tag(sync=True)
    _height = traitlets.List([620, 790]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        lengths, found = both_machines()
        super().__init__(**values, lengths=lengths, times=found)

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 長さ T での中央値の時間（per の単位）と、LSTM の何倍か。

        例:
            >>> found = StepTimes(T=1024).numbers()
            >>> round(found["lstm"] * found["gru_ratio"] - found["gru"], 9)
            0.0
        """
        table = measured(self.on)
        rows = table[(table["way"] == self.way) & (table["T"] == self.T)]
        middle = rows.groupby("model")["milliseconds"].median()
        unit = 1000 / self.T if self.per == "token" else 1  # µs か ms
        found = {model: float(middle[model]) * unit for model in MODELS}
        ratios = {
            f"{model}_ratio": float(middle[model] / middle["lstm"])
            for model in MODELS
            if model != "lstm"
        }
        return found | ratios
