"""両側から読むことの代金: 時間、記憶、待ち時間を、前から読むものとの比で測る（第 4 章）。

同じ H の LSTM を、前からと両側からで作り、交互に動かして比を取ります。時間の比は、REPEATS 回の
中央値です。ほかの仕事で混んだ計算機では揺れるので、種（繰り返し）ごとに残します。

- infer: 系列を一度読む。train: 読んで、勾配を求める。
- saved: 逆伝播のために残るテンソルのバイト数。weights: 重みの数。
- stream: 一語ずつ届く系列で、届くたびに答える。前からは一歩ずつ進み、両側からは読み直します。
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import pandas as pd
import torch
from torch import nn

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.training.cpu_time import seconds
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread

LENGTHS, REPEATS, SEEDS = (16, 64, 256), 15, tuple(range(10))
D, H, B = 24, 32, 32
MEASURES = ("infer", "train", "saved", "weights", "stream")


def ratio_of_times(one: Callable, two: Callable, repeats: int) -> float:
    """交互に動かした、two ÷ one の中央値。"""
    one(), two()
    return median(seconds(two) / max(seconds(one), 1e-9) for _ in range(repeats))


def saved_bytes(model: nn.LSTM, x: torch.Tensor) -> int:
    """順伝播が、逆伝播のために残すテンソルのバイト数（重みと入力は除きます）。"""
    known = {p.data_ptr() for p in model.parameters()} | {x.data_ptr()}
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.data_ptr() not in known:
            kept[tensor.data_ptr()] = tensor.numel() * tensor.element_size()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        held = model(x)[0]  # 残したテンソルが、数え終わるまで生きているように
    del held
    return sum(kept.values())


def stream_ahead(model: nn.LSTM, x: torch.Tensor) -> None:
    """前から: 届いた一語だけを読み、状態を次へ渡します。"""
    state = None
    for t in range(x.shape[1]):
        _, state = model(x[:, t : t + 1], state)


def stream_both(model: nn.LSTM, x: torch.Tensor) -> None:
    """両側から: 届くたびに、はじめから終わりまで読み直します。"""
    for t in range(x.shape[1]):
        model(x[:, : t + 1])


def train(point: Point) -> dict:
    """一つの長さで、両側から ÷ 前から の比を測ります。"""
    seed_everything(point["seed"])
    T = point["T"]
    ahead, both = (
        nn.LSTM(D, H, batch_first=True, bidirectional=two) for two in (False, True)
    )
    x = torch.randn(B, T, D)

    def learn(model: nn.LSTM) -> Callable:
        return lambda: model(x)[0].sum().backward()

    with one_thread():
        result = {"train": ratio_of_times(learn(ahead), learn(both), REPEATS)}
        result["saved"] = saved_bytes(both, x) / saved_bytes(ahead, x)
        with torch.no_grad():
            result["infer"] = ratio_of_times(lambda: ahead(x), lambda: both(x), REPEATS)
            result["stream"] = ratio_of_times(
                lambda: stream_ahead(ahead, x[:1]), lambda: stream_both(both, x[:1]), 1
            )
    sizes = [sum(p.numel() for p in model.parameters()) for model in (ahead, both)]
    return result | {"weights": sizes[1] / sizes[0]}


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """長さ、種、測ったものごとに一行。"""
    return pd.DataFrame(
        [
            {**point, "measure": name, "ratio": result[name]}
            for point, result in results
            for name in MEASURES
        ]
    )


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.3f", lineterminator="\n")
    return {"both_cost": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した比が、保存済みの中央値の半分から二倍に入るかの表。"""
    stored = data.load("both_cost").groupby(["T", "measure"])["ratio"].median()
    rows = []
    for row in table(results).itertuples():
        middle = float(stored[row.T, row.measure])
        rows.append(
            {
                "長さ": row.T,
                "測ったもの": row.measure,
                "測り直し": round(row.ratio, 2),
                "保存済みの中央値": round(middle, 2),
                "一致": bool(middle / 2 <= row.ratio <= middle * 2),
            }
        )
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="both_cost",
    title="両側から読む LSTM の時間、記憶、待ち時間を、前から読む LSTM との比で測る",
    points=tuple({"T": T, "seed": seed} for T in LENGTHS for seed in SEEDS),
    quick=({"T": 16, "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
