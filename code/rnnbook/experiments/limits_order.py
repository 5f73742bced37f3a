"""語順の問題: だれが、だれを。語の袋、隣り合う二語の袋、LSTM、位置のない・ある注意（第 7 章、限界 4）。

試験は、学習に現れない名詞の組からできる、すべての文です。を格が先の文（人を犬が噛んだ）と、
が格が先の文（犬が人を噛んだ）を分けて採点します。

sentences が "both" の学習には、二つの並びがどちらもあります。"plain" の学習には、が格が先の文しか
ありません。助詞を見ても、語順だけを見ても解ける学習で、どちらを学んだかが、試験で分かります。

名詞のすぐ後ろの助詞を見れば解ける問題なので、いちばん安い相手は、隣り合う二語の袋 pair_bag です。
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from torch import nn

from rnnbook import data
from rnnbook.arguments import require_choice
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.bag import Bag
from rnnbook.models.pair_bag import PairBag
from rnnbook.models.recurrent import Recurrent
from rnnbook.models.transformer import Transformer
from rnnbook.tasks import word_order
from rnnbook.training.fit import fit_stream, predict
from rnnbook.training.seeds import seed_everything

SEEDS = tuple(range(10))
MODELS = ("bag", "pair_bag", "lstm", "unordered", "transformer")
PLAIN = ("pair_bag", "lstm", "transformer")  # "plain" で学習するモデル
UPDATES, BATCH, LEARNING_RATE, CLIP, H = 400, 64, 5e-3, 1.0, 32


def new_model(name: str) -> nn.Module:
    """MODELS の一つ。unordered は、位置を足さない Transformer です。

    例:
        >>> new_model("unordered").positions
        False
    """
    require_choice("name", name, MODELS)
    V, O = word_order.V, word_order.O
    if name == "bag":
        return Bag(O, V=V, E=H)
    if name == "pair_bag":
        return PairBag(O, V=V, E=H)
    if name == "lstm":
        return Recurrent(H, O, V=V, E=H, cell="lstm")
    return Transformer(O, V=V, E=H, layers=2, positions=name == "transformer")


def stream(rng: np.random.Generator, sentences: str) -> Iterator[tuple]:
    """学習の文。"plain" なら、が格が先の文だけです。"""
    while True:
        some = word_order.batch(rng, BATCH if sentences == "both" else 2 * BATCH)
        rows = np.ones(len(some.y), bool) if sentences == "both" else ~some.scrambled
        yield some.ids[rows], some.y[rows]


def fit(name: str, sentences: str, seed: int) -> nn.Module:
    """種を一つ決めて学習します。"""
    rng = seed_everything(seed)
    model = new_model(name)
    fit_stream(
        model,
        stream(rng, sentences),
        updates=UPDATES,
        loss="cross_entropy",
        learning_rate=LEARNING_RATE,
        clip=CLIP,
    )
    return model


def train(point: Point) -> dict:
    """一点を学習し、試験の組の、二つの並びの正解率を返します。"""
    model = fit(point["model"], point["sentences"], point["seed"])
    test = word_order.every_sentence("test")
    right = predict(model, test.ids).argmax(axis=1) == test.y
    return {
        "straight": float(right[~test.scrambled].mean()),
        "scrambled": float(right[test.scrambled].mean()),
    }


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """一点に一行。"""
    table = pd.DataFrame([point | result for point, result in results])
    text = table.to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"limits_order": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した正解率が、保存済みの平均 ± 3 標準偏差（と 0.02）に入るかの表。"""
    stored, rows = data.load("limits_order").groupby(["model", "sentences"]), []
    for point, result in results:
        same = stored.get_group((point["model"], point["sentences"]))
        for order, again in result.items():
            named = {"モデル": point["model"], "種": point["seed"], "並び": order}
            rows.append(named | beside_stored(again, same[order], slack=0.02))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="limits_order",
    title="だれが、だれを: 語の袋、隣り合う二語の袋、LSTM、位置のない注意、位置のある注意（第 7 章）",
    points=tuple(
        {"model": model, "sentences": sentences, "seed": seed}
        for sentences, models in (("both", MODELS), ("plain", PLAIN))
        for model in models
        for seed in SEEDS
    ),
    # 保存した種とは別の種で測り直します
    quick=({"model": "lstm", "sentences": "both", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
