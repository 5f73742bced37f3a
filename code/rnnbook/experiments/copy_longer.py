"""写しを、記憶のはしごの 10 倍の回数だけ学習します（第 3 章）。

記憶のはしご（ladder）の 2000 回では、写しはどのモデルも記憶なしの値の近くにいます。ここでは
いちばん短い T = 10 を、同じ条件のまま 20000 回まで続け、損失が記憶なしの値の何倍かを残します。
比が 1 なら何も覚えておらず、0.05 を切れば「解けた」です（tasks.copy_memory.is_solved）。

論文: Tallec & Ollivier (2018) は T = 500 と 2000 で、chrono だけが記憶なしの値を離れると報告しました。
"""

from __future__ import annotations

import pandas as pd

from rnnbook import data
from rnnbook.experiments import ladder
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.seed_table import seed_table
from rnnbook.lab.spread import beside_stored
from rnnbook.tasks import copy_memory

T, SEEDS, UPDATES, KEEP = 10, 5, 20_000, 1000


def train(point: Point) -> dict:
    """一つのモデルの、種ごとの損失の比（KEEP 回ごと）と、解けた回数。"""
    records = ladder.train(point | {"task": "copy", "T": T})["seeds"]
    nothing = copy_memory.baseline(T)
    step = KEEP // ladder.EVERY
    return {
        "seeds": [
            {
                "solved_at": record["solved_at"],
                "ratio": [loss / nothing for loss in record["curve"][step - 1 :: step]],
            }
            for record in records
        ]
    }


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """モデルと種ごとの、解けた回数と、KEEP 回ごとの損失の比。"""
    return {
        "copy_longer": seed_table(
            results,
            ("model",),
            lambda record: {
                str(KEEP * (n + 1)): f"{ratio:.3f}"
                for n, ratio in enumerate(record["ratio"])
            },
        )
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した比が、保存済みの平均 ± 3 標準偏差（と 0.02）に入るかの表。"""
    stored, rows = data.load("copy_longer"), []
    for point, result in results:
        values = stored.loc[stored["model"] == point["model"], str(KEEP)]
        for k, record in enumerate(result["seeds"]):
            row = {"モデル": point["model"], "種": point["seed"] + k, "更新": KEEP}
            rows.append(row | beside_stored(record["ratio"][0], values, slack=0.02))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="copy_longer",
    title="写し（T = 10）を 20000 回まで: 損失は記憶なしの値の何倍か（第 3 章）",
    points=tuple(
        {"model": model, "seed": 0, "seeds": SEEDS, "updates": UPDATES}
        for model in ladder.MODELS
    ),
    # 保存した種とは別の種です
    quick=({"model": "lstm_chrono", "seed": 100, "seeds": 2, "updates": KEEP},),
    train=train,
    tables=tables,
    compare=compare,
    # 解けた種は、そこから先を測りません
    empty=("solved_at", *map(str, range(KEEP, UPDATES + 1, KEEP))),
)
