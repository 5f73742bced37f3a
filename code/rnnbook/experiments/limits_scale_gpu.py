"""拡張性: limits_scale と同じ学習を GPU で行い、同じ時間で比べる（第 7 章）。

モデル、文章、学習の設定は limits_scale と同じです。替えたのは、計算機と更新の回数だけで、時間は、
GPU の計算が終わるのを待って測った、ふつうの時計の秒です。検証の時間は除きます。CUDA が要ります。
"""

from __future__ import annotations

import pandas as pd

from rnnbook.experiments import limits_scale
from rnnbook.lab.engine import Experiment, Point
from rnnbook.training.gpu import now, require_gpu

SEEDS, UPDATES = (0, 1, 2), 4000


def train(point: Point) -> dict:
    """一点を GPU で学習し、limits_scale と同じ形の辞書を返します。"""
    require_gpu()
    return limits_scale.learn(point, "cuda", now)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    table = limits_scale.table(results)
    text = table.to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"limits_scale_gpu": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した検証の損失が、保存済みの平均 ± 3 標準偏差（と 0.05）に入るかの表。"""
    return limits_scale.compare(results, stored="limits_scale_gpu")


EXPERIMENT = Experiment(
    name="limits_scale_gpu",
    title="文字の言語モデルを GPU で学習したときの、大きさごとの検証の損失と時間",
    points=tuple(
        limits_scale.point_of(kind, size, 1.0, seed) | {"updates": UPDATES}
        for seed in SEEDS
        for kind, sizes in limits_scale.SIZES.items()
        for size in sizes
    ),
    quick=(limits_scale.point_of("lstm", "small", 1.0, seed=100) | {"updates": 100},),
    train=train,
    tables=tables,
    compare=compare,
    device=require_gpu,
)
