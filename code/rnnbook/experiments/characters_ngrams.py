"""文字の n グラムと圧縮プログラム: 試験の作品での一文字あたりのビット数（第 8 章）。

どれも、ページの GRU（characters_page）と同じ学習の作品から数え、同じ検証と試験の作品で測ります。
表にない文字は、書き表す 16 ビットを払います。

    witten_bell, kneser_ney    長さ order の n グラム。文字の表は V − 1 文字とその他
    pruned_*                   order = 4 のものを、size バイト以下に切り詰めたもの（gzip のあと）
    xz, bz2, ppmd              UTF-8 の文章を縮めるプログラム。（学習 + 作品）と学習の大きさの差を、
                               文字数で割ります。試験の文章を読みながらも学びます

share は、使う学習の文章の（はじめからの）割合です。文字の表も、その中から作ります。bytes は、n グラムを
縮めた大きさ、圧縮プログラムでは学習の文章を縮めた大きさです（縮めない n グラムでは 0）。kept は、持っている
並びの数です。ppmd には pyppmd を使います（手元に入れた本には入っています。Colab では pip install pyppmd）。
"""

from __future__ import annotations

import bz2
import lzma
from functools import cache

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.datasets.all_essays import all_text_of, spelled_bits, works_of
from rnnbook.datasets.essays import Characters
from rnnbook.lab.engine import Experiment, Point
from rnnbook.models.grams import Grams
from rnnbook.models.kneser_ney import KneserNey
from rnnbook.models.pruned import pruned_to
from rnnbook.models.witten_bell import WittenBell
from rnnbook.training.character_bits import ids_of

ORDERS, V, LONGEST = tuple(range(1, 8)), 2048, 7
SHARES, SHARE_ORDERS = (1 / 16, 1 / 8, 1 / 4, 1 / 2), (3, 4, 5, 6)
SIZES, PRUNED_ORDER = (75_000, 155_000, 300_000, 600_000, 1_200_000), 4
PPMD_ORDERS, PPMD_MEMORY = (6, 12, 24), 1 << 28
HELD, KEYS = ("valid", "test"), ("model", "order", "share", "V", "size")
MODELS = {"witten_bell": WittenBell, "kneser_ney": KneserNey}


@cache
def counted(share: float, V: int) -> tuple[Characters, Grams]:
    """学習の文章の、はじめの割合 share から作った、文字の表と並びの数。"""
    text = all_text_of("train")
    text = text[: int(len(text) * share)]
    table = Characters.most_common(text, V)
    return table, Grams(table.encode(text), len(table), LONGEST)


def train(point: Point) -> dict:
    """一点の、作品ごとのビット数（圧縮プログラムは、部分ごと）。"""
    name = point["model"]
    if name in COMPRESSORS:
        return compressed(name, point["order"])
    table, grams = counted(point["share"], point["V"])
    size = point["size"]
    short = grams.shortened(point["order"])
    if size:
        model = pruned_to(MODELS[name.removeprefix("pruned_")](short), size)
        kept = int(sum(level.sum() for level in model.kept))
        size = len(model.packed())
    else:
        model = MODELS[name](short)
        kept = sum(len(level.codes) for level in short.levels)
    rows = []
    for part in HELD:
        for work in works_of(part):
            p = model.probabilities(ids_of(table, work.text))[1:]
            bits = -np.log2(p) + spelled_bits(work.text, table)
            row = {"part": part, "title": work.title, "characters": len(work.text)}
            rows.append(row | {"bits": float(bits.mean())})
    return {"rows": rows, "kept": kept, "bytes": size}


def compressed(name: str, order: int) -> dict:
    """圧縮プログラム name の、部分ごとのビット数。"""
    size_of, before = COMPRESSORS[name], all_text_of("train").encode("utf-8") + b"\n"
    alone, rows = size_of(before, order), []
    for part in HELD:
        text = all_text_of(part)
        more = size_of(before + text.encode("utf-8"), order) - alone
        row = {"part": part, "title": "", "characters": len(text)}
        rows.append(row | {"bits": 8 * more / len(text)})
    return {"rows": rows, "kept": 0, "bytes": alone}


def _ppmd(text: bytes, order: int) -> int:
    import pyppmd

    encoder = pyppmd.Ppmd7Encoder(order, PPMD_MEMORY)
    return len(encoder.encode(text)) + len(encoder.flush())


COMPRESSORS = {
    "xz": lambda text, _: len(lzma.compress(text, preset=9 | lzma.PRESET_EXTREME)),
    "bz2": lambda text, _: len(bz2.compress(text, 9)),
    "ppmd": _ppmd,
}


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """点と作品ごとに一行。圧縮プログラムの題は「（すべて）」です。"""
    rows = []
    for point, result in results:
        more = {"kept": result["kept"], "bytes": result["bytes"]}
        for row in result["rows"]:
            named = row | {"title": row["title"] or "（すべて）"}
            rows.append({key: point[key] for key in KEYS} | more | named)
    return pd.DataFrame(rows)


def overall(table: pd.DataFrame) -> pd.DataFrame:
    """点と部分ごとの、一文字あたりのビット数。

    例:
        >>> same = {"model": "kneser_ney", "order": 3, "share": 1.0, "V": 9, "size": 0}
        >>> same |= {"part": "test", "kept": 5, "bytes": 0}
        >>> rows = [same | {"characters": n, "bits": b} for n, b in [(10, 4.0), (30, 5.0)]]
        >>> float(overall(pd.DataFrame(rows))["bits"].iloc[0])
        4.75
    """
    total = table.assign(total=table["bits"] * table["characters"])
    groups = total.groupby([*KEYS, "part"], sort=False)
    found = groups[["kept", "bytes"]].first()
    found["bits"] = groups["total"].sum() / groups["characters"].sum()
    return found.reset_index()


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"characters_ngrams": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """数え直した n グラムの、作品ごとのビット数が、保存済みと同じかの表。"""
    stored = data.load("characters_ngrams").set_index(list(KEYS))
    rows = []
    for point, result in results:
        then = stored.loc[tuple(point[key] for key in KEYS)]
        now = pd.DataFrame(result["rows"])
        rows.append(
            {
                "モデル": point["model"],
                "長さ": point["order"],
                "測り直し": float(now["bits"].mean()),
                "保存済み": float(then["bits"].mean()),
                "一致": bool(np.allclose(now["bits"], then["bits"], atol=1e-3)),
            }
        )
    return pd.DataFrame(rows)


def point_of(
    model: str, order: int, share: float = 1.0, V: int = V, size: int = 0
) -> Point:
    """格子の一点。乱数は使わないので、種は一つです。"""
    return dict(model=model, order=order, share=share, V=V, size=size, seed=0)


EXPERIMENT = Experiment(
    name="characters_ngrams",
    title="文字の n グラムと圧縮プログラム: 作品ごとの一文字あたりのビット数",
    points=(
        *(point_of(model, order) for model in MODELS for order in ORDERS),
        *(point_of(f"pruned_{m}", PRUNED_ORDER, size=s) for m in MODELS for s in SIZES),
        *(point_of("kneser_ney", n, share=s) for s in SHARES for n in SHARE_ORDERS),
        *(point_of("kneser_ney", order, V=100_000) for order in (5, 6)),
        *(point_of("ppmd", order) for order in PPMD_ORDERS),
        *(point_of(name, 0) for name in ("xz", "bz2")),
    ),
    quick=(point_of("kneser_ney", 3, share=1 / 16),),
    train=train,
    tables=tables,
    compare=compare,
)
