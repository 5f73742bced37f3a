"""光電子スペクトルのチャンネルに、低いほうから、高いほうから、両側から名前を付ける（第 4 章）。

一つの点が一回の学習です。スペクトルは更新のたびに新しく作り、試験はどの種も同じ TEST_B 本です。
高いほうから読むモデルは、逆順に並べたスペクトルを前から読みます。
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import doublets
from rnnbook.models.recurrent import Recurrent
from rnnbook.training.fit import fit_stream, predict
from rnnbook.training.seeds import seed_everything

MODELS = ("forward", "backward", "both")
SEEDS = tuple(range(10))
H, BATCH, UPDATES, LEARNING_RATE, CLIP = 16, 32, 5000, 0.01, 1.0
TEST_B, TEST_SEED = 2000, 10_000


def turn(model: str, values: np.ndarray) -> np.ndarray:
    """高いほうから読むモデルなら、時刻の軸を逆にします。"""
    return values[:, ::-1].copy() if model == "backward" else values


def stream(rng: np.random.Generator, model: str) -> Iterator[tuple]:
    """新しいスペクトルを BATCH 本ずつ。"""
    while True:
        s = doublets.batch(rng, BATCH)
        yield turn(model, doublets.scaled(s.counts)), turn(model, s.y)


def train(point: Point) -> dict:
    """一点を学習し、低いほうと高いほうのピークと、背景のチャンネルの正解率を返します。"""
    rng, kind = seed_everything(point["seed"]), point["model"]
    both = kind == "both"
    model = Recurrent(
        H, doublets.O, D=1, cell="lstm", bidirectional=both, every_step=True
    )
    fit_stream(
        model,
        stream(rng, kind),
        updates=UPDATES,
        loss="cross_entropy",
        learning_rate=LEARNING_RATE,
        optimizer=partial(torch.optim.Adam, fused=True),
        clip=CLIP,
        schedule=lambda adam: torch.optim.lr_scheduler.CosineAnnealingLR(adam, UPDATES),
    )
    s = doublets.batch(np.random.default_rng(TEST_SEED), TEST_B)
    scores = predict(model, turn(kind, doublets.scaled(s.counts)))
    right = turn(kind, scores.argmax(axis=2)) == s.y  # (B, T)
    E, middle = doublets.STEP * np.arange(doublets.T), s.centers.mean(axis=1)
    lower = middle[:, None] > E
    parts = {"lower": (s.y > 0) & lower, "higher": (s.y > 0) & ~lower}
    parts["background"] = s.y == 0
    return {name: float(right[where].mean()) for name, where in parts.items()}


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """モデルと種ごとに一行。"""
    return pd.DataFrame([point | result for point, result in results])


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"doublets": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した正解率が、保存済みの平均 ± 3 標準偏差（と 0.02）に入るかの表。"""
    stored = data.load("doublets").groupby("model")
    rows = []
    for point, result in results:
        for name, value in result.items():
            values = stored.get_group(point["model"])[name]
            row = {"モデル": point["model"], "所": name, "種": point["seed"]}
            rows.append(row | beside_stored(value, values, slack=0.02))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="doublets",
    title="光電子スペクトルのチャンネルに、低いほうから、高いほうから、両側から名前を付ける",
    points=tuple({"model": model, "seed": seed} for seed in SEEDS for model in MODELS),
    # 保存した種とは別の種で測り直します
    quick=({"model": "both", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
