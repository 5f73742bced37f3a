"""漢字の読みを、前からと両側から: 待つ語数と正解率、手がかりの側を替えた試験（第 4 章）。

一つの点が一回の学習です。文は次々に新しく作り、試験は、どの種も同じ TEST_B 文です。
前から読む LSTM は、語のあと k = 0 … 6 語の所でいちどに答えるように学習するので、待つ語数ごとの
正解率が一回の学習から出ます。学習率は余弦で 0 まで下げます。

placement が "both" の学習は、型も、手がかりとそれに続く語の組も別の文で試験します。
"seen" の学習は、手がかりの偶数番を左だけに、奇数番を右だけに置き、同じ側（seen）と
逆の側（moved）で試験します。両側から読むものは、二つの向きの分け合い方を四通りに替えます
（rnnbook.models.reader.WAYS。"both" は、LSTM が別で、状態を並べるもの）。
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.reader import KINDS, new_reader, scores
from rnnbook.tasks import readings
from rnnbook.training.batches import Batch
from rnnbook.training.fit import fit_stream
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread

SEEDS = tuple(range(10))
LEARNING_RATE, CLIP = 5e-3, 1.0
POOL = 40  # いちどに作り、長さでまとめるバッチの数
# (更新の回数, バッチ)。上限に届くには、手がかりの見えない文での迷いを均すので、
# 前からのものは、大きなバッチで長く学習します
BUDGET = {("forward", "both"): (4000, 256), ("both", "both"): (800, 64)}
BUDGET |= {(kind, "seen"): (800, 64) for kind in KINDS}
TEST_B, TEST_SEED = 10_000, 10_000
TESTS = {"both": ("both",), "seen": ("seen", "moved")}


def stream(rng: np.random.Generator, placement: str, B: int) -> Iterator[tuple]:
    """新しく作った文から、同じ長さのものを B 個ずつ。y (B, 2) は、読みの番号と、答える語の位置です。

    長さは、文に現れる割合で選びます。そろっていれば埋める所がなく、詰めるより速く計算できます。
    """
    while True:
        s = readings.batch(rng, POOL * B, "train", placement)
        for T in rng.choice(s.lengths, POOL):
            rows = rng.choice(np.flatnonzero(s.lengths == T), B)
            answers = np.stack([s.y, s.at], axis=1)[rows]
            yield s.ids[rows, :T], answers, s.lengths[rows]


def loss_of(model: nn.Module, batch: Batch) -> Tensor:
    """答える場所すべての、交差エントロピーの平均。"""
    y, at = batch.y.T
    y_hat = scores(model, batch.x, batch.lengths, at)  # (B, K, O)
    y = y[:, None].expand(y_hat.shape[:2])
    return nn.functional.cross_entropy(y_hat.flatten(0, 1), y.flatten())


def fit(kind: str, placement: str, seed: int) -> nn.Module:
    """種を一つ決めて学習します。"""
    rng, (updates, B) = seed_everything(seed), BUDGET[kind, placement]
    model = new_reader(kind)
    fit_stream(
        model,
        stream(rng, placement, B),
        updates=updates,
        loss=loss_of,
        learning_rate=LEARNING_RATE,
        optimizer=partial(torch.optim.Adam, fused=True),
        clip=CLIP,
        schedule=lambda adam: torch.optim.lr_scheduler.CosineAnnealingLR(adam, updates),
    )
    return model


def unseen_sentences(placement: str, B: int = TEST_B) -> readings.Sentences:
    """試験の文。型も組も、学習に現れません。"""
    return readings.batch(np.random.default_rng(TEST_SEED), B, "test", placement)


def right(model: nn.Module, sentences: readings.Sentences) -> np.ndarray:
    """答えが合ったか (B, K)。K は答える場所の数です。"""
    x, lengths, at = (torch.from_numpy(a) for a in sentences[:3])
    model.eval()
    with torch.no_grad(), one_thread():
        answers = scores(model, x, lengths, at).argmax(dim=2).numpy()
    return answers == sentences.y[:, None]


def train(point: Point) -> dict:
    """一点を学習し、試験の置き方ごとの正解率（k ごと）と、図に使う重みを返します。"""
    model = fit(point["model"], point["train"], point["seed"])
    tests = TESTS[point["train"]]
    result = {"accuracy": {}}
    for placement in tests:
        found = right(model, unseen_sentences(placement)).mean(axis=0)
        result["accuracy"][placement] = found.tolist()
    if point["train"] == "both":
        result["weights"] = packed_weights(model)
    return result


def packed_weights(model: nn.Module) -> dict[str, list]:
    """重みの名前 → [行の数, 列の数, float16 を base64 にしたもの]。"""
    packed = {}
    for name, weights in model.state_dict().items():
        w = np.atleast_2d(weights.numpy()).astype("<f2")
        packed[name] = [*w.shape, base64.b64encode(w.tobytes()).decode()]
    return packed


def accuracy_table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """モデル、学習と試験の置き方、種、待つ語数ごとに一行。両側から読むものの k は −1 です。"""
    rows = []
    for point, result in results:
        for placement, found in result["accuracy"].items():
            for k, value in enumerate(found):
                k = k if point["model"] == "forward" else -1
                rows.append({**point, "test": placement, "k": k, "accuracy": value})
    return pd.DataFrame(rows)


def weight_table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """図が使う重み: 前からと両側からの、正解率の平均が中央の種のもの。"""
    rows = []
    for kind in ("forward", "both"):
        found = [
            result
            for point, result in results
            if point["model"] == kind and "weights" in result
        ]
        ranked = sorted(found, key=lambda result: np.mean(result["accuracy"]["both"]))
        chosen = ranked[(len(ranked) - 1) // 2]["weights"]
        for name, (height, width, code) in chosen.items():
            row = {"model": kind, "name": name, "rows": height, "columns": width}
            rows.append(row | {"float16": code})
    return pd.DataFrame(rows)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    return {
        "readings": accuracy_table(results).to_csv(
            index=False, float_format="%.4f", lineterminator="\n"
        ),
        "readings_weights": weight_table(results).to_csv(
            index=False, lineterminator="\n"
        ),
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した正解率が、保存済みの平均 ± 3 標準偏差（と 0.01）に入るかの表。"""
    keys = ["model", "train", "test", "k"]
    stored = data.load("readings").groupby(keys)["accuracy"]
    rows = []
    for row in accuracy_table(results).to_dict("records"):
        values = stored.get_group(tuple(row[key] for key in keys))
        named = {"モデル": row["model"], "試験": row["test"], "k": row["k"]}
        named["種"] = row["seed"]
        rows.append(named | beside_stored(row["accuracy"], values, slack=0.01))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="readings",
    title="漢字の読みを、前から（k 語待って）と両側から答える。手がかりの側を替えた試験",
    points=tuple(
        {"model": model, "train": placement, "seed": seed}
        for seed in SEEDS
        for placement, models in (("both", KINDS[:2]), ("seen", KINDS))
        for model in models
    ),
    # 保存した種とは別の種で測り直します
    quick=({"model": "both", "train": "seen", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
