"""並列化: limits_parallel と同じ一層の時間を、GPU で測る（第 7 章）。

同じ LSTM、GRU、自己注意を、同じ三つの渡し方（whole、train、steps）で、順番に動かします。設定は三つです。

- small: limits_parallel と同じ大きさ（H = 64、一度に 4 系列）。
- large: H = 512、一度に 16 系列。数は 32 ビット。
- half: large と同じで、数は 16 ビット（bfloat16）。

時間は、GPU の計算が終わるのを待って測った、ふつうの時計の秒で、REPEATS 回の中央値を、一系列あたりに
直したものです。CUDA が要ります。
"""

from __future__ import annotations

from statistics import median

import pandas as pd
import torch
from torch import nn

from rnnbook import data
from rnnbook.arguments import require_choice
from rnnbook.experiments.limits_parallel import LENGTHS, MODELS, SEEDS, WAYS, act, layer
from rnnbook.lab.engine import Experiment, Point
from rnnbook.training.gpu import now, require_gpu
from rnnbook.training.seeds import seed_everything

REPEATS, LONGER = 5, (2048, 4096)  # LONGER では、一語ずつは測りません
SETTINGS = {  # H、一度の系列の数、数の型
    "small": (64, 4, torch.float32),
    "large": (512, 16, torch.float32),
    "half": (512, 16, torch.bfloat16),
}


def milliseconds(setting: str, T: int, repeats: int, ways: tuple[str, ...]) -> dict:
    """「モデル 渡し方」ごとの、一系列あたりのミリ秒（はじめの二回を除いた中央値）。"""
    H, B, dtype = SETTINGS[require_choice("setting", setting, SETTINGS)]
    x = torch.randn(B, T, H, device="cuda", dtype=dtype)
    models = {name: layer(name, H).to("cuda", dtype) for name in MODELS}
    return {
        f"{name} {way}": 1000 * median(_times(model, x, way, repeats)) / B
        for name, model in models.items()
        for way in ways
    }


def _times(model: nn.Module, x: torch.Tensor, way: str, repeats: int) -> list[float]:
    run, found = act(model, x, way), []
    for _ in range(repeats + 2):  # はじめの二回は、準備の時間を含むので除きます
        start = now()
        run()
        found.append(now() - start)
    return found[2:]


def train(point: Point) -> dict:
    """一つの設定と長さで、モデルと渡し方ごとの、一系列あたりのミリ秒。"""
    require_gpu()
    seed_everything(point["seed"])
    ways = tuple(way for way in WAYS if way != "steps" or point["T"] not in LONGER)
    return milliseconds(point["setting"], point["T"], REPEATS, ways)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。milliseconds は一系列あたりです。"""
    rows = []
    for point, result in results:
        for name, value in result.items():
            model, way = name.split()
            rows.append({**point, "model": model, "way": way, "milliseconds": value})
    text = pd.DataFrame(rows).to_csv(
        index=False, float_format="%.5f", lineterminator="\n"
    )
    return {"limits_parallel_gpu": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した LSTM との比と、保存済みの中央値の比を並べた表。GPU が替われば、比も替わります。"""
    stored = data.load("limits_parallel_gpu")
    rows = []
    for point, result in results:
        same = stored[
            (stored["setting"] == point["setting"]) & (stored["T"] == point["T"])
        ]
        then = same.groupby(["way", "model"])["milliseconds"].median()
        for name in result:
            model, way = name.split()
            rows.append(
                {
                    "設定": point["setting"],
                    "長さ": point["T"],
                    "渡し方": way,
                    "モデル": model,
                    "測り直し": round(result[name] / result[f"lstm {way}"], 2),
                    "保存済み": round(float(then[way, model] / then[way, "lstm"]), 2),
                }
            )
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="limits_parallel_gpu",
    title="系列を順に計算する時間と、まとめて計算する時間（GPU の LSTM、GRU、自己注意）",
    points=tuple(
        dict(setting=setting, T=T, seed=seed)
        for seed in SEEDS
        for setting in SETTINGS
        for T in (*LENGTHS, *LONGER)
    ),
    quick=(dict(setting="small", T=256, seed=100),),
    train=train,
    tables=tables,
    compare=compare,
    device=require_gpu,
)
