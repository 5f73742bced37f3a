"""最小の対: 合図と終わりの距離と、正解率。n グラム、LSTM、Transformer（第 7 章、限界 5）。

言語モデルは、随筆の学習の作品で学習します（文章の読み方、モデル、損失は limits_scale と同じもの）。
学習率は余弦で 0 まで下げます。ngram は、直前の 4 文字を見る 5 グラムです。

shuffled は対照です: 64 文字の窓ごとに文字をでたらめに並べ替えた文章で学習した、同じ LSTM です。
どの文字が近くに現れるかは分かり、並びは分かりません。
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from rnnbook import data
from rnnbook.experiments import limits_scale
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.ngram import NGram
from rnnbook.tasks import minimal_pairs
from rnnbook.tasks.minimal_pairs import PATTERNS, PHRASE, Question
from rnnbook.training.fit import fit_stream
from rnnbook.training.threads import one_thread

SEEDS = (0, 1, 2)
SIZE = "middle"
UPDATES = {"lstm": 1500, "transformer": 1500, "shuffled": 500}
ORDER = 5
BETWEEN = (0, 1, 2, 4)  # はさむ句の数
COUNT = 200  # 型と距離ごとの問いの数


def stream(ids: Tensor, seed: int, shuffled: bool) -> Iterator[tuple[Tensor, Tensor]]:
    """limits_scale のバッチ。shuffled なら、窓ごとに文字を並べ替えます。"""
    order = torch.Generator().manual_seed(seed)
    for x, y in limits_scale.stream(ids, seed):
        if shuffled:
            text = torch.cat([x, y[:, -1:]], dim=1)  # (B, T + 1)
            rows = torch.rand(text.shape, generator=order).argsort(dim=1)
            text = text.gather(1, rows)
            x, y = text[:, :-1], text[:, 1:]
        yield x, y


def fit(kind: str, seed: int, updates: int) -> nn.Module:
    """言語モデルを学習します。"""
    _, ids, _ = limits_scale.texts()
    shuffled = kind == "shuffled"
    model = limits_scale.new_model("lstm" if shuffled else kind, SIZE, seed)
    fit_stream(
        model,
        stream(ids, seed, shuffled),
        updates=updates,
        loss=limits_scale.loss_of,
        learning_rate=limits_scale.LEARNING_RATE,
        optimizer=partial(torch.optim.Adam, fused=True),
        clip=limits_scale.CLIP,
        schedule=lambda adam: torch.optim.lr_scheduler.CosineAnnealingLR(adam, updates),
    )
    return model


def asked(pattern: str, phrases: int, count: int = COUNT) -> list[Question]:
    """試験の問い。どのモデルも、どの種も、同じものです。"""
    rng = np.random.default_rng([list(PATTERNS).index(pattern), phrases])
    return minimal_pairs.questions(rng, pattern, phrases, count)


def encoded(questions: list[Question]) -> tuple[np.ndarray, np.ndarray]:
    """四つずつの文の番号 (4 n, T) と、終わりの文字の所が真の (4 n, T)。文の後ろを 0 で埋めます。"""
    table, _, _ = limits_scale.texts()
    pairs = [(b, e) for q in questions for b in q.before for e in q.endings]
    T = max(len(before + ending) for before, ending in pairs)
    ids, ending_at = (
        np.zeros((len(pairs), T), np.int64),
        np.zeros((len(pairs), T), bool),
    )
    for row, (before, ending) in enumerate(pairs):
        text = table.encode(before + ending)
        ids[row, : len(text)] = text
        ending_at[row, len(before) : len(text)] = True
    return ids, ending_at


def scores(model: nn.Module | NGram, questions: list[Question]) -> np.ndarray:
    """終わりの対数確率 (問い, 合図, 終わり)。後ろを埋めた所は、前の文字の確率に響きません。"""
    ids, ending_at = encoded(questions)
    if isinstance(model, NGram):
        logs = np.log(model.probabilities(ids))
    else:
        x = torch.from_numpy(ids)
        model.eval()
        with torch.no_grad(), one_thread():
            found = torch.log_softmax(model(x[:, :-1]), dim=2)
        of_next = found.gather(2, x[:, 1:, None])[..., 0].double().numpy()
        logs = np.pad(of_next, ((0, 0), (1, 0)))
    return np.where(ending_at, logs, 0.0).sum(axis=1).reshape(-1, 2, 2)


def graded(model: nn.Module | NGram, count: int = COUNT) -> list[dict]:
    """型と距離ごとの、対の正解率と、動いた割合。"""
    rows = []
    for pattern in PATTERNS:
        for phrases in BETWEEN:
            found = scores(model, asked(pattern, phrases, count))
            row = {"pattern": pattern, "distance": PHRASE * phrases}
            row |= {"accuracy": minimal_pairs.accuracy(found)}
            rows.append(row | {"turned": minimal_pairs.turned(found)})
    return rows


def train(point: Point) -> dict:
    """一点を学習し、採点します。"""
    table, ids, _ = limits_scale.texts()
    if point["model"] == "ngram":
        return {"rows": graded(NGram(ids.numpy(), len(table), ORDER))}
    return {"rows": graded(fit(point["model"], point["seed"], point["updates"]))}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """点、型、距離ごとに一行。"""
    rows = [
        {"model": point["model"], "seed": point["seed"]} | row
        for point, result in results
        for row in result["rows"]
    ]
    text = pd.DataFrame(rows).to_csv(
        index=False, float_format="%.4f", lineterminator="\n"
    )
    return {"limits_pairs": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した正解率が、保存済みの平均 ± 3 標準偏差（と 0.005）に入るかの表。"""
    keys = ["model", "pattern", "distance"]
    stored, rows = data.load("limits_pairs").groupby(keys)["accuracy"], []
    for point, result in results:
        for row in result["rows"]:
            values = stored.get_group((point["model"], row["pattern"], row["distance"]))
            named = {"型": row["pattern"], "はさむ文字": row["distance"]}
            rows.append(named | beside_stored(row["accuracy"], values, slack=0.005))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="limits_pairs",
    title="最小の対の正解率と距離: 5 グラム、LSTM、Transformer、並べ替えた対照（第 7 章）",
    points=(
        {"model": "ngram", "seed": 0, "updates": 0},
        *(
            {"model": model, "seed": seed, "updates": updates}
            for model, updates in UPDATES.items()
            for seed in SEEDS
        ),
    ),
    # 数えるだけの 5 グラムは、章の中で測り直せます
    quick=({"model": "ngram", "seed": 0, "updates": 0},),
    train=train,
    tables=tables,
    compare=compare,
)
