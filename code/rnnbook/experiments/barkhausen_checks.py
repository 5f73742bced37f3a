"""応力の予測の結論を、条件を替えて確かめます（第 12 章）。どの行も、初めての試料での平均絶対誤差 mae（MPa）です。

    check = "averaged"  3 バーストの**特徴**を平均して学習し、8 バーストの特徴の平均を読ませる（モデル case）
    check = "filtered"  帯域フィルタを掛けた波形の窓の特徴で、barkhausen と同じに測る（モデル case）
    check = "all"       どの試料も七つの応力で測り、size 個の試料で学習。own は学習の試料の残りでの誤差
    check = "single"    一つの試料は一つの応力で測り、ほかは all と同じ。窓のリッジ、3 バーストの平均、DRAWS 回の平均
    check = "mark"      山を size だけずらした波形の「外」の割合 marked。case は、写像の中で応力が山を動かすか

filtered は、一つずつのバーストで学習し、bursts 個の答えを平均します。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.experiments.barkhausen import FEW, TESTED, ZERO, Scaled, new_model
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import stress_noise as s
from rnnbook.materials.preprocessing import band_pass
from rnnbook.materials.trust import Trusted
from rnnbook.materials.waveforms import by_window, classical, rms

SEEDS = (1, 2, 3, 4, 5)
PARTS = ("measured", "mark")
TRAIN, NEW, HELD = 60, 42, 80
SIZES, LEARNT, DRAWS = (7, 21, 63), 8, 8
SHIFTS = (0.0, 0.1, 0.2, 0.4)
BAND = (2.5, 40.0)  # Hz。1 秒に 100 点とみなします
LEVELS = np.array(s.LEVELS)


def every(u: np.ndarray) -> np.ndarray:
    """ln RMS、古典的な特徴、窓の特徴、帯域フィルタのあとの窓の特徴を、一列に (B, 264)。"""
    passed = band_pass(u, rate=100, low=BAND[0], high=BAND[1], causal=True)
    windows = [by_window(v).reshape(len(u), -1) for v in (u, passed)]
    return np.column_stack([np.log(rms(u)), classical(u), *windows])


CUTS = {"rms": slice(0, 1), "classical": slice(1, 8), "window": slice(8, 136)}
PASSED = slice(136, None)


def measure(seed: int) -> np.ndarray:
    """試料 TRAIN + NEW 個、七つの応力、11 バーストの特徴 (S, 7, 11, 264)。"""
    made = s.make_specimens(rng := np.random.default_rng(seed), TRAIN + NEW)
    return s.record_all(rng, made, FEW + TESTED, every).u


def calibrated(F: np.ndarray, zero: int) -> tuple[np.ndarray, np.ndarray]:
    """0 MPa の 8 バーストの平均を引き、0 MPa を除いた特徴と、応力。引かないときは、そのまま。"""
    if not zero:
        return F, LEVELS
    F = F - F[:, ZERO : ZERO + 1, FEW:].mean(axis=2, keepdims=True)
    return np.delete(F, ZERO, axis=1), np.delete(LEVELS, ZERO)


def error(model, x: np.ndarray, stress: np.ndarray, bursts: int) -> float:
    """x (S, L, R, …) の、bursts 個ずつの答えの平均の誤差。0 MPa は数えません。"""
    told = model.predict(x.reshape(-1, *x.shape[3:])).reshape(x.shape[:3])
    mean = told.reshape(*told.shape[:2], -1, bursts).mean(axis=3)
    return float(np.abs(mean - stress[:, None])[:, stress != 0].mean())


def fitted(model, x: np.ndarray, stress: np.ndarray):
    """x (S, L, R, …) のすべての行で学習します。"""
    y = np.broadcast_to(stress[:, None], x.shape[:3])
    return model.fit(x.reshape(-1, *x.shape[3:]), y.ravel())


def averaged(F: np.ndarray) -> list[dict]:
    rows = []
    for case, cut in CUTS.items():
        for zero in (0, 1):
            G, stress = calibrated(F[..., cut], zero)
            few = G[:TRAIN, :, :FEW].mean(axis=2, keepdims=True)
            many = G[TRAIN:, :, FEW:].mean(axis=2, keepdims=True)
            mae = error(fitted(Scaled(), few, stress), many, stress, 1)
            row = {"check": "averaged", "case": case, "calibrated": zero}
            rows.append(row | {"bursts": TESTED, "mae": mae})
    return rows


def filtered(F: np.ndarray, seed: int) -> list[dict]:
    F, rows = F[..., PASSED].reshape(*F.shape[:3], -1, 4), []
    for case in ("window", "gru"):
        for zero in (0, 1):
            G, stress = calibrated(F, zero)
            model = fitted(new_model(case, seed), G[:TRAIN, :, :FEW], stress)
            for n in (1, TESTED):
                mae = error(model, G[TRAIN:, :, FEW:], stress, n)
                row = {"check": "filtered", "case": case, "calibrated": zero}
                rows.append(row | {"bursts": n, "mae": mae})
    return rows


def designs(F: np.ndarray, rng: np.random.Generator) -> list[dict]:
    """二つの設計で、学習の試料の残りのバーストと、新しい試料の誤差。"""
    S, rows = len(F), []
    F = F[..., CUTS["window"]]
    one = F[np.arange(S), np.arange(S) % len(LEVELS)][:, None]
    for check, G in (("all", F), ("single", one)):
        for size in SIZES:
            found = []
            for _ in range(DRAWS):
                # 応力ごとに同じ数の試料を、学習に引きます
                order = rng.permutation(S // 7 * 7)
                groups = [order[order % 7 == k] for k in range(7)]
                train = np.concatenate([group[: size // 7] for group in groups])
                test = np.setdiff1d(np.arange(S), train)
                x = G[train][:, :, :LEARNT]
                levels = LEVELS if check == "all" else LEVELS[train % 7]
                y = np.broadcast_to(
                    levels[None, :, None] if check == "all" else levels[:, None, None],
                    x.shape[:3],
                )
                model = Scaled().fit(x.reshape(-1, x.shape[-1]), y.ravel())
                pair = []
                for who in (train, test):
                    z = G[who][:, :, LEARNT:]
                    told = model.predict(z.reshape(-1, z.shape[-1]))
                    told = told.reshape(z.shape[:3]).mean(axis=2)
                    truth = LEVELS[None] if check == "all" else LEVELS[who % 7][:, None]
                    pair.append(float(np.abs(told - truth).mean()))
                found.append(pair)
            own, mae = np.mean(found, axis=0)
            row = {"check": check, "case": "window", "size": float(size)}
            rows.append(row | {"calibrated": 0, "bursts": 3, "own": own, "mae": mae})
    return rows


def marks(seed: int, moves: bool) -> list[dict]:
    """応力が山を動かす写像（moves）と、動かさない写像での、山のずれの印。"""
    rng, was = np.random.default_rng(seed), s.PER_100["shift"]
    try:
        s.PER_100["shift"] = was if moves else 0.0

        def flat(n, repeats):
            made = s.make_specimens(rng, n)
            x = s.record_all(rng, made, repeats, by_window).u
            truth = np.tile(np.repeat(LEVELS, repeats), n)
            return x.reshape(len(truth), -1), truth

        x, y = flat(TRAIN, 3)
        mean, std = x.mean(axis=0), x.std(axis=0)
        model = Scaled().fit(x, y)
        trusted = Trusted(model.ridge.predict, 8).fit((x - mean) / std, y)
        held, truth = flat(HELD, 1)
        group = np.repeat(np.arange(HELD), len(LEVELS))
        trusted.calibrate((held - mean) / std, truth, group)
        rows = []
        for size in SHIFTS:
            made, stress = s.make_specimens(rng, NEW), np.resize(LEVELS, NEW)
            u = s.record(rng, made._replace(H=made.H + size), stress)
            told = trusted.predict((by_window(u).reshape(NEW, -1) - mean) / std)
            row = {"check": "mark", "case": "moves" if moves else "stays"}
            row |= {"size": size, "calibrated": 0, "bursts": 1}
            row["mae"] = float(np.abs(told["value"] - stress).mean())
            rows.append(row | {"marked": float((told["mark"] == "外").mean())})
        return rows
    finally:
        s.PER_100["shift"] = was


def train(point: Point) -> dict:
    """一つの種の、part の確かめ。"""
    seed = point["seed"]
    if point["part"] == "mark":
        return {"rows": marks(seed, True) + marks(seed, False)}
    F = measure(seed)
    rows = designs(F, np.random.default_rng(seed))
    return {"rows": averaged(F) + filtered(F, seed) + rows}


EMPTY = ("size", "own", "marked")
COLUMNS = [
    "seed",
    "check",
    "case",
    "size",
    "calibrated",
    "bursts",
    "mae",
    "own",
    "marked",
]


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    rows = [
        {"seed": p["seed"]} | row for p, result in results for row in result["rows"]
    ]
    text = pd.DataFrame(rows, columns=COLUMNS).to_csv(
        index=False, float_format="%.4f", lineterminator="\n"
    )
    return {"barkhausen_checks": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した誤差が、保存済みの平均 ± 3 標準偏差（と 6 MPa）に入るかの表。"""
    keys = ["check", "case", "calibrated", "bursts"]
    stored = data.load("barkhausen_checks").fillna({"size": 0.0})
    stored = stored.groupby([*keys, "size"])["mae"]
    rows = []
    for _, result in results:
        for row in result["rows"]:
            size = row.get("size", 0.0)
            values = stored.get_group((*(row[key] for key in keys), size))
            names = {"確かめ": row["check"], "場合": row["case"], "大きさ": size}
            names["校正"] = row["calibrated"]
            rows.append(names | beside_stored(row["mae"], values, slack=6.0))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="barkhausen_checks",
    title="応力の予測の結論を、条件を替えて確かめる（第 12 章）",
    points=tuple({"seed": seed, "part": part} for part in PARTS for seed in SEEDS),
    # 保存した種とは別の種で
    quick=({"seed": 100, "part": "mark"},),
    train=train,
    tables=tables,
    compare=compare,
    empty=EMPTY,
)
