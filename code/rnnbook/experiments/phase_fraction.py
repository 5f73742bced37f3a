"""その場 X 線回折の相分率: 参照の重ね合わせと平滑化、RNN を、変態の速さの式（kinetics）ごとに比べます（第 11 章）。

二つの調べ方（study）があります。

    kinetics  JMAK だけ、または三つの族で学び、四つの族の新しい測定 60 回で、MAE を測ります
    split     測定 12 回の窓（8 枚）を、無作為に、または測定ごとに分け、試験と、新しい測定の MAE を並べます

検証の測定は、学習と同じ族のものです。平滑化の強さと、学習を止める所は、検証だけで選びます。
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from torch import nn

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import phase_fraction as physics
from rnnbook.materials.phase_estimators import (
    ema,
    golay,
    jmak_fit,
    linear_combination,
    past,
)
from rnnbook.materials.splits import at_random, by_group, require_apart
from rnnbook.models.recurrent import Recurrent
from rnnbook.training.fit import fit, predict
from rnnbook.training.seeds import seed_everything

SEEDS = tuple(range(5))
FAMILIES = {"jmak": ("jmak",), "three": ("jmak", "two_step", "reversal")}
TRAIN, VALID, TEST = 150, 60, 60  # 測定の数
FEW = 12  # split で学ぶ測定の数
PAST = 8  # 窓のフレーム
EMA = (1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.2)
GOLAY = (5, 7, 9, 11, 15, 19, 25)  # Savitzky–Golay の窓。次数は 2
TRAINED = ("mlp", "mlp_ema", "mlp8", "gru", "mlp_golay", "mlp_jmak", "bilstm")
UNTRAINED = ("lcf_fixed", "lcf", "lcf_ema", "lcf_golay", "lcf_jmak")
CAUSAL = ("lcf_fixed", "lcf", "lcf_ema", "mlp", "mlp_ema", "mlp8", "gru")


class Scaled:
    """√計数を、学習のフレームの平均と標準偏差（チャンネルごと）で標準化します。"""

    def __init__(self, X: np.ndarray):
        root = np.sqrt(X).reshape(-1, X.shape[-1])
        self.mean, self.std = root.mean(axis=0), root.std(axis=0) + 1e-9

    def __call__(self, X: np.ndarray) -> np.ndarray:
        return ((np.sqrt(X) - self.mean) / self.std).astype(np.float32)


def mlp(frames: int) -> nn.Module:
    """frames 枚を一度に読む MLP。2 枚からは、ドロップアウトを付けます。"""
    drop = 0.0 if frames == 1 else 0.3
    inputs = nn.Linear(frames * physics.CHANNELS, 64)
    hidden = (nn.Dropout(drop / 2), inputs, nn.ReLU(), nn.Dropout(drop))
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(64, 1))


def recurrent(**how) -> Recurrent:
    return Recurrent(O=1, D=physics.CHANNELS, **how)


def learned(model, train, valid, epochs: int, batch: int, rate: float, seed: int):
    """学習し、検証の損失が最も小さい重みのモデルを返します。"""
    how = {"epochs": epochs, "batch_size": batch, "learning_rate": rate, "clip": 1.0}
    fit(model, *train, valid=valid, seed=seed, **how)
    return model


def alone(X: np.ndarray) -> np.ndarray:
    """フレーム 1 枚ずつ (N·FRAMES, 1, CHANNELS)。"""
    return X.reshape(-1, 1, X.shape[2])


def column(f: np.ndarray) -> np.ndarray:
    return f[..., None].astype(np.float32)


def mae(told: np.ndarray, truth: np.ndarray) -> float:
    """0 から 1 に切った予測の、平均絶対誤差。"""
    return float(np.abs(np.clip(told, 0, 1) - truth).mean())


def chosen(method, options: tuple, told: np.ndarray, truth: np.ndarray):
    """検証の MAE がいちばん小さい強さを選びます。"""
    return min(options, key=lambda option: mae(method(told, option), truth))


def kinetics(point: Point) -> dict:
    """一つの種で、すべての推定を、四つの族の新しい測定で測ります: {推定: {族: MAE}}。"""
    rng, seed = seed_everything(point["seed"]), point["seed"]
    families = FAMILIES[point["trained"]]

    def gather(total: int) -> physics.Runs:
        share = total // len(families)
        parts = [physics.measure(rng.random, family, share) for family in families]
        return physics.Runs(
            *(np.concatenate(each) for each in zip(*parts, strict=True))
        )

    train, valid = gather(TRAIN), gather(VALID)
    tests = {name: physics.measure(rng.random, name, TEST) for name in physics.KINETICS}
    scale, sets = Scaled(train.X), {"train": train, "valid": valid, **tests}
    x = {name: scale(runs.X) for name, runs in sets.items()}
    told = {
        "lcf_fixed": {k: linear_combination(sets[k].X, (0.0,)) for k in tests},
        "lcf": {k: linear_combination(sets[k].X) for k in ("valid", *tests)},
    }
    for name, view, frames in (
        ("mlp", alone, 1),
        ("mlp8", lambda X: past(X, PAST), PAST),
    ):
        rows = [(view(x[k]), column(sets[k].f.ravel())) for k in ("train", "valid")]
        model = learned(mlp(frames), *rows, 30, 64, 1e-3, seed)
        told[name] = {
            k: predict(model, view(x[k])).reshape(sets[k].f.shape)
            for k in ("valid", *tests)
        }
    for name, how in {
        "gru": {"H": 24, "cell": "gru"},
        "bilstm": {"H": 16, "cell": "lstm", "bidirectional": True},
    }.items():
        rows = [(x[k], column(sets[k].f)) for k in ("train", "valid")]
        model = learned(recurrent(every_step=True, **how), *rows, 60, 8, 5e-3, seed)
        told[name] = {k: predict(model, x[k])[..., 0] for k in tests}
    for source in ("lcf", "mlp"):
        for name, method, options in (("ema", ema, EMA), ("golay", golay, GOLAY)):
            best = chosen(method, options, told[source]["valid"], valid.f)
            smooth = {k: method(told[source][k], best) for k in tests}
            told[f"{source}_{name}"] = smooth
        told[f"{source}_jmak"] = {k: jmak_fit(told[source][k]) for k in tests}
    return {name: {k: mae(f[k], tests[k].f) for k in tests} for name, f in told.items()}


def split(point: Point) -> dict:
    """測定 12 回の窓を分け、試験と、新しい測定 60 回の MAE を測ります: {推定: [試験, 新しい測定]}。"""
    rng, seed = seed_everything(point["seed"]), point["seed"]
    runs, new = (physics.measure(rng.random, "jmak", n) for n in (FEW, TEST))
    scale = Scaled(runs.X)
    run = np.repeat(np.arange(FEW), physics.FRAMES)
    frame = np.tile(np.arange(physics.FRAMES), FEW)
    windows, fresh = (past(scale(each.X), PAST) for each in (runs, new))
    f, truth = runs.f.ravel(), new.f.ravel()
    if point["split"] == "random":
        parts = at_random(len(f), (0.6, 0.2, 0.2), rng)
    else:
        parts = by_group(run, (0.6, 0.2, 0.2), rng)
        require_apart(run, *parts)
    train, valid, test = parts
    average = np.array([_mean(f[train][frame[train] == k]) for k in range(60)])
    clock = average[frame]
    if point["split"] == "random":  # 同じ測定の、学習に入ったフレームの間を補間
        for k in range(FEW):
            known = np.sort(train[run[train] == k])
            clock[run == k] = np.interp(range(60), frame[known], f[known])
    lcf = linear_combination(runs.X).ravel()
    result = {
        "clock": [
            mae(clock[test], f[test]),
            mae(average[np.tile(np.arange(60), TEST)], truth),
        ],
        "lcf": [
            mae(lcf[test], f[test]),
            mae(linear_combination(new.X).ravel(), truth),
        ],
    }
    for name, model in (("mlp8", mlp(PAST)), ("gru8", recurrent(H=24, cell="gru"))):
        rows = [(windows[part], column(f[part])) for part in (train, valid)]
        learned(model, *rows, 60, 32, 3e-3, seed)
        ahead = predict(model, windows[test])[:, 0], predict(model, fresh)[:, 0]
        result[name] = [mae(ahead[0], f[test]), mae(ahead[1], truth)]
    return result


def _mean(f: np.ndarray) -> float:
    return float(f.mean()) if len(f) else 0.5


STUDIES = {"kinetics": kinetics, "split": split}


def train(point: Point) -> dict:
    """一点を測ります。"""
    return STUDIES[point["study"]](point)


def rows(point: Point, result: dict) -> list[dict]:
    """一点の結果を、表の行に。MAE は 1000 倍します。"""
    if point["study"] == "split":
        how = {"split": point["split"], "seed": point["seed"]}
        return [
            how | {"model": model, "mae": 1e3 * test, "mae_new": 1e3 * new}
            for model, (test, new) in result.items()
        ]
    how = {"trained": point["trained"], "seed": point["seed"]}
    return [
        how | {"model": model, "kinetics": family, "mae": 1e3 * number}
        for model, each in result.items()
        for family, number in each.items()
    ]


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    names = {"kinetics": "", "split": "_split"}
    return {
        f"phase_fraction{ending}": pd.DataFrame(
            [
                row
                for point, result in results
                if point["study"] == study
                for row in rows(point, result)
            ]
        ).to_csv(index=False, float_format="%.3f", lineterminator="\n")
        for study, ending in names.items()
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した割り方の MAE が、保存済みの平均 ± 3 標準偏差（と 10）に入るかの表。"""
    stored = data.load("phase_fraction_split").groupby(["split", "model"])["mae_new"]
    table = []
    for point, result in results:
        for row in rows(point, result):
            values = stored.get_group((row["split"], row["model"]))
            head = {"分け方": row["split"], "推定": row["model"]}
            table.append(head | beside_stored(row["mae_new"], values, slack=10))
    return pd.DataFrame(table)


EXPERIMENT = Experiment(
    name="phase_fraction",
    title="その場 X 線回折の相分率（推定と平滑化、RNN。族ごとの誤差、分け方のうそ）",
    points=tuple(
        {"study": study, key: value, "seed": seed}
        for study, key, values in (
            ("kinetics", "trained", tuple(FAMILIES)),
            ("split", "split", ("random", "run")),
        )
        for value in values
        for seed in SEEDS
    ),
    # 保存した種とは別の種で測り直します
    quick=({"study": "split", "split": "run", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
