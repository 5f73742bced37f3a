"""並列スキャンは速いか: minGRU の四つの計算のしかたと、nn.LSTM、nn.GRU の時間（第 16 章）。

同じ大きさ（H = 64、一度に 8 系列）の一層の、順伝播と逆伝播の時間です。一つの処理の中で順番に動かし、
PyTorch の 1 スレッドの CPU 時間の、REPEATS 回の中央値を、一系列あたりに直します。比べるのは比だけです。

- doubling、blocks、in_order: rnnbook.models.scan の三つ。in_order は Python のループで、長い T では測りません。
- logarithmic: 公開された、対数の上のスキャン。
"""

from __future__ import annotations

from statistics import median

import pandas as pd
import torch
from torch import nn

from rnnbook import data
from rnnbook.arguments import require_choice
from rnnbook.lab.engine import Experiment, Point
from rnnbook.models.min_gru import LogMinGRU, MinGRU
from rnnbook.training.cpu_time import seconds
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread

LENGTHS, SEEDS, REPEATS = (64, 256, 1024, 4096), tuple(range(5)), 5
SIZE, B, LONGEST_LOOP = 64, 8, 1024
LAYERS = {
    "lstm": lambda H: nn.LSTM(H, H, batch_first=True),
    "gru": lambda H: nn.GRU(H, H, batch_first=True),
    "doubling": lambda H: MinGRU(H, H, "doubling"),
    "blocks": lambda H: MinGRU(H, H, "blocks"),
    "in_order": lambda H: MinGRU(H, H, "in_order"),
    "logarithmic": lambda H: LogMinGRU(H, H),
}


def layer(name: str, H: int = SIZE) -> nn.Module:
    """H 次元を読み、H 次元を出す一層。

    例:
        >>> layer("blocks").method
        'blocks'
    """
    return LAYERS[require_choice("name", name, LAYERS)](H)


def learn(model: nn.Module, x: torch.Tensor) -> None:
    """系列 x (B, T, H) を読み、重みの勾配まで求めます。"""
    found = model(x)
    found = found if isinstance(found, torch.Tensor) else found[0]
    found.sum().backward()


def train(point: Point) -> dict:
    """一つの長さで、層ごとの、一系列あたりのミリ秒。"""
    T = point["T"]
    seed_everything(point["seed"])
    x = torch.randn(B, T, SIZE)
    models = {
        name: layer(name) for name in LAYERS if name != "in_order" or T <= LONGEST_LOOP
    }
    times: dict[str, list[float]] = {name: [] for name in models}
    with one_thread():
        for _ in range(REPEATS + 1):
            for name, model in models.items():
                times[name].append(seconds(lambda model=model: learn(model, x)))
    # はじめの一回は、準備の時間を含むので除きます
    return {name: 1000 * median(each[1:]) / B for name, each in times.items()}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。milliseconds は一系列あたりです。"""
    rows = [
        {**point, "model": name, "milliseconds": value}
        for point, result in results
        for name, value in result.items()
    ]
    table = pd.DataFrame(rows)
    return {
        "scan_time": table.to_csv(index=False, float_format="%.4f", lineterminator="\n")
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した nn.LSTM との比が、保存済みの中央値の 1/2.5 から 2.5 倍に入るかの表。"""
    stored = data.load("scan_time").groupby(["T", "model"])["milliseconds"].median()
    rows = []
    for point, result in results:
        T = point["T"]
        for name in result:
            again = result[name] / result["lstm"]
            then = float(stored[T, name] / stored[T, "lstm"])
            row = {"長さ": T, "層": name, "測り直し": round(again, 2)}
            row |= {"保存済み": round(then, 2)}
            rows.append(row | {"一致": bool(then / 2.5 <= again <= then * 2.5)})
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="scan_time",
    title="並列スキャンの時間: minGRU の四つの計算のしかたと、LSTM、GRU（CPU）",
    points=tuple({"T": T, "seed": seed} for seed in SEEDS for T in LENGTHS),
    quick=({"T": 256, "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
