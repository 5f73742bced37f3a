"""よく見る LSTM オートエンコーダの異常検知を、そのままの形で測り、一つずつ直します（第 9 章）。

雑音の乗った正弦波 1000 点の、はじめの 800 個の窓（50 点ずつ）で 50 エポック学習します。点数は、窓の
再構成の平均二乗誤差です。種は、雑音と重みの両方を決めます。

    series   trained   学習した系列そのまま
             fresh     雑音だけが新しい、異常のない系列
             as_given  学習した系列の 400〜419 番に 2 を足したもの（雑音は学習したときと同じ）
             up, half, flat, fast, spike   雑音も新しい系列に、異常を一つ
    rule     tested95    しきい値 = 試した点数そのものの 95 % 点
             valid_max   しきい値 = 別の、異常のない系列（検証）の点数の最大

ar2 は、比べる相手です。AR(2) を同じ 800 個の窓の点に当て、窓の中の一歩先の誤差の二乗平均を点数とします。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials.sine_faults import AT, KINDS, sine, touched
from rnnbook.models.charts import ahead_error, fit_ahead
from rnnbook.training.seeds import seed_everything

SEEDS = (0, 1, 2, 3, 4)
T, TRAINED, EPOCHS = 50, 800, 50
RULES = ("tested95", "valid_max")
NEW = ("fresh", *KINDS)  # 雑音も新しい系列


def windows(x: np.ndarray) -> np.ndarray:
    """重なる窓 (N, T, 1)。"""
    return np.lib.stride_tricks.sliding_window_view(x, T)[:, :, None]


def fitted(method: str, x: np.ndarray, seed: int):
    """(系列を窓の点数にする関数, エポックごとの損失)。"""
    if method == "ar2":
        weights = fit_ahead(x, slice(0, TRAINED + T - 1), p=2, ahead=1, penalty=0.0)

        def score(series):
            error = ahead_error(series, weights, 1) ** 2
            return windows(error).mean(axis=(1, 2))

        return score, []
    from rnnbook.models.keras_autoencoder import keras_autoencoder

    seed_everything(seed)
    model = keras_autoencoder(T, method)
    X = windows(x)[:TRAINED]
    history = model.fit(X, X, epochs=EPOCHS, batch_size=32, verbose=0)

    def score(series):
        X = windows(series)
        told = model.predict(X, verbose=0, batch_size=256)
        return np.mean((X - told) ** 2, axis=(1, 2))

    return score, [float(value) for value in history.history["loss"]]


def train(point: Point) -> dict:
    """一つの種と方法の、系列としきい値の決め方ごとの、しきい値を越えた窓の数。"""
    seed, method = point["seed"], point["method"]
    draw = np.random.default_rng
    given = sine(draw([seed, 0]))
    score, loss = fitted(method, given, seed)
    as_given = given.copy()
    as_given[AT : AT + KINDS["up"]] += 2
    series = {"trained": given, "as_given": as_given}
    for k, kind in enumerate(NEW):
        name = "normal" if kind == "fresh" else kind
        series[kind] = sine(draw([seed, 2 + k]), name)
    scores = {name: score(x) for name, x in series.items()}
    held = score(sine(draw([seed, 1])))  # 検証
    rows = []
    for name, s in scores.items():
        bad = touched({"trained": "", "fresh": "", "as_given": "up"}.get(name, name), T)
        for rule in RULES:
            level = np.percentile(s, 95) if rule == "tested95" else held.max()
            loud = s > level
            row = {"series": name, "rule": rule, "threshold": float(level)}
            row |= {"windows": len(s), "bad": int(bad.sum())}
            row |= {"hit": int((loud & bad).sum()), "false": int((loud & ~bad).sum())}
            rows.append(row)
    mse = {
        "mse_trained": float(scores["trained"][:TRAINED].mean()),
        "mse_fresh": float(scores["fresh"][:TRAINED].mean()),
    }
    return {"rows": rows, "loss": loss} | mse


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    rows = [point | row for point, result in results for row in result["rows"]]
    losses = [
        point | {"epoch": k + 1, "loss": loss}
        for point, result in results
        for k, loss in enumerate(result["loss"])
    ]
    means = [
        point | {name: result[name] for name in ("mse_trained", "mse_fresh")}
        for point, result in results
    ]
    how = {"index": False, "lineterminator": "\n", "float_format": "%.5g"}
    return {
        "source_autoencoder": pd.DataFrame(rows).to_csv(**how),
        "source_autoencoder_loss": pd.DataFrame(losses).to_csv(**how),
        "source_autoencoder_mse": pd.DataFrame(means).to_csv(**how),
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した誤差が、保存済みの平均 ± 3 標準偏差（と 0.002）に入るかの表。"""
    stored = data.load("source_autoencoder_mse").groupby("method")["mse_fresh"]
    rows = []
    for point, result in results:
        values = stored.get_group(point["method"])
        row = {"方法": point["method"]}
        rows.append(row | beside_stored(result["mse_fresh"], values, slack=0.002))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="source_autoencoder",
    title="よく見る LSTM オートエンコーダの異常検知と、その直し方（第 9 章）",
    points=tuple(
        {"method": method, "seed": seed}
        for method in ("ar2", "relu", "tanh")
        for seed in SEEDS
    ),
    # 保存した種とは別の種で、線形のものだけを測り直します
    quick=({"method": "ar2", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
