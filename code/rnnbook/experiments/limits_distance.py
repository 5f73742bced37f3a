"""長距離依存: if…then を、はさむ語の数を替えて学習し、何回の更新で解けるかを測る（第 7 章）。

どの点も同じ条件です: 埋め込みも隠れ次元も 32、B = 32、Adam、学習率 0.003、勾配のノルムは 1 で
クリップする、毎回新しい文。EVERY 回の更新ごとに、学習に使わない HELD_OUT 文の正解率を測り、
0.99 に届いた種はそこで止めます。UPDATES 回で届かなければ、この予算では解けなかったと記録します。

二つの問題があります。"plain" は、よく見かける形です。条件の語は文に一つしかありません。
"decoys" は、はさむ語の 3 割を、でたらめな条件の語に替えたものです。語順を見なければ解けません。
"decoys" では、解けないことが初めから分かっているモデルの予算を BLIND 回にします。

"lstm_chrono" は、覚える長さ（文の長さ T = はさむ語 + 4）に忘却バイアスを合わせた LSTM です（第 3 章）。

どの点も、まず種 SEEDS 個で測ります。一部だけが解けた点は割合の区間が広いので、種を ALL 個まで増やします。
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
import torch
from torch import nn

from rnnbook import data
from rnnbook.arguments import require_choice
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.seed_table import from_seed_table, seed_table
from rnnbook.models import catalogue
from rnnbook.models.bag import Bag
from rnnbook.models.recurrent import Recurrent
from rnnbook.models.transformer import Transformer
from rnnbook.tasks import if_then
from rnnbook.training.fit import fit_stream, predict
from rnnbook.training.many_seeds.stacked import Stacked, fit_stacked
from rnnbook.training.seeds import seed_everything

RECURRENT = ("rnn", "lstm_b0", "lstm_b1", "lstm_b3", "lstm_chrono", "gru")
MODELS = (*RECURRENT, "transformer", "bag")
DECOYS = {"plain": 0.0, "decoys": 0.3}
FILLERS, SEEDS, ALL = (10, 20, 40, 80), 10, 40
DECOY_FILLERS = (20, 80)
H, B, LEARNING_RATE, CLIP = 32, 32, 0.003, 1.0
UPDATES, BLIND, EVERY, HELD_OUT = 2000, 1000, 25, 500
WHERE = ("variant", "model", "fillers")


def new_model(model: str, seed: int, T: int) -> nn.Module:
    """種を決めて、学習前のモデルを作ります。unordered は、位置を足さない Transformer です。

    文の長さ T に合わせて作るのは、lstm_chrono だけです。

    例:
        >>> new_model("lstm_b3", seed=0, T=24).recurrent.hidden_size
        32
    """
    require_choice("model", model, (*MODELS, "unordered"))
    seed_everything(seed)
    O, V = if_then.O, if_then.D
    if model == "bag":
        return Bag(O, V=V, E=H)
    if model in ("transformer", "unordered"):
        return Transformer(O, V=V, E=H, positions=model == "transformer")
    fitted = {"T_max": T} if model == "lstm_chrono" else {}
    return Recurrent(H, O, V=V, E=H, **catalogue.MODELS[model].settings, **fitted)


def sentences(
    variant: str, fillers: int, seed: int, part: int, size: int
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """新しい文の番号 (size, T) と答え (size,)。part 0 が学習、1 が測るための文です。"""
    rng = np.random.default_rng([seed, fillers, part])
    while True:
        ids, y = if_then.batch_ids(rng, size, fillers + 4, DECOYS[variant])
        yield torch.from_numpy(ids), torch.from_numpy(y)


def train_apart(point: Point, seed: int) -> dict:
    """一つの種を、一つずつ学習します。"""
    where = point["variant"], point["fillers"], seed
    x, y = next(sentences(*where, 1, HELD_OUT))
    model, curve = new_model(point["model"], seed, x.shape[1]), []

    def solved(model: nn.Module, _: object) -> bool:
        curve.append(float((predict(model, x).argmax(1) == y.numpy()).mean()))
        return if_then.is_solved(curve[-1], x.shape[1])

    fit_stream(
        model,
        sentences(*where, 0, B),
        updates=point["updates"],
        every=EVERY,
        loss="cross_entropy",
        learning_rate=LEARNING_RATE,
        optimizer=partial(torch.optim.Adam, fused=True),
        clip=CLIP,
        callbacks=[solved],
    )
    done = if_then.is_solved(curve[-1], x.shape[1])
    solved_at = EVERY * len(curve) if done else None
    return {"curve": curve, "solved_at": solved_at, "diverged_at": None}


def train_together(point: Point, seeds: range) -> list[dict]:
    """再帰型のモデルは、いくつもの種をいちどに学習します。"""
    where = point["variant"], point["fillers"]
    streams = [sentences(*where, seed, 0, B) for seed in seeds]
    held_out = [next(sentences(*where, seed, 1, HELD_OUT)) for seed in seeds]
    x, y = (torch.stack(part) for part in zip(*held_out, strict=True))
    records = [{"curve": [], "solved_at": None, "diverged_at": None} for _ in seeds]
    alive = list(range(len(seeds)))  # 学習を続けている種

    def batches() -> Iterator[tuple[torch.Tensor, ...]]:
        for _ in range(point["updates"]):
            pairs = [next(streams[k]) for k in alive]
            yield tuple(torch.stack(part) for part in zip(*pairs, strict=True))

    def measure(update: int, stacked: Stacked) -> list[int] | None:
        with torch.no_grad():
            right = (stacked(x[alive]).argmax(-1) == y[alive]).float().mean(1).tolist()
        rows = []
        for row, (k, accuracy) in enumerate(zip(alive, right, strict=True)):
            records[k]["curve"].append(accuracy)
            if if_then.is_solved(accuracy, x.shape[2]):
                records[k]["solved_at"] = update
            else:
                rows.append(row)
        if len(rows) == len(alive):
            return None
        alive[:] = [alive[row] for row in rows]
        return rows

    fit_stacked(
        [new_model(point["model"], seed, x.shape[2]) for seed in seeds],
        batches(),
        learning_rate=LEARNING_RATE,
        clip=CLIP,
        every=EVERY,
        after=measure,
    )
    return records


def train(point: Point) -> dict:
    """一点の、種ごとの正解率の記録と、解けた更新の回数。"""
    seeds = range(point["seed"], point["seed"] + point["seeds"])
    if point["model"] in RECURRENT:
        return {"seeds": train_together(point, seeds)}
    return {"seeds": [train_apart(point, seed) for seed in seeds]}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """種一つを一行に: 解けた回数と、EVERY 回ごとの正解率。"""
    return {
        "limits_distance": seed_table(
            results,
            WHERE,
            lambda record: {
                "diverged_at": "",
                **{
                    str(EVERY * (n + 1)): f"{accuracy:.3g}"
                    for n, accuracy in enumerate(record["curve"])
                },
            },
        )
    }


def more(results: list[tuple[Point, dict]]) -> tuple[Point, ...]:
    """一部の種だけが解けた点の、残りの種（SEEDS 個ずつ、ALL 個まで）。

    例:
        >>> some = {"seeds": [{"solved_at": 100}] + [{"solved_at": None}] * 9}
        >>> [further["seed"] for further in more([(point_of("plain", "gru", 40), some)])]
        [10, 20, 30]
    """
    return tuple(
        point | {"seed": seed}
        for point, result in results
        if 0 < sum(r["solved_at"] is not None for r in result["seeds"]) < SEEDS
        for seed in range(SEEDS, ALL, SEEDS)
    )


def stored() -> list[tuple[Point, dict]]:
    """保存済みの表を、点（種 SEEDS 個ずつ）とその結果に戻します。"""
    found = from_seed_table(data.load("limits_distance"), WHERE, SEEDS)
    return [
        (point_of(*(point[key] for key in WHERE)) | {"seed": point["seed"]}, result)
        for point, result in found
    ]


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した種の、解けた回数の中央値が、保存した種の範囲に入るかの表。"""
    table, rows = data.load("limits_distance"), []
    for point, result in results:
        rows_of = (table[list(WHERE)] == [point[key] for key in WHERE]).all(axis=1)
        same, model = table.loc[rows_of, "solved_at"], point["model"]
        again = [record["solved_at"] or np.inf for record in result["seeds"]]
        middle = float(np.median(again))
        row = {"モデル": catalogue.MODELS[model].plain, "はさむ語": point["fillers"]}
        row |= {"測り直し": middle, "最小": same.min(), "最大": same.max()}
        rows.append(row | {"範囲の中": bool(same.min() <= middle <= same.max())})
    return pd.DataFrame(rows)


