"""バルクハウゼン雑音から応力を当てます: モデル × バーストの数 × 校正 × 分け方（第 12 章）。

    design = "all"      どの試料も、七つの応力で測ります（60 試料、応力ごとに 3 バーストで学習）
    design = "single"   一つの試料は、一つの応力でだけ測ります（60 試料、8 バーストで学習）

    split = "honest"    学習にない 42 試料のバースト
    split = "random"    学習の試料の、学習に使わなかったバースト（バーストを無作為に分けた試験）

calibrated = 1 では、どの特徴からも、その試料の 0 MPa の 8 バーストの平均を引きます（0 MPa では学習も試験も
しません）。all の試験は、校正のあるなしによらず、0 MPa のほかの六つの応力です。bursts は、予測を平均する
バーストの数です。window は窓の長さ（点）で、学習率は、種 0 の一度の試しで決めました。
"""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import stress_noise
from rnnbook.materials.waveforms import WINDOW, by_window, classical, rms
from rnnbook.models.baselines import Mean, Ridge
from rnnbook.training.wave_regressor import WaveRegressor

SEEDS = (1, 2, 3, 4, 5)
TRAIN, NEW = 60, 42  # 試料の数
FEW, TESTED = 3, 8  # all で学習と試験に使うバースト
BURSTS = (1, 2, 4, 8)
WINDOWS = (
    64,
    256,
    512,
)  # WINDOW のほかに測る窓。GRU は 256 だけ
PARTS = ("linear", "cnn", "gru", "bilstm")
RATES = {"cnn": 0.001, "gru": 0.003, "bilstm": 0.003}
UPDATES = 500
ZERO = stress_noise.LEVELS.index(0.0)


class Scaled:
    """標準化してから、リッジ回帰。"""

    def fit(self, x, y):
        X = x.reshape(len(x), -1)
        self.mean, self.std = X.mean(axis=0), X.std(axis=0) + 1e-12
        self.ridge = Ridge().fit((X - self.mean) / self.std, y)
        return self

    def predict(self, x):
        X = x.reshape(len(x), -1)
        return self.ridge.predict((X - self.mean) / self.std)


@functools.lru_cache(maxsize=1)
def measured(seed: int) -> dict[str, np.ndarray]:
    """試料 TRAIN + NEW 個、応力 7 段、11 バーストの特徴 (S, 7, 11, T, D)。"""
    rng = np.random.default_rng(seed)
    makers = {
        "rms": lambda u: np.log(rms(u))[:, None, None],
        "classical": lambda u: classical(u)[:, None],
    }
    makers |= {
        f"window{length}": functools.partial(by_window, length=length)
        for length in (WINDOW, *WINDOWS)
    }
    shapes = {}

    def every(u):
        made = {name: maker(u) for name, maker in makers.items()}
        shapes.update({name: f.shape[1:] for name, f in made.items()})
        return np.concatenate([f.reshape(len(u), -1) for f in made.values()], axis=1)

    specimens = stress_noise.make_specimens(rng, TRAIN + NEW)
    flat = stress_noise.record_all(rng, specimens, FEW + TESTED, every).u
    ends = np.cumsum([np.prod(shape) for shape in shapes.values()])
    return {
        name: part.reshape(*part.shape[:3], *shape).astype(np.float32)
        for (name, shape), part in zip(
            shapes.items(), np.split(flat, ends[:-1], axis=3), strict=True
        )
    }


def sets(F: np.ndarray, design: str, calibrated: int) -> dict:
    """学習 x, y と、分け方ごとの試験 x (S, L, R, T, D)、y (S, L)。"""
    stress = np.array(stress_noise.LEVELS)
    if calibrated:
        F = F - F[:, ZERO : ZERO + 1, FEW:].mean(axis=2, keepdims=True)
    if design == "single":
        at = np.arange(len(F)) % len(stress)
        F, y = F[np.arange(len(F)), at][:, None], stress[at][:, None]
        train, rest = slice(0, TESTED), slice(TESTED, None)
        new = F[TRAIN:, :, TESTED:]
        learn, tested = F, np.ones(1, bool)
    else:
        y = np.broadcast_to(stress, (len(F), len(stress)))
        train, rest = slice(0, FEW), slice(FEW, None)
        tested = stress != 0
        learn = F[:, tested] if calibrated else F
        new = F[TRAIN:, :, FEW:]
    x = learn[:TRAIN, :, train]
    y_learn = y[:TRAIN, tested] if calibrated and design == "all" else y[:TRAIN]
    return {
        "x": x.reshape(-1, *F.shape[3:]),
        "y": np.repeat(y_learn.ravel(), x.shape[2]),
        "random": (F[:TRAIN, :, rest][:, tested], y[:TRAIN, tested]),
        "honest": (new[:, tested], y[TRAIN : TRAIN + len(new), tested]),
    }


