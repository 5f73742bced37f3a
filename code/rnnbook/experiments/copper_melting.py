"""銅の融解を Q_6 で見る: 1000 K と 2000 K の、108 個の銅の 3 ps（第 14 章）。

章は 2000 K をその場で計算します。この表は、ASE を入れていない読者のためのものです。
"""

from __future__ import annotations

import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials.copper_melting import EVERY, REACH, STEP, melt
from rnnbook.materials.crystal_order import order

TEMPERATURES, FRAMES = (1000, 2000), 31


def train(point: Point) -> dict:
    """コマごとの Q_6、q_6 の平均、いちばん大きい結晶の塊。"""
    found = [order(x, box, REACH) for x, box in melt(point["T"], FRAMES, point["seed"])]
    return {
        "Q6": [o.Q6 for o in found],
        "q6": [float(o.q6.mean()) for o in found],
        "cluster": [o.cluster for o in found],
    }


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """一コマを一行にした表。"""
    rows = [pd.DataFrame(point | result) for point, result in results]
    for one in rows:
        one.insert(2, "ps", one.index * EVERY * STEP / 1000)
    return pd.concat(rows, ignore_index=True)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"copper_melting": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した最後の 10 コマの Q_6 の平均を、保存済みと比べた表。"""
    stored = data.load("copper_melting")
    rows = []
    for point, result in results:
        before = stored[stored["T"] == point["T"]].groupby("seed")["Q6"]
        values = before.apply(lambda q: q.iloc[-10:].mean())
        again = sum(result["Q6"][-10:]) / 10
        rows.append({"温度": point["T"]} | beside_stored(again, values, slack=0.05))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="copper_melting",
    title="銅の融解を Q_6 で見る（ASE の EMT、108 原子、1000 K と 2000 K）",
    points=tuple({"T": T, "seed": 0} for T in TEMPERATURES),
    # 保存した種とは別の種で測り直します
    quick=({"T": 2000, "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
