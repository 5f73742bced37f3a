"""その場 X 線回折で、その場で答える、学習の要らない推定: Holt の平滑化と、それまでの枚への JMAK の式（第 11 章）。

測定は、実験 phase_fraction の、JMAK で選ぶ側（trained = jmak）と、種ごとに同じものです。

    lcf_ema   指数移動平均。phase_fraction と同じ値になるはずの、確かめ
    lcf_holt  傾きも追う平滑化。二つの比は、検証の JMAK の測定で選びます
    lcf_law   それまでの枚に合う JMAK の曲線の平均。σ は、検証での一枚の誤差です
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.experiments.phase_fraction import EMA, SEEDS, TEST, TRAIN, VALID, chosen
from rnnbook.experiments.phase_fraction import mae as error
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import phase_fraction as physics
from rnnbook.materials.phase_causal import holt, jmak_so_far
from rnnbook.materials.phase_estimators import ema, linear_combination
from rnnbook.training.metrics import rmse

HOLT = tuple(product(EMA, (0.0, 0.05, 0.1, 0.2, 0.4)))
MODELS = ("lcf_ema", "lcf_holt", "lcf_law")


def train(point: Point) -> dict:
    """一つの種の測定で、三つの推定の MAE（× 1000）: {推定: {族: MAE}}。"""
    rng = np.random.default_rng(point["seed"])
    physics.measure(rng.random, "jmak", TRAIN)  # 乱数の順を phase_fraction に合わせます
    valid = physics.measure(rng.random, "jmak", VALID)
    tests = {name: physics.measure(rng.random, name, TEST) for name in physics.KINETICS}
    held = linear_combination(valid.X)
    a = chosen(ema, EMA, held, valid.f)
    both = chosen(lambda f, how: holt(f, *how), HOLT, held, valid.f)
    sigma = rmse(valid.f.ravel(), held.ravel())
    told = {name: {} for name in MODELS}
    for family, runs in tests.items():
        one = linear_combination(runs.X)
        for name, f in (
            ("lcf_ema", ema(one, a)),
            ("lcf_holt", holt(one, *both)),
            ("lcf_law", jmak_so_far(one, sigma)),
        ):
            told[name][family] = 1e3 * error(f, runs.f)
    return told


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """種、推定、族ごとに一行の表。"""
    return pd.DataFrame(
        [
            point | {"model": model, "kinetics": family, "mae": number}
            for point, result in results
            for model, each in result.items()
            for family, number in each.items()
        ]
    )


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.3f", lineterminator="\n")
    return {"phase_law": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した MAE が、保存済みの平均 ± 3 標準偏差（と 3）に入るかの表。"""
    stored = data.load("phase_law").groupby(["model", "kinetics"])["mae"]
    rows = []
    for _, row in table(results).iterrows():
        values = stored.get_group((row["model"], row["kinetics"]))
        head = {"推定": row["model"], "族": row["kinetics"]}
        rows.append(head | beside_stored(row["mae"], values, slack=3))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="phase_law",
    title="その場 X 線回折の相分率: 前の枚だけへの JMAK の式と、Holt の平滑化",
    points=tuple({"seed": seed} for seed in SEEDS),
    # 保存した種とは別の種で測り直します
    quick=({"seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
