"""前処理の順と、欠けたチャンネルを、GRU で測ります: 肉の近赤外スペクトル → 脂肪（第 10 章）。

    model = "gru"      前処理 steps を施したスペクトルで学習します。無作為な分け方では、試験の行にだけ欠けを
                       作り、三通りに埋めてからも測ります
    model = "masked"   見えたチャンネルで SNV を計算し、欠けを 0 にし、欠けたことを別のチャンネルで知らせる
                       GRU。学習の行にも欠けを作ります

無作為な分け方でも、まったく同じ行は同じ側に置きます。学習は 8 割、試験は 2 割です。masked は、欠けのない
ものと三通りに欠けさせたものの、4 倍の行を同じエポック数だけ読みます（更新は 4 倍です）。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.datasets.measured import load_meat
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import splits
from rnnbook.materials.missing import FILLS, GAPS, filled, holes
from rnnbook.materials.steps import STEPS
from rnnbook.training.gru_regressor import GRURegressor, tokens
from rnnbook.training.metrics import rmse

SEEDS = tuple(range(5))
WIDTH, EPOCHS = 4, 75


def parts_of(split: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """学習と試験の行。"""
    meat, rng = load_meat(), np.random.default_rng(seed)
    twins = splits.group_twins(meat.X)
    if split == "random":
        return splits.by_group(twins, (0.8, 0.2), rng)
    # 組成の試験はいつも同じなので、学習の 9 割を種ごとに選びます
    train, _, test = splits.by_composition(meat.fat, (0.72, 0.08, 0.2), rng, twins)
    return train, test


def seen_snv(X: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """欠けていないチャンネルの平均と標準偏差による SNV。"""
    seen = np.where(gone, np.nan, X)
    mean = np.nanmean(seen, axis=1, keepdims=True)
    return (X - mean) / np.nanstd(seen, axis=1, ddof=1, keepdims=True)


class Masked:
    """見えたチャンネルで SNV を計算し、欠けた所を 0 にし、欠けたことを別のチャンネルで知らせる GRU。"""

    def __init__(self, seed: int):
        self.gru = GRURegressor(epochs=EPOCHS, seed=seed)
        self.rng = np.random.default_rng(seed)

    def series(self, X: np.ndarray, gone: np.ndarray) -> np.ndarray:
        """値と印を並べた系列 (N, T/WIDTH, 2·WIDTH)。"""
        z = np.where(gone, 0.0, (seen_snv(X, gone) - self.mean) / self.std)
        return np.concatenate([tokens(z, WIDTH), tokens(1.0 * gone, WIDTH)], axis=2)

    def fit(self, X: np.ndarray, y: np.ndarray) -> Masked:
        gone = [np.zeros(X.shape, bool)]
        whole = seen_snv(X, gone[0])
        self.mean, self.std = whole.mean(axis=0), whole.std(axis=0)
        gone += [holes(X.shape, kind, self.rng) for kind in GAPS]
        x = np.concatenate([self.series(X, each) for each in gone])
        self.gru.fit(x, np.tile(y, len(gone)))
        return self

    def predict(self, X: np.ndarray, gone: np.ndarray) -> np.ndarray:
        return self.gru.predict(self.series(X, gone))


def train(point: Point) -> dict:
    """一点を学習し、欠け方と埋め方ごとの試験の RMSE を返します。"""
    meat, seed = load_meat(), point["seed"]
    train, test = parts_of(point["split"], seed)
    X, y, rng = meat.X, meat.fat, np.random.default_rng(1000 + seed)
    rows = []

    def told(gap: str, fill: str, y_hat: np.ndarray) -> None:
        error = rmse(y[test], y_hat)
        rows.append({"gap": gap, "fill": fill, "rmse": error})

    gaps = {kind: holes(X[test].shape, kind, rng) for kind in GAPS}
    if point["model"] == "masked":
        whole = np.zeros(X[test].shape, bool)
        model = Masked(seed).fit(X[train], y[train])
        told("none", "none", model.predict(X[test], whole))
        for kind, gone in gaps.items():
            told(kind, "mask", model.predict(X[test], gone))
            for how in ("linear", "low_rank"):  # 同じ重みに、埋めて、印なしで渡します
                filled_in = filled(X[test], gone, how, X[train])
                told(kind, how, model.predict(filled_in, whole))
        return {"rows": rows}
    step = STEPS[point["steps"]]
    model = GRURegressor(epochs=EPOCHS, seed=seed)
    model.fit(tokens(step(X[train]), WIDTH), y[train])
    told("none", "none", model.predict(tokens(step(X[test]), WIDTH)))
    if point["split"] == "random":
        for kind, gone in gaps.items():
            for how in FILLS:
                whole = step(filled(X[test], gone, how, X[train]))
                told(kind, how, model.predict(tokens(whole, WIDTH)))
    return {"rows": rows}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    rows = [point | row for point, result in results for row in result["rows"]]
    text = pd.DataFrame(rows).to_csv(
        index=False, float_format="%.4f", lineterminator="\n"
    )
    return {"step_order": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した RMSE が、保存済みの平均 ± 3 標準偏差（と 0.2）に入るかの表。"""
    keys = ["steps", "split", "model", "gap", "fill"]
    stored = data.load("step_order").groupby(keys)["rmse"]
    rows = []
    for point, result in results:
        for row in result["rows"]:
            where = point | row
            values = stored.get_group(tuple(where[key] for key in keys))
            names = {
                "前処理": point["steps"],
                "欠け": row["gap"],
                "埋め方": row["fill"],
            }
            rows.append(names | beside_stored(row["rmse"], values, slack=0.2))
    return pd.DataFrame(rows)


def _point(steps: str, split: str, model: str, seed: int) -> Point:
    return {"steps": steps, "split": split, "model": model, "seed": seed}


EXPERIMENT = Experiment(
    name="step_order",
    title="前処理の順と欠けたチャンネルを GRU で測る（肉の近赤外スペクトル）",
    points=tuple(
        _point(steps, split, model, seed)
        for split, model, names in (
            ("random", "gru", ("raw", "snv", "d2", "snv_d2", "d2_snv")),
            ("composition", "gru", ("raw", "snv_d2", "d2_snv")),
            ("random", "masked", ("snv",)),
        )
        for steps in names
        for seed in SEEDS
    ),
    # 保存した種とは別の種で測り直します
    quick=(_point("d2_snv", "random", "gru", 100),),
    train=train,
    tables=tables,
    compare=compare,
)
