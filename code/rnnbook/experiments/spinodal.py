"""組織の統計を 20 枚見て、残りの 40 枚を予測します: スピノーダル分解（第 13 章）。

    study      測るもの
    forecast   C(r) の 32 個の数の RMSE（1000 倍）。折れ線で学び、折れ線、段、一定の温度で試します
    one        C(6) という一つの数だけを見て、その先を予測したときの RMSE（1000 倍）
    windows    計算 size 回を 20 枚の窓に切り、10 枚見て 10 枚先まで。無作為な窓と、計算ごとの分け方
    marks      太さの予測に付く「外」の割合。学習と違う温度、組成、ゆらぎで
    choose     20 枚見たあとの保持温度を、目標の太さから選び、シミュレータで確かめた太さの RMSE

計算は一度だけ行い、種（5 個）は、分け方と重みの初期値を替えます。太さは、C(r) がはじめて 0 になる距離（画素）です。区間は、校正の計算 80 回の
太さの残差から、90 % で決めます。
"""

from __future__ import annotations

import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.training.spinodal_studies import SEEDS, each_seed, forecast, one, window
from rnnbook.training.spinodal_uses import choose, marks

FORECAST = (
    *("still", "cube", "ridge_blind", "ridge", "quadratic"),
    *("mlp", "rnn", "gru", "lstm", "encdec"),
    *("mlp_forced", "gru_forced", "gru_blind"),
)
ONE = ("still", "ridge", "mlp", "mlp5", "mlp15", "gru")
WINDOWS = ("still", "nearest", "ridge", "mlp", "gru")
STUDIES = {
    "forecast": each_seed(forecast),
    "one": one,
    "windows": window,
    "marks": each_seed(marks),
    "choose": each_seed(choose),
}
SIZES = (12, 50)
KEYS = ["study", "size", "model", "split", "test", "measure"]


def train(point: Point) -> dict:
    """一点を、すべての種で学習し、種と試験ごとの値を返します。"""
    return {"rows": STUDIES[point["study"]](point)}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。一行が一つの値です。"""
    rows = [point | row for point, result in results for row in result["rows"]]
    table = pd.DataFrame(rows).drop(columns="seeds")
    text = table.to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"spinodal": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した値が、保存済みの平均 ± 3 標準偏差（と平均の 1/4）に入るかの表。"""
    stored = data.load("spinodal").groupby(KEYS)["value"]
    rows = []
    for point, result in results:
        for row in result["rows"]:
            if row["measure"] != "rmse":
                continue
            values = stored.get_group(tuple((point | row)[key] for key in KEYS))
            named = {"モデル": point["model"], "試験": row["test"]}
            beside = beside_stored(row["value"], values, slack=0.25 * values.mean())
            rows.append(named | beside)
    return pd.DataFrame(rows)


def _point(study: str, model: str, split: str, size: int) -> Point:
    point = {"study": study, "model": model, "split": split, "size": size}
    return point | {"seed": SEEDS[0], "seeds": len(SEEDS)}  # すべての種を、一点で


def _points() -> tuple[Point, ...]:
    grid = [("forecast", model, "run", 120) for model in FORECAST]
    grid += [("one", model, "run", 120) for model in ONE]
    grid += [
        ("windows", model, split, size)
        for size in SIZES
        for split in ("random", "run")
        for model in WINDOWS
    ]
    grid += [("marks", model, "run", 120) for model in ("mlp", "gru")]
    grid += [("choose", m, "run", 120) for m in ("middle", "cube", "mlp", "gru")]
    return tuple(_point(*rest) for rest in grid)


EXPERIMENT = Experiment(
    name="spinodal",
    title="組織の統計の予測（スピノーダル分解、温度の折れ線・段・一定）",
    points=_points(),
    quick=(
        _point("windows", "still", "run", 12),
        _point("windows", "ridge", "run", 12),
    ),
    train=train,
    tables=tables,
    compare=compare,
)
