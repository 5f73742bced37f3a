"""応力の予測を信じてよいか: 90 % 区間の被覆率と、学習の範囲の印の検出の割合（第 12 章）。

被覆率（kind = "coverage"）: 一つの試料を一つの応力でだけ、11 バーストずつ測り、窓の特徴のリッジで当てます。
400 試料から、size 個を学習（8 バースト）、80 個を校正、残りを新しい試料の試験とし、種ごとに DRAWS 回
引き直して学習し直します。3 バーストの予測の平均を、一つの答えとします。

    split = "honest"   校正は、新しい 80 試料
    split = "random"   校正は、学習の試料の、学習に使わなかった 3 バースト

coverage は新しい試料での被覆率、mae は新しい試料での、mae_own は学習の試料の残りのバーストでの平均絶対
誤差（MPa）です。

印（kind = 変えたもの）: 60 試料を七つの応力で 3 バーストずつ測り、窓の特徴のリッジに印を付けます。しきい値は、
検証の 80 試料で「外」が 3 % になる値です。新しい 42 試料の 1 バーストずつに、size だけ変えたものを混ぜ、
「外」の割合 marked と、平均絶対誤差 mae（MPa）を測ります。noise は、もとの雑音の標準偏差です。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.experiments.barkhausen import Scaled
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import stress_noise as s
from rnnbook.materials.trust import Trusted, group_quantile
from rnnbook.materials.waveforms import by_window

SEEDS = (1, 2, 3, 4, 5)
TRAIN, HELD, POOL, NEW = 60, 80, 400, 42
SIZES, LEARNT, DRAWS = (21, 84), 8, 40
NOISES = (0.1, 0.3)
COMPONENTS = 8
# 変えるものと、その大きさ。はじめの大きさは「変えない」
CHANGES = {
    "hum": (0.0, 0.2, 0.4, 0.8),  # 交流の混入。振幅（u の単位）
    "clip": (99.0, 3.0, 2.0, 1.0),  # 増幅器の飽和。頭打ちの電圧
    "hiss": (1.0, 1.5, 2.0, 4.0),  # 雑音の倍率
    "disorder": (1.0, 1.5, 2.0, 3.0),  # 別の材料。D の倍率
    "back": (1.0, 1.5, 2.0, 3.0),  # 別の反磁場。k（と c）の倍率
    "shift": (0.0, 0.1, 0.2, 0.4),  # 山の位置 H のずれ
    "gain": (1.0, 1.5, 2.0, 3.0),  # コイルの感度の倍率
}
PERIOD = 100  # 交流の周期（点）


def single(rng, n: int, repeats: int) -> tuple[np.ndarray, np.ndarray]:
    """一つの応力でだけ測った試料 n 個の、窓の特徴 (n, repeats, T, D) と応力 (n,)。"""
    levels = np.array(s.LEVELS)
    stress = levels[np.arange(n) % len(levels)]
    rows = np.repeat(np.arange(n), repeats)
    u = s.record(rng, s.make_specimens(rng, n).take(rows), stress[rows])
    x = by_window(u)
    return x.reshape(n, repeats, *x.shape[1:]), stress


def coverage(seed: int) -> list[dict]:
    rng = np.random.default_rng(seed)
    x, y = single(rng, POOL, LEARNT + 3)
    rows = []
    for size in SIZES:
        for _ in range(DRAWS):
            order = rng.permutation(POOL)
            train, held, test = np.split(order, [size, size + HELD])
            known = x[train, :LEARNT].reshape(-1, *x.shape[2:])
            model = Scaled().fit(known, np.repeat(y[train], LEARNT))
            told = model.predict(x[:, LEARNT:].reshape(-1, *x.shape[2:]))
            # 3 バーストの平均
            error = np.abs(told.reshape(POOL, 3).mean(axis=1) - y)
            for split, part in (("honest", held), ("random", train)):
                radius = group_quantile(error[part], 0.9)
                row = {"kind": "coverage", "split": split, "noise": s.NOISE}
                row |= {"size": float(size), "radius": radius}
                row["coverage"] = float((error[test] <= radius).mean())
                row |= {"mae": float(error[test].mean())}
                rows.append(row | {"mae_own": float(error[train].mean())})
    return rows


def changed(rng, kind: str, size: float, noise: float):
    """新しい NEW 試料の 1 バーストずつに、kind を size だけ変えたもの。窓の特徴と応力。"""
    stress = np.resize(np.array(s.LEVELS), NEW)
    made = s.make_specimens(rng, NEW)
    k = 1.0
    if kind == "disorder":
        made = made._replace(D=made.D * size)
    if kind == "gain":
        made = made._replace(G=made.G * size)
    if kind == "shift":
        made = made._replace(H=made.H + size)
    if kind == "back":
        made, k = made._replace(C=made.C * size), size  # 平均 c/k は変えません
    u = s.record(rng, made, stress, noise * (size if kind == "hiss" else 1.0), k)
    if kind == "hum":
        phase = 2 * np.pi * rng.random((NEW, 1))
        u = u + size * np.sin(2 * np.pi * np.arange(s.T) / PERIOD + phase)
    if kind == "clip":
        u = np.minimum(u, size)
    return by_window(u), stress


def marks(seed: int, noise: float) -> list[dict]:
    rng = np.random.default_rng([seed, int(100 * noise)])
    levels = np.array(s.LEVELS)

    def record(n, repeats):
        bursts = s.record_all(rng, s.make_specimens(rng, n), repeats, by_window, noise)
        x = bursts.u
        return x.reshape(-1, *x.shape[3:]), np.tile(np.repeat(levels, repeats), n)

    x, y = record(TRAIN, 3)
    held, truth = record(HELD, 1)
    model = Scaled().fit(x, y)

    def flat(x):
        return (x.reshape(len(x), -1) - model.mean) / model.std

    trusted = Trusted(lambda Z: model.ridge.predict(Z), COMPONENTS).fit(flat(x), y)
    trusted.calibrate(flat(held), truth, np.repeat(np.arange(HELD), len(levels)))
    rows = []
    for kind, sizes in CHANGES.items():
        for size in sizes:
            new, stress = changed(rng, kind, size, noise)
            told = trusted.predict(flat(new))
            row = {"kind": kind, "split": "honest", "noise": noise, "size": size}
            row["marked"] = float((told["mark"] == "外").mean())
            row["mae"] = float(np.abs(told["value"] - stress).mean())
            rows.append(row)
    return rows


def train(point: Point) -> dict:
    """一つの種の、被覆率または印。"""
    if point["what"] == "coverage":
        return {"rows": coverage(point["seed"])}
    return {"rows": marks(point["seed"], float(point["what"]))}


EMPTY = ("coverage", "radius", "marked", "mae_own")


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    rows = [
        {"seed": p["seed"]} | row for p, result in results for row in result["rows"]
    ]
    columns = ["seed", "kind", "split", "noise", "size", "mae", *EMPTY]
    text = pd.DataFrame(rows, columns=columns).to_csv(
        index=False, float_format="%.4f", lineterminator="\n"
    )
    return {"barkhausen_trust": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した「外」の割合が、保存済みの平均 ± 3 標準偏差（と 0.1）に入るかの表。"""
    stored = data.load("barkhausen_trust").groupby(["kind", "noise", "size"])["marked"]
    rows = []
    for _, result in results:
        for row in result["rows"]:
            keys = (row["kind"], row["noise"], row["size"])
            names = {"変えたもの": row["kind"], "大きさ": row["size"]}
            values = stored.get_group(keys)
            rows.append(names | beside_stored(row["marked"], values, slack=0.1))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="barkhausen_trust",
    title="応力の予測の区間の被覆率と、学習の範囲の印（第 12 章）",
    points=tuple(
        {"seed": seed, "what": what}
        for seed in SEEDS
        for what in ("coverage", *(str(noise) for noise in NOISES))
    ),
    # 保存した種とは別の種で
    quick=({"seed": 100, "what": "0.1"},),
    train=train,
    tables=tables,
    compare=compare,
    empty=EMPTY,
)
