"""修正クネーザー–ナイの平滑化をした n グラム（第 8 章）。

    P_n(w | h) = ( a(h w) − D(a(h w)) ) / A(h) + γ(h) P_{n−1}(w | h'),   P_0(w) = 1/V
    γ(h) = ( D_1 N_1(h) + D_2 N_2(h) + D_3 N_3+(h) ) / A(h)

いちばん長い並びでは、a は現れた数です。短い並びでは、a は、その並びの前に来た文字の種類の数です。
「いろいろな文字のあとに現れるか」が、次に来やすさを決めます。D は、数が 1、2、3 以上の並びから引く値で、

    Y = n_1 / (n_1 + 2 n_2),  D_k = k − (k + 1) Y n_{k+1} / n_k   （n_k は、a = k の並びの種類の数）

A(h) は h に続く a の和、N_k(h) は、h に続く、a = k の文字の種類の数、h' は h からいちばん古い文字を
除いたものです。引いた分 γ(h) を短い並びに配るので、確率は足して 1 になります。

論文: Chen と Goodman (1999)。
"""

from __future__ import annotations

import numpy as np

from rnnbook.models.grams import Grams, by_context

FALLBACK = (0.5, 1.0, 1.5)  # 文章が短く、D の式が使えないときの値


class KneserNey:
    """文章から数えた並び grams の、確率。いちばん長い並びの長さは grams.order です。

    例:
        >>> model = KneserNey(Grams(np.array([0, 1, 0, 1, 0, 2]), V=3, order=2))
        >>> rows = [model.probabilities(np.array([0, w]))[1] for w in range(3)]
        >>> round(float(sum(rows)), 6)
        1.0
    """

    def __init__(self, grams: Grams) -> None:
        self.grams, self.order = grams, grams.order
        self.parts, contexts = [], 1
        for n, level in enumerate(grams.levels, 1):
            a = level.counts
            if n < self.order:  # 前に来た文字の種類の数
                longer = grams.levels[n].suffixes
                a = np.bincount(longer, minlength=len(level.codes))
            D = np.concatenate([[0.0], discounts(a)])
            taken = D[np.minimum(a, 3)]  # D(a)
            A = by_context(level, a, contexts)
            # γ(h) A(h) = D_1 N_1(h) + D_2 N_2(h) + D_3 N_3+(h)
            self.parts.append((a - taken, A, by_context(level, taken, contexts)))
            contexts = len(level.codes)

    def probabilities(self, ids: np.ndarray) -> np.ndarray:
        """ids (T,) の各文字の、その前の文字から見た確率 (T,)。"""
        p = np.full(len(ids), 1 / self.grams.V)
        context = np.zeros(len(ids), dtype=np.int64)
        found = self.grams.find(ids)
        for ends, (kept, A, given) in zip(found, self.parts, strict=True):
            a = np.where(ends >= 0, kept[ends], 0.0)
            A_h = np.where(context >= 0, A[context], 0.0)
            # P_n = (a − D) / A + γ P_{n−1}
            p = np.where(A_h > 0, (a + given[context] * p) / np.maximum(A_h, 1), p)
            context = np.concatenate([[-1], ends[:-1]])
        return p


def discounts(a: np.ndarray) -> tuple[float, float, float]:
    """数 a から引く、D_1、D_2、D_3。どれも 0 より大きく、k より小さくならなければ FALLBACK です。

    例:
        >>> a = np.repeat([1, 2, 3, 4], [10, 4, 2, 1])
        >>> tuple(round(D, 4) for D in discounts(a))
        (0.5556, 1.1667, 1.8889)
    """
    n = np.bincount(np.minimum(a, 5), minlength=6)
    if not n[1:5].all():
        return FALLBACK
    Y = n[1] / (n[1] + 2 * n[2])
    # D_k = k − (k + 1) Y n_{k+1} / n_k
    D = tuple(float(k - (k + 1) * Y * n[k + 1] / n[k]) for k in (1, 2, 3))
    return D if all(0 < D[k - 1] < k for k in (1, 2, 3)) else FALLBACK
