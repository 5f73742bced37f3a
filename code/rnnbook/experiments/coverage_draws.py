"""区間の被覆率を、校正の引き方を替えて何度も測ります: 試料のある作り物と PLS（第 10 章）。

    split = "random"     測定を無作為に分け、測定一つずつを別の試料とみなして校正します
    split = "specimen"   試料ごとに分け、試料を数えて校正します

一回ごとに、新しい試料 size 個を 10 回ずつ測り、学習 6 割、校正 2 割、試験 2 割に分けて学習し直します。
被覆率は、その試験と、使う場にあたる新しい試料 NEW 個で測ります。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import specimens, splits
from rnnbook.materials.trust import group_quantile
from rnnbook.models.pls import PLS

SIZES = (48, 96, 400)  # 校正は 9、19、80 試料
SEEDS = tuple(range(5))
DRAWS = 20  # 一点で引く回数
REPEATS, NEW = 10, 300
SHARES = (0.6, 0.2, 0.2)


def one_draw(size: int, split: str, rng: np.random.Generator) -> dict:
    """一度引いて学習し、試験と新しい試料での被覆率と、区間の半幅（%）を返します。"""
    scans = specimens.measure(rng.standard_normal, size, REPEATS)
    new = specimens.measure(rng.standard_normal, NEW, 1)
    if split == "specimen":
        train, held, test = splits.by_group(scans.specimen, SHARES, rng)
        names = scans.specimen
    else:
        train, held, test = splits.at_random(len(scans.c), SHARES, rng)
        names = np.arange(len(scans.c))
    model = PLS(most=25).fit(scans.X[train], scans.c[train], names[train])
    error = np.abs(model.predict(scans.X) - scans.c)
    radius = group_quantile(error[held], 0.9, names[held])
    error_new = np.abs(model.predict(new.X) - new.c)
    return {
        "coverage": float((error[test] <= radius).mean()),
        "coverage_new": float((error_new <= radius).mean()),
        "radius": radius,
    }


def train(point: Point) -> dict:
    """DRAWS 回引いて、一回ごとの被覆率を返します。"""
    rng = np.random.default_rng(point["seed"])
    draws = [one_draw(point["size"], point["split"], rng) for _ in range(DRAWS)]
    return {"draws": draws}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。一行が一回です。"""
    rows = [point | draw for point, result in results for draw in result["draws"]]
    text = pd.DataFrame(rows).to_csv(
        index=False, float_format="%.4f", lineterminator="\n"
    )
    return {"coverage_draws": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した平均の被覆率が、保存済みの、種ごとの平均の幅に入るかの表。"""
    keys = ["size", "split", "seed"]
    stored = data.load("coverage_draws").groupby(keys)["coverage_new"].mean()
    rows = []
    for point, result in results:
        again = float(np.mean([draw["coverage_new"] for draw in result["draws"]]))
        values = stored.loc[point["size"], point["split"]]
        row = {"試料の数": point["size"], "分け方": point["split"]}
        rows.append(row | beside_stored(again, values, slack=0.02))
    return pd.DataFrame(rows)


def _point(size: int, split: str, seed: int) -> Point:
    return {"size": size, "split": split, "seed": seed}


EXPERIMENT = Experiment(
    name="coverage_draws",
    title="校正を何度も引いたときの、90 % 区間の被覆率（試料のある作り物）",
    points=tuple(
        _point(size, split, seed)
        for size in SIZES
        for split in ("random", "specimen")
        for seed in SEEDS
    ),
    # 保存した種とは別の種で測り直します
    quick=(_point(48, "specimen", 100),),
    train=train,
    tables=tables,
    compare=compare,
)
