"""感想の問題: 答えを動かすのは、どの語か。語の袋、隣り合う二語の袋、LSTM、Transformer（第 7 章、限界 5）。

学習では、語を 1 割の確率で □ に替えます。□ は、測るときに初めて見る印ではありません。
試験は、学習に現れない形容の組の、逆接の文です。役割ごとに語を □ に替え、ほめている・けなしているの
点の差（対数オッズ）が動いた大きさの平均を記録します。

flipped は、作品の形容、話題の形容を、反対の向きの語に替えて、答えが変わった文の割合です。
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
from rnnbook.tasks import reviews
from rnnbook.training.fit import fit_stream, predict
from rnnbook.training.seeds import seed_everything

SEEDS = tuple(range(10))
MODELS = ("bag", "pair_bag", "lstm", "transformer")
UPDATES, BATCH, LEARNING_RATE, CLIP, H = 400, 64, 5e-3, 1.0, 32
HIDE, TEST_B = 0.1, 600
SWAPPED = ("作品の形容", "話題の形容")


def new_model(name: str) -> nn.Module:
    """MODELS の一つ。どれも、九語を読んで二つの点を出します。

    例:
        >>> new_model("lstm").readout.out_features
        2
    """
    require_choice("name", name, MODELS)
    V, O = reviews.V, reviews.O
    if name == "bag":
        return Bag(O, V=V, E=H)
    if name == "pair_bag":
        return PairBag(O, V=V, E=H)
    if name == "lstm":
        return Recurrent(H, O, V=V, E=H, cell="lstm")
    return Transformer(O, V=V, E=H, layers=2)


def stream(rng: np.random.Generator) -> Iterator[tuple]:
    """学習の文。語の 1 割が □ です。"""
    while True:
        some = reviews.batch(rng, BATCH)
        yield reviews.hide(rng, some.ids, HIDE), some.y


def fit(name: str, seed: int) -> nn.Module:
    """種を一つ決めて学習します。"""
    rng = seed_everything(seed)
    model = new_model(name)
    fit_stream(
        model,
        stream(rng),
        updates=UPDATES,
        loss="cross_entropy",
        learning_rate=LEARNING_RATE,
        clip=CLIP,
    )
    return model


def log_odds(model: nn.Module, ids: np.ndarray) -> np.ndarray:
    """ほめている点 − けなしている点 (B,)。"""
    y_hat = predict(model, ids)
    return y_hat[:, 1] - y_hat[:, 0]


def moved(model: nn.Module, some: reviews.Reviews) -> dict[str, float]:
    """役割 → 語を隠したときに、対数オッズが動いた大きさの平均。"""
    whole = log_odds(model, some.ids)
    return {
        role: float(np.abs(log_odds(model, reviews.without(some, role)) - whole).mean())
        for role in reviews.ROLES
    }


def flipped(model: nn.Module, some: reviews.Reviews) -> dict[str, float]:
    """形容の役割 → 反対の向きの語に替えて、答えが変わった文の割合。"""
    answer = log_odds(model, some.ids) > 0
    return {
        role: float(
            ((log_odds(model, reviews.opposite(some, role)) > 0) != answer).mean()
        )
        for role in SWAPPED
    }


def train(point: Point) -> dict:
    """一点を学習し、接続の語ごとに、正解率、動いた大きさ、答えの変わった割合を返します。"""
    model, found = fit(point["model"], point["seed"]), {}
    for word in reviews.CONNECTIVES:
        rng = np.random.default_rng(10_000 + reviews.CONNECTIVES.index(word))
        some = reviews.batch(rng, TEST_B, "test", (word,))
        right = (log_odds(model, some.ids) > 0) == some.y
        found[word] = {"accuracy": float(right.mean())}
        found[word] |= {"moved": moved(model, some), "flipped": flipped(model, some)}
    return found


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """点と接続の語ごとに一行。"""
    rows = []
    for point, result in results:
        for word, found in result.items():
            row = point | {"connective": word, "accuracy": found["accuracy"]}
            row |= {f"flipped {role}": found["flipped"][role] for role in SWAPPED}
            rows.append(row | found["moved"])
    text = pd.DataFrame(rows).to_csv(
        index=False, float_format="%.3f", lineterminator="\n"
    )
    return {"limits_stress": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した値が、保存済みの平均 ± 3 標準偏差（と余裕）に入るかの表。"""
    stored, rows = data.load("limits_stress").groupby(["model", "connective"]), []
    for point, result in results:
        for word, found in result.items():
            same = stored.get_group((point["model"], word))
            named = {"モデル": point["model"], "種": point["seed"], "接続": word}
            again = found["moved"]["作品の形容"]
            beside = beside_stored(again, same["作品の形容"], slack=0.5)
            rows.append(named | beside)
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="limits_stress",
    title="感想の問題で、答えを動かす語: 語の袋、隣り合う二語の袋、LSTM、Transformer（第 7 章）",
    points=tuple({"model": model, "seed": seed} for model in MODELS for seed in SEEDS),
    # 保存した種とは別の種で測り直します
    quick=({"model": "lstm", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
