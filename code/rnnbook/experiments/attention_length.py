"""写しの長さに、注意機構を加える: 固定のベクトルと同じ回数の学習で、どこまで写せるか（第 6 章）。

実験 seq2seq_length の forward（H = 64、前から読む、長さ 5 から 15 で学習）と、データ、更新の回数、
学習率をそろえ、デコーダに内積か加法の注意を加えます。固定のベクトルの点は、保存済みの
seq2seq_length のものです。

diagonal は、u 番目の記号を書くときに、いちばん大きな重みが u 番目の記号にあった割合です。
held は、T 個を書くまで終わりの記号を禁じたとき、T 個とも正しく書けた割合です。
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.experiments import seq2seq_length as fixed
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.attention import SCORES, AttentionSeq2Seq
from rnnbook.tasks import copying
from rnnbook.tasks.symbols import END, START
from rnnbook.training.annealed import fit_annealed
from rnnbook.training.seeds import seed_everything
from rnnbook.training.teacher_forcing import teacher_forcing
from rnnbook.training.threads import one_thread

SEEDS, H = fixed.SEEDS, fixed.MODELS["forward"][0]
UPDATES, EVERY, AGAIN = fixed.UPDATES, fixed.EVERY, fixed.AGAIN
LENGTHS = (*fixed.LENGTHS, 25, 30)


@torch.no_grad()
def diagonal(model: AttentionSeq2Seq, T: int) -> float:
    """長さ T の列で、u 番目を書くときに、いちばん大きな重みが u 番目にある割合。"""
    x, y = map(torch.from_numpy, copying.batch(np.random.default_rng(T), 200, T))
    with one_thread():
        alpha = model.weights(x, y)[:, :T]  # (B, T, T)
    return (alpha.argmax(2) == torch.arange(T)).float().mean().item()


@torch.no_grad()
def held(model: AttentionSeq2Seq, T: int) -> float:
    """長さ T の列で、T 個を書くまで終わりの記号を禁じたとき、T 個とも正しく書けた割合。"""
    x, y = map(torch.from_numpy, copying.batch(np.random.default_rng(T), fixed.MANY, T))
    right = torch.ones(len(x), dtype=torch.bool)
    with one_thread():
        memory = model.encode(x)
        given, state = torch.full((len(x),), START), memory.last
        for u in range(T):
            scores, state = model.step(given, state, memory)
            scores[:, END] = -torch.inf
            given = scores.argmax(1)
            right &= given == y[:, u]
    return right.float().mean().item()


def train(point: Point) -> dict:
    """一つの見比べ方の一つの種を学習し、途中と終わりを採点します。"""
    seed_everything(point["seed"])
    V = len(copying.SYMBOLS)
    model = AttentionSeq2Seq(V, V, H, score=point["score"])
    looks = []

    def look(model: AttentionSeq2Seq, _: object) -> None:
        right = [fixed.score(model, T, fixed.FEW)["right"] for T in LENGTHS]
        looks.append([n / fixed.FEW for n in right])

    fit_annealed(
        model,
        fixed.batches(np.random.default_rng(point["seed"]), "mixed"),
        updates=UPDATES,
        every=EVERY,
        until=point["updates"],
        look=look,
        loss=teacher_forcing,
        learning_rate=fixed.LEARNING_RATE,
        clip=fixed.CLIP,
    )
    if point["updates"] < UPDATES:
        return {"looks": looks}
    scores = {str(T): fixed.score(model, T, fixed.MANY) for T in LENGTHS}
    return {
        "looks": looks,
        "scores": scores,
        "diagonal": {str(T): diagonal(model, T) for T in LENGTHS},
        "held": {str(T): held(model, T) for T in LENGTHS},
    }


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """長さごとの正解率（途中も）と、対角を見た割合。"""
    rows = []
    for point, result in results:
        for k, T in enumerate(LENGTHS):
            found = result["scores"][str(T)]
            row = {"score": point["score"], "seed": point["seed"], "T": T}
            row["right"] = found["right"] / fixed.MANY
            for name in ("free", "forced"):
                row[name] = sum(found[f"{name}_at"]) / (fixed.MANY * T)
            row["diagonal"] = result["diagonal"][str(T)]
            row["held"] = result["held"][str(T)]
            for n, each in enumerate(result["looks"]):
                row[str(EVERY * (n + 1))] = each[k]
            rows.append(row)
    table = pd.DataFrame(rows)
    return {
        "attention_length": table.to_csv(
            index=False, float_format="%.4f", lineterminator="\n"
        )
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した途中の正解率が、保存済みの平均 ± 3 標準偏差（と 0.05）に入るかの表。"""
    stored, rows = data.load("attention_length"), []
    for point, result in results:
        for T in (5, 8):
            same = (stored["score"] == point["score"]) & (stored["T"] == T)
            again = result["looks"][0][LENGTHS.index(T)]
            row = {"見比べ方": point["score"], "種": point["seed"], "長さ": T}
            values = stored.loc[same, str(AGAIN)]
            rows.append(row | beside_stored(again, values, slack=0.05))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="attention_length",
    title="写しの長さに注意機構を加える: 内積と加法、同じ回数の学習（第 6 章）",
    points=tuple(
        {"score": score, "seed": seed, "updates": UPDATES}
        for score in SCORES
        for seed in SEEDS
    ),
    # 保存した種とは別の種で、はじめの AGAIN 回だけ
    quick=({"score": "dot", "seed": 100, "updates": AGAIN},),
    train=train,
    tables=tables,
    compare=compare,
)