def point_of(variant: str, model: str, fillers: int, seeds: int = SEEDS) -> Point:
    """格子の一点。"""
    blind = variant == "decoys" and model in ("bag", "unordered")
    where = dict(zip(WHERE, (variant, model, fillers), strict=True))
    return where | {"seed": 0, "seeds": seeds, "updates": BLIND if blind else UPDATES}


EXPERIMENT = Experiment(
    name="limits_distance",
    title="if…then（はさむ語 10〜80）を解くまでの更新の回数。八つのモデル、おとりのない文とある文",
    points=(
        *(point_of("plain", model, n) for n in FILLERS for model in MODELS),
        *(
            point_of("decoys", model, n)
            for n in DECOY_FILLERS
            for model in ("lstm_b1", "lstm_b3", "lstm_chrono", "transformer", "bag")
        ),
        point_of("decoys", "unordered", 20),
    ),
    # 保存した種のうちの 3 個を測り直します
    quick=tuple(
        point_of("plain", model, 20, seeds=3) for model in ("lstm_b3", "transformer")
    ),
    train=train,
    tables=tables,
    compare=compare,
    more=more,
    stored=stored,
    # 解けた種は、そこから先を測りません
    empty=("solved_at", "diverged_at", *map(str, range(EVERY, UPDATES + 1, EVERY))),
)
