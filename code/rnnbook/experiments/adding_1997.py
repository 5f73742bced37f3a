"""1997 年の足し算（Adding）: うまくいかなかった再現と、その直し方（第 3 章）。

Hochreiter & Schmidhuber (1997) の実験 4、T = 100。x の一列目は −1 から 1 の一様乱数、二列目は印で、
初めの 10 か所から一つ、初めの T/2 か所の残りから一つが 1、最初と最後の時刻は −1、ほかは 0 です
（最初の時刻に印が付いたら、その値は 0）。長さは T から T + T/10、目標は 0.5 + (X₁ + X₂)/4、
誤差の絶対値が 0.04 未満なら成功です。何も覚えず 0.5 と答えると、平均二乗誤差はおよそ

    (0.9 · 1/3 + 1/3) / 16 ≈ 0.04

成功した数え方も論文に合わせ、学習に使った最新の 2000 本がすべて成功したら止め、試験の 2560 本の
うち間違えた数を記録します。三つの条件を組み合わせます。

- shape: 公開の再現と同じ H = 2 を 3 層（"3x2"）、論文に近い H = 4 を 1 層（"1x4"）。
- optimizer: 一本ずつの SGD 0.5（"sgd"、論文と公開の再現）、20 本ずつの Adam 0.01（"adam"）。
- start: PyTorch の初期値（"pytorch"）。1997 年の形と初期値（"1997"）: 忘却ゲートなし（f = 1）、入力
  ゲートのバイアスは −3 と −6、ほかの重みは ±0.1 の乱数。そこから一つだけ戻したもの（忘却ゲートを
  戻した "1997_forget"、入力ゲートのバイアスを 0 に戻した "1997_input"）。chrono 初期化（"chrono"）。

論文との違い: セルごとにゲートを持つこと、ゲートどうしの結合がないこと、g と h が tanh であること、
勾配を途中で打ち切らないこと。損失はどれも ½ (ŷ − y)² です。同じ更新の系列は同じ長さにそろえます。
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import torch
from torch import nn

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.training.loop import Diverged
from rnnbook.training.many_seeds.loop import fit_many
from rnnbook.training.many_seeds.side_by_side import SideBySide
from rnnbook.training.threads import one_thread

T, TOLERANCE, TEST, STREAK = 100, 0.04, 2560, 2000
SHAPES = {"3x2": (3, 2), "1x4": (1, 4)}  # 層の数, H
OPTIMIZERS = {"sgd": (0.5, 1), "adam": (0.01, 20)}  # 学習率, バッチ
LIMIT, EVERY, CHUNK = 100_000, 5_000, 320  # 系列の数で数えます
LEARNED = 0.004
PAPER = {"solved_at": 74_000, "wrong": 1, "weights": 93}  # T = 100（表 7）


def batch(rng: np.random.Generator, K: int, B: int) -> tuple[torch.Tensor, ...]:
    """長さのそろった x (K, B, 長さ, 2) と、目標 y (K, B)。

    例:
        >>> x, y = batch(np.random.default_rng(0), K=2, B=3)
        >>> x.shape[1:2] + y.shape, (x[..., 1] == 1).sum(2).unique().tolist()
        (torch.Size([3, 2, 3]), [2])
    """
    n, length = K * B, int(rng.integers(T, T + T // 10 + 1))
    x, rows = np.zeros((n, length, 2), np.float32), np.arange(n)
    x[:, :, 0] = rng.uniform(-1, 1, (n, length))
    x[:, [0, -1], 1] = -1
    first, second = rng.integers(0, 10, n), rng.integers(0, T // 2 - 1, n)
    second += second >= first  # first を飛ばした T/2 − 1 か所
    x[rows, first, 1] = x[rows, second, 1] = 1
    x[x[:, 0, 1] == 1, 0, 0] = 0
    y = 0.5 + (x[rows, first, 0] + x[rows, second, 0]) / 4
    return torch.from_numpy(x).view(K, B, length, 2), torch.from_numpy(y).view(K, B)


def new_model(shape: str, start: str, seed: int) -> tuple[nn.LSTM, nn.Linear]:
    """種と初期値を決めた、一つの LSTM と出力層。

    例:
        >>> lstm, _ = new_model("1x4", "1997", seed=0)
        >>> lstm.bias_ih_l0[:4].tolist()  # 入力ゲート
        [-3.0, -3.0, -6.0, -6.0]
    """
    torch.manual_seed(seed)
    layers, H = SHAPES[shape]
    lstm, readout = nn.LSTM(2, H, num_layers=layers), nn.Linear(H, 1)
    with torch.no_grad():
        if start.startswith("1997"):
            for parameter in (*lstm.parameters(), *readout.parameters()):
                parameter.uniform_(-0.1, 0.1)
        for layer in range(layers if start != "pytorch" else 0):
            b, b_hh = (getattr(lstm, f"bias_{k}_l{layer}") for k in ("ih", "hh"))
            b_hh.zero_()
            if (
                start == "chrono"
            ):  # b_f = log u、b_i = −b_f、u は 1 から T − 1 の一様乱数
                b[H : 2 * H] = torch.empty(H).uniform_(1, T - 1).log()
                b[:H] = -b[H : 2 * H]
            elif start != "1997_input":
                b[:H] = torch.tensor([-3.0, -6.0]).repeat_interleave(H // 2)
    return lstm, readout


def train_side_by_side(
    shape: str, optimizer: str, starts: list[str], seeds: range, limit: int = LIMIT
) -> list[dict]:
    """starts × seeds のモデルを並べて学習し、一つごとの記録を返します。"""
    chosen = [(start, seed) for start in starts for seed in seeds]
    model = SideBySide([new_model(shape, start, seed) for start, seed in chosen])
    for k, (start, _) in enumerate(chosen):
        if start.startswith("1997"):
            model.with_one_bias(k)
        if start in ("1997", "1997_input"):
            model.without_forget_gate(k)
    rate, B = OPTIMIZERS[optimizer]
    new = torch.optim.SGD if optimizer == "sgd" else torch.optim.Adam
    K, rng = len(chosen), np.random.default_rng([seeds[0], 0])
    held_out = np.random.default_rng([seeds[0], 1])
    test = [batch(held_out, 1, CHUNK) for _ in range(TEST // CHUNK)]
    streak, alive = np.zeros(K, int), list(range(K))
    records = [
        {"start": start, "seed": seed, "solved_at": None, "curve": []}
        for start, seed in chosen
    ]

    def errors(chunks: int) -> torch.Tensor:
        with torch.no_grad():
            parts = [model(x.expand(K, -1, -1, -1)) - y for x, y in test[:chunks]]
            return torch.cat(parts, 1)

    def measure(update: int, _: SideBySide) -> list[int] | None:
        """続けて当てた本数を数え、論文の条件に届いたモデルの記録を終えます。"""
        seen = B * update
        right = (model.error.abs() < TOLERANCE).all(1).numpy()
        streak[:] = np.where(right, streak + B, 0)
        for k in [k for k in alive if streak[k] >= STREAK]:
            alive.remove(k)
            records[k] |= {"solved_at": seen, **final(errors(len(test))[k])}
        if seen % EVERY == 0:
            mse = errors(1).square().mean(1)
            for k in alive:
                records[k]["curve"].append(mse[k].item())
        return None if alive else []

    fit_many(
        model,
        (batch(rng, K, B) for _ in range(limit // B)),
        new(list(model.parameters()), lr=rate, fused=True),
        after=measure,
    )
    with one_thread():
        left = errors(len(test))
    for k in alive:
        records[k] |= final(left[k])
    return records


def final(error: torch.Tensor) -> dict:
    """試験の誤差 (TEST,) から、間違えた本数と平均二乗誤差。"""
    if not torch.isfinite(error).all():
        raise Diverged("試験の誤差が有限の数ではありません。")
    wrong = int((error.abs() >= TOLERANCE).sum())
    return {"wrong": wrong, "mse": error.square().mean().item()}


def train(point: Point) -> dict:
    """一点（同じ形と学習の、いくつかの初期値 × 種）を学習します。"""
    seeds = range(point["seed"], point["seed"] + point["seeds"])
    starts = point["starts"].split("+")
    where = point["shape"], point["optimizer"], starts, seeds
    return {"records": train_side_by_side(*where)}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """条件と種ごとに一行。solved_at は止めるまでの系列の数（届かなければ空）、数の列は系列の数ごとの誤差。"""
    rows = []
    for point, result in results:
        for record in result["records"]:
            row = {name: point[name] for name in ("shape", "optimizer")}
            row |= {
                k: record[k] for k in ("start", "seed", "solved_at", "wrong", "mse")
            }
            curve = record["curve"]
            rows.append(row | {str(EVERY * (k + 1)): v for k, v in enumerate(curve)})
    table = pd.DataFrame(rows)
    table["solved_at"] = table["solved_at"].astype("Int64")
    return {
        "adding_1997": table.to_csv(
            index=False, float_format="%.5f", lineterminator="\n"
        )
    }


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """条件ごとの種の数、覚えた種の数、論文の条件で止まった種の数と、そこまでの系列の数の中央値と幅。

    覚えたとは、終わりの平均二乗誤差が LEARNED（何も覚えないときの十分の一）未満のことです。
    wrong は、止まった種が試験の 2560 本のうち間違えた数の最大です。
    """
    groups = table.groupby(["shape", "optimizer", "start"], sort=False)
    solved = table.dropna(subset="solved_at").groupby(["shape", "optimizer", "start"])
    return pd.DataFrame(
        {
            "seeds": groups.size(),
            "learned": groups["mse"].agg(lambda mse: (mse < LEARNED).sum()),
            "solved": groups["solved_at"].count(),
            "median": solved["solved_at"].median(),
            "min": solved["solved_at"].min(),
            "max": solved["solved_at"].max(),
            "wrong": solved["wrong"].max(),
            "mse": groups["mse"].median(),
        }
    )


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した「止めるまでの系列の数」（の対数）が、保存済みの平均 ± 3 標準偏差に入るかの表。"""
    stored = data.load("adding_1997")
    rows = []
    for point, result in results:
        for record in result["records"]:
            same = (stored["shape"] == point["shape"]) & (
                stored["optimizer"] == point["optimizer"]
            )
            values = stored.loc[
                same & (stored["start"] == record["start"]), "solved_at"
            ]
            log = np.log(values.dropna().astype(float))
            again, margin = record["solved_at"], 3 * log.std(ddof=0) + 0.1
            close = again and abs(math.log(again) - log.mean()) <= margin
            rows.append(
                {
                    "形": point["shape"],
                    "学習": point["optimizer"],
                    "初期値": record["start"],
                    "種": record["seed"],
                    "系列の数": again,
                    "保存済みの最小": int(values.min()),
                    "保存済みの最大": int(values.max()),
                    "間違い": record["wrong"],
                    "一致": bool(close),
                }
            )
    return pd.DataFrame(rows)


def _point(shape: str, optimizer: str, starts: str, seed=0, seeds=10) -> Point:
    return dict(shape=shape, optimizer=optimizer, starts=starts, seed=seed, seeds=seeds)


EXPERIMENT = Experiment(
    name="adding_1997",
    title="1997 年の足し算（T = 100）: 公開の再現の失敗と、形、初期値、学習を一つずつ替えた結果",
    points=(
        _point("1x4", "sgd", "pytorch+1997"),
        *(_point("1x4", "adam", start) for start in ("chrono", "pytorch", "1997")),
        _point("3x2", "sgd", "pytorch+1997"),
        *(_point("3x2", "adam", start) for start in ("chrono", "pytorch", "1997")),
        _point("1x4", "sgd", "1997_forget+1997_input"),
    ),
    quick=(_point("1x4", "adam", "chrono", seed=100, seeds=1),),
    train=train,
    tables=tables,
    compare=compare,
    # 解けた種は、そこから先を測りません
    empty=("solved_at", *map(str, range(EVERY, LIMIT + 1, EVERY))),
)
