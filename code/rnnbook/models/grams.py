"""文章に現れる長さ 1 … order の並びと、その数（第 8 章）。

長さ n の並びは、（はじめの n − 1 文字の並びの番号, 最後の文字）の組で表します。V 進法の整数（第 7 章の
NGram）では収まらない、長い並びも数えられます。
"""

from __future__ import annotations

from copy import copy
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_ids, require_positive_int


class Level(NamedTuple):
    """長さ n の、現れたすべての並び（番号の順）。"""

    codes: np.ndarray  # はじめの n − 1 文字の番号 × V + 最後の文字（小さい順）
    counts: np.ndarray  # c(h w): 現れた数
    contexts: np.ndarray  # はじめの n − 1 文字（文脈 h）の番号
    suffixes: np.ndarray  # 終わりの n − 1 文字の番号


class Grams:
    """文章 ids (m,) の、長さ 1 … order の並び。levels[n − 1] が長さ n です。

    例:
        >>> grams = Grams(np.array([0, 1, 0, 1, 2]), V=3, order=2)
        >>> grams.levels[1].codes.tolist(), grams.levels[1].counts.tolist()  # 01, 10, 12
        ([1, 3, 5], [2, 1, 1])
        >>> grams.find(np.array([0, 1, 1]))[1].tolist()  # 長さ 2: 01 は 0 番、11 はない
        [-1, 0, -1]
    """

    def __init__(self, ids: np.ndarray, V: int, order: int) -> None:
        self.V = require_positive_int("V", V)
        self.order = require_positive_int("order", order)
        ids = require_ids("ids", ids, V).astype(np.int64)
        if len(ids) < order:
            raise ValueError(
                f"引数 ids は order = {order} 文字以上の文章です。{len(ids)} 文字が渡されました。"
            )
        self.levels: list[Level] = []
        ends = np.zeros(len(ids) + 1, dtype=np.int64)  # 空の並びは一つ、0 番です
        for _ in range(order):
            # 位置 t で終わる n 文字: （t − 1 で終わる n − 1 文字, 文字 t）
            codes = ends[:-1] * V + ids[len(ids) - len(ends) + 1 :]
            shorter = ends[1:]  # 同じ位置で終わる n − 1 文字
            found, first, ends, counts = np.unique(
                codes, return_index=True, return_inverse=True, return_counts=True
            )
            self.levels.append(Level(found, counts, found // V, shorter[first]))

    def shortened(self, order: int) -> Grams:
        """同じ文章の、長さ 1 … order だけ。数え直しません。"""
        short = copy(self)
        short.order = require_positive_int("order", order)
        short.levels = self.levels[:order]
        return short

    def find(self, ids: np.ndarray) -> list[np.ndarray]:
        """ids (T,) の位置 t で終わる n 文字の番号 (T,) を、n = 1 … order の順に。なければ −1。"""
        ids = require_ids("ids", ids, self.V).astype(np.int64)
        before, found = np.zeros(len(ids), dtype=np.int64), []
        for level in self.levels:
            codes = before * self.V + ids
            at = np.searchsorted(level.codes, codes).clip(max=len(level.codes) - 1)
            known = (before >= 0) & (level.codes[at] == codes)
            ends = np.where(known, at, -1)
            found.append(ends)
            before = np.concatenate([[-1], ends[:-1]])  # 一つ前で終わる n 文字
        return found


def by_context(level: Level, values: np.ndarray, contexts: int) -> np.ndarray:
    """並びごとの値 values を、文脈ごとに足した和 (contexts,)。"""
    return np.bincount(level.contexts, values, minlength=contexts)
