"""ページの GRU に書かせた文章: 温度、top-k、top-p ごとの、繰り返しと、らしさ（第 8 章）。

重みは、characters_page が選んで保存した 4 ビットのものです。改行から始めて CHARACTERS 文字を書かせ、同じ
長さの試験の作品（real）と並べます。

    net         そのモデル自身の、一文字あたりのビット数（温度を掛けない確率で）
    kneser_ney  長さ 6 のクネーザー–ナイのビット数
    repeated    8 文字の並びのうち、その文章の前のほうに同じ形で現れている割合
    copied      12 文字の並びのうち、学習の文章に同じ形で現れる割合
    kinds       文字の種類の数
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
from rnnbook.lab.spread import beside_stored
from rnnbook.models.grams import Grams
from rnnbook.models.kneser_ney import KneserNey
from rnnbook.models.sampling import repeated, write
from rnnbook.training.character_bits import START, character_bits, ids_of

CHARACTERS, SEEDS, ORDER = 600, tuple(range(5)), 6
SETTINGS = {
    "greedy": {"top_k": 1},
    "temperature 0.5": {"temperature": 0.5},
    "temperature 0.8": {"temperature": 0.8},
    "temperature 1.0": {},
    "temperature 1.3": {"temperature": 1.3},
    "top-k 10": {"top_k": 10},
    "top-p 0.9": {"top_p": 0.9},
}
MEASURES = ("net", "kneser_ney", "repeated", "copied", "kinds")


@cache
def readers():
    """ページのモデル、文字の表、クネーザー–ナイ、学習の文章の 12 文字の並び。"""
    table, text = shipped_characters(), all_text_of("train")
    ngram = KneserNey(Grams(table.encode(text), len(table), ORDER))
    windows = {hash(text[k : k + 12]) for k in range(len(text) - 11)}
    return unpacked(data.load("characters_page_weights")), table, ngram, windows


def written(setting: str, seed: int) -> str:
    """setting の書き方で、種 seed の乱数で書いた文章。"""
    model, table, *_ = readers()

    def step(k: int, state: object) -> tuple[np.ndarray, object]:
        with torch.no_grad():
            logits, state = model(torch.tensor([[k]]), state)
        return logits[0, -1].numpy(), state

    rng, how = np.random.default_rng([8, seed]), SETTINGS[setting]
    start = table.encode(START)
    return table.decode(write(step, start, CHARACTERS, rng, banned=(0,), **how))


def real(seed: int) -> str:
    """試験の作品の一つの、はじめの CHARACTERS 文字。"""
    long = [work for work in works_of("test") if len(work.text) >= CHARACTERS]
    return long[seed * len(long) // len(SEEDS)].text[:CHARACTERS]


def train(point: Point) -> dict:
    """一つの文章を書かせて（real は取り出して）測ります。"""
    setting, seed = point["setting"], point["seed"]
    text = real(seed) if setting == "real" else written(setting, seed)
    model, table, ngram, windows = readers()
    (net,) = character_bits(model, table, [text])
    p = ngram.probabilities(ids_of(table, text))[1:]
    seen = [hash(text[k : k + 12]) in windows for k in range(len(text) - 11)]
    return {
        "text": text.replace("\n", "／"),
        "net": float(net.mean()),
        "kneser_ney": float((spelled_bits(text, table) - np.log2(p)).mean()),
        "repeated": repeated(text, 8),
        "copied": float(np.mean(seen)),
        "kinds": len(set(text)),
    }


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。文章の改行は「／」で書きます。"""
    rows = [point | result for point, result in results]
    columns = ["setting", "seed", *MEASURES, "text"]
    text = pd.DataFrame(rows)[columns].to_csv(
        index=False, float_format="%.4f", lineterminator="\n"
    )
    return {"characters_samples": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """別の種で書かせた文章のビット数が、保存済みの平均 ± 3 標準偏差（と 1 ビット）に入るかの表。"""
    stored, rows = data.load("characters_samples").groupby("setting"), []
    for point, result in results:
        values = stored.get_group(point["setting"])["kneser_ney"]
        row = {"書き方": point["setting"]}
        rows.append(row | beside_stored(result["kneser_ney"], values, slack=1.0))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="characters_samples",
    title="ページの GRU に書かせた文章: 書き方ごとの、繰り返しとらしさ",
    points=tuple(
        {"setting": setting, "seed": seed}
        for setting in (*SETTINGS, "real")
        for seed in SEEDS
    ),
    quick=({"setting": "temperature 0.8", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
