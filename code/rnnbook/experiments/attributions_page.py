"""図が使う、説明される九つのモデル: PLS、畳み込み、双方向 LSTM の、学習した・学習前・ラベルを混ぜた（第 15 章）。

背景ありの試料 1400 個を一度ずつ測って学習します。重みは 8 ビットに、ほかの数は 6 桁に丸めます。

    trained    本当の空孔の割合で学習
    untrained  同じ種の、学習する前の重み。PLS には学習前がないので、標準化した値に掛かる正規乱数の係数
    shuffled   空孔の割合を試料の間で混ぜてから、同じ回数だけ学習
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.parts import tables_of_parts
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import powder
from rnnbook.models.eight_bits import pack
from rnnbook.models.pls import PLS
from rnnbook.models.vacancy_readers import NETWORKS, READERS, new_network, readers_of
from rnnbook.training.seeds import seed_everything
from rnnbook.training.spectrum_regressor import SpectrumRegressor

STATES = ("trained", "untrained", "shuffled")
TRAIN, TEST = 1400, 600
UPDATES = 2000
RATES = {"cnn": 0.001, "bilstm": 0.003}


def rounded(x: np.ndarray) -> np.ndarray:
    """6 桁に丸めます。

    例:
        >>> rounded(np.array([1.23456789, 0.000123456789])).tolist()
        [1.23457, 0.000123457]
    """
    return np.array([float(f"{v:.6g}") for v in np.ravel(x)]).reshape(np.shape(x))


def train(point: Point) -> dict:
    """一つの状態の三つのモデルを作り、表に書く行を返します。"""
    state, seed = point["state"], point["seed"]
    updates = point.get("updates", UPDATES)
    known, test = (
        powder.measure(np.random.default_rng([k, seed]), size)
        for k, size in enumerate((TRAIN, TEST))
    )
    X, y = np.sqrt(known.counts), known.c
    rng = np.random.default_rng([2, seed])
    if state == "shuffled":
        y = rng.permutation(y)
    mean, std = X.mean(axis=0), X.std(axis=0)
    if state == "untrained":
        # 答えの標準偏差が y と同じになる大きさの、正規乱数
        b = rng.standard_normal(X.shape[1]) / std
        b *= y.std() / np.std((X - mean) @ b)
    else:
        b = PLS(most=20).fit(X, y).coefficients
    columns = {"mean": rounded(mean), "std": rounded(std), "pls": rounded(b)}
    lines = pd.DataFrame(columns)
    numbers = {"level": y.mean(), "scale": y.std()}
    numbers = {name: float(rounded(v)) for name, v in numbers.items()}
    weights = []
    for kind in NETWORKS:
        if state == "untrained":
            seed_everything(seed)
            network = new_network(kind)
        else:
            how = {"updates": updates, "learning_rate": RATES[kind], "seed": seed}
            network = SpectrumRegressor(kind, **how).fit(X, y).model
        weights += [{"model": kind} | row for row in pack(network)]
    readers = readers_of(lines, numbers, pd.DataFrame(weights))
    bound = powder.best_error(test.theta)
    scores = [
        {
            "model": name,
            "rmse": float(np.sqrt(np.mean((readers[name](test.counts) - test.c) ** 2))),
            "bound": bound,
        }
        for name in READERS
    ]
    return {
        "": scores,
        "_lines": lines.to_dict("records"),
        "_numbers": [numbers],
        "_weights": weights,
    }


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    return tables_of_parts("attributions_page", "state", results)


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した PLS の誤差が、保存済みの値 ± 0.3 % に入るかの表。"""
    stored = data.load("attributions_page").set_index(["state", "model"])["rmse"]
    rows = []
    for point, result in results:
        for score in result[""]:
            if score["model"] == "pls":
                value = stored.loc[[(point["state"], "pls")]]
                row = {"状態": point["state"], "モデル": "pls"}
                rows.append(row | beside_stored(score["rmse"], value, slack=0.3))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="attributions_page",
    title="図が使う、説明される九つのモデル（学習した、学習前、ラベルを混ぜた）",
    points=tuple({"state": state, "seed": 0} for state in STATES),
    # 保存した種とは別の種で、PLS を測り直します（ネットワークは 10 回だけ更新）
    quick=({"state": "trained", "seed": 100, "updates": 10},),
    train=train,
    tables=tables,
    compare=compare,
)
