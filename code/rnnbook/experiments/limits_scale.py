"""拡張性: 大きさと文章の量を替えた、LSTM と Transformer の文字の言語モデル（第 7 章）。

寺田寅彦の随筆から、64 文字を読んで一文字ずつ次を当てます。検証は、学習に現れない作品です。
どの点も同じ条件です: よく現れる 1,199 文字とその他、B = 32、Adam、学習率 0.003、勾配のノルムは 1 で
クリップする。EVERY 回ごとに、検証の 256 か所の損失と、それまでに使った CPU 時間を残します。

小さいモデルは、同じ時間に多く更新できます。そこで、更新の回数は大きさごとに違い、どの大きさも
およそ 90 秒の CPU 時間まで学習します。同じ更新の回数で比べることも、同じ時間で比べること（at_seconds）も
できます。文章の量を替える点は、SHORT 回の更新です。

大きさは、LSTM が隠れ次元（= 埋め込みの次元）、Transformer が次元と層の数です。埋め込みと出力を除いた
重みの数 inside が近い組を選びました。すべての重みの数は weights です。文章の量 data は、学習の作品を
つなげた文章のはじめの割合です。
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from rnnbook import data
from rnnbook.arguments import require_choice
from rnnbook.datasets.essays import Characters, text_of
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.recurrent import Recurrent
from rnnbook.models.transformer import Transformer
from rnnbook.training.fit import fit_stream
from rnnbook.training.seeds import seed_everything

SIZES = {
    "lstm": {"small": (48, 1), "middle": (112, 1), "large": (224, 1)},
    "transformer": {"small": (48, 1), "middle": (64, 2), "large": (128, 2)},
}
PARTS, SEEDS = (1 / 16, 1 / 4, 1.0), (0, 1, 2)
V, T, B, LEARNING_RATE, CLIP = 1200, 64, 32, 0.003, 1.0
UPDATES = {
    "lstm": {"small": 2200, "middle": 1100, "large": 500},
    "transformer": {"small": 1800, "middle": 950, "large": 500},
}
SHORT, EVERY, PLACES = 400, 50, 256
BUDGETS = (20, 40, 70)  # 比べる CPU 時間（秒）


@cache
def texts() -> tuple[Characters, Tensor, Tensor]:
    """文字の表と、番号にした学習の文章 (n,) と検証の文章 (m,)。表は学習の文章だけから作ります。"""
    train = text_of("train")
    table = Characters.most_common(train, V)
    return table, *(
        torch.from_numpy(table.encode(t)) for t in (train, text_of("valid"))
    )


def new_model(kind: str, size: str, seed: int) -> nn.Module:
    """種を決めて、学習前の言語モデルを作ります。どの時刻でも、次の文字を答えます。

    例:
        >>> tuple(new_model("lstm", "small", seed=0)(torch.zeros(2, 9).long()).shape)
        (2, 9, 1200)
    """
    require_choice("kind", kind, SIZES)
    width, layers = SIZES[kind][require_choice("size", size, SIZES[kind])]
    seed_everything(seed)
    if kind == "lstm":
        start = {"cell": "lstm", "forget_bias": 1.0}
        return Recurrent(width, V, V=V, E=width, every_step=True, **start)
    how = {"layers": layers, "causal": True, "every_step": True}
    return Transformer(V, V=V, E=width, **how)


def weights_inside(model: nn.Module) -> int:
    """埋め込みと出力を除いた、重みの数。

    例:
        >>> weights_inside(new_model("lstm", "small", seed=0))
        18816
    """
    outside = ("embedding", "readout")
    named = model.named_parameters()
    return sum(p.numel() for name, p in named if not name.startswith(outside))


def windows(ids: Tensor, starts: np.ndarray) -> tuple[Tensor, Tensor]:
    """starts から T 文字の x (B, T) と、一文字ずらした y (B, T)。"""
    rows = torch.from_numpy(starts)[:, None] + torch.arange(T + 1)
    return ids[rows][:, :-1], ids[rows][:, 1:]


def stream(ids: Tensor, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    """文章のでたらめな所から始まる、B 本ずつのバッチ。"""
    rng = np.random.default_rng(seed)
    while True:
        yield windows(ids, rng.integers(0, len(ids) - T, B))


def loss_of(model: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    """次の文字の交差エントロピー（一文字あたり、自然対数）。"""
    x, y = batch[:2]
    return nn.functional.cross_entropy(model(x).flatten(0, 1), y.flatten())


def train(point: Point) -> dict:
    """一点を学習し、EVERY 回ごとの学習と検証の損失、使った CPU 時間を返します。"""
    return learn(point, "cpu", time.process_time)


def learn(point: Point, device: str, clock: Callable[[], float]) -> dict:
    """device で一点を学習します。時間は clock で測り、検証に使った時間は除きます。"""
    _, ids, unseen = texts()
    ids = ids[: int(len(ids) * point["data"])].to(device)
    places = np.linspace(0, len(unseen) - T - 1, PLACES).astype(int)
    held_out = windows(unseen.to(device), places)
    model = new_model(point["kind"], point["size"], point["seed"]).to(device)
    valid, seconds, start, paused = [], [], clock(), 0.0

    def look(model: nn.Module, _: object) -> None:
        nonlocal paused
        now = clock()
        seconds.append(now - start - paused)
        with torch.no_grad():
            valid.append(loss_of(model, held_out).item())
        paused += clock() - now

    history = fit_stream(
        model,
        stream(ids, point["seed"]),
        updates=point["updates"],
        every=EVERY,
        loss=loss_of,
        learning_rate=LEARNING_RATE,
        optimizer=partial(torch.optim.Adam, fused=True),
        clip=CLIP,
        callbacks=[look],
    )
    sizes = weights_inside(model), sum(p.numel() for p in model.parameters())
    found = {"train": history.train_loss, "valid": valid, "seconds": seconds}
    return found | dict(zip(("inside", "weights"), sizes, strict=True))


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """点と、測った回ごとに一行。characters は、学習に使える文章の文字数です。"""
    available, rows = len(texts()[1]), []
    for point, result in results:
        for n in range(len(result["valid"])):
            row = {key: point[key] for key in ("kind", "size", "data", "seed")}
            row |= {"characters": int(available * point["data"])}
            row |= {key: result[key] for key in ("inside", "weights")}
            row |= {"update": EVERY * (n + 1)}
            row |= {key: result[key][n] for key in ("train", "valid", "seconds")}
            rows.append(row)
    return pd.DataFrame(rows)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"limits_scale": text}


def compare(
    results: list[tuple[Point, dict]], stored: str = "limits_scale"
) -> pd.DataFrame:
    """測り直した検証の損失が、保存済みの平均 ± 3 標準偏差（と 0.05）に入るかの表。"""
    keys = ["kind", "size", "data", "update"]
    then = data.load(stored).groupby(keys)["valid"]
    rows = []
    for row in table(results).to_dict("records"):
        values = then.get_group(tuple(row[key] for key in keys))
        named = {"モデル": row["kind"], "大きさ": row["size"], "更新": row["update"]}
        rows.append(named | beside_stored(row["valid"], values, slack=0.05))
    return pd.DataFrame(rows)


def at_seconds(
    table: pd.DataFrame, budgets: tuple[float, ...] = BUDGETS
) -> pd.DataFrame:
    """すべての文章で学習した点の、CPU 時間 budgets のときの検証の損失（種ごとに一行）。

    前後の測った値のあいだを直線でつなぎます。どちらかがない時間は nan です。

    例:
        >>> looks = {"seconds": [8.0, 12.0], "valid": [5.0, 4.0]}
        >>> same = {"kind": "lstm", "size": "small", "data": 1.0, "seed": 0}
        >>> at_seconds(pd.DataFrame(same | looks), budgets=(10, 20))[[10, 20]].values.tolist()
        [[4.5, nan]]
    """
    rows, keys = [], ["kind", "size", "seed"]
    for which, looks in table[table["data"] == 1].groupby(keys, sort=False):
        found = np.interp(
            budgets, looks["seconds"], looks["valid"], left=np.nan, right=np.nan
        )
        named = dict(zip(keys, which, strict=True))
        rows.append(named | dict(zip(budgets, found.tolist(), strict=True)))
    return pd.DataFrame(rows)


def point_of(kind: str, size: str, part: float, seed: int) -> Point:
    """格子の一点。文章の一部で学習する点は SHORT 回の更新です。"""
    updates = UPDATES[kind][size] if part == 1 else SHORT
    return dict(kind=kind, size=size, data=part, seed=seed, updates=updates)


EXPERIMENT = Experiment(
    name="limits_scale",
    title="文字の言語モデル: LSTM と Transformer の、大きさと文章の量ごとの検証の損失",
    points=tuple(
        point_of(kind, size, part, seed)
        for seed in SEEDS
        for kind, sizes in SIZES.items()
        for size in sizes
        for part in PARTS
        if part == 1 or size == "middle"
    ),
    quick=(point_of("lstm", "small", 1.0, 100) | {"updates": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
