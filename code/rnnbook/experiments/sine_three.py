"""三つのモデルの比較: 正弦波での RNN、LSTM、GRU の試験の誤差を、種を替えて比べます（第 3 章）。

教材でよく見る比較は、種を一つ決め、試験の平均二乗誤差を小数四桁で印字します。三つとも 0.0000 と
なり、差は見えません。ここでは同じ大きさのデータと学習（学習 800 本、検証 200 本、試験 200 本、
T = 50、H = 50、Adam、バッチ 32、30 エポックと 50 エポック、Keras の初期値）を種ごとに行い、
誤差を桁ごと残します。データと初期値は、種ごとに変わります。ミニバッチの順は、いちどに学習する五つの
種で共通で、五つ組ごとに変わります。

比べる相手は、直前の値をそのまま答える予測と、線形自己回帰 AR(2) です。雑音のない正弦波は
x_{t+1} = 2 cos(ω) x_t − x_{t−1} なので、AR(2) の誤差に残るのは丸めだけです。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.models.linear import LinearAR, last_value
from rnnbook.training import programs

CELLS = ("rnn", "lstm", "gru")
LINEAR = ("last", "ar2")
EPOCHS = (30, 50)
SEEDS, GROUP = 10, 5  # 種は 10 個。五つずつ、いちどに学習します
ROUNDING = 1e-20  # AR(2) の誤差は、どの計算機でもこれより小さくなります


def train(point: Point) -> dict:
    """一点を学習し、種ごとの試験の誤差と、検証の誤差の曲線（種 × エポック）を返します。"""
    seeds = range(point["seed"], point["seed"] + point["seeds"])
    if point["model"] in CELLS:
        test, valid = programs.sine(point["model"], seeds, point["epochs"])
        return {"test": test, "valid": np.transpose(valid).tolist()}
    test = []
    for seed in seeds:
        (x, y), (x_test, y_test) = programs.sine_data(seed)
        ar = LinearAR(p=2).fit(x, y)
        y_hat = last_value(x_test) if point["model"] == "last" else ar.predict(x_test)
        test.append(float(np.mean((y_hat - y_test) ** 2)))
    return {"test": test, "valid": []}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """試験の誤差（モデル、エポック、種ごとに一行）と、検証の誤差の曲線（エポックが列）。"""
    tests, curves = [], []
    for point, result in results:
        for k, test in enumerate(result["test"]):
            row = {"model": point["model"], "seed": point["seed"] + k}
            tests.append(row | {"epochs": point["epochs"], "test": test})
            if point["epochs"] == max(
                EPOCHS
            ):  # 30 エポックの曲線は、この初めの 30 個です
                curve = result["valid"][k]
                curves.append(row | {str(e + 1): v for e, v in enumerate(curve)})
    return {
        name: pd.DataFrame(rows).to_csv(
            index=False, float_format="%.3e", lineterminator="\n"
        )
        for name, rows in (("sine_three", tests), ("sine_three_curves", curves))
    }


def ranks(table: pd.DataFrame, epochs: int = 30) -> pd.DataFrame:
    """sine_three の表から、RNN、LSTM、GRU が 1、2、3 位になった種の数を数えます。

    例:
        >>> ranks(data.load("sine_three")).sum().tolist()  # 種は 10 個
        [10, 10, 10]
    """
    part = table[(table["epochs"] == epochs) & table["model"].isin(CELLS)]
    rank = part.groupby("seed")["test"].rank(method="first").astype(int)
    return pd.crosstab(part["model"], rank).reindex(index=CELLS, fill_value=0)


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した誤差の常用対数が、保存済みの平均 ± 3 標準偏差（と 0.1）に入るかの表。"""
    stored = data.load("sine_three").groupby(["model", "epochs"])["test"]
    rows = []
    for point, result in results:
        again = result["test"][0]
        values = np.log10(stored.get_group((point["model"], point["epochs"])))
        margin = 3 * values.std(ddof=0) + 0.1
        inside = abs(np.log10(again) - values.mean()) <= margin
        if point["model"] == "ar2":  # 丸めの大きさは計算機で変わります
            inside = again < ROUNDING
        rows.append(
            {
                "モデル": point["model"],
                "エポック": point["epochs"],
                "種": point["seed"],
                "測り直し（常用対数）": round(float(np.log10(again)), 1),
                "保存済みの平均": round(values.mean(), 1),
                "許す幅": round(margin, 1),
                "一致": bool(inside),
            }
        )
    return pd.DataFrame(rows)


def _point(model: str, epochs: int, seed: int, seeds: int) -> Point:
    return {"model": model, "epochs": epochs, "seed": seed, "seeds": seeds}


EXPERIMENT = Experiment(
    name="sine_three",
    title="正弦波の次の値: RNN、LSTM、GRU の試験の誤差を、10 個の種で",
    points=(
        *(_point(model, 0, 0, SEEDS) for model in LINEAR),
        *(
            _point(model, epochs, seed, GROUP)
            for epochs in EPOCHS
            for model in CELLS
            for seed in range(0, SEEDS, GROUP)
        ),
    ),
    quick=(  # 保存した種とは別の種です
        _point("last", 0, 100, 1),
        _point("ar2", 0, 100, 1),
        _point("rnn", 30, 100, 1),
    ),
    train=train,
    tables=tables,
    compare=compare,
)
