"""図が使う、空孔の割合を答える三つのモデル: PLS、畳み込み、双方向 LSTM を、二つの条件で学習します（第 11 章）。

背景なし（clean）か背景あり（background）の試料 640 個を一度ずつ測って学習し、重みは 8 ビットに、ほかの数は
6 桁に丸めます。90 % 区間の半幅と、印のしきい値は、丸めたあとのモデルで、別の試料 200 個から決めます。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.parts import tables_of_parts
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import powder
from rnnbook.materials.trust import Trusted, group_quantile
from rnnbook.models.eight_bits import pack
from rnnbook.models.pls import PLS
from rnnbook.models.vacancy_readers import (
    AXES,
    CONDITIONS,
    NETWORKS,
    READERS,
    readers_of,
)
from rnnbook.training.spectrum_regressor import SpectrumRegressor

TRAIN, HELD, TEST = 640, 200, 600
UPDATES = 1500
RATES = {"cnn": 0.001, "bilstm": 0.003}
LINES = ("mean", "std", "pls", *(f"axis{a + 1}" for a in range(AXES)))


def rounded(x: np.ndarray) -> np.ndarray:
    """6 桁に丸めます。

    例:
        >>> rounded(np.array([1.23456789, 0.000123456789])).tolist()
        [1.23457, 0.000123457]
    """
    return np.array([float(f"{v:.6g}") for v in np.ravel(x)]).reshape(np.shape(x))


def train(point: Point) -> dict:
    """三つのモデルを学習し、表に書く行を返します。"""
    condition, seed = point["train"], point["seed"]
    background, updates = condition == "background", point.get("updates", UPDATES)
    sizes = (TRAIN, HELD, TEST, TEST)
    kinds = (background, background, False, True)
    known, held, clean, behind = (
        powder.measure(np.random.default_rng([k, seed]), size, background=kind)
        for k, (size, kind) in enumerate(zip(sizes, kinds, strict=True))
    )
    X, y = np.sqrt(known.counts), known.c
    pls = PLS(most=20).fit(X, y)
    trusted = Trusted(pls.predict, AXES).fit(X, y)
    trusted.calibrate(np.sqrt(held.counts), held.c)
    columns = (X.mean(axis=0), X.std(axis=0), pls.coefficients, *trusted.axes)
    lines = pd.DataFrame({n: rounded(v) for n, v in zip(LINES, columns, strict=True)})
    (t2, t2_spread), (q, q_spread) = trusted.middle
    numbers = {"level": y.mean(), "scale": y.std()}
    numbers |= {"t2": t2, "t2_spread": t2_spread, "q": q, "q_spread": q_spread}
    numbers |= {"border": trusted.border, "limit": trusted.limit}
    numbers |= {f"spread{a + 1}": s for a, s in enumerate(trusted.spread)}
    numbers = {name: float(rounded(v)) for name, v in numbers.items()}
    weights = []
    for kind in NETWORKS:
        how = {"updates": updates, "learning_rate": RATES[kind], "seed": seed}
        network = SpectrumRegressor(kind, **how).fit(X, y).model
        weights += [{"model": kind} | row for row in pack(network)]
    readers = readers_of(lines, numbers, pd.DataFrame(weights))
    scores = []
    for name in READERS:
        radius = group_quantile(np.abs(readers[name](held.counts) - held.c), 0.9)
        radius = float(rounded(radius))
        for test, scans in (("clean", clean), ("background", behind)):
            error = np.abs(readers[name](scans.counts) - scans.c)
            scores.append(
                {
                    "model": name,
                    "test": test,
                    "rmse": float(np.sqrt(np.mean(error**2))),
                    "coverage": float((error <= radius).mean()),
                    "radius": radius,
                }
            )
    return {
        "": scores,
        "_lines": lines.to_dict("records"),
        "_numbers": [numbers],
        "_weights": weights,
    }


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    return tables_of_parts("vacancies_page", "train", results)


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した PLS の誤差が、保存済みの値 ± 0.3 % に入るかの表。"""
    stored = data.load("vacancies_page").set_index(["train", "test", "model"])["rmse"]
    rows = []
    for point, result in results:
        for score in result[""]:
            if score["model"] == "pls" and score["test"] == point["train"]:
                value = stored.loc[[(point["train"], score["test"], "pls")]]
                row = {"学習": point["train"], "モデル": "pls"}
                rows.append(row | beside_stored(score["rmse"], value, slack=0.3))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="vacancies_page",
    title="図が使う、空孔の割合を答える三つのモデル（背景なし・背景ありで学習）",
    points=tuple({"train": condition, "seed": 0} for condition in CONDITIONS),
    # 保存した種とは別の種で、PLS を測り直します（ネットワークは 10 回だけ更新）
    quick=({"train": "background", "seed": 100, "updates": 10},),
    train=train,
    tables=tables,
    compare=compare,
)
