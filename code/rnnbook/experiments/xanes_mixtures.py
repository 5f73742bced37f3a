"""標準物質の混ぜもので学習したモデルと、線形結合の当てはめ: 金の XANES（第 11 章）。

9 種の標準物質を 1〜3 種混ぜたスペクトル（倍率の誤差 1 %、雑音 0.004）を、ずれなし（trained = 0）か、
±0.4 eV のずれを入れて（0.4）4,000 本作り、割合を当てるように学習します。試験はどちらも、ずれのない 150 本（still）と、
±0.4 eV ずれた 150 本（moved）です。測った時系列 8 本での答えは、表 xanes_series に残します。

    lcf        当てはめ。ずれを考えない
    lcf_scan   ずれを −0.5〜0.5 eV の 0.025 eV おきに試す
    lcf_three  ずれを 0.1 eV おきに試し、標準物質を三つまでに限る（混ぜ方を知っている）
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials.mixtures import apart, as_shares, combine, mix
from rnnbook.materials.xanes import HOURS, VALENCE, load_gold
from rnnbook.training.spectrum_regressor import SpectrumRegressor

SEEDS = tuple(range(3))
SHIFT, COUNT, TEST = 0.4, 4000, 150
FITS = {
    "lcf": {},
    "lcf_scan": {"shifts": np.linspace(-0.5, 0.5, 41)},
    "lcf_three": {"shifts": np.linspace(-0.5, 0.5, 11), "most": 3},
}
NETWORKS = {"mlp": {}, "cnn": {}, "bigru": {"width": 4}}


def shares_of(point: Point, X: list[np.ndarray], gold) -> list[np.ndarray]:
    """スペクトルの組 X のそれぞれについて、答えた割合 (N, 9)。"""
    name, S = point["model"], gold.standards
    if name in FITS:
        return [
            np.array([combine(gold.E, x, S, **FITS[name]).f for x in each])
            for each in X
        ]
    rng = np.random.default_rng([0, point["seed"]])
    seen, f = mix(rng, gold.E, S, COUNT, point["trained"])
    how = {"updates": 1500, "seed": point["seed"], **NETWORKS[name]}
    model = SpectrumRegressor(name, **how).fit(seen, f)
    return [as_shares(model.predict(each)) for each in X]


def train(point: Point) -> dict:
    """一点を学習し、割合の食い違いの平均と、測った時系列での価数ごとの割合を返します。"""
    gold, seed = load_gold(), point["seed"]
    still, f = mix(np.random.default_rng([1, seed]), gold.E, gold.standards, TEST, 0.0)
    moved, g = mix(
        np.random.default_rng([2, seed]), gold.E, gold.standards, TEST, SHIFT
    )
    told = shares_of(point, [still, moved, gold.series], gold)
    series = [
        {
            "hour": hour,
            **{f"au{v}": float(row[v == VALENCE].sum()) for v in (3, 1, 0)},
        }
        for hour, row in zip(HOURS, told[2], strict=True)
    ]
    return {
        "still": float(apart(f, told[0]).mean()),
        "moved": float(apart(g, told[1]).mean()),
        "series": series,
    }


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    rows = [point | {k: r[k] for k in ("still", "moved")} for point, r in results]
    series = [point | each for point, r in results for each in r["series"]]
    how = {"index": False, "float_format": "%.4f", "lineterminator": "\n"}
    return {
        "xanes_mixtures": pd.DataFrame(rows).to_csv(**how),
        "xanes_series": pd.DataFrame(series).to_csv(**how),
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した食い違いが、保存済みの平均 ± 3 標準偏差（と 0.01）に入るかの表。"""
    keys = ["model", "trained"]
    stored = data.load("xanes_mixtures").groupby(keys)["moved"]
    rows = []
    for point, result in results:
        values = stored.get_group(tuple(point[key] for key in keys))
        row = {"モデル": point["model"], "学習のずれ": point["trained"]}
        rows.append(row | beside_stored(result["moved"], values, slack=0.01))
    return pd.DataFrame(rows)


def _point(model: str, trained: float, seed: int) -> Point:
    return {"model": model, "trained": trained, "seed": seed}


EXPERIMENT = Experiment(
    name="xanes_mixtures",
    title="金の XANES の割合: 線形結合の当てはめと、混ぜもので学習したモデル",
    points=tuple(
        _point(model, trained, seed)
        for model, shifts in [
            *((name, (0.0,)) for name in FITS),
            *((name, (0.0, SHIFT)) for name in NETWORKS),
        ]
        for trained in shifts
        for seed in SEEDS
    ),
    # 保存した種とは別の種で測り直します
    quick=(_point("lcf_scan", 0.0, 100),),
    train=train,
    tables=tables,
    compare=compare,
)
