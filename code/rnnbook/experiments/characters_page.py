"""ページで文章を書く GRU: 学習、試験の作品での一文字あたりのビット数、8 ビットの重み（第 8 章）。

一つの点が一つの種です。随筆の学習の作品すべてを EPOCHS 回読み、検証と試験の作品の一つ一つで、文字ごとの
ビット数の和を測ります。文字の表は、学習の文章によく現れる 2,047 文字とその他です。

    bits        もとの重みの、その作品の一文字あたりのビット数
    bits_8      8 ビットに丸めた重み（ページのもの）の、同じ値

ページに載せるのは、検証の作品のビット数（8 ビット）が最も小さい種の重みです。試験の作品は、選ぶのに
使いません。characters_page_characters は、重みと同じ番号の順の文字（code は Unicode の番号。0 番は
その他の印 〓）と、学習の文章での数です。
"""

from __future__ import annotations

import time
from collections import Counter
from functools import cache

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.datasets.all_essays import all_text_of, works_of
from rnnbook.datasets.essays import Characters
from rnnbook.lab.engine import Experiment, Point
from rnnbook.models.character_model import PAGE, CharacterModel
from rnnbook.models.eight_bits import pack, unpack
from rnnbook.training.character_bits import character_bits
from rnnbook.training.character_fit import fit_characters

SEEDS, EPOCHS = tuple(range(5)), 4.0
HELD = ("valid", "test")


@cache
def texts() -> tuple[str, Characters]:
    """学習の文章と、その文字の表。"""
    train = all_text_of("train")
    return train, Characters.most_common(train, PAGE.V)


def train(point: Point) -> dict:
    """一つの種を学習し、作品ごとのビット数と、8 ビットの重みを返します。

    点が shipped なら学習せず、保存した重みで検証の作品を読みます（章が測り直す点）。
    """
    if point.get("shipped"):
        model = rounded(data.load("characters_page_weights"))
        return {"rows": measured("valid", model, shipped_characters())}
    (text, table), start = texts(), time.process_time()
    model = fit_characters(text, table, PAGE, "gru", point["seed"], point["epochs"])
    seconds, packed = time.process_time() - start, pack(model)
    rows = []
    for part in HELD:
        then = measured(part, model, table)
        for row, bits_8 in zip(
            then, measured(part, rounded(packed), table), strict=True
        ):
            rows.append(row | {"bits_8": bits_8["bits"]})
    return {"rows": rows, "weights": packed, "seconds": seconds}


def rounded(packed: pd.DataFrame | list[dict]) -> CharacterModel:
    """8 ビットの重みを入れたモデル。"""
    model = CharacterModel(*PAGE)
    unpack(model, packed)
    return model


def measured(part: str, model: CharacterModel, table: Characters) -> list[dict]:
    """部分 part の作品ごとの、一文字あたりのビット数。"""
    works = works_of(part)
    found = character_bits(model, table, [work.text for work in works])
    return [
        {
            "part": part,
            "title": work.title,
            "characters": len(work.text),
            "bits": float(bits.mean()),
        }
        for work, bits in zip(works, found, strict=True)
    ]


def shipped_characters() -> Characters:
    """保存した重みと同じ番号の順の、文字の表。"""
    codes = data.load("characters_page_characters")["code"]
    return Characters("".join(chr(code) for code in codes))


def bits_table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """種と作品ごとに一行。seconds は、その種の学習に使った CPU 時間です。"""
    return pd.DataFrame(
        [
            {"seed": point["seed"]} | row | {"seconds": round(result["seconds"])}
            for point, result in results
            for row in result["rows"]
        ]
    )


def overall(table: pd.DataFrame, column: str = "bits_8") -> pd.Series:
    """部分と種ごとの、すべての作品の一文字あたりのビット数（作品の文字数で重み付けした平均）。

    例:
        >>> rows = [("test", 0, 10, 4.0), ("test", 0, 30, 5.0)]
        >>> table = pd.DataFrame(rows, columns=["part", "seed", "characters", "bits_8"])
        >>> float(overall(table)["test", 0])
        4.75
    """
    total = table.assign(total=table[column] * table["characters"])
    sums = total.groupby(["part", "seed"])[["total", "characters"]].sum()
    return sums["total"] / sums["characters"]


def weight_table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """検証のビット数が最も小さい種の重み。"""
    best = overall(bits_table(results))["valid"].idxmin()
    chosen = next(result for point, result in results if point["seed"] == best)
    return pd.DataFrame(chosen["weights"])


def character_table() -> pd.DataFrame:
    """番号の順に並べた文字と、学習の文章での数。"""
    text, table = texts()
    counts = Counter(text)
    known = sum(counts[c] for c in table.characters[1:])
    numbers = [len(text) - known] + [counts[c] for c in table.characters[1:]]
    codes = [ord(c) for c in table.characters]
    return pd.DataFrame({"code": codes, "count": numbers})


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    how = {"index": False, "lineterminator": "\n"}
    return {
        "characters_page": bits_table(results).to_csv(float_format="%.4f", **how),
        "characters_page_weights": weight_table(results).to_csv(**how),
        "characters_page_characters": character_table().to_csv(**how),
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """保存した重みで測り直した検証の作品のビット数が、保存した表の、選んだ種の値であるかの表。"""
    stored = data.load("characters_page")
    seed = overall(stored)["valid"].idxmin()
    then = stored[(stored["seed"] == seed) & (stored["part"] == "valid")]
    rows = []
    for _, result in results:
        now = pd.DataFrame(result["rows"])
        weights = now["characters"] / now["characters"].sum()
        row = {"種": seed, "測り直し": float((now["bits"] * weights).sum())}
        row["保存済み"] = float((then["bits_8"].to_numpy() * weights).sum())
        row["一致"] = bool(np.allclose(now["bits"], then["bits_8"], atol=2e-3))
        rows.append(row)
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="characters_page",
    title="ページで文章を書く GRU: 作品ごとの一文字あたりのビット数と、8 ビットの重み",
    points=tuple({"seed": seed, "epochs": EPOCHS} for seed in SEEDS),
    quick=({"shipped": True},),
    train=train,
    tables=tables,
    compare=compare,
)
