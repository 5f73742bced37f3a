"""文字の LSTM と、文章の量を替えた GRU: 試験の作品での一文字あたりのビット数（第 8 章）。

学習の手順は、ページの GRU（characters_page）の、丸める前と同じです。

    lstm    重みの数が近い LSTM。学習の文章すべて
    gru     学習の文章の、はじめの割合 share だけ。文字の表も、その中から作ります。epochs は、短い文章ほど
            多く読みます

どの点も、種は SEEDS の数だけです。seconds は学習に使った CPU 時間です。
"""

from __future__ import annotations

import time

import pandas as pd

from rnnbook import data
from rnnbook.datasets.all_essays import all_text_of, works_of
from rnnbook.datasets.essays import Characters
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.models.character_model import LSTM, PAGE
from rnnbook.training.character_bits import character_bits
from rnnbook.training.character_fit import fit_characters

SIZES, SEEDS, HELD = {"gru": PAGE, "lstm": LSTM}, (0, 1), ("valid", "test")
EPOCHS = {("lstm", 1.0): 4.0, ("gru", 1 / 4): 8.0, ("gru", 1 / 16): 12.0}


def train(point: Point) -> dict:
    """一点を学習し、作品ごとのビット数を返します。"""
    text = all_text_of("train")
    text = text[: int(len(text) * point["share"])]
    size, start = SIZES[point["cell"]], time.process_time()
    table = Characters.most_common(text, size.V)
    size = size._replace(V=len(table))
    model = fit_characters(
        text, table, size, point["cell"], point["seed"], point["epochs"]
    )
    seconds, rows = time.process_time() - start, []
    for part in HELD:
        works = works_of(part)
        found = character_bits(model, table, [work.text for work in works])
        for work, bits in zip(works, found, strict=True):
            row = {"part": part, "title": work.title, "characters": len(work.text)}
            rows.append(row | {"bits": float(bits.mean())})
    weights = sum(p.numel() for p in model.parameters())
    return {"rows": rows, "weights": weights, "seconds": round(seconds)}


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """点と作品ごとに一行。"""
    return pd.DataFrame(
        [
            point | {key: result[key] for key in ("weights", "seconds")} | row
            for point, result in results
            for row in result["rows"]
        ]
    )


def overall(table: pd.DataFrame) -> pd.Series:
    """モデル、割合、部分、種ごとの、一文字あたりのビット数。

    例:
        >>> same = {"cell": "gru", "share": 0.25, "part": "test", "seed": 0}
        >>> rows = [same | {"characters": n, "bits": b} for n, b in [(10, 4.0), (30, 5.0)]]
        >>> overall(pd.DataFrame(rows)).tolist()
        [4.75]
    """
    total = table.assign(total=table["bits"] * table["characters"])
    keys = ["cell", "share", "part", "seed"]
    sums = total.groupby(keys)[["total", "characters"]].sum()
    return sums["total"] / sums["characters"]


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"characters": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直したビット数が、保存済みの平均 ± 3 標準偏差（と 0.1）に入るかの表。"""
    stored, rows = overall(data.load("characters")), []
    for (cell, share, part, _), now in overall(table(results)).items():
        row = {"モデル": cell, "割合": share, "部分": part}
        rows.append(row | beside_stored(now, stored[cell, share, part], slack=0.1))
    return pd.DataFrame(rows)


def point_of(cell: str, share: float, seed: int) -> Point:
    """格子の一点。"""
    return dict(cell=cell, share=share, epochs=EPOCHS[cell, share], seed=seed)


EXPERIMENT = Experiment(
    name="characters",
    title="文字の LSTM と、文章の量を替えた GRU: 作品ごとの一文字あたりのビット数",
    points=tuple(point_of(*which, seed) for seed in SEEDS for which in EPOCHS),
    quick=(point_of("gru", 1 / 16, 100),),
    train=train,
    tables=tables,
    compare=compare,
)
