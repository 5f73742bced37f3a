"""隠れ状態の探偵の計算: 入っているユニットと、手がかりとの重なりを数えます（第 8 章）。

ユニットは、番号と向き（1 か −1）の組 (cell, sign) です。sign · h[cell] がしきい値以上なら、入っています。
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

LONG = 40
Unit = tuple[int, int]


def clues_of(text: str) -> dict[str, np.ndarray]:
    """字ごとの、手がかりが成り立つか (N,)。どれも、その字まで読んだところで成り立つことです。

    例:
        >>> found = clues_of("「漢」、カ。")
        >>> found["quote"].astype(int).tolist(), found["comma"].astype(int).tolist()
        ([1, 1, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0])
    """
    letters = np.array(list(text))
    depth = run = 0
    quote, long = [], []
    for letter in text:
        depth = max(0, depth + {"「": 1, "」": -1}.get(letter, 0))
        depth = 0 if letter == "\n" else depth  # 閉じ忘れは、段落で終わりにする
        run = 0 if letter in "。\n" else run + 1  # 文の始めからの字数
        quote.append(depth > 0)
        long.append(run >= LONG)
    return {
        "quote": np.array(quote),
        "start": np.isin(letters, ["。", "\n"]),
        "comma": letters == "、",
        "kanji": ((letters >= "\u4e00") & (letters <= "\u9fff")) | (letters == "々"),
        "katakana": ((letters >= "ァ") & (letters <= "ヴ")) | (letters == "ー"),
        "long": np.array(long),
    }


def units_on(states: np.ndarray, start: int, stop: int, threshold: float) -> list[Unit]:
    """字 start から stop の手前までずっと入っているユニットを、入ることの少ない順に。

    例:
        >>> units_on(np.array([[0.9, -0.8], [0.9, 0.1]]), 0, 1, 0.5)
        [(1, -1), (0, 1)]
    """
    on = _both_ways(states, threshold)  # (N, H, 2)
    cells, ways = np.nonzero(on[start:stop].all(axis=0))
    order = np.argsort(on.mean(axis=0)[cells, ways], kind="stable")
    return [(int(cells[k]), 1 - 2 * int(ways[k])) for k in order]


def best_unit(
    states: np.ndarray, truth: np.ndarray, threshold: float
) -> tuple[Unit, float]:
    """手がかり truth (N,) と F1 がいちばん大きいユニットと、その F1。

    例:
        >>> best_unit(np.array([[0.9], [-0.9], [0.9]]), np.array([1, 0, 0]) > 0, 0.5)
        ((0, 1), 0.6666666666666666)
    """
    on = _both_ways(states, threshold)
    hits, said = (on & truth[:, None, None]).sum(axis=0), on.sum(axis=0)  # (H, 2)
    f1 = 2 * hits / np.maximum(said + truth.sum(), 1)
    cell, way = np.unravel_index(f1.argmax(), f1.shape)
    return (int(cell), 1 - 2 * int(way)), float(f1[cell, way])


def all_on(states: np.ndarray, units: list[Unit], threshold: float) -> np.ndarray:
    """どのユニットも入っている字 (N,)。ユニットがなければ、どの字も偽です。"""
    if not units:
        return np.zeros(len(states), bool)
    cells, signs = map(list, zip(*units, strict=True))
    return (states[:, cells] * signs >= threshold).all(axis=1)


def clustered(
    hits: np.ndarray, counted: np.ndarray, blocks: np.ndarray
) -> tuple[float, float]:
    """割合 Σ hits / Σ counted の、段落 blocks (N,) を一まとまりとした 95 % 区間。

    分散は Σ_b (hits_b − p n_b)² / (Σ n)² · B / (B − 1)。有効な個数 p (1 − p) / 分散 を、ウィルソンの区間に
    入れます。数えるものが二つの段落になければ (0, 1) です。

    例:
        >>> ones = np.ones(4, bool)
        >>> [round(v, 2) for v in clustered(ones, ones, np.array([0, 0, 1, 1]))]
        [0.34, 1.0]
    """
    table = pd.DataFrame({"hits": hits & counted, "n": counted})
    sums = table.groupby(blocks).sum().query("n > 0")  # (B, 2)
    B, n = len(sums), sums["n"].sum()
    if B < 2:
        return 0.0, 1.0
    p = sums["hits"].sum() / n
    off = sums["hits"] - p * sums["n"]
    variance = (off**2).sum() / n**2 * B / (B - 1)
    # みな当たりか、みな外れなら、段落の数を個数とする
    effective = min(n, p * (1 - p) / variance) if variance > 0 else B
    low, high = proportion_confint(p * effective, effective, method="wilson")
    return float(low), float(high)


def runs_of(on: np.ndarray) -> np.ndarray:
    """続いて入っている範囲 (R, 2)。始めと、終わりの次です。

    例:
        >>> runs_of(np.array([1, 1, 0, 1]) > 0).tolist()
        [[0, 2], [3, 4]]
    """
    edges = np.diff(np.concatenate([[False], on, [False]]).astype(int))
    return np.flatnonzero(edges).reshape(-1, 2)


def _both_ways(states: np.ndarray, threshold: float) -> np.ndarray:
    return np.stack([states, -states], axis=2) >= threshold
