"""空孔の割合を回折パターンから: PLS、畳み込み、双方向 LSTM（第 11 章）。

    static   一試料を一度だけ測る。背景なし（clean）か背景あり（background）で学習し、両方で試験する
    repeats  15 試料を 48 回ずつ測り、無作為（random）か試料ごと（specimen）に分ける

入力は √計数です。_area の付くモデルは、計数の和をそろえてから読みます。pls_monitor だけは、記録された入射の強さ（尺度 A）で計数を割ってから読みます。fit は、模型の
式そのものを当てはめる推定で、学習しません。どのモデルも、区間の校正には学習に使わない試料を使います。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import diffraction, powder, splits
from rnnbook.materials.trust import group_quantile
from rnnbook.models.baselines import Mean
from rnnbook.models.pls import PLS
from rnnbook.training.metrics import rmse
from rnnbook.training.spectrum_regressor import SpectrumRegressor

SEEDS = tuple(range(5))
SIZES = (640, 2560)  # 学習の試料（2,560 は背景ありだけ）
HELD, TEST, NEW = 200, 600, 300  # 校正、試験、新しい試料
SPECIMENS, REPEATS = 15, 48  # 試料の数と、一試料を測る回数
SHARES = (0.6, 0.2, 0.2)
RATES = {"cnn": 0.001, "bilstm": 0.003}  # 種 0 の一度の試しで決めた学習率
COLUMNS = ("rmse", "rmse_other", "coverage", "coverage_other", "components")


class Fit:
    """式を当てはめる推定。背景の有無は、学習の条件のものを信じます。"""

    def __init__(self, background: bool):
        self.background = background

    def fit(self, X, y):
        return self

    def predict(self, X):
        return powder.fit_pattern(X**2, self.background)


def model_of(name: str, size: int, seed: int, background: bool):
    """名前からモデルを作ります。ネットワークの更新は 1,000 回（学習が 1,000 試料を超えれば 2,000 回）です。"""
    kind = name.removesuffix("_area")
    if kind in RATES:
        updates = 2000 if size > 1000 else 1000
        how = {"updates": updates, "learning_rate": RATES[kind], "seed": seed}
        return SpectrumRegressor(kind, **how)
    makers = {"mean": Mean, "fit": lambda: Fit(background)}
    return makers[name]() if name in makers else PLS(most=20)


def inputs(scans: powder.Scans, name: str) -> np.ndarray:
    """√計数。_area では和を 40 万に、pls_monitor では尺度 A をそろえてからの √ です。"""
    if name.endswith("_area"):
        return np.sqrt(4e5 * scans.counts / scans.counts.sum(axis=1, keepdims=True))
    scale = diffraction.SCALE / scans.scale[:, None] if name == "pls_monitor" else 1.0
    return np.sqrt(scans.counts * scale)


def static(point: Point) -> dict:
    """一試料を一度だけ測り、同じ条件と、もう一方の条件で試験します。"""
    name, background = point["model"], point["train"] == "background"
    draw = (np.random.default_rng([k, point["seed"]]) for k in range(4))
    sizes = (point["size"], HELD, TEST, TEST)
    kinds = (background, background, background, not background)
    scans = [
        powder.measure(rng, size, background=kind)
        for rng, size, kind in zip(draw, sizes, kinds, strict=True)
    ]
    X = [inputs(each, name) for each in scans]
    model = model_of(name, point["size"], point["seed"], background)
    model.fit(X[0], scans[0].c)
    errors = [np.abs(model.predict(X[k]) - scans[k].c) for k in (1, 2, 3)]
    radius = group_quantile(errors[0], 0.9)
    return {
        "rmse": float(np.sqrt(np.mean(errors[1] ** 2))),
        "rmse_other": float(np.sqrt(np.mean(errors[2] ** 2))),
        "coverage": float((errors[1] <= radius).mean()),
        "coverage_other": float((errors[2] <= radius).mean()),
        "components": getattr(model, "components", None),
    }


class Grouped(PLS):
    """成分の数も、試料を分けずに選ぶ PLS。"""

    def __init__(self, groups, **how):
        super().__init__(**how)
        self.groups = groups

    def fit(self, X, y):
        return super().fit(X, y, self.groups)


def repeats(point: Point) -> dict:
    """同じ試料を何度も測り、分け方を替えます。_other は新しい試料での値です。"""
    rng, name = np.random.default_rng(point["seed"]), point["model"]
    scans = powder.measure(rng, point["size"], REPEATS)
    new = powder.measure(rng, NEW)
    honest = point["train"] == "specimen"
    if honest:
        train, held, test = splits.by_group(scans.specimen, SHARES, rng)
        splits.require_apart(scans.specimen, train, held, test)
    else:
        train, held, test = splits.at_random(len(scans.c), SHARES, rng)
    names = scans.specimen if honest else np.arange(len(scans.c))
    X = inputs(scans, name)
    if name == "pls":
        model = Grouped(names[train], most=20)
    else:
        model = model_of(name, len(train), point["seed"], True)
    model.fit(X[train], scans.c[train])
    error = np.abs(model.predict(X) - scans.c)
    error_new = np.abs(model.predict(inputs(new, name)) - new.c)
    result = {
        "rmse": rmse(np.zeros(len(test)), error[test]),
        "rmse_other": rmse(np.zeros(NEW), error_new),
        "components": getattr(model, "components", None),
    }
    if len(np.unique(names[held])) >= 9:  # 9 試料からでないと、90 % の区間はない
        radius = group_quantile(error[held], 0.9, names[held])
        result["coverage"] = float((error[test] <= radius).mean())
        result["coverage_other"] = float((error_new <= radius).mean())
    return result


def train(point: Point) -> dict:
    """一点を学習し、試験の RMSE（%）と、90 % 区間の被覆率を返します。"""
    return {"static": static, "repeats": repeats}[point["part"]](point)


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """一点を一行にした表。"""
    rows = [point | {c: result.get(c) for c in COLUMNS} for point, result in results]
    return pd.DataFrame(rows).astype({"components": "Int64"})


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"vacancies": text}


def stored() -> list[tuple[Point, dict]]:
    """保存済みの表を、点とその結果に戻します。

    例:
        >>> point, result = stored()[0]
        >>> point["model"], result["components"]
        ('mean', None)
    """
    keys = list(_point("", "", 0, "", 0))
    found = data.load("vacancies").astype(object)
    found = found.where(found.notna(), None)
    return [
        (dict(row[keys]), {c: row[c] for c in COLUMNS if c in row})
        for _, row in found.iterrows()
    ]


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した RMSE が、保存済みの平均 ± 3 標準偏差（と 0.1）に入るかの表。"""
    keys = ["part", "train", "size", "model"]
    stored = data.load("vacancies").groupby(keys)["rmse"]
    rows = []
    for point, result in results:
        values = stored.get_group(tuple(point[key] for key in keys))
        row = {"測定": point["part"], "学習": point["train"], "モデル": point["model"]}
        rows.append(row | beside_stored(result["rmse"], values, slack=0.1))
    return pd.DataFrame(rows)


