"""n グラム: 直前の n − 1 文字だけから、次の文字の確率を数えて決める言語モデル（第 7 章）。

c(h w) は、文脈 h（n − 1 文字）のあとに w が続いた数、N(h) は、h のあとに現れた文字の種類の数です。

    P_n(w | h) = ( c(h w) + N(h) P_{n−1}(w | h') ) / ( c(h) + N(h) ),   P_0(w) = 1/V

h' は、h からいちばん古い文字を除いたものです。h が一度も現れていなければ P_n = P_{n−1} です。

論文: Witten と Bell (1991)。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_array, require_ids, require_positive_int


class _Counts(NamedTuple):
    """長さ n の並びの数。並びは、V 進法の一つの整数です。"""

    grams: np.ndarray  # 現れた並び（小さい順）
    counts: np.ndarray  # c(h w)
    contexts: np.ndarray  # 現れた文脈（小さい順）
    totals: np.ndarray  # c(h)
    kinds: np.ndarray  # N(h)


class NGram:
    """文章 ids (m,) から数えた n グラム。order が n で、V は文字の種類の数です。

    例:
        >>> model = NGram(np.array([0, 1, 0, 1, 0, 2]), V=3, order=2)
        >>> model.probabilities(np.array([0, 1])).round(4).tolist()  # P(0), P(1 | 0)
        [0.4444, 0.5333]
    """

    def __init__(self, ids: np.ndarray, V: int, order: int) -> None:
        self.V = require_positive_int("V", V)
        self.order = require_positive_int("order", order)
        if V**order > np.iinfo(np.int64).max:
            raise ValueError(
                f"引数 order は、V ** order が int64 に収まる数です。{order} が渡されました。"
            )
        ids = require_ids("ids", ids, V)
        self.levels = [self._count(ids, n) for n in range(1, order + 1)]

    def _count(self, ids: np.ndarray, n: int) -> _Counts:
        grams, counts = np.unique(self._codes(ids, n), return_counts=True)
        contexts, first = np.unique(grams // self.V, return_index=True)
        kinds = np.diff(np.append(first, len(grams)))
        return _Counts(grams, counts, contexts, np.add.reduceat(counts, first), kinds)

    def _codes(self, ids: np.ndarray, n: int) -> np.ndarray:
        """どの位置でも、そこまでの n 文字を V 進法の整数にしたもの (…, T − n + 1)。"""
        parts = np.lib.stride_tricks.sliding_window_view(ids.astype(np.int64), n, -1)
        return parts @ self.V ** np.arange(n - 1, -1, -1)

    def probabilities(self, ids: np.ndarray) -> np.ndarray:
        """ids (…, T) の各位置の文字の、その前の文字から見た確率 (…, T)。"""
        ids = require_array("ids", ids, (..., "T")).astype(np.int64)
        p = np.full(ids.shape, 1 / self.V)
        for n, level in enumerate(self.levels, 1):
            if ids.shape[-1] < n:
                break
            grams = self._codes(ids, n)
            seen, at = _find(level.contexts, grams // self.V)
            found, row = _find(level.grams, grams)
            c, c_h = np.where(found, level.counts[row], 0), level.totals[at]
            N_h, lower = level.kinds[at], p[..., n - 1 :]
            # P_n = (c(h w) + N(h) P_{n−1}) / (c(h) + N(h))
            p[..., n - 1 :] = np.where(seen, (c + N_h * lower) / (c_h + N_h), lower)
        return p


def _find(sorted_codes: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """codes が sorted_codes にあるかと、その位置（なければ、使えない 0 以上の番号）。"""
    at = np.searchsorted(sorted_codes, codes).clip(max=len(sorted_codes) - 1)
    return sorted_codes[at] == codes, at
