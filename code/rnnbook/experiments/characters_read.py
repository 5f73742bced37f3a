"""ページの GRU を読む: クネーザー–ナイとの混合、どこまで遡って読むか（第 8 章）。

重みは、characters_page が選んで保存した 4 ビットのものです。学習はしません。

    characters_read             検証と試験の作品ごとの、GRU（net）、長さ ORDER のクネーザー–ナイ
                                （kneser_ney）、二つの確率の混合（mixture）の、一文字あたりのビット数
    characters_read_reach       試験の作品の places か所で、直前の context 文字だけを 0 の状態から読んだ
                                ときのビット数。more は、作品のはじめから読んだときとの差、se はその標準誤差
    characters_read_gradients   同じような所で、次の文字の対数確率の、distance 文字前の埋め込みについての
                                勾配のノルムの平均（norm）と中央値（median）

    混合: p = weight · p_net + (1 − weight) · p_KN。weight は、検証の作品で選びます
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.datasets.all_essays import all_text_of, spelled_bits, works_of
from rnnbook.experiments.characters_page import shipped_characters, unpacked
from rnnbook.lab.engine import Experiment, Point
from rnnbook.models.grams import Grams
from rnnbook.models.kneser_ney import KneserNey
from rnnbook.training.character_bits import character_bits, ids_of

ORDER, WEIGHTS, HELD = 6, tuple(k / 20 for k in range(21)), ("valid", "test")
CONTEXTS, PLACES = (1, 2, 4, 8, 16, 32, 64, 128, 256), 2000
WINDOW, GRADIENTS = 64, 400
EARLIEST = 512  # 作品のはじめから、これより後の所で測ります


@cache
def shipped():
    """ページのモデルと文字の表。"""
    return unpacked(data.load("characters_page_weights")), shipped_characters()


def train(point: Point) -> dict:
    """一つの測定 what の、表の行を返します。"""
    if point["what"] == "mixture":
        return {"rows": mixture()}
    rng = np.random.default_rng(point["seed"])
    how = reach if point["what"] == "reach" else gradients
    return {"rows": how(rng, point["places"])}


def mixture() -> list[dict]:
    """作品ごとの、GRU、クネーザー–ナイ、混合のビット数。"""
    model, table = shipped()
    grams = Grams(table.encode(all_text_of("train")), len(table), ORDER)
    ngram = KneserNey(grams)
    parts = {}
    for part in HELD:
        texts = [work.text for work in works_of(part)]
        spelled = [spelled_bits(text, table) for text in texts]
        bits = character_bits(model, table, texts)
        p = [2.0 ** -(b - s) for b, s in zip(bits, spelled, strict=True)]
        q = [ngram.probabilities(ids_of(table, text))[1:] for text in texts]
        parts[part] = list(zip(p, q, spelled, strict=True))
    weight = min(WEIGHTS, key=lambda w: _mixed(parts["valid"], w))
    rows = []
    for part in HELD:
        for work, (p, q, spelled) in zip(works_of(part), parts[part], strict=True):
            row = {"part": part, "title": work.title, "characters": len(p)}
            for name, w in (("net", 1.0), ("kneser_ney", 0.0), ("mixture", weight)):
                row[name] = float((spelled - np.log2(w * p + (1 - w) * q)).mean())
            rows.append(row | {"weight": weight})
    return rows


def _mixed(works: list, w: float) -> float:
    return np.concatenate([-np.log2(w * p + (1 - w) * q) for p, q, _ in works]).mean()


def places_in(rng: np.random.Generator, n: int) -> list[tuple[int, int]]:
    """試験の作品の n か所（作品の番号、そこまで読んだ文字の数）。長い作品ほど多く選びます。"""
    lengths = np.array([len(work.text) for work in works_of("test")])
    room = np.maximum(lengths - EARLIEST, 0)
    works = rng.choice(len(room), n, p=room / room.sum())
    return [(int(k), int(EARLIEST + rng.integers(room[k]))) for k in works]


def reach(rng: np.random.Generator, places: int) -> list[dict]:
    """直前の context 文字だけを読んだときの、次の文字のビット数。"""
    model, table = shipped()
    texts = [work.text for work in works_of("test")]
    ids, where = [ids_of(table, text) for text in texts], places_in(rng, places)
    carried = character_bits(model, table, texts)
    spelled = [spelled_bits(text, table) for text in texts]
    # 位置 t の文字を当てます。番号の列は改行から始まるので、その前までは ids[: t + 1] です
    full = np.array([carried[k][t] - spelled[k][t] for k, t in where])
    y = torch.tensor([ids[k][t + 1] for k, t in where])
    rows = []
    for context in CONTEXTS:
        x = np.stack([ids[k][t + 1 - context : t + 1] for k, t in where])
        log_p = _last_log_p(model, torch.from_numpy(x))
        bits = -log_p.gather(1, y[:, None])[:, 0].numpy() / np.log(2)
        more = bits - full
        row = {"context": context, "places": places, "bits": float(bits.mean())}
        row |= {"more": float(more.mean()), "se": float(more.std() / places**0.5)}
        rows.append(row)
    return rows


def _last_log_p(model: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    """x (N, L) を読み終えたあとの、次の文字の対数確率 (N, V)。"""
    with torch.no_grad():
        h, _ = model.recurrent(model.embedding(x))
        o = model.project(h[:, -1])
        logits = o @ model.embedding.weight.T + model.bias
        return torch.log_softmax(logits, -1)


def gradients(rng: np.random.Generator, places: int) -> list[dict]:
    """次の文字の対数確率の、distance 文字前の埋め込みについての勾配のノルム。"""
    model, table = shipped()
    ids = [ids_of(table, work.text) for work in works_of("test")]
    where = places_in(rng, places)
    x = np.stack([ids[k][t + 1 - WINDOW : t + 1] for k, t in where])
    y = torch.tensor([ids[k][t + 1] for k, t in where])
    e = model.embedding(torch.from_numpy(x)).detach().requires_grad_()  # (N, T, E)
    h, _ = model.recurrent(e)
    logits = model.project(h[:, -1]) @ model.embedding.weight.T + model.bias
    log_p = torch.log_softmax(logits, -1).gather(1, y[:, None])
    (g,) = torch.autograd.grad(log_p.sum(), e)
    norms = g.norm(dim=-1).numpy()  # (N, T)
    return [
        {
            "distance": distance,
            "places": places,
            "norm": float(norms[:, WINDOW - distance].mean()),
            "median": float(np.median(norms[:, WINDOW - distance])),
        }
        for distance in range(1, WINDOW + 1)
    ]


NAMES = {"mixture": "", "reach": "_reach", "gradients": "_gradients"}


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    how = {"index": False, "float_format": "%.6g", "lineterminator": "\n"}
    return {
        f"characters_read{NAMES[point['what']]}": pd.DataFrame(result["rows"]).to_csv(
            **how
        )
        for point, result in results
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """少ない所で測り直した「作品のはじめから読むときとの差」が、標準誤差の 4 倍までで合うかの表。"""
    stored, rows = data.load("characters_read_reach").set_index("context"), []
    for _, result in results:
        for now in result["rows"]:
            then = stored.loc[now["context"]]
            room = 4 * np.hypot(now["se"], then["se"])
            row = {"文脈": now["context"], "測り直し": now["more"]}
            row |= {"保存済み": then["more"], "幅": room}
            rows.append(row | {"一致": abs(now["more"] - then["more"]) < room})
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="characters_read",
    title="ページの GRU を読む: クネーザー–ナイとの混合、遡って読む長さ、勾配の届く長さ",
    points=(
        {"what": "mixture", "seed": 0},
        {"what": "reach", "places": PLACES, "seed": 0},
        {"what": "gradients", "places": GRADIENTS, "seed": 0},
    ),
    quick=({"what": "reach", "places": 200, "seed": 1},),
    train=train,
    tables=tables,
    compare=compare,
)
