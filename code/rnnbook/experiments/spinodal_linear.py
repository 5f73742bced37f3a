"""線形の一枚先の式を、MLP と同じ、続けて予測した誤差で学習します（第 13 章）。

    forecast   C(r) の 32 個の数の RMSE（1000 倍）。一枚だけを見ます
    one        C(6) という一つの数だけを見たときの RMSE（1000 倍）。一枚か、前の 15 枚を見ます

リッジ回帰は一枚先の誤差で学ぶので、MLP との差には、学習の仕方と非線形が混ざります。これは非線形だけを外した対照です。
計算、分け方、種、更新の回数は実験 spinodal と同じです。
"""

from __future__ import annotations

import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials.spinodal_runs import Runs
from rnnbook.models.straight import Straight
from rnnbook.training.forecaster import Forecaster
from rnnbook.training.metrics import rmse
from rnnbook.training.spinodal_studies import (
    LAG,
    RATE,
    SEEDS,
    SEEN,
    UPDATES,
    K,
    learn,
    runs,
)

TESTS = ("test", "step", "constant")
KEYS = ["study", "lags", "test"]


def train(point: Point) -> dict:
    """一点を、すべての種で学習し、種と試験ごとの RMSE を返します。"""
    one, lags = point["study"] == "one", point["lags"]
    size, pick = (1, slice(LAG, LAG + 1)) if one else (K, slice(None))

    def seen(seed: int, kind: str) -> Runs:
        some = runs(seed, kind)
        return Runs(some.T, some.C[..., pick])

    how = {"updates": UPDATES, "learning_rate": RATE}
    models = [
        Forecaster(lambda: Straight(size, lags), size, SEEN, seed=seed, **how)
        for seed in SEEDS
    ]
    learn(models, [seen(seed, "train") for seed in SEEDS])
    rows = []
    for model, seed in zip(models, SEEDS, strict=True):
        for test in TESTS:
            T, C = seen(seed, test)
            told = model.forecast(C[:, :SEEN], T)
            value = 1000 * rmse(C[:, SEEN:], told)
            rows.append({"seed": seed, "test": test, "value": float(value)})
    return {"rows": rows}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。一行が一つの値です。"""
    rows = [point | row for point, result in results for row in result["rows"]]
    table = pd.DataFrame(rows).drop(columns="seeds")
    text = table.to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"spinodal_linear": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した値が、保存済みの平均 ± 3 標準偏差（と平均の 1/4）に入るかの表。"""
    stored = data.load("spinodal_linear").groupby(KEYS)["value"]
    rows = []
    for point, result in results:
        for row in result["rows"]:
            values = stored.get_group(tuple((point | row)[key] for key in KEYS))
            named = {"見る枚数": point["lags"], "試験": row["test"]}
            beside = beside_stored(row["value"], values, slack=0.25 * values.mean())
            rows.append(named | beside)
    return pd.DataFrame(rows)


def _point(study: str, lags: int) -> Point:
    return {"study": study, "lags": lags, "seed": SEEDS[0], "seeds": len(SEEDS)}


EXPERIMENT = Experiment(
    name="spinodal_linear",
    title="線形の一枚先の式を、続けて予測した誤差で学習する（スピノーダル分解）",
    points=(_point("forecast", 1), _point("one", 1), _point("one", 15)),
    quick=(_point("one", 1),),
    train=train,
    tables=tables,
    compare=compare,
)