def _point(part: str, how: str, size: int, model: str, seed: int) -> Point:
    return {"part": part, "train": how, "size": size, "model": model, "seed": seed}


GRID = [
    ("static", how, 640, model)
    for how in ("clean", "background")
    for model in (
        *("mean", "pls", "pls_area", "pls_monitor"),
        *("cnn", "cnn_area", "bilstm", "bilstm_area", "fit"),
    )
]
GRID += [
    ("repeats", how, SPECIMENS, model)
    for how in ("random", "specimen")
    for model in ("mean", "pls", "cnn", "bilstm")
]
LARGE = [
    ("static", "background", SIZES[1], model) for model in ("pls", "cnn", "bilstm")
]

EXPERIMENT = Experiment(
    name="vacancies",
    title="空孔のあるナノ結晶の回折から、空孔の割合を当てる",
    points=tuple(
        _point(*row, seed)
        for rows, seeds in ((GRID, SEEDS), (LARGE, SEEDS[:3]))
        for row in rows
        for seed in seeds
    ),
    # 保存した種とは別の種で測り直します
    quick=(
        _point("static", "background", 640, "pls", 100),
        _point("repeats", "random", SPECIMENS, "pls", 100),
    ),
    train=train,
    tables=tables,
    compare=compare,
    stored=stored,
    empty=("coverage", "coverage_other", "components"),
)
