"""一本のベクトルに、いくつの事実が残るか: 事実の数、隠れ次元 H、更新の回数（第 7 章、限界 3）。

文 1〜8 個（事実 5〜40 個）の話を混ぜて学習し、文の数ごとに、すべての問いを試験します。一つの点が一回の
学習で、学習率は余弦で 0 まで下げるので、更新の回数の違う学習は、別の点です。

答える側の幅は H によりません（models/fact_reader.py の READER）。H を替えて変わるのは、読む側だけです。

attention は、H = 32 で、問いごとに読んだ所を見直すもの。by_word は、H = 64 で、文を一歩でなく語ごとに
読むものです。
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.fact_reader import FactReader
from rnnbook.tasks import facts
from rnnbook.training.batches import Batch
from rnnbook.training.fit import fit_stream
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread

SEEDS = tuple(range(5))
UPDATES = (500, 1500)
BATCH, LEARNING_RATE, CLIP = 64, 5e-3, 1.0
MOST = 8  # 学習する文の数は 1 から MOST
ASKED = 4  # 学習で、一つの話について聞く文の数
TESTED = (1, 2, 3, 4, 6, 8)  # 試験の文の数
STORIES = 500

# モデルの名前 → 作るときの引数
MODELS = {f"h{H}": {"H": H} for H in (8, 16, 32, 64, 128)}
MODELS["attention"] = {"H": 32, "looks_back": True}
MODELS["by_word"] = {"H": 64, "by_word": True}


def stream(rng: np.random.Generator) -> Iterator[tuple]:
    """新しい話のバッチ。y (B, 2, n) は、問いの番号と、答えの番号です。"""
    while True:
        S = int(rng.integers(1, MOST + 1))
        story = facts.batch(rng, BATCH, S)
        asked = facts.questions(story, rng.integers(0, S, (BATCH, ASKED)))
        yield story.ids, np.stack(asked, axis=1)


def loss_of(model: nn.Module, batch: Batch) -> Tensor:
    """問いごとの交差エントロピーの平均。"""
    asked, answers = batch.y.unbind(dim=1)
    y_hat = model(batch.x, asked)
    return nn.functional.cross_entropy(y_hat.flatten(0, 1), answers.flatten())


def fit(name: str, updates: int, seed: int) -> FactReader:
    """種を一つ決めて学習します。"""
    rng = seed_everything(seed)
    model = FactReader(**MODELS[name])
    fit_stream(
        model,
        stream(rng),
        updates=updates,
        loss=loss_of,
        learning_rate=LEARNING_RATE,
        clip=CLIP,
        schedule=lambda adam: torch.optim.lr_scheduler.CosineAnnealingLR(adam, updates),
    )
    return model


def right(model: FactReader, S: int, stories: int = STORIES) -> np.ndarray:
    """文 S 個の、試験の話のすべての問いに合ったか (話, 文, 種類)。"""
    story = facts.batch(np.random.default_rng(10_000 + S), stories, S)
    asked, answers = facts.questions(story, np.tile(np.arange(S), (stories, 1)))
    model.eval()
    with torch.no_grad(), one_thread():
        y_hat = model(torch.from_numpy(story.ids), torch.from_numpy(asked))
    found = y_hat.argmax(dim=2).numpy() == answers
    return found.reshape(stories, S, len(facts.KINDS))


def train(point: Point) -> dict:
    """一点を学習し、文の数ごとに、文の位置と問いの種類ごとの正解率 (S, 5) を返します。"""
    model = fit(point["model"], point["updates"], point["seed"])
    return {str(S): right(model, S).mean(axis=0).round(4).tolist() for S in TESTED}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """点、文の数、文の位置ごとに一行。列は問いの種類ごとの正解率です。"""
    rows = []
    for point, result in results:
        for S, found in result.items():
            for at, accuracy in enumerate(found, 1):
                row = point | {"S": int(S), "at": at}
                rows.append(row | dict(zip(facts.KINDS, accuracy, strict=True)))
    text = pd.DataFrame(rows).to_csv(
        index=False, float_format="%.4f", lineterminator="\n"
    )
    return {"limits_facts": text}


def kept_table(table: pd.DataFrame) -> pd.DataFrame:
    """残った事実の数と、八択の問いの正解率を、モデル、更新の回数、種、文の数ごとに一行で。"""
    keys, kinds = ["model", "updates", "seed", "S"], list(facts.KINDS)
    means = table.groupby(keys, sort=False)[kinds].mean().reset_index()
    means["kept"] = [
        facts.kept(row[kinds].to_numpy(float), int(row["S"]))
        for _, row in means.iterrows()
    ]
    eight = [kind for kind in kinds if facts.KINDS[kind] == 8]
    return means.assign(accuracy=means[eight].mean(axis=1))


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した、残った事実の数が、保存済みの平均 ± 3 標準偏差（と 0.5）に入るかの表。"""
    stored = kept_table(data.load("limits_facts")).groupby(["model", "updates", "S"])
    rows = []
    for point, result in results:
        for S in (4, 8):
            accuracy = np.mean(result[str(S)], axis=0)
            values = stored.get_group((point["model"], point["updates"], S))["kept"]
            named = {"モデル": point["model"], "種": point["seed"], "文の数": S}
            again = facts.kept(accuracy, S)
            rows.append(named | beside_stored(again, values, slack=0.5))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="limits_facts",
    title="一本のベクトルに残る事実の数: 隠れ次元、更新の回数、注意（第 7 章）",
    points=tuple(
        {"model": model, "updates": updates, "seed": seed}
        for model in MODELS
        for updates in UPDATES
        for seed in SEEDS
        # 語ごとに読むものは、歩数が五倍かかるので、少ない更新だけ
        if not (model == "by_word" and updates > min(UPDATES))
    ),
    # 保存した種とは別の種で測り直します
    quick=({"model": "h16", "updates": 500, "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
