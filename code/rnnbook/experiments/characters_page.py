"""ページで文章を書く GRU: 学習、試験の作品での一文字あたりのビット数、4 ビットの重み（第 8 章）。

一つの点が一つの種です。随筆の学習の作品すべてを EPOCHS 回読んだあと、重みを 8 ビットに丸め、さらに、行列を
BITS ビットに丸めたときの損失で MORE 回読みます。検証と試験の作品の一つ一つで、一文字あたりのビット数を
測ります。文字の表は、学習の文章によく現れる 2,047 文字とその他です。

    bits        EPOCHS 回読んだ重み
    bits_8      それを 8 ビットに丸めたもの
    bits_page   BITS ビットで学習を続けたもの（ページの重み）

ページに載せるのは、検証の作品の bits_page が最も小さい種の重みです。試験の作品は、選ぶのに使いません。
bytes は、その種の重みの表を gzip で縮めた大きさです。characters_page_characters は、重みと同じ番号の順の
文字（code は Unicode の番号。0 番はその他の印 〓）と、学習の文章での数です。
"""

from __future__ import annotations

import gzip
from collections import Counter
from functools import cache

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.datasets.all_essays import all_text_of, works_of
from rnnbook.datasets.essays import Characters
from rnnbook.lab.engine import Experiment, Point
from rnnbook.models import eight_bits, few_bits
from rnnbook.models.character_model import PAGE, CharacterModel
from rnnbook.training.character_bits import character_bits
from rnnbook.training.character_fit import fit_characters, fit_rounded

SEEDS, EPOCHS, BITS, MORE = tuple(range(5)), 4.0, 4, 3.0
HELD = ("valid", "test")


@cache
def texts() -> tuple[str, Characters]:
    """学習の文章と、その文字の表。"""
    train = all_text_of("train")
    return train, Characters.most_common(train, PAGE.V)


def train(point: Point) -> dict:
    """一つの種を学習し、作品ごとのビット数と、ページの重みを返します。

    点が shipped なら学習せず、保存した重みで検証の作品を読みます（章が測り直す点）。
    """
    if point.get("shipped"):
        model = unpacked(data.load("characters_page_weights"))
        return {"rows": measured("valid", model, shipped_characters(), "bits_page")}
    text, table = texts()
    first = learned(point)
    model = CharacterModel(*PAGE)
    eight_bits.unpack(model, first["weights"])
    fit_rounded(model, text, table, BITS, point["seed"], MORE)
    packed = few_bits.pack(model.state_dict(), BITS)
    rows = [
        then | now
        for part in HELD
        for then, now in zip(
            (row for row in first["rows"] if row["part"] == part),
            measured(part, unpacked(packed), table, "bits_page"),
            strict=True,
        )
    ]
    return {"rows": rows, "weights": packed}


def learned(point: Point) -> dict:
    """EPOCHS 回読んだモデルの、作品ごとのビット数と、8 ビットの重み。"""
    text, table = texts()
    model = fit_characters(text, table, PAGE, "gru", point["seed"], point["epochs"])
    packed, rounded = eight_bits.pack(model), CharacterModel(*PAGE)
    eight_bits.unpack(rounded, packed)
    rows = []
    for part in HELD:
        then, now = measured(part, model, table), measured(part, rounded, table)
        for row, other in zip(then, now, strict=True):
            rows.append(row | {"bits_8": other["bits"]})
    return {"rows": rows, "weights": packed}


def unpacked(packed: pd.DataFrame | list[dict]) -> CharacterModel:
    """ページの重みを入れたモデル。"""
    model = CharacterModel(*PAGE)
    few_bits.unpack(model, packed)
    return model


def measured(
    part: str, model: CharacterModel, table: Characters, column: str = "bits"
) -> list[dict]:
    """部分 part の作品ごとの、一文字あたりのビット数。"""
    works = works_of(part)
    found = character_bits(model, table, [work.text for work in works])
    return [
        {
            "part": part,
            "title": work.title,
            "characters": len(work.text),
            column: float(bits.mean()),
        }
        for work, bits in zip(works, found, strict=True)
    ]


def shipped_characters() -> Characters:
    """保存した重みと同じ番号の順の、文字の表。"""
    codes = data.load("characters_page_characters")["code"]
    return Characters("".join(chr(code) for code in codes))


def bits_table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """種と作品ごとに一行。bytes は、その種の重みを gzip で縮めた大きさです。"""
    rows = []
    for point, result in results:
        text = pd.DataFrame(result["weights"]).to_csv(index=False)
        size = len(gzip.compress(text.encode(), 9, mtime=0))
        named = {"seed": point["seed"], "bytes": size}
        rows += [named | row for row in result["rows"]]
    return pd.DataFrame(rows)


def overall(table: pd.DataFrame, column: str = "bits_page") -> pd.Series:
    """部分と種ごとの、すべての作品の一文字あたりのビット数（作品の文字数で重み付けした平均）。

    例:
        >>> rows = [("test", 0, 10, 4.0), ("test", 0, 30, 5.0)]
        >>> table = pd.DataFrame(rows, columns=["part", "seed", "characters", "bits_page"])
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
        row = {"種": seed, "測り直し": float((now["bits_page"] * weights).sum())}
        row["保存済み"] = float((then["bits_page"].to_numpy() * weights).sum())
        row["一致"] = bool(np.allclose(now["bits_page"], then["bits_page"], atol=2e-3))
        rows.append(row)
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="characters_page",
    title="ページで文章を書く GRU: 作品ごとの一文字あたりのビット数と、4 ビットの重み",
    points=tuple({"seed": seed, "epochs": EPOCHS} for seed in SEEDS),
    quick=({"shipped": True},),
    train=train,
    tables=tables,
    compare=compare,
)
