"""予算と初期値を替える: beyond_grid で解けなかった点を、条件を替えて学習し直す（第 16 章）。

骨組み、問題、系列の数、測り方は beyond_grid と同じで、POINTS に並べたものだけを替えます。

- RNN の順序と選んで写す: 再帰の重みを単位行列から始め、はじめの学習率を SLOW にする（種 5 個）。
- minGRU の偶奇、Transformer と線形状態空間の選んで写す: 更新の回数を 4 倍にする（種 3 個）。

どの種も、beyond_grid の同じ種と、同じ初期値（単位行列のほかは）、同じ順の系列から始めます。
"""

from __future__ import annotations

import pandas as pd
from torch import nn

from rnnbook import data
from rnnbook.arguments import require_choice
from rnnbook.experiments.beyond_grid import (
    LAYERS,
    RATE,
    TASKS,
    TIMES,
    UPDATES,
    E,
    accuracy,
    updating,
)
from rnnbook.lab.engine import Experiment, Point
from rnnbook.models.mixers import Mixed
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread

SLOW, LONG = 0.001, 4 * UPDATES
STARTS = ("default", "identity")
CHANGES = (  # 問題、モデル、再帰の重みの初期値、はじめの学習率、更新の回数
    ("order", "rnn", "identity", SLOW, UPDATES),
    ("selective", "rnn", "identity", SLOW, UPDATES),
    ("parity", "mingru", "default", RATE, LONG),
    ("selective", "transformer", "default", RATE, LONG),
    ("selective", "linear_state", "default", RATE, LONG),
)
SEEDS = {UPDATES: range(5), LONG: range(3)}  # 更新の回数 → 種
KEYS = ("task", "model", "start", "rate", "updates")


def begin(task: str, model: str, start: str, seed: int) -> Mixed:
    """種 seed の、学習する前のモデル。identity では、RNN の W_hh を単位行列にします。

    例:
        >>> import torch
        >>> net = begin("order", "rnn", "identity", 0)
        >>> bool((net.blocks[1].mixer.layer.weight_hh_l0 == torch.eye(E)).all())
        True
    """
    require_choice("start", start, STARTS)
    module, _ = TASKS[require_choice("task", task, TASKS)]
    seed_everything(seed)
    net = Mixed(model, D=module.D, O=module.O, E=E, layers=LAYERS)
    if start == "identity":
        for block in net.blocks:
            nn.init.eye_(block.mixer.layer.weight_hh_l0)
    return net


def learn(net: Mixed, task: str, seed: int, rate: float, updates: int) -> None:
    """net を、学習率 rate から、updates 回学習します。手順は beyond_grid と同じです。"""
    for _ in updating(net, task, seed, rate, updates):
        pass


def train(point: Point) -> dict:
    """一つの種の、学習の長さの 1、2、4、8 倍の長さでの正解率。"""
    task, model, start, rate, updates = (point[key] for key in KEYS)
    seed, T = point["seed"], TASKS[task][1]
    with one_thread():
        net = begin(task, model, start, seed)
        learn(net, task, seed, rate, updates)
        return {"accuracy": [accuracy(net, task, seed, n * T) for n in TIMES]}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。列は beyond_grid の列に、替えた条件を足したものです。"""
    order = [dict(zip(KEYS, change, strict=True)) for change in CHANGES]
    rows = []
    for point, result in sorted(
        results, key=lambda r: (order.index({k: r[0][k] for k in KEYS}), r[0]["seed"])
    ):
        T = TASKS[point["task"]][1]
        rows += [
            {key: point[key] for key in KEYS}
            | {"T": T, "length": times * T, "seed": point["seed"]}
            | {"accuracy": f"{value:.4g}", "solved": int(value >= 0.99)}
            for times, value in zip(TIMES, result["accuracy"], strict=True)
        ]
    table = pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")
    return {"beyond_more": table}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した T での正解率が、保存済みの種の最小と最大（と 0.1）の間に入るかの表。"""
    stored, rows = data.load("beyond_more"), []
    for point, result in results:
        same = stored[stored["length"] == stored["T"]]
        for key in KEYS:
            same = same[same[key] == point[key]]
        low, high, now = same.accuracy.min(), same.accuracy.max(), result["accuracy"][0]
        row = {"問題": point["task"], "モデル": point["model"], "種": point["seed"]}
        row |= {"測り直し": now, "最小": low, "最大": high}
        rows.append(row | {"一致": bool(low - 0.1 <= now <= high + 0.1)})
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="beyond_more",
    title="予算と初期値を替える: 解けなかった RNN、minGRU、線形状態空間、Transformer",
    points=tuple(
        dict(zip(KEYS, change, strict=True)) | {"seed": seed}
        for change in CHANGES
        for seed in SEEDS[change[-1]]
    ),
    # 保存した種とは別の種です
    quick=(dict(zip(KEYS, CHANGES[0], strict=True)) | {"seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
