"""スピノーダル分解の先を予測する、三つの調べ方。実験 spinodal が呼びます（第 13 章）。

計算は一度だけ行い、種は、その分け方と、重みの初期値を替えます。どの調べ方も、種ごとの値の行を返します。
一度した計算と学習は、同じプロセスの中では使い回します。
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from rnnbook.materials import splits
from rnnbook.materials.coarsening import CubeLaw
from rnnbook.materials.spinodal import length
from rnnbook.materials.spinodal_runs import Runs, make_runs, windows
from rnnbook.materials.trust import group_quantile
from rnnbook.models.rolled import NearestRun, Ridge, Still
from rnnbook.models.steppers import OneFrame, Remember
from rnnbook.training.forecaster import Forecaster
from rnnbook.training.metrics import rmse
from rnnbook.training.rollout_seeds import fit_together

Point = dict
SEEN, K, LAG = 20, 8, 6
SEEDS = tuple(range(5))
SIZES = {"train": 120, "held": 80, "test": 60}  # 折れ線の計算を、種ごとに分けます
OTHER = 40  # ほかの温度、組成、ゆらぎの計算
WINDOW_RUNS, WIDTH, READ = 50, 20, 10
SHARES = (0.6, 0.2, 0.2)  # windows の学習、校正、試験
UPDATES, RATE = 600, 0.01
NETWORKS = {
    "mlp": lambda K: OneFrame(K, 64),
    "mlp5": lambda K: OneFrame(K, 64, lags=5),
    "mlp15": lambda K: OneFrame(K, 64, lags=15),
    "rnn": lambda K: Remember(K, 32, "rnn"),
    "gru": lambda K: Remember(K, 32, "gru"),
    "lstm": lambda K: Remember(K, 32, "lstm"),
    "encdec": lambda K: Remember(K, 32, "gru", decoder=True),
}


def build(name: str, K: int, seen: int, seed: int):
    """名前から、まだ学習していないモデル。_forced は教師強制、_blind は温度を見ないものです。"""
    network, _, how = name.partition("_")
    temperature = how != "blind"
    if network in NETWORKS:
        return Forecaster(
            lambda: NETWORKS[network](K),
            K,
            seen,
            temperature=temperature,
            seed=seed,
            updates=UPDATES,
            learning_rate=RATE,
            loss="forced" if how == "forced" else "rollout",
        )
    p = min(10, seen)
    return {
        "still": Still,
        "nearest": lambda: NearestRun(K, seen),
        "cube": lambda: CubeLaw(seen),
        "ridge": lambda: Ridge(K, p, temperature=temperature),
        "quadratic": lambda: Ridge(K, degree=2),
    }[network]()


@cache
def pool(kind: str) -> Runs:
    """一度だけ行う計算。折れ線（programme）は、学習と校正と試験と、窓のぶんです。"""
    kinds = ("programme", "step", "constant", "hot", "uneven", "rough")
    n = sum(SIZES.values()) + WINDOW_RUNS if kind == "programme" else OTHER
    return make_runs(kind, n, np.random.default_rng([13, kinds.index(kind)]))


@cache
def runs(seed: int, kind: str) -> Runs:
    """種 seed の学習（train）、校正（held）、試験（test）、窓（windows）の計算か、ほかの温度の計算。"""
    sizes = SIZES | {"windows": WINDOW_RUNS}
    if kind not in sizes:
        return pool(kind)
    order = np.random.default_rng(seed).permutation(sum(sizes.values()))
    ends = np.cumsum(list(sizes.values()))[:-1]
    rows = dict(zip(sizes, np.split(order, ends), strict=True))[kind]
    return Runs(*(part[rows] for part in pool("programme")))


def learn(models: Sequence, data: Sequence[Runs]) -> Sequence:
    """種ごとのモデルを学習します。ネットワークは、いちどに学習します。"""
    if isinstance(models[0], Forecaster):
        fit_together(models, [d.C for d in data], [d.T for d in data])
        return models
    return [m.fit(d.C, d.T) for m, d in zip(models, data, strict=True)]


@cache
def fitted(model: str) -> Sequence:
    data = [runs(seed, "train") for seed in SEEDS]
    return learn([build(model, K, SEEN, seed) for seed in SEEDS], data)


def row(seed: int, test: str, measure: str, value: float) -> dict:
    return {"seed": seed, "test": test, "measure": measure, "value": float(value)}


def each_seed(study: Callable) -> Callable[[Point], list[dict]]:
    """study(学習したモデル, 種) を、種ごとに呼びます。"""

    def every(point: Point) -> list[dict]:
        models = [None] * len(SEEDS)
        if point["model"] != "middle":
            models = fitted(point["model"])
        rows = [study(m, seed) for m, seed in zip(models, SEEDS, strict=True)]
        return [row for some in rows for row in some]

    return every


def forecast(model, seed: int) -> list[dict]:
    def ends(some: Runs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        told = model.forecast(some.C[:, :SEEN], some.T)
        return told, length(told[:, -1]), length(some.C[:, -1])

    _, told, truth = ends(runs(seed, "held"))
    radius = group_quantile(np.abs(told - truth), 0.9)
    rows = []
    for test in ("test", "step", "constant"):
        some = runs(seed, test)
        every, told, truth = ends(some)
        rows += [
            row(seed, test, "rmse", 1000 * rmse(some.C[:, SEEN:], every)),
            row(seed, test, "length", rmse(truth, told)),
            row(seed, test, "coverage", (np.abs(told - truth) <= radius).mean()),
            row(seed, test, "radius", radius),
        ]
    return rows


def one(point: Point) -> list[dict]:
    pick = slice(LAG, LAG + 1)

    def narrow(some: Runs) -> Runs:
        return Runs(some.T, some.C[..., pick])

    data = [narrow(runs(seed, "train")) for seed in SEEDS]
    models = learn([build(point["model"], 1, SEEN, seed) for seed in SEEDS], data)
    rows = []
    for model, seed in zip(models, SEEDS, strict=True):
        for test in ("test", "step", "constant"):
            T, C = narrow(runs(seed, test))
            told = model.forecast(C[:, :SEEN], T)
            rows.append(row(seed, test, "rmse", 1000 * rmse(C[:, SEEN:], told)))
    return rows


def window(point: Point) -> list[dict]:
    cuts, groups, parts = [], [], []
    for seed in SEEDS:
        some = Runs(*(part[: point["size"]] for part in runs(seed, "windows")))
        cut, run = windows(some, WIDTH, stride=1)
        rng = np.random.default_rng(seed)
        if point["split"] == "run":
            train, held, test = splits.by_group(run, SHARES, rng)
            splits.require_apart(run, train, held, test)
        else:
            train, held, test = splits.at_random(len(run), SHARES, rng)
            run = np.arange(len(run))  # 窓の一つずつを、別の試料とみなします
        cuts.append(cut)
        groups.append(run[held])
        parts.append((train, held, test))
    data = [Runs(c.T[p[0]], c.C[p[0]]) for c, p in zip(cuts, parts, strict=True)]
    models = learn([build(point["model"], K, READ, seed) for seed in SEEDS], data)
    rows = []
    for k, (model, seed) in enumerate(zip(models, SEEDS, strict=True)):
        new, _ = windows(runs(seed, "test"), WIDTH, stride=5)
        tests = {"new": (new.T, new.C)}
        for name, part in zip(("held", "test"), parts[k][1:], strict=True):
            tests[name] = cuts[k].T[part], cuts[k].C[part]
        off = {}
        for name, (T, C) in tests.items():
            gap = model.forecast(C[:, :READ], T) - C[:, READ:]
            off[name] = np.sqrt((gap[:, -1] ** 2).mean(axis=1))  # 終わりの一枚
            if name != "held":
                value = 1000 * np.sqrt((gap**2).mean())
                rows.append(row(seed, name, "rmse", value))
        # 計算が 9 回より少ない校正からは、90 % の区間は決まりません
        if len(np.unique(groups[k])) >= 9:
            radius = group_quantile(off["held"], 0.9, groups[k])
            for name in ("test", "new"):
                inside = (off[name] <= radius).mean()
                rows.append(row(seed, name, "coverage", inside))
    return rows
