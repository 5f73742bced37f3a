"""注意の代金: 系列を 2 倍にすると、時間と、残す量が何倍になるか（第 6 章）。

一つの系列の、すべての時刻がすべての時刻を見る注意（自己注意）を、同じ H の LSTM と比べます。

- dot: 式のとおり、T × T の重みを作る。
- fused: PyTorch の scaled_dot_product_attention。重みの表を、まるごとは作らない。
- lstm: 一時刻ずつ読む LSTM。

double は長さ T ÷ 長さ T/2 の比、to_lstm は同じ長さの LSTM との比です。時間は交互に動かした REPEATS 回の
中央値の比で、この処理が使った CPU の時間です。saved は、逆伝播のために残すテンソルのバイト数です。
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import pandas as pd
import torch
from torch import Tensor, nn

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.training.seeds import seed_everything
from rnnbook.training.threads import one_thread

LENGTHS, SEEDS, REPEATS = (512, 1024, 2048), tuple(range(10)), 5
H = 64
MEASURES = ("infer", "train", "saved")
Act = Callable[[Tensor], Tensor]


def dot(x: Tensor) -> Tensor:
    """重みの表 (1, T, T) を作る注意。三つの役に、同じ x を使います。"""
    e = x @ x.transpose(1, 2) / H**0.5
    return e.softmax(dim=2) @ x


def fused(x: Tensor) -> Tensor:
    """同じ計算を、PyTorch の一つの関数で。"""
    x = x[:, None]  # (1, 頭の数 1, T, H)
    return nn.functional.scaled_dot_product_attention(x, x, x)[:, 0]


def acts() -> dict[str, Act]:
    """名前 → x (1, T, H) から (1, T, H)。"""
    lstm = nn.LSTM(H, H, batch_first=True)
    return {"dot": dot, "fused": fused, "lstm": lambda x: lstm(x)[0]}


def saved_bytes(act: Act, x: Tensor) -> int:
    """順伝播が、逆伝播のために残すテンソルのバイト数（同じ記憶を指すものは一度だけ数えます）。"""
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        held = act(x)
    del held
    return sum(kept.values())


def seconds(act: Act, x: Tensor, learn: bool) -> float:
    """一度動かしたときの、この処理が使った CPU の時間（秒）。"""
    start = time.process_time()
    if learn:
        act(x).sum().backward()
    else:
        with torch.no_grad():
            act(x)
    return time.process_time() - start


def times(act: Act, short: Tensor, long: Tensor, learn: bool) -> tuple[float, float]:
    """短い列と長い列を交互に動かした、それぞれの時間の中央値。"""
    seconds(act, short, learn), seconds(act, long, learn)
    each = [
        (seconds(act, short, learn), seconds(act, long, learn)) for _ in range(REPEATS)
    ]
    return tuple(median(values) for values in zip(*each, strict=True))


def train(point: Point) -> dict:
    """一つの長さで、それぞれの時間と残す量を、半分の長さと並べて測ります。"""
    seed_everything(point["seed"])
    T = point["T"]
    short, long = (torch.randn(1, n, H, requires_grad=True) for n in (T // 2, T))
    found = {}
    with one_thread():
        for name, act in acts().items():
            found[name] = {
                "infer": times(act, short, long, learn=False),
                "train": times(act, short, long, learn=True),
                "saved": (saved_bytes(act, short), saved_bytes(act, long)),
            }
    return found


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """方法、測ったもの、長さ、繰り返しごとに一行。"""
    rows = []
    for point, result in results:
        for name, measures in result.items():
            for measure in MEASURES:
                half, whole = measures[measure]
                row = {"kind": name, "measure": measure, **point}
                row["double"] = whole / max(half, 1e-9)
                row["to_lstm"] = whole / max(result["lstm"][measure][1], 1e-9)
                rows.append(row)
    return pd.DataFrame(rows)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.3f", lineterminator="\n")
    return {"attention_cost": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した、残す量の比（時間は計算機によるので比べません）が、保存済みと同じかの表。"""
    stored = data.load("attention_cost").query("measure == 'saved'")
    middle = stored.groupby(["kind", "T"])["double"].median()
    rows = []
    for row in table(results).query("measure == 'saved'").itertuples():
        kept = float(middle[row.kind, row.T])
        rows.append(
            {
                "方法": row.kind,
                "長さ": row.T,
                "測り直し": round(row.double, 2),
                "保存済み": round(kept, 2),
                "一致": abs(row.double - kept) < 0.1,
            }
        )
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="attention_cost",
    title="注意の代金: 系列を 2 倍にしたときの、時間と残す量の比（第 6 章）",
    points=tuple({"T": T, "seed": seed} for T in LENGTHS for seed in SEEDS),
    quick=({"T": 512, "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
