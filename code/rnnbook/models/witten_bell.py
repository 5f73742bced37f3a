"""ウィッテン–ベルの平滑化をした n グラム（第 8 章）。式は第 7 章の NGram と同じで、長い並びも数えます。

    P_n(w | h) = ( c(h w) + N(h) P_{n−1}(w | h') ) / ( c(h) + N(h) ),   P_0(w) = 1/V

c(h w) は文脈 h のあとに w が続いた数、N(h) は h のあとに現れた文字の種類の数、h' は h からいちばん古い
文字を除いたものです。

論文: Witten と Bell (1991)。
"""

from __future__ import annotations

import numpy as np

from rnnbook.models.grams import Grams, by_context


class WittenBell:
    """文章から数えた並び grams の、確率。

    例:
        >>> model = WittenBell(Grams(np.array([0, 1, 0, 1, 0, 2]), V=3, order=2))
        >>> model.probabilities(np.array([0, 1])).round(4).tolist()  # P(0), P(1 | 0)
        [0.4444, 0.5333]
    """

    def __init__(self, grams: Grams) -> None:
        self.grams, self.order = grams, grams.order
        self.totals, self.kinds, contexts = [], [], 1
        for level in grams.levels:
            self.totals.append(by_context(level, level.counts, contexts))  # c(h)
            self.kinds.append(by_context(level, None, contexts))  # N(h)
            contexts = len(level.codes)

    def probabilities(self, ids: np.ndarray) -> np.ndarray:
        """ids (T,) の各文字の、その前の文字から見た確率 (T,)。"""
        p = np.full(len(ids), 1 / self.grams.V)
        context = np.zeros(len(ids), dtype=np.int64)
        found = self.grams.find(ids)
        for level, ends, totals, kinds in zip(
            self.grams.levels, found, self.totals, self.kinds, strict=True
        ):
            c = np.where(ends >= 0, level.counts[ends], 0)
            c_h = np.where(context >= 0, totals[context], 0)
            N_h = kinds[context]
            # P_n = (c(h w) + N(h) P_{n−1}) / (c(h) + N(h))
            p = np.where(c_h > 0, (c + N_h * p) / np.maximum(c_h + N_h, 1), p)
            context = np.concatenate([[-1], ends[:-1]])
        return p
