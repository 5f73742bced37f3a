"""標準物質では表しきれないスペクトルで: 線形結合の当てはめと、同じ残りを入れて学習したモデル（第 11 章）。

xanes_mixtures の混ぜものは、当てはめと同じ式で作るので、当てはめに有利です。ここでは、実測の 8 本への当てはめに
残ったのと同じ大きさの、なだらかな残りを足します（学習にも、試験にも）。

    x(E) = 混ぜもの + e(E)        e は AR(1): 二乗平均の平方根 0.0033、隣（0.5 eV）との相関 0.92

白色の雑音は 0.001、倍率の誤差は 1 %、ずれは ±0.4 eV です。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.experiments.xanes_mixtures import (
    COUNT,
    FITS,
    NETWORKS,
    SEEDS,
    SHIFT,
    TEST,
)
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials.mixtures import apart, as_shares, combine, mix
from rnnbook.materials.xanes import load_gold
from rnnbook.training.spectrum_regressor import SpectrumRegressor

LEFT, NEAR, NOISE = 0.0033, 0.92, 0.001
MODELS = ("lcf_scan", "lcf_three", *NETWORKS)


def leftover(rng: np.random.Generator, count: int, length: int) -> np.ndarray:
    """なだらかな残り e (count, length)。e_t = ρ e_{t−1} + √(1 − ρ²) · 0.0033 · z_t。

    例:
        >>> e = leftover(np.random.default_rng(0), 200, 103)
        >>> e.shape, round(float(e.std()), 4)
        ((200, 103), 0.0033)
    """
    e = rng.normal(0, LEFT, (count, length))
    for t in range(1, length):
        e[:, t] = NEAR * e[:, t - 1] + np.sqrt(1 - NEAR**2) * e[:, t]
    return e


def spectra(rng: np.random.Generator, gold, count: int, left: bool):
    """混ぜもの (count, T) と割合。left が真なら、なだらかな残りを足します。"""
    X, f = mix(rng, gold.E, gold.standards, count, SHIFT, noise=NOISE)
    return X + left * leftover(rng, count, len(gold.E)), f


def train(point: Point) -> dict:
    """一点を学習し、残りのない試験（exact）と、残りのある試験（misfit）の、割合の食い違いの平均を返します。"""
    gold, seed, name = load_gold(), point["seed"], point["model"]
    tests = {
        part: spectra(np.random.default_rng([2 + left, seed]), gold, TEST, left)
        for part, left in (("exact", False), ("misfit", True))
    }
    if name in FITS:

        def shares(X):
            return np.array(
                [combine(gold.E, x, gold.standards, **FITS[name]).f for x in X]
            )

    else:
        X, f = spectra(np.random.default_rng([0, seed]), gold, COUNT, True)
        how = {"updates": 1500, "seed": seed, **NETWORKS[name]}
        model = SpectrumRegressor(name, **how).fit(X, f)

        def shares(X):
            return as_shares(model.predict(X))

    return {k: float(apart(f, shares(X)).mean()) for k, (X, f) in tests.items()}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    table = pd.DataFrame([point | result for point, result in results])
    text = table.to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"xanes_misfit": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した食い違いが、保存済みの平均 ± 3 標準偏差（と 0.01）に入るかの表。"""
    stored = data.load("xanes_misfit").groupby("model")["misfit"]
    return pd.DataFrame(
        [
            {"モデル": point["model"]}
            | beside_stored(
                result["misfit"], stored.get_group(point["model"]), slack=0.01
            )
            for point, result in results
        ]
    )


EXPERIMENT = Experiment(
    name="xanes_misfit",
    title="金の XANES の割合: 標準物質で表しきれない残りがあるとき",
    points=tuple({"model": name, "seed": seed} for name in MODELS for seed in SEEDS),
    # 保存した種とは別の種で測り直します
    quick=({"model": "lcf_scan", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
