"""並列化: 系列を順に計算する時間と、まとめて計算する時間を、長さを替えて測る（第 7 章）。

同じ大きさ（H = E = 64）の LSTM、GRU、自己注意の一層を、一つの処理の中で順番に動かします。
PyTorch の 1 スレッドの CPU 時間で、REPEATS 回の中央値です。

- whole: 系列を一度に渡す（順伝播）。学習のときは、すべての語が初めから分かっています。
- train: 系列を一度に渡し、勾配も求める。
- steps: 一語ずつ渡す（順伝播）。文章を書くときは、前の語が決まるまで次へ進めません。

自己注意は、前の語だけを見ます。一語ずつのときは、前の語の鍵と値を覚えておきます。
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import pandas as pd
import torch
from torch import Tensor, nn

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.models.transformer import SelfAttention
from rnnbook.training.cpu_time import seconds
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread

LENGTHS, SEEDS, REPEATS = (16, 32, 64, 128, 256, 512, 1024), tuple(range(5)), 5
SIZE, HEADS, B = 64, 4, 4
MODELS = ("lstm", "gru", "attention")
WAYS = ("whole", "train", "steps")


def layer(model: str, H: int = SIZE) -> nn.Module:
    """H 次元を読み、H 次元を出す一層。

    例:
        >>> layer("gru").hidden_size
        64
    """
    if model == "attention":
        return SelfAttention(H, HEADS, causal=True)
    return {"lstm": nn.LSTM, "gru": nn.GRU}[model](H, H, batch_first=True)


def whole(model: nn.Module, x: Tensor) -> Tensor:
    """系列 x (B, T, SIZE) を一度に渡します。"""
    found = model(x)
    return found if isinstance(found, Tensor) else found[0]


def steps(model: nn.Module, x: Tensor) -> Tensor:
    """同じ系列を一語ずつ渡し、状態（自己注意では、前の語の鍵と値）を次へ渡します。

    例:
        >>> x = torch.randn(1, 6, SIZE)
        >>> model = layer("lstm")
        >>> bool(torch.allclose(steps(model, x), whole(model, x), atol=1e-5))
        True
    """
    one = model.step if isinstance(model, SelfAttention) else model
    state, found = None, []
    for t in range(x.shape[1]):
        y_t, state = one(x[:, t : t + 1], state)
        found.append(y_t)
    return torch.cat(found, dim=1)


def train(point: Point) -> dict:
    """一つの長さで、モデルと渡し方ごとの、一系列あたりのミリ秒。"""
    seed_everything(point["seed"])
    x = torch.randn(B, point["T"], SIZE)
    models = {name: layer(name) for name in MODELS}
    found: dict[tuple[str, str], list[float]] = {}
    with one_thread():
        for _ in range(REPEATS):
            for name, model in models.items():
                for way in WAYS:
                    run = act(model, x, way)
                    found.setdefault((name, way), []).append(seconds(run))
    # はじめの一回は、準備の時間を含むので除きます
    return {
        f"{name} {way}": 1000 * median(times[1:]) / B
        for (name, way), times in found.items()
    }


def act(model: nn.Module, x: Tensor, way: str) -> Callable[[], object]:
    """渡し方 way で x (B, T, H) を読む、引数のない関数。"""

    def learn() -> None:
        whole(model, x).sum().backward()

    def read() -> None:
        with torch.no_grad():
            (whole if way == "whole" else steps)(model, x)

    return learn if way == "train" else read


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """長さ、繰り返し、モデル、渡し方ごとに一行。milliseconds は一系列あたりです。"""
    rows = []
    for point, result in results:
        for name, value in result.items():
            model, way = name.split()
            rows.append({**point, "model": model, "way": way, "milliseconds": value})
    return pd.DataFrame(rows)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"limits_parallel": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した LSTM との比が、保存済みの中央値の半分から二倍に入るかの表。"""
    keys = ["T", "way", "model"]
    stored = data.load("limits_parallel").groupby(keys)["milliseconds"].median()
    rows = []
    for point, result in results:
        T = point["T"]
        for way in WAYS:
            for model in ("gru", "attention"):
                again = result[f"{model} {way}"] / result[f"lstm {way}"]
                then = float(stored[T, way, model] / stored[T, way, "lstm"])
                rows.append(
                    {
                        "長さ": T,
                        "渡し方": way,
                        "LSTM と比べるもの": model,
                        "測り直し": round(again, 2),
                        "保存済み": round(then, 2),
                        "一致": bool(then / 2 <= again <= then * 2),
                    }
                )
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="limits_parallel",
    title="系列を順に計算する時間と、まとめて計算する時間（LSTM、GRU、自己注意）",
    points=tuple({"T": T, "seed": seed} for T in LENGTHS for seed in SEEDS),
    quick=({"T": 128, "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
