"""結晶になる軌跡とならない軌跡: レナード–ジョーンズ粒子 256 個の 160 本（第 14 章）。

一つの点が、一つの温度の 32 本の軌跡です。8 列を、決まった刻みの 8 ビットの整数にして残します
（materials/crystallisation.py の pack と、COLUMNS の刻み）。位置は残しません。

同じ計算機と同じバージョンの NumPy なら、同じコマンドが同じ表を作ります。ほかの計算機では、丸めの違いが
カオスで育ち、一本一本は別の軌跡になります。そのため測り直しは、軌跡ではなく、結晶になる前の平均を比べます。
"""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials.crystallisation import (
    COLUMNS,
    pack,
    trajectories,
    trajectory,
    unpack,
)

TEMPERATURES = (0.56, 0.60, 0.64, 0.68, 0.72)
BOXES = 32  # 温度ごとの本数
QUICK = 8  # 測り直すコマの数


def train(point: Point) -> dict:
    """一つの温度の軌跡を作り、列ごとの 8 ビットの整数（base64）を、本数だけ並べて返します。"""
    T, seed = point["temperature"], point["seed"]
    if "frames" in point:  # 章が測り直す、短い一本
        found = trajectory(T, seed, point["frames"])[None]
    else:
        found = trajectories(T, seed, BOXES)
    packed = [pack(series) for series in found]
    return {
        name: [base64.b64encode(k[:, column].tobytes()).decode() for k in packed]
        for column, name in enumerate(COLUMNS)
    }


def read(table: pd.DataFrame) -> np.ndarray:
    """表の 8 列を、値 (軌跡, コマ, 8) に戻します。"""
    k = [
        [np.frombuffer(base64.b64decode(text), np.uint8) for text in table[name]]
        for name in COLUMNS
    ]
    return unpack(np.moveaxis(np.array(k), 0, 2))


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """一本を一行にした表。"""
    rows = [pd.DataFrame({"temperature": p["temperature"]} | r) for p, r in results]
    return pd.concat(rows, ignore_index=True)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    return {"lj_crystals": table(results).to_csv(index=False, lineterminator="\n")}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """新しい種の軌跡の、はじめのコマの平均を、保存済みの同じ温度の軌跡と比べた表。"""
    stored = data.load("lj_crystals")
    rows = []
    for point, result in results:
        same = stored[stored["temperature"] == point["temperature"]]
        again = read(table([(point, result)]))[0].mean(axis=0)
        before = read(same)[:, :QUICK].mean(axis=1)
        for column in ("Q6", "q6", "energy", "pressure"):
            k = list(COLUMNS).index(column)
            row = {"温度": point["temperature"], "列": column}
            rows.append(row | beside_stored(again[k], before[:, k], slack=0.02))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="lj_crystals",
    title="レナード–ジョーンズ粒子 256 個の、冷やしたあとの軌跡 160 本の 8 列",
    points=tuple({"temperature": T, "seed": k} for k, T in enumerate(TEMPERATURES)),
    # 保存した種とは別の種で、はじめの 8 コマを作り直します
    quick=({"temperature": 0.60, "seed": 100, "frames": QUICK},),
    train=train,
    tables=tables,
    compare=compare,
)
