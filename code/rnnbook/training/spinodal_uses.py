"""学習した予測の二つの使い道: 信じてよいかの印と、保持温度を選ぶこと。実験 spinodal が呼びます（第 13 章）。"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnbook.materials import spinodal
from rnnbook.materials.spinodal import COLD, FRAMES, HOT, length
from rnnbook.materials.spinodal_runs import Runs
from rnnbook.materials.trust import OUTSIDE, Trusted
from rnnbook.training.metrics import rmse
from rnnbook.training.spinodal_studies import SEEN, K, row, runs

FIRST, GRID, TARGETS = 0.7, 31, 20  # choose: はじめの温度、保持温度の候補と、目標の数


def trusted(model, seed: int) -> Trusted:
    """20 枚の統計と温度の道筋から、最後の太さを、区間と印を付けて答えるもの。"""
    made = {kind: packed(model, runs(seed, kind)) for kind in ("train", "held")}
    ends = {kind: length(runs(seed, kind).C[:, -1]) for kind in made}

    def told(X: np.ndarray) -> np.ndarray:
        z, T = X[:, : SEEN * K].reshape(-1, SEEN, K), 0.75 + 0.1 * X[:, SEEN * K :]
        return length(model.forecast(model.pca.back(z), T)[:, -1])

    mine = Trusted(told, components=12).fit(made["train"], ends["train"])
    return mine.calibrate(made["held"], ends["held"])


def packed(model, some: Runs) -> np.ndarray:
    """見た 20 枚の得点と、標準化した温度を、一行に並べます。(N, SEEN K + F)"""
    z = model.pca.scores(some.C[:, :SEEN]).reshape(len(some.C), -1)
    return np.hstack([z, (some.T - 0.75) / 0.1])


def marks(model, seed: int) -> list[dict]:
    mine, rows = trusted(model, seed), []
    for test in ("test", "step", "constant", "hot", "uneven", "rough"):
        some = runs(seed, test)
        told = mine.predict(packed(model, some))
        truth = length(some.C[:, -1])
        inside = (told["low"] <= truth) & (truth <= told["high"])
        rows += [
            row(seed, test, "outside", (told["mark"] == OUTSIDE).mean()),
            row(seed, test, "coverage", inside.mean()),
            row(seed, test, "length", rmse(truth, told["value"].to_numpy())),
        ]
    return rows


@cache
def starts(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """FIRST で 20 枚進めた組織、その統計、かくした保持温度で着いた太さ。"""
    rng = np.random.default_rng([seed, 99])
    c, seen = spinodal.initial(rng.integers(100, 2**32, TARGETS).tolist()), []
    for _ in range(SEEN):
        c = spinodal.advance(c, FIRST)
        seen.append(spinodal.autocovariance(c))
    return c, np.stack(seen, axis=1), hold(c, rng.uniform(COLD, HOT, TARGETS))


def hold(c: np.ndarray, T: np.ndarray) -> np.ndarray:
    """温度 T (N,) のまま、終わりまで進めた太さ（画素）。"""
    c = spinodal.advance(c, T, (FRAMES - SEEN) * spinodal.STEPS)
    return length(spinodal.autocovariance(c))


def choose(model, seed: int) -> list[dict]:
    c, seen, target = starts(seed)
    if model is None:
        picked = np.full(TARGETS, 0.75)
    else:
        grid, told = np.linspace(COLD, HOT, GRID), []
        for T in grid:
            path = np.where(np.arange(FRAMES) < SEEN, FIRST, T)
            every = model.forecast(seen, np.tile(path, (TARGETS, 1)))
            told.append(length(every[:, -1]))
        picked = grid[np.abs(np.array(told) - target).argmin(axis=0)]
    return [row(seed, "hold", "length", rmse(target, hold(c, picked)))]
