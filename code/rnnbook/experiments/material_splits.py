"""無作為な分け方がつくうそ: 四つのデータを、無作為と正直な分け方で測ります（第 10 章）。

    meat          肉の近赤外スペクトル → 脂肪（%）          無作為（同じ行は組にする） / 組成（上の 1/5）
    specimens     作り物。試料 12〜96 個を 10 回ずつ → 成分（%）  無作為 / 試料ごと
    fermentation  発酵の赤外スペクトル → グルコース（g/L）      無作為 / 六つの時間帯 / 11〜17 時間から先
    machine       機械の温度の 48 時間 → 6 時間後の温度       無作為な窓 / 全体の 40〜80 % から先の 2 割

前処理と標準化は、学習の行だけで決めます。PLS の成分の数は、学習の行の中の交差検証で選びます（外が試料ごと
なら、中も試料ごと）。specimens の GRU は、試料の数によらず、ほぼ同じ回数だけ更新します。specimens では、使う場の代わりに、新しい試料 300 個での誤差も測ります。
発酵の目標は、測れる下限の 4 g/L で止まります。それより小さい答えは、どれも「下限」と報告されるので、
4 に直してから誤差を測ります。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.datasets.measured import load_fermentation, load_machine, load_meat
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import specimens, splits
from rnnbook.materials.preprocessing import (
    cut_windows,
    derivative,
    snv,
    subtract_line,
)
from rnnbook.materials.trust import group_quantile
from rnnbook.models.baselines import Last, Mean, Nearest, Ridge
from rnnbook.models.pls import PLS
from rnnbook.training.gru_regressor import GRURegressor, tokens
from rnnbook.training.metrics import rmse

SEEDS = tuple(range(10))
GRU_SEEDS = tuple(range(5))
SIZES = (12, 24, 48, 96)
REPEATS, NEW = 10, 300
SHARES = (0.6, 0.2, 0.2)  # 学習、校正、試験
STOPS = (11, 12, 13, 14, 15, 16, 17)  # 発酵: ここまで学び、先を当てます（時間）
LAST = 21.0  # 発酵の試験の終わり（時間）。その後は測れる下限で一定
LIMIT = 4.0  # 発酵のグルコースの、測れる下限（g/L）
STARTS = (40, 50, 60, 70, 80)  # 機械: 試験の 2 割の始まり（全体の %）
BLOCKS, SCANS = 6, 10
WINDOW, AHEAD = 48, 6  # 時間


class Tokens:
    """width チャンネルずつ読む GRU。"""

    def __init__(self, width: int, **how):
        self.width, self.gru = width, GRURegressor(**how)

    def fit(self, X, y):
        self.gru.fit(tokens(X, self.width), y)
        return self

    def predict(self, X):
        return self.gru.predict(tokens(X, self.width))


def scored(model, X, y, train, held, test, groups=None) -> dict:
    """学習し、試験の RMSE と、校正の行で決めた 90 % 区間が試験で当たる割合を返します。"""
    model.fit(X[train], y[train])
    result = {"rmse": rmse(y[test], model.predict(X[test]))}
    names = np.arange(len(y)) if groups is None else groups
    if len(np.unique(names[held])) >= 9:
        residuals = np.abs(model.predict(X[held]) - y[held])
        radius = group_quantile(residuals, 0.9, names[held])
        inside = np.abs(model.predict(X[test]) - y[test]) <= radius
        result |= {"coverage": float(inside.mean()), "radius": radius}
    return result


def meat(point: Point) -> dict:
    spectra, rng = load_meat(), np.random.default_rng(point["seed"])
    X, y = snv(derivative(spectra.X, 2)), spectra.fat
    twins = splits.group_twins(spectra.X)
    if point["split"] == "random":
        parts = splits.by_group(twins, SHARES, rng)
    else:
        parts = splits.by_composition(y, SHARES, rng, twins)
    splits.require_apart(twins, *parts)
    models = {"mean": Mean, "pls": PLS}
    gru = {"epochs": 75, "seed": point["seed"]}
    model = models[point["model"]]() if point["model"] in models else Tokens(4, **gru)
    return scored(model, X, y, *parts)


class GroupedPLS(PLS):
    """成分の数も、試料を分けずに選ぶ PLS。"""

    def __init__(self, groups, **how):
        super().__init__(**how)
        self.groups = groups

    def fit(self, X, y):
        return super().fit(X, y, self.groups)


def specimen(point: Point) -> dict:
    rng = np.random.default_rng(point["seed"])
    scans = specimens.measure(rng.standard_normal, point["size"], REPEATS)
    new = specimens.measure(rng.standard_normal, NEW, 1)
    honest = point["split"] == "specimen"
    if honest:
        parts = splits.by_group(scans.specimen, SHARES, rng)
        splits.require_apart(scans.specimen, *parts)
    else:
        parts = splits.at_random(len(scans.c), SHARES, rng)
    models = {
        "mean": Mean,
        "nearest": Nearest,
        "pls": lambda: GroupedPLS(
            scans.specimen[parts[0]] if honest else None, most=25
        ),
        "gru": lambda: Tokens(5, epochs=1200 // point["size"], seed=point["seed"]),
    }
    model = models[point["model"]]()
    groups = scans.specimen if honest else None
    result = scored(model, scans.X, scans.c, *parts, groups)
    error = np.abs(model.predict(new.X) - new.c)
    result["rmse_new"] = float(np.sqrt(np.mean(error**2)))
    if "radius" in result:
        result["coverage_new"] = float((error <= result["radius"]).mean())
    if point["model"] == "pls":
        result["components"] = model.components
    return result


def boundary(split: str) -> int | None:
    """ "forward_15" の 15。時間で前後に分けるのでなければ None です。"""
    name, _, at = split.partition("_")
    return int(at) if name == "forward" else None


def reported(glucose: np.ndarray) -> np.ndarray:
    """下限より小さい答えを、下限に直します（g/L）。"""
    return np.maximum(glucose, LIMIT)


def fermentation(point: Point) -> dict:
    run, rng = load_fermentation(), np.random.default_rng(point["seed"])
    X = derivative(subtract_line(run.X), 1)
    # k 番の窓は、k + SCANS − 1 番の測定で終わります
    windows = cut_windows(X, SCANS)
    hour, y, X = run.hour[SCANS - 1 :], run.glucose[SCANS - 1 :], X[SCANS - 1 :]
    early = hour <= LAST
    windows, hour, y, X = (a[early] for a in (windows, hour, y, X))
    if point["split"] == "random":
        train, test = splits.at_random(len(y), (0.8, 0.2), rng)
    elif (stop := boundary(point["split"])) is not None:
        train, test = np.flatnonzero(hour <= stop), np.flatnonzero(hour > stop)
    else:
        block = np.arange(len(y)) * BLOCKS // len(y)
        test = np.flatnonzero(block == point["seed"])
        near = np.arange(test[0] - SCANS, test[-1] + SCANS + 1)  # 窓が重なる行
        train = np.setdiff1d(np.arange(len(y)), near)
    if point["model"] == "clock":  # スペクトルを見ず、時刻だけから
        order = train[np.argsort(hour[train])]
        told = np.interp(hour[test], hour[order], y[order])
        return {"rmse": rmse(y[test], reported(told))}
    seed = point["seed"]
    if point["model"] == "pls":
        model, x = PLS(most=8), X
    else:
        model, x = GRURegressor(H=16, epochs=100, seed=seed), windows
    model.fit(x[train], y[train])
    return {"rmse": rmse(y[test], reported(model.predict(x[test])))}


def machine(point: Point) -> dict:
    series, rng = load_machine().temperature, np.random.default_rng(point["seed"])
    cut = cut_windows(series, WINDOW + AHEAD)
    X, y = cut[:, :WINDOW], cut[:, -1]
    if point["split"] == "random":
        parts = splits.at_random(len(y), SHARES, rng)
    else:
        # 試験は start % からの 2 割。その前を、学習と校正に 3 対 1 で分けます
        start = boundary(point["split"])
        seen = np.arange(len(y) * (start + 20) // 100)
        shares = np.array([0.75 * start, 0.25 * start, 20.0]) / (start + 20)
        parts = splits.forward_in_time(seen, shares, gap=WINDOW + AHEAD)
    models = {"last": Last, "ridge": Ridge}
    gru = {"epochs": 30, "seed": point["seed"]}
    model = models[point["model"]]() if point["model"] in models else Tokens(4, **gru)
    return scored(model, X, y, *parts)


CASES = {
    "meat": meat,
    "specimens": specimen,
    "fermentation": fermentation,
    "machine": machine,
}
GRID = (
    ("meat", (0,), ("random", "composition"), ("mean", "pls", "gru")),
    ("specimens", SIZES, ("random", "specimen"), ("mean", "nearest", "pls", "gru")),
    (
        "fermentation",
        (0,),
        ("random", "blocks", *(f"forward_{stop}" for stop in STOPS)),
        ("clock", "pls", "gru"),
    ),
    (
        "machine",
        (0,),
        ("random", *(f"forward_{start}" for start in STARTS)),
        ("last", "ridge", "gru"),
    ),
)


def seeds_of(split: str, model: str) -> tuple[int, ...]:
    if split == "blocks":
        return tuple(range(BLOCKS))
    if model == "gru":
        return GRU_SEEDS
    return SEEDS if boundary(split) is None else (0,)  # 時間の境に、乱数はない


def train(point: Point) -> dict:
    """一点を学習し、試験の RMSE などを返します。"""
    return CASES[point["data"]](point)


COLUMNS = ("rmse", "rmse_new", "coverage", "coverage_new", "radius", "components")


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """一点を一行にした表。"""
    rows = [point | {c: result.get(c) for c in COLUMNS} for point, result in results]
    return pd.DataFrame(rows).astype({"components": "Int64"})


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"material_splits": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した RMSE が、保存済みの平均 ± 3 標準偏差（と 0.05）に入るかの表。"""
    keys = ["data", "size", "split", "model"]
    stored = data.load("material_splits").groupby(keys)["rmse"]
    rows = []
    for point, result in results:
        values = stored.get_group(tuple(point[key] for key in keys))
        row = {
            "データ": point["data"],
            "分け方": point["split"],
            "モデル": point["model"],
        }
        rows.append(row | beside_stored(result["rmse"], values, slack=0.05))
    return pd.DataFrame(rows)


def _point(case, size, split, model, seed) -> Point:
    return {"data": case, "size": size, "split": split, "model": model, "seed": seed}


EXPERIMENT = Experiment(
    name="material_splits",
    title="無作為な分け方と正直な分け方（肉、試料のある作り物、発酵、機械の温度）",
    points=tuple(
        _point(case, size, split, model, seed)
        for case, sizes, parts, models in GRID
        for size in sizes
        for split in parts
        for model in models
        for seed in seeds_of(split, model)
    ),
    # 保存した種とは別の種で測り直します
    quick=(
        _point("meat", 0, "random", "pls", 100),
        _point("specimens", 12, "random", "pls", 100),
        _point("specimens", 96, "specimen", "pls", 100),
    ),
    train=train,
    tables=tables,
    compare=compare,
    empty=COLUMNS[1:],
)
