"""バイト数まで切り詰めた n グラム（第 8 章）。

残す並び h w の確率 P(w | h) を、対数の 1/4 の刻みで持ち、残さない並びは、短い並びへ退きます（バックオフ）。

    P(w | h) = 残した値            h w を残したとき
             = γ(h) P(w | h')      ほか。γ(h) は、足して 1 になるように決めます

残すのは、捨てると学習の文章のビット数がよく増える並びです:  c(h w) · log₂( P(w | h) / 退いた値 )

論文: Seymore と Rosenfeld (1996)。
"""

from __future__ import annotations

import gzip

import numpy as np

from rnnbook.arguments import require_positive_int
from rnnbook.models.grams import Grams, by_context
from rnnbook.models.kneser_ney import KneserNey
from rnnbook.models.witten_bell import WittenBell

STEP = 4.0  # 確率の対数 log₂ を、1/4 の刻みで持ちます


def interpolated(
    model: WittenBell | KneserNey,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """長さごとの、すべての並びの確率 P_n(w | h) と、文脈ごとの γ(h)。"""
    p, gamma, lower = [], [], np.array([1 / model.grams.V])
    for n, level in enumerate(model.grams.levels, 1):
        if isinstance(model, KneserNey):
            kept, total, given = model.parts[n - 1]
        else:
            kept, given = level.counts, model.kinds[n - 1]
            total = model.totals[n - 1] + given
        rest = np.where(total > 0, given / np.maximum(total, 1), 1.0)
        here = np.where(total > 0, 1 / np.maximum(total, 1), 0.0)[level.contexts]
        below = lower[level.suffixes] if n > 1 else lower[0]
        # P_n = 残した数 / 合計 + γ(h) P_{n−1}
        lower = kept * here + rest[level.contexts] * below
        p.append(lower)
        gamma.append(rest)
    return p, gamma


class PrunedNGram:
    """model の並びのうち、捨てると threshold ビットより多く損をするものだけを残します。

    例:
        >>> text = np.random.default_rng(0).integers(0, 3, 400)
        >>> full = WittenBell(Grams(text, V=3, order=3))
        >>> small = PrunedNGram(full, threshold=60.0)
        >>> [int(kept.sum()) for kept in small.kept], [len(kept) for kept in small.kept]
        ([3, 9, 13], [3, 9, 27])
    """

    def __init__(self, model: WittenBell | KneserNey, threshold: float) -> None:
        self.grams: Grams = model.grams
        p, rest = interpolated(model)
        levels = self.grams.levels
        # 長い並びから順に: 残す並びの文脈 h も残します
        self.kept = [np.ones(len(level.codes), dtype=bool) for level in levels]
        for n in range(model.order, 1, -1):
            level = levels[n - 1]
            backed = rest[n - 1][level.contexts] * p[n - 2][level.suffixes]
            gain = level.counts * np.log2(p[n - 1] / backed)
            keep = gain > threshold
            if n < model.order:
                parents = levels[n].contexts[self.kept[n]]
                keep[parents] = True
            self.kept[n - 1] = keep
        # 長さ 1 は、文章に現れない文字も含めて (V,)
        single = np.full(self.grams.V, rest[0][0] / self.grams.V)
        single[levels[0].codes] = p[0]
        self.codes = [_quantised(values) for values in (single, *p[1:])]
        self.values = [2.0 ** (-codes / STEP) for codes in self.codes]
        self.values[0] = self.values[0] / self.values[0].sum()
        self.gamma, answer = [np.ones(1)], self.values[0][levels[0].codes]
        for n, level in enumerate(levels[1:], 2):
            kept, contexts = self.kept[n - 1], len(levels[n - 2].codes)
            own = by_context(level, np.where(kept, self.values[n - 1], 0.0), contexts)
            # 丸めた値の和が 1 に届く文脈は、全体を縮めます
            shrink = np.where(own > 0.999, 0.999 / np.maximum(own, 1e-9), 1.0)
            self.values[n - 1] = self.values[n - 1] * shrink[level.contexts]
            short = np.where(kept, answer[level.suffixes], 0.0)
            left = 1 - by_context(level, short, contexts)
            gamma = (1 - own * shrink) / np.maximum(left, 1e-9)
            self.gamma.append(gamma)
            backed = gamma[level.contexts] * answer[level.suffixes]
            answer = np.where(kept, self.values[n - 1], backed)

    def probabilities(self, ids: np.ndarray) -> np.ndarray:
        """ids (T,) の各文字の、その前の文字から見た確率 (T,)。"""
        found = self.grams.find(ids)
        p = self.values[0][ids]
        for n in range(2, len(self.kept) + 1):
            context = np.concatenate([[-1], found[n - 2][:-1]])
            known = (context >= 0) & self.kept[n - 2][context]
            end = found[n - 1]
            kept = (end >= 0) & self.kept[n - 1][end]
            backed = np.where(known, self.gamma[n - 1][context], 1.0) * p
            p = np.where(kept, self.values[n - 1][end], backed)
        return p

    def packed(self) -> bytes:
        """残した並びと確率を並べ、gzip で縮めたもの。γ は、並びと確率から計算し直せます。"""
        streams = [self.codes[0].astype(np.uint8).tobytes()]
        for n in range(2, len(self.kept) + 1):
            level, kept = self.grams.levels[n - 1], self.kept[n - 1]
            contexts = len(self.grams.levels[n - 2].codes)
            children = by_context(level, kept, contexts)[self.kept[n - 2]]
            letters = level.codes[kept] % self.grams.V
            first = np.append(True, np.diff(level.contexts[kept]) > 0)[: len(letters)]
            # 同じ文脈の文字は小さい順なので、前との差を書きます
            gaps = np.where(first, letters, np.diff(letters, prepend=0))
            values = self.codes[n - 1][kept].astype(np.uint8).tobytes()
            streams += [varints(children.astype(int)), varints(gaps), values]
        return gzip.compress(b"".join(streams), 9, mtime=0)


def pruned_to(model: WittenBell | KneserNey, size: int) -> PrunedNGram:
    """packed の長さが size バイト以下で、それにいちばん近い n グラム（限りは二分法で探します）。"""
    size, low, high = require_positive_int("size", size), -2.0, 14.0
    for _ in range(9):
        middle = (low + high) / 2
        small = len(PrunedNGram(model, 2.0**middle).packed()) <= size
        low, high = (low, middle) if small else (middle, high)
    return PrunedNGram(model, 2.0**high)


def varints(numbers: np.ndarray) -> bytes:
    """0 以上 2¹⁴ 未満の整数を、128 より小さければ 1 バイト、ほかは 2 バイトで並べます。

    例:
        >>> list(varints(np.array([5, 300])))
        [5, 172, 2]
    """
    wide = numbers >= 128
    pairs = np.stack([np.where(wide, numbers % 128 + 128, numbers), numbers // 128], 1)
    return pairs[np.stack([np.ones_like(wide), wide], 1)].astype(np.uint8).tobytes()


def _quantised(p: np.ndarray) -> np.ndarray:
    return np.rint(-np.log2(p) * STEP).clip(0, 255)
