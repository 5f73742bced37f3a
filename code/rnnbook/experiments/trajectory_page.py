"""軌跡の図が使うもの: 四つの点数の警報のしきい値と、ロジスティック回帰の重み（第 14 章）。

分け方は、実験 lj_precursor の、種 0 の一つめの分け方（軌跡ごと）です。GRU は、そこで学習して 8 ビットに丸めた、
公開している重みです。ロジスティック回帰は、同じ学習の窓の最後のコマに当てます。しきい値は、検証の窓の y = 0 の
うち 1000 に rate 個を超えない所に置き、試験の軌跡の警報を数えます。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.experiments.lj_precursor import (
    alarms,
    fitted,
    folds,
    problem,
    threshold,
    untrained,
)
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials.precursor import NAMES, Windows
from rnnbook.models.eight_bits import unpack
from rnnbook.models.recurrent import Recurrent
from rnnbook.training.gru_classifier import GRUClassifier

RATES = (1, 2, 3, 5, 10, 20, 30, 50)  # 検証の y = 0 の窓 1000 あたりの誤報
# 点数の刻み（Q_6 は 0.0025、その 5 コマの平均は 0.0005）より、ずっと小さい余裕。
# しきい値と同じ値のコマが、和の丸めで鳴ったり鳴らなかったりしないように
MARGIN = 1e-6


def stored_gru() -> GRUClassifier:
    """公開している 8 ビットの重みの GRU。"""
    scale = data.load("lj_precursor_page")
    gru = GRUClassifier(H=16)
    gru.model = Recurrent(H=16, O=2, D=len(NAMES), cell="gru")
    unpack(gru.model, data.load("lj_precursor_weights"))
    gru.mean, gru.std = scale["mean"].to_numpy(), scale["std"].to_numpy()
    return gru


def train(point: Point) -> dict:
    """しきい値の表と、ロジスティック回帰の重みを返します。"""
    seed = point["seed"]
    w, T = problem("order", 160, seed)
    rows, held, test = next(folds(w, "trajectory", seed))
    model, logistic = fitted("logistic", w, rows, held, seed)
    scores = {name: untrained(name, w, T) for name in ("Q6", "Q6_5")}
    scores["logistic"] = logistic(w.x)
    if seed == 0:  # 公開している GRU が学習していないのは、種 0 の試験の軌跡だけ
        scores["gru"] = stored_gru().predict(w.x)
    unseen = Windows(*(part[test] for part in w))
    found = []
    for name, score in scores.items():
        for rate in RATES:
            level = threshold(score[held], w.y[held], rate) + MARGIN
            row = {"model": name, "rate": rate, "threshold": float(f"{level:.8g}")}
            heard = alarms(unseen, score[test] > row["threshold"])
            kept = ("found", "events", "lead_50", "false", "liquid")
            found.append(row | {key: heard[key] for key in kept})
    scaler, line = model[0], model[-1]
    return {
        "found": found,
        "held": [
            {
                "liquid": int((w.y[held] == 0).sum()),
                "runs": len(np.unique(w.run[held])),
            }
        ],
        # 確率 = σ(Σ weight (x − mean) / std + intercept)
        "logistic": [
            {"column": name, "mean": float(m), "std": float(s), "weight": float(b)}
            for name, m, s, b in zip(
                NAMES, scaler.mean_, scaler.scale_, line.coef_[0], strict=True
            )
        ]
        + [
            {
                "column": "intercept",
                "mean": 0.0,
                "std": 1.0,
                "weight": float(line.intercept_[0]),
            }
        ],
    }


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    ((_, result),) = results
    how = {"index": False, "float_format": "%.8g", "lineterminator": "\n"}
    names = {"": "found", "_held": "held", "_logistic": "logistic"}
    return {
        f"trajectory_page{tail}": pd.DataFrame(result[part]).to_csv(**how)
        for tail, part in names.items()
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """別の種の分け方で決めた Q_6 のしきい値が、保存済みの値 ± 0.03 に入るかの表。"""
    stored = data.load("trajectory_page").set_index(["model", "rate"])["threshold"]
    rows = []
    for _, result in results:
        for row in result["found"]:
            if row["model"] == "Q6" and row["rate"] >= 10:
                value = stored.loc[[("Q6", row["rate"])]]
                beside = beside_stored(row["threshold"], value, slack=0.03)
                rows.append({"点数": "Q6", "1000 あたり": row["rate"]} | beside)
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="trajectory_page",
    title="軌跡の図が使う、警報のしきい値とロジスティック回帰",
    points=({"seed": 0},),
    # 保存した種とは別の種の分け方で、Q_6 のしきい値を決め直します
    quick=({"seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
