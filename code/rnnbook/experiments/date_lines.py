"""一行にいくつの日付が入るか: 固定のベクトルでの、日付の数と正解率（第 5・6 章）。

1 個から 4 個の日付を並べた行で学習し、隠した日だけの行で試します。place は行の中の何番目の日付か、
0 は行の全部です。
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.seq2seq import Seq2Seq
from rnnbook.tasks import date_lines
from rnnbook.training.annealed import fit_annealed
from rnnbook.training.seeds import seed_everything
from rnnbook.training.teacher_forcing import teacher_forcing
from rnnbook.training.threads import one_thread

SEEDS = tuple(range(5))
COUNTS, H = (1, 2, 3, 4), 96
BATCH_SIZE, LEARNING_RATE, UPDATES, EVERY, CLIP = 64, 0.006, 1500, 100, 1.0
TESTED, AGAIN = 500, 200  # 数ごとの試験の行、測り直す更新の回数


def batches(rng: np.random.Generator) -> Iterator[tuple]:
    """学習のバッチ。一つのバッチの中の日付の数は同じです。"""
    while True:
        yield date_lines.batch(rng, BATCH_SIZE, int(rng.choice(COUNTS)))


@torch.no_grad()
def score(model: Seq2Seq, count: int, lines: int = TESTED) -> list[int]:
    """正しい行の数と、何番目の日付が正しい行の数: [全部, 1 番目, …, count 番目]。"""
    model.eval()
    made = date_lines.batch(np.random.default_rng(count), lines, count, "test")
    x, y, lengths = map(torch.from_numpy, made)
    with one_thread():
        written = model.greedy(x, y.shape[1], lengths)
    same = (written == y).view(lines, count, date_lines.EACH).all(2)
    return [int(same.all(1).sum()), *same.sum(0).tolist()]


def train(point: Point) -> dict:
    """一つの種の学習と、数ごとの採点（章の測り直しでは、損失だけ）。"""
    seed_everything(point["seed"])
    model = Seq2Seq(len(date_lines.SOURCE), len(date_lines.TARGET), H, reverse=True)
    history = fit_annealed(
        model,
        batches(np.random.default_rng(point["seed"])),
        updates=UPDATES,
        every=EVERY,
        until=point["updates"],
        loss=teacher_forcing,
        learning_rate=LEARNING_RATE,
        clip=CLIP,
    )
    if point["updates"] < UPDATES:
        return {"loss": history.train_loss}
    scores = {str(count): score(model, count) for count in COUNTS}
    return {"loss": history.train_loss, "scores": scores}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """採点と、損失。"""
    scored, losses = [], []
    for point, result in results:
        for count, found in result["scores"].items():
            scored += [
                {"seed": point["seed"], "dates": count, "place": place}
                | {"lines": TESTED, "right": right}
                for place, right in enumerate(found)
            ]
        marks = {
            EVERY * (n + 1): f"{loss:.4f}" for n, loss in enumerate(result["loss"])
        }
        losses.append({"seed": point["seed"]} | marks)
    made = {"date_lines": scored, "date_lines_loss": losses}
    return {
        name: pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")
        for name, rows in made.items()
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した損失が、保存済みの平均 ± 3 標準偏差（と 0.05）に入るかの表。"""
    stored, rows = data.load("date_lines_loss")[str(AGAIN)], []
    for point, result in results:
        row = {"種": point["seed"], "更新": AGAIN}
        rows.append(row | beside_stored(result["loss"][-1], stored, slack=0.05))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="date_lines",
    title="一行に並べた日付の書き換え: 日付の数と正解率（第 5・6 章）",
    points=tuple({"seed": seed, "updates": UPDATES} for seed in SEEDS),
    # 保存した種とは別の種で、はじめの AGAIN 回だけ
    quick=({"seed": 100, "updates": AGAIN},),
    train=train,
    tables=tables,
    compare=compare,
)