def scores(model, made: dict) -> list[dict]:
    """分け方とバーストの数ごとの、平均絶対誤差（MPa）。"""
    rows = []
    for split in ("honest", "random"):
        x, y = made[split]
        told = model.predict(x.reshape(-1, *x.shape[3:])).reshape(x.shape[:3])
        for n in BURSTS:
            if n > told.shape[2]:
                continue
            # n バーストずつ、予測を平均します
            mean = told[:, :, : told.shape[2] // n * n]
            mean = mean.reshape(*told.shape[:2], -1, n).mean(axis=3)
            error = float(np.abs(mean - y[:, :, None]).mean())
            rows.append({"split": split, "bursts": n, "mae": error})
    return rows


def new_model(name: str, seed: int):
    if name in RATES:
        rate = RATES[name]
        return WaveRegressor(name, updates=UPDATES, learning_rate=rate, seed=seed)
    return Mean() if name == "mean" else Scaled()


def plan(part: str) -> list[tuple]:
    """(モデル、特徴、窓、設計、校正) の並び。"""
    models = ("mean", "rms", "classical", "window") if part == "linear" else (part,)
    rows = []
    for model in models:
        own = {"mean": "rms", "rms": "rms", "classical": "classical"}
        features = own.get(model, f"window{WINDOW}")
        window = WINDOW if features.startswith("window") else 0
        for design, calibrated in (("all", 0), ("all", 1), ("single", 0)):
            rows.append((model, features, window, design, calibrated))
        if model in ("window", "gru"):
            for length in WINDOWS if model == "window" else (256,):
                rows.append((model, f"window{length}", length, "all", 0))
    return rows


def train(point: Point) -> dict:
    """一つの種で、part のモデルをすべて測ります。"""
    seed, rows = point["seed"], []
    features_of = measured(seed)
    for model, features, window, design, calibrated in plan(point["part"]):
        made = sets(features_of[features], design, calibrated)
        fitted = new_model(model, seed).fit(made["x"], made["y"])
        where = {"design": design, "calibrated": calibrated}
        where = {"model": model, "window": window} | where
        rows += [where | row for row in scores(fitted, made)]
    return {"rows": rows}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    rows = [
        {"seed": p["seed"]} | row for p, result in results for row in result["rows"]
    ]
    text = pd.DataFrame(rows).to_csv(
        index=False, float_format="%.3f", lineterminator="\n"
    )
    return {"barkhausen": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した誤差が、保存済みの平均 ± 3 標準偏差（と 1 MPa）に入るかの表。"""
    keys = ["model", "window", "design", "calibrated", "split", "bursts"]
    stored = data.load("barkhausen").groupby(keys)["mae"]
    rows = []
    for _, result in results:
        for row in result["rows"]:
            if (row["split"], row["bursts"]) != ("honest", 1):
                continue
            values = stored.get_group(tuple(row[key] for key in keys))
            names = {"モデル": row["model"], "窓": row["window"]}
            names |= {"設計": row["design"], "校正": row["calibrated"]}
            rows.append(names | beside_stored(row["mae"], values, slack=1.0))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="barkhausen",
    title="バルクハウゼン雑音 → 応力: モデル、バーストの数、校正、分け方、窓（第 12 章）",
    points=tuple({"seed": seed, "part": part} for seed in SEEDS for part in PARTS),
    # 保存した種とは別の種で、線形のモデルだけを測り直します
    quick=({"seed": 100, "part": "linear"},),
    train=train,
    tables=tables,
    compare=compare,
)
