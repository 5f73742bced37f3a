"""初期値の違い: 正弦波の次の値を当てる RNN の初期値を、一つずつ Keras のものに替えます（第 1 章）。

PyTorch と Keras は、同じモデルを違う初期値から始めます。Keras は W_hh を直交行列に、W_xh と W_hy を
Glorot の一様乱数に、バイアスを 0 にします。PyTorch のモデルで、このうち一つだけ、または三つともを
Keras の決め方に替え、同じデータ、同じ学習（学習 1000 本、T = 50、H = 32、Adam、学習率 0.001、
バッチ 32、10 エポック）の試験の RMSE を、Keras のモデルと並べます。
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.recurrent import Recurrent
from rnnbook.tasks.sine import sine_wave
from rnnbook.training.fit import fit, predict
from rnnbook.training.metrics import rmse
from rnnbook.training.seeds import seed_everything

# 始め方 → PyTorch のモデルで Keras の決め方に替えるもの。keras は Keras のモデルです
STARTS = {
    "torch": (),
    "b": ("b",),
    "W": ("W",),
    "W_hh": ("W_hh",),
    "all": ("W_hh", "W", "b"),
    "keras": None,
}
SEEDS = tuple(range(10))
T, H, EPOCHS, BATCH_SIZE = 50, 32, 10, 32


def start_like_keras(model: torch.nn.Module, parts: Collection[str]) -> None:
    """parts にあるものだけを、Keras と同じ決め方で始めます。

    例:
        >>> model = Recurrent(H=2, O=1, D=1)
        >>> start_like_keras(model, ["b"])
        >>> model.readout.bias.tolist()
        [0.0]
    """
    for name, weight in model.named_parameters():
        if "bias" in name:
            part, start = "b", torch.nn.init.zeros_
        elif "weight_hh" in name:
            part, start = "W_hh", torch.nn.init.orthogonal_
        else:  # W_xh と W_hy。xavier は Glorot の名です
            part, start = "W", torch.nn.init.xavier_uniform_
        if part in parts:
            start(weight)


def train(point: Point) -> dict:
    """一点を学習し、試験の RMSE を返します。"""
    rng = np.random.default_rng(0)
    (x, y), (x_test, y_test) = sine_wave(1000, T, rng), sine_wave(200, T, rng)
    if point["start"] == "keras":
        # 読み込みに時間がかかるので、使うときに読み込みます
        from rnnbook.models.keras_twins import keras_forecaster

        seed_everything(point["seed"])
        model = keras_forecaster(T=T, H=H)
        model.fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)
        y_hat = model.predict(x_test, verbose=0)
    else:
        seed_everything(point["seed"])
        model = Recurrent(H=H, O=1, D=1)
        start_like_keras(model, STARTS[point["start"]])
        fit(model, x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, seed=point["seed"])
        y_hat = predict(model, x_test)
    return {"rmse_test": rmse(y_test, y_hat)}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """始め方と種ごとに一行の、試験の RMSE。"""
    rows = pd.DataFrame([point | result for point, result in results])
    text = rows.to_csv(index=False, float_format="%.3e", lineterminator="\n")
    return {"sine_start": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した RMSE の常用対数が、保存済みの平均 ± 3 標準偏差（と 0.1）に入るかの表。"""
    stored = data.load("sine_start").groupby("start")["rmse_test"]
    rows = []
    for point, result in results:
        values = np.log10(stored.get_group(point["start"]))
        again = float(np.log10(result["rmse_test"]))
        row = {"始め方": point["start"], "種": point["seed"]}
        rows.append(row | beside_stored(again, values, slack=0.1))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="sine_start",
    title="正弦波の次の値: RNN の初期値を、一つずつ Keras のものに替える",
    points=tuple({"start": start, "seed": seed} for start in STARTS for seed in SEEDS),
    # 保存した種とは別の種で測り直します
    quick=({"start": "W_hh", "seed": 100}, {"start": "all", "seed": 101}),
    train=train,
    tables=tables,
    compare=compare,
)
