"""結晶粒の統計を 10 枚見て、残りの 30 枚の粒の大きさを予測します（第 13 章）。

    still    最後の大きさが続く
    law      平均の面積は、どの計算でも同じ率で増える（率は学習の計算から）
    ridge    前の 10 枚の線形の式          mlp, gru   一枚を見る MLP と GRU

計算は RUNS 回（はじめの粒は 70 個から 140 個）で、学習 6 割と試験 4 割に、計算ごとに分けます。種は、分け方と
重みの初期値を替えます。粒の大きさは、平均の面積の平方根（画素）です。
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import grain_growth as grains
from rnnbook.materials import splits
from rnnbook.models.rolled import Ridge, Still
from rnnbook.models.steppers import OneFrame, Remember
from rnnbook.training.forecaster import Forecaster
from rnnbook.training.metrics import rmse

SEEDS = tuple(range(5))
RUNS, SIDE, STEPS, SEEN = 80, 96, 39, 10
FEWEST, MOST = 70, 140
MODELS = ("still", "law", "ridge", "mlp", "gru")


@cache
def series(runs: int = RUNS) -> np.ndarray:
    """計算ごと、画面ごとの統計 (runs, STEPS + 1, 3)。"""
    rng = np.random.default_rng(13)
    found = []
    for _ in range(runs):
        labels = grains.start(int(rng.integers(FEWEST, MOST)), rng, SIDE)
        frames = grains.simulate(labels, STEPS)
        found.append([grains.statistics(frame) for frame in frames])
    return np.array(found)


class AreaLaw:
    """平均の面積 A = R² は、A = A_0 + k t と増えます。k は、学習の計算から最小二乗で決めます。

    例:
        >>> C = np.sqrt(np.arange(1.0, 9.0))[None, :, None]
        >>> AreaLaw().fit(C, C[..., 0]).forecast(C[:, :4], C[..., 0]).round(3)[0, -1].tolist()
        [2.828]
    """

    def fit(self, C: np.ndarray, T: np.ndarray) -> AreaLaw:
        A, t = C[:, :, 0] ** 2, np.arange(C.shape[1])
        self.k = float(np.polyfit(t, A.mean(axis=0), 1)[0])
        return self

    def forecast(self, C: np.ndarray, T: np.ndarray) -> np.ndarray:
        ahead = np.arange(1, T.shape[1] - C.shape[1] + 1)
        return np.sqrt(C[:, -1, :1] ** 2 + self.k * ahead)[..., None]


def build(name: str, seed: int):
    how = {"K": 3, "seen": SEEN, "updates": 400, "learning_rate": 0.01, "seed": seed}
    return {
        "still": Still,
        "law": AreaLaw,
        "ridge": lambda: Ridge(3, SEEN),
        "mlp": lambda: Forecaster(lambda: OneFrame(3, 32), **how),
        "gru": lambda: Forecaster(lambda: Remember(3, 32), **how),
    }[name]()


def train(point: Point) -> dict:
    """一点を学習し、試験の計算での、粒の大きさの RMSE（画素）を返します。"""
    every, seed = series(), point["seed"]
    run = np.arange(len(every))
    fit, test = splits.by_group(run, (0.6, 0.4), np.random.default_rng(seed))
    # 面積の法則は画素のまま、ほかは学習の計算の標準偏差を単位にします
    unit = np.ones(3) if point["model"] == "law" else every[fit].std(axis=(0, 1))
    C, T = every / unit, np.full(every.shape[:2], 0.75)
    told = build(point["model"], seed).fit(C[fit], T[fit])
    told = told.forecast(C[test][:, :SEEN], T[test])[..., 0] * unit[0]
    truth = every[test][:, SEEN:, 0]
    return {"rmse": rmse(truth, told), "last": rmse(truth[:, -1], told[:, -1])}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    rows = [point | result for point, result in results]
    text = pd.DataFrame(rows).to_csv(
        index=False, float_format="%.4f", lineterminator="\n"
    )
    return {"grain_growth": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した値が、保存済みの平均 ± 3 標準偏差（と 0.1 画素）に入るかの表。"""
    stored = data.load("grain_growth").groupby("model")["rmse"]
    return pd.DataFrame(
        {"モデル": point["model"]}
        | beside_stored(result["rmse"], stored.get_group(point["model"]), slack=0.1)
        for point, result in results
    )


EXPERIMENT = Experiment(
    name="grain_growth",
    title="結晶粒の大きさの予測（しきい値力学）",
    points=tuple({"model": model, "seed": seed} for seed in SEEDS for model in MODELS),
    quick=({"model": "law", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
