"""何を手放すか: 同じ骨組み、同じ予算で、時刻を混ぜる所だけを替えて三つの問題を解く（第 16 章）。

どの点も、二段の Mixed（E = 32）、B = 16、Adam、学習率は RATE から 0 まで余弦で下げ、勾配のノルムは 1 で
クリップします。毎回新しい系列で UPDATES 回更新し、途中で止めません。学習の長さは TASKS の T だけで、
学習のあと、T の 1, 2, 4, 8 倍の長さの新しい系列 HELD_OUT 本で正解率を測ります。

- parity（偶奇）: 全時刻の答えで学習し、終わりの時刻の正解率を測る。
- selective（選んで写す）: 終わりの K 時刻で学習し、測る。
- order（順序、第 3 章）: 終わりの時刻で学習し、測る。

解けたとは、正解率 0.99 以上のことです。まず種 FIRST 個で測り、T で一部だけが解けた点は ALL 個まで増やします。
解けなかったことは、そのモデルにできないことではありません。
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from rnnbook import data
from rnnbook.arguments import require_choice
from rnnbook.lab.engine import Experiment, Point
from rnnbook.models.mixers import MIXERS, Mixed
from rnnbook.tasks import order, parity, selective_copy
from rnnbook.training.loop import Diverged
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread

TASKS = {
    "parity": (parity, 16),
    "selective": (selective_copy, 20),
    "order": (order, 20),
}
MODELS = tuple(MIXERS)
TIMES = (1, 2, 4, 8)  # 学習の長さの何倍で測るか
FIRST, ALL = 5, 40
E, LAYERS, B, RATE, CLIP = 32, 2, 16, 0.005, 1.0
UPDATES, EVERY, HELD_OUT = 800, 100, 500


def new_batch(task: str, rng: np.random.Generator, B: int, T: int):
    """入力 x (B, 長さ, D) と、終わりの時刻から数えた答え y (B, 答える時刻の数)。

    例:
        >>> x, y = new_batch("order", np.random.default_rng(0), 4, 20)
        >>> tuple(x.shape), tuple(y.shape)
        ((4, 20, 8), (4, 1))
    """
    module, _ = TASKS[require_choice("task", task, TASKS)]
    x, y = module.batch(rng, B, T)
    y = torch.from_numpy(y)
    return torch.from_numpy(x).float(), y[:, None] if y.dim() == 1 else y


def accuracy(model: nn.Module, task: str, seed: int, T: int) -> float:
    """学習に使わない長さ T の系列での正解率。偶奇は、終わりの時刻だけで測ります。"""
    x, y = new_batch(task, np.random.default_rng([seed, T, 1]), HELD_OUT, T)
    y = y[:, -1:] if task == "parity" else y
    with torch.no_grad():
        told = model(x)[:, -y.shape[1] :].argmax(-1)
    return float((told == y).double().mean())


def learn(task: str, model: str, seed: int, updates: int = UPDATES) -> tuple:
    """学習したモデルと、EVERY 回ごとの T での正解率。"""
    module, T = TASKS[require_choice("task", task, TASKS)]
    seed_everything(seed)
    net = Mixed(model, D=module.D, O=module.O, E=E, layers=LAYERS)
    curve = []
    for update in updating(net, task, seed, RATE, updates):
        if update % EVERY == 0:
            curve.append(accuracy(net, task, seed, T))
    return net, curve


def updating(
    net: nn.Module, task: str, seed: int, rate: float, updates: int
) -> Iterator[int]:
    """net を、学習率 rate から 0 まで余弦で下げながら、updates 回更新します。更新のたびに、その番号を出します。"""
    rng = np.random.default_rng([seed, TASKS[task][1], 0])
    optimizer = torch.optim.Adam(net.parameters(), lr=rate)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, updates)
    for update in range(1, updates + 1):
        x, y = new_batch(task, rng, B, TASKS[task][1])
        loss = loss_of(net(x)[:, -y.shape[1] :], y)
        if not math.isfinite(loss.item()):
            raise Diverged(f"{update} 回目の更新で、損失が有限でなくなりました。")
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), CLIP)
        optimizer.step()
        slower.step()
        yield update


def loss_of(y_hat: Tensor, y: Tensor) -> Tensor:
    """答える時刻で平均した交差エントロピー。ŷ (B, 時刻, O) と y (B, 時刻)。"""
    return nn.functional.cross_entropy(y_hat.flatten(0, 1), y.flatten())


def train(point: Point) -> dict:
    """一つの種の、長さごとの正解率と、学習の途中の正解率。"""
    task, model, seed = (point[key] for key in ("task", "model", "seed"))
    with one_thread():
        net, curve = learn(task, model, seed)
        T = TASKS[task][1]
        found = [accuracy(net, task, seed, times * T) for times in TIMES]
    return {"accuracy": found, "curve": curve}


def more(results: list[tuple[Point, dict]]) -> tuple[Point, ...]:
    """学習の長さで、一部の種だけが解けた点の、残りの種（ALL 個まで）。

    例:
        >>> some = [({"task": "order", "model": "gru", "seed": s},
        ...          {"accuracy": [float(s > 0)]}) for s in range(FIRST)]
        >>> len(more(some))
        35
    """
    solved: dict[tuple, list[bool]] = {}
    for point, result in results:
        where = point["task"], point["model"]
        solved.setdefault(where, []).append(result["accuracy"][0] >= 0.99)
    return tuple(
        {"task": task, "model": model, "seed": seed}
        for (task, model), each in solved.items()
        if 0 < sum(each) < len(each)
        for seed in range(FIRST, ALL)
    )


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """beyond_grid は長さごとの正解率、beyond_grid_curve は学習の途中の正解率。"""
    results = sorted(results, key=_place)
    rows, curves = [], []
    for point, result in results:
        T = TASKS[point["task"]][1]
        where = {key: point[key] for key in ("task", "model")}
        for times, value in zip(TIMES, result["accuracy"], strict=True):
            rows.append(
                where
                | {"T": T, "length": times * T, "seed": point["seed"]}
                | {"accuracy": f"{value:.4g}", "solved": int(value >= 0.99)}
            )
        for n, value in enumerate(result["curve"], 1):
            at = {"seed": point["seed"], "update": n * EVERY}
            curves.append(where | at | {"accuracy": f"{value:.4g}"})
    return {
        name: pd.DataFrame(found).to_csv(index=False, lineterminator="\n")
        for name, found in (("beyond_grid", rows), ("beyond_grid_curve", curves))
    }


def _place(pair: tuple[Point, dict]) -> tuple[int, int, int]:
    task, model, seed = (pair[0][key] for key in ("task", "model", "seed"))
    return list(TASKS).index(task), MODELS.index(model), seed


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した T での正解率が、保存済みの種の最小と最大（と 0.03）の間に入るかの表。"""
    stored, rows = data.load("beyond_grid"), []
    for point, result in results:
        task, model = point["task"], point["model"]
        same = stored.query("task == @task and model == @model and length == T")
        low, high, now = same.accuracy.min(), same.accuracy.max(), result["accuracy"][0]
        row = {"問題": task, "モデル": model, "種": point["seed"], "測り直し": now}
        row |= {"最小": low, "最大": high}
        rows.append(row | {"一致": bool(low - 0.03 <= now <= high + 0.03)})
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="beyond_grid",
    title="何を手放すか: 八つのモデルの偶奇、選んで写す、順序と、学習より長い系列",
    points=tuple(
        {"task": task, "model": model, "seed": seed}
        for seed in range(FIRST)
        for task in TASKS
        for model in MODELS
    ),
    # 保存した種とは別の種です
    quick=({"task": "parity", "model": "signed", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
    more=more,
)
