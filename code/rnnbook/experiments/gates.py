"""括弧を数える小さな LSTM、GRU、RNN と、ゲートをのぞくための LSTM の重み（第 3 章）。

一文字ごとに、開いた括弧が残っているかを答えます（rnnbook.tasks.brackets）。学習の系列長は
TRAIN_T、試験は TEST_T の長さで、どの種も同じ、学習では使わない系列です。

ゲートが読めるように、二つの工夫をしました。入力に標準偏差 NOISE の雑音を足すと、関係のない文字で
入力ゲートを閉じるほうが得になります（足さないと、c̃ を 0 に近づけるだけで済ませます）。
W_hh に L1 の罰を加えると、数を h の輪ではなく c に持つようになります。試験では雑音を足しません。
設定は、雑音 {0, 0.1, 0.15, 0.2, 0.3}、罰 {0, 0.001, 0.003}、H ∈ {4, 6, 8} の LSTM を試して選び
ました。GRU と RNN は同じ設定で学習しただけなので、それぞれに選べば正解率は上がりえます。

重みは小数 DIGITS 桁に丸めます。正解率は、丸めた後の重みで測ったものです。
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
import torch
from torch import nn

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.models.recurrent import Recurrent
from rnnbook.models.same_weights import from_torch_lstm
from rnnbook.tasks import brackets
from rnnbook.training.batches import Batch
from rnnbook.training.fit import fit_stream, predict
from rnnbook.training.seeds import seed_everything

MODELS = ("lstm", "gru", "rnn")
SEEDS = tuple(range(5))
H, TRAIN_T, BATCH, UPDATES, LEARNING_RATE = 6, 64, 32, 1500, 0.02
NOISE, PENALTY, CLIP, DIGITS = 0.1, 0.001, 1.0, 2
TEST_T, TEST_B, TEST_SEED = (64, 256, 1024), 200, 10_000


def loss_of(model: Recurrent, batch: Batch) -> torch.Tensor:
    """一文字ごとの二値の交差エントロピーと、W_hh の L1 の罰の和。"""
    score = model(batch.x)[..., 0]  # (B, T)。正なら「開いた括弧が残っている」
    loss = nn.functional.binary_cross_entropy_with_logits(score, batch.y.float())
    return loss + PENALTY * model.recurrent.weight_hh_l0.abs().sum()


def noisy_batches(rng: np.random.Generator) -> Iterator[tuple]:
    """雑音を足した入力と、一文字ごとの答え。"""
    while True:
        x, y = brackets.batch(rng, BATCH, TRAIN_T)
        yield x + rng.normal(0, NOISE, x.shape), y


def fit(cell: str, seed: int) -> Recurrent:
    """種を一つ決めて学習し、重みを小数 DIGITS 桁に丸めます。"""
    rng = seed_everything(seed)
    start = {"forget_bias": 1.0} if cell == "lstm" else {}
    model = Recurrent(H, 1, D=brackets.D, cell=cell, every_step=True, **start)
    fit_stream(
        model,
        noisy_batches(rng),
        updates=UPDATES,
        loss=loss_of,
        learning_rate=LEARNING_RATE,
        optimizer=partial(torch.optim.Adam, fused=True),
        clip=CLIP,
        schedule=lambda adam: torch.optim.lr_scheduler.CosineAnnealingLR(adam, UPDATES),
    )
    with torch.no_grad():
        for weights in model.parameters():
            weights.copy_(torch.round(weights, decimals=DIGITS))
    return model


def accuracies(model: nn.Module) -> dict[str, float]:
    """系列長ごとの正解率。"""
    found = {}
    for T in TEST_T:
        x, y = brackets.batch(np.random.default_rng(TEST_SEED + T), TEST_B, T)
        found[str(T)] = float(((predict(model, x)[..., 0] > 0) == y).mean())
    return found


def train(point: Point) -> dict:
    """一点を学習し、系列長ごとの正解率と、LSTM なら重みを返します。"""
    model = fit(point["model"], point["seed"])
    result = {"accuracy": accuracies(model)}
    if point["model"] == "lstm":
        weights = vars(from_torch_lstm(model.recurrent)) | {
            "w_hy": model.readout.weight.detach().numpy()[0],
            "b_y": model.readout.bias.detach().numpy(),
        }
        result["weights"] = {
            name: np.round(w.astype(float), DIGITS).tolist()
            for name, w in weights.items()
        }
    return result


def accuracy_table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """モデル、種、系列長ごとに一行。"""
    return pd.DataFrame(
        [
            {**point, "T": int(T), "accuracy": value}
            for point, result in results
            for T, value in result["accuracy"].items()
        ]
    )


def weight_table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """公開する LSTM の重み。いちばん長い系列の正解率が中央の種のものです。"""
    lstm = [result for point, result in results if point["model"] == "lstm"]
    ranked = sorted(lstm, key=lambda result: result["accuracy"][str(TEST_T[-1])])
    chosen = ranked[(len(ranked) - 1) // 2]["weights"]
    rows = []
    for name, weights in chosen.items():
        grid = np.atleast_2d(weights)
        for (row, column), value in np.ndenumerate(grid):
            rows.append({"name": name, "row": row, "column": column, "value": value})
    return pd.DataFrame(rows)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    return {
        name: table.to_csv(index=False, float_format=form, lineterminator="\n")
        for name, table, form in (
            ("gates", accuracy_table(results), "%.5f"),
            ("gates_weights", weight_table(results), f"%.{DIGITS}f"),
        )
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した正解率が、保存済みの範囲に 0.01 の余裕を足した中に入るかの表。"""
    stored = data.load("gates").groupby(["model", "T"])["accuracy"]
    rows = []
    for row in accuracy_table(results).itertuples():
        values = stored.get_group((row.model, row.T))
        low, high = values.min() - 0.01, values.max() + 0.01
        rows.append(
            {
                "モデル": row.model,
                "系列長": row.T,
                "種": row.seed,
                "測り直し": round(row.accuracy, 3),
                "保存済みの最小": round(values.min(), 3),
                "保存済みの最大": round(values.max(), 3),
                "一致": bool(low <= row.accuracy <= high),
            }
        )
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="gates",
    title="括弧を数える小さな LSTM、GRU、RNN の正解率と、ゲートをのぞく LSTM の重み",
    points=tuple({"model": model, "seed": seed} for model in MODELS for seed in SEEDS),
    # 保存した種とは別の種で測り直します
    quick=({"model": "lstm", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
