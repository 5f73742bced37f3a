"""さかのぼる年数 p と予測の誤差: 黒点相対数の一年先を、三つのモデルで当てます（第 1 章）。

RNN の設定（H = 16、学習率 0.003、300 エポック、重み減衰なし）は、p = 11 の検証期間の誤差で
H ∈ {8, 16, 32}、学習率 ∈ {0.003, 0.01}、重み減衰 ∈ {0, 0.001, 0.01} から選びました。
試験期間は、設定を決めるときに見ていません。検証期間は、どのエポックの重みを残すかも決めるので、
検証の誤差は RNN に甘く出ます。比べるのは試験期間の誤差です。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.datasets.sunspots import Splits, load_sunspots, split_by_time
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.linear import LinearAR, last_value
from rnnbook.models.recurrent import Recurrent
from rnnbook.training.fit import fit, predict
from rnnbook.training.metrics import rmse
from rnnbook.training.seeds import seed_everything

LOOKBACKS = (1, 2, 3, 4, 6, 8, 11, 16, 22, 32)  # 年
SEEDS = tuple(range(10))
H, LEARNING_RATE, BATCH_SIZE, EPOCHS = 16, 0.003, 32, 300


def train_rnn(splits: Splits, seed: int):
    """種を一つ決めて RNN を学習し、モデルと学習の記録を返します。"""
    seed_everything(seed)
    model = Recurrent(H=H, O=1, D=1)
    history = fit(
        model,
        splits.train.x,
        splits.train.y,
        epochs=EPOCHS,
        batch_size=BATCH_SIZE,
        learning_rate=LEARNING_RATE,
        seed=seed,
        valid=(splits.valid.x, splits.valid.y),
    )
    return model, history


def forecaster_of(point: Point, splits: Splits):
    """点の名前のモデルを学習し、窓から次の値を返す関数にします。"""
    if point["model"] == "last":
        return last_value
    if point["model"] == "linear":
        return LinearAR(p=point["p"]).fit(splits.train.x, splits.train.y).predict
    model, _ = train_rnn(splits, point["seed"])
    return lambda x: predict(model, x)


def train(point: Point) -> dict:
    """一点を学習し、三つの期間の RMSE（黒点相対数）と試験期間の予測を返します。"""
    splits = split_by_time(load_sunspots(), point["p"])
    forecast = forecaster_of(point, splits)
    result = {}
    for name in ("train", "valid", "test"):
        part = getattr(splits, name)
        y_hat = splits.to_number(forecast(part.x))
        result[f"rmse_{name}"] = rmse(splits.to_number(part.y), y_hat)
    return result | {
        "year": splits.test.year.tolist(),
        "forecast": y_hat[:, 0].tolist(),
    }


def errors(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """一点を一行にした誤差の表。"""
    columns = ("rmse_train", "rmse_valid", "rmse_test")
    return pd.DataFrame(
        [
            point | {column: result[column] for column in columns}
            for point, result in results
        ]
    )


def forecasts(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """試験期間の予測。RNN は、試験の誤差が小さいほうから数えて中央の種のものです。"""
    sunspots = load_sunspots()
    year = np.array(results[0][1]["year"])
    truth = sunspots.number[np.isin(sunspots.year, year)]
    parts = [pd.DataFrame({"model": "truth", "p": 0, "year": year, "forecast": truth})]
    for (model, p), group in errors(results).groupby(["model", "p"], sort=False):
        middle = (
            group["rmse_test"].sort_values(kind="stable").index[(len(group) - 1) // 2]
        )
        _, result = results[middle]
        parts.append(
            pd.DataFrame(
                {"model": model, "p": p, "year": year, "forecast": result["forecast"]}
            )
        )
    return pd.concat(parts)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。桁を決めて書くので、同じ機械なら同じバイトになります。"""
    return {
        "lookback": errors(results).to_csv(
            index=False, float_format="%.4f", lineterminator="\n"
        ),
        "lookback_forecasts": forecasts(results).to_csv(
            index=False, float_format="%.2f", lineterminator="\n"
        ),
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した試験の RMSE が、保存済みの平均 ± 3 標準偏差（と丸めの 0.01）に入るかの表。"""
    stored = data.load("lookback").groupby(["model", "p"])["rmse_test"]
    rows = []
    for point, result in results:
        values = stored.get_group((point["model"], point["p"]))
        row = {"モデル": point["model"], "p": point["p"], "種": point["seed"]}
        rows.append(row | beside_stored(result["rmse_test"], values, slack=0.01))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="lookback",
    title="黒点数の一年先の予測で、さかのぼる年数 p を変える（直前の値、線形自己回帰、RNN）",
    points=tuple(
        {"model": model, "p": p, "seed": seed}
        for model, seeds in (("last", (0,)), ("linear", (0,)), ("rnn", SEEDS))
        for p in LOOKBACKS
        for seed in seeds
    ),
    # 章の表の三つの行。RNN は、保存した種とは別の種で測り直します
    quick=(
        {"model": "last", "p": 1, "seed": 0},
        {"model": "linear", "p": 16, "seed": 0},
        {"model": "rnn", "p": 4, "seed": 100},
    ),
    train=train,
    tables=tables,
    compare=compare,
)
