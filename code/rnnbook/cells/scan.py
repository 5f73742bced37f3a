"""並列スキャン: h_t = a_t h_{t-1} + b_t を、順に、または組をつないで求める（第 16 章）。

一歩は、組 (a, b) が表す一次式 h → a h + b です。二つの一歩を続けたものも一次式なので、組になります。

    (a_1, b_1) のあとに (a_2, b_2):   h → a_2 (a_1 h + b_1) + b_2
    つないだ組                         (a_2 a_1,  a_2 b_1 + b_2)

つなぐ順は変えられませんが、かっこの付け方は変えられます（結合則）。だから、木のようにまとめられます。

形: a と b は (T, …)。先頭が時刻の軸で、残りの軸は何でもかまいません。複素数でも動きます。
論文: Hillis, W. D. & Steele, G. L. (1986). Data parallel algorithms. Commun. ACM 29, 1170-1183.
      Blelloch, G. E. (1990). Prefix sums and their applications. CMU-CS-90-190.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_array, require_positive_int

Pair = tuple[np.ndarray, np.ndarray]


class ScanGrads(NamedTuple):
    """∂L/∂a、∂L/∂b（どちらも (T, …)）と ∂L/∂h_0。"""

    a: np.ndarray
    b: np.ndarray
    h0: np.ndarray


def combine(first: Pair, then: Pair) -> Pair:
    """first の一歩のあとに then の一歩を続けた、一つの組。

    例:
        >>> combine((2.0, 1.0), (3.0, 5.0))  # h → 3 (2h + 1) + 5
        (6.0, 8.0)
    """
    (a_1, b_1), (a_2, b_2) = first, then
    # h → a_2 (a_1 h + b_1) + b_2
    return a_2 * a_1, a_2 * b_1 + b_2


def scan_in_order(
    a: np.ndarray, b: np.ndarray, h0: np.ndarray | float = 0.0
) -> np.ndarray:
    """h (T, …) を、時刻の順に求めます。T 回の掛け算が、前の結果を待ちます。

    例:
        >>> scan_in_order(np.array([0.5, 0.5]), np.array([1.0, 1.0]))
        array([1. , 1.5])
    """
    a, b = _require_pairs(a, b)
    h = np.empty_like(b)
    last = h0
    for t in range(len(b)):
        # h_t = a_t h_{t-1} + b_t
        last = h[t] = a[t] * last + b[t]
    return h


def scan_doubling(
    a: np.ndarray, b: np.ndarray, h0: np.ndarray | float = 0.0
) -> np.ndarray:
    """h (T, …) を、つなぐ幅を 1, 2, 4, … と倍にしながら求めます。

    一段の中では、どの位置の計算も互いを待ちません。段の数は ⌈log₂ T⌉ です。

    例:
        >>> scan_doubling(np.array([0.5, 0.5]), np.array([1.0, 1.0]))
        array([1. , 1.5])
    """
    A, h = doubling_steps(a, b)[-1]
    # 位置 t の組は、1 から t までの一歩をつないだもの: h_t = A_t h_0 + B_t
    return A * h0 + h


def doubling_steps(a: np.ndarray, b: np.ndarray) -> list[Pair]:
    """段ごとの組 (A, B)。はじめは (a, b) で、d 幅の段のあとは、位置 t が 2d 歩ぶんの組になります。

    例:
        >>> [B.tolist() for A, B in doubling_steps(np.ones(4), np.ones(4))]
        [[1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 2.0, 2.0], [1.0, 2.0, 3.0, 4.0]]
    """
    A, B = _require_pairs(a, b)
    steps, d = [(A, B)], 1
    while d < len(B):
        # 位置 t（d 以上）: d だけ前の組のあとに、自分の組をつなぐ
        joined = combine((A[:-d], B[:-d]), (A[d:], B[d:]))
        A = np.concatenate([A[:d], joined[0]])
        B = np.concatenate([B[:d], joined[1]])
        steps.append((A, B))
        d *= 2
    return steps


def scan_backward(
    a: np.ndarray, h: np.ndarray, dh: np.ndarray, h0: np.ndarray | float = 0.0
) -> ScanGrads:
    """損失の勾配。dh (T, …) は ∂L/∂h_t のうち、出力から直接来る分です。

    逆伝播も、後ろから前への同じスキャンです: g_t = dh_t + a_{t+1} g_{t+1}。

    例:
        >>> a, b = np.array([0.5, 0.5]), np.array([1.0, 1.0])
        >>> grads = scan_backward(a, scan_in_order(a, b), np.array([0.0, 1.0]))
        >>> grads.a, grads.b
        (array([0., 1.]), array([0.5, 1. ]))
    """
    a, h = _require_pairs(a, h)
    dh = require_array("dh", dh, h.shape)
    # 後ろから: 位置 t の掛ける数は a_{t+1}。はじめ（t = T）には掛けるものがない
    later = np.concatenate([np.zeros_like(a[:1]), a[:0:-1]])
    g = scan_doubling(later, dh[::-1])[::-1]
    before = np.concatenate([np.broadcast_to(h0, h[:1].shape), h[:-1]])
    # ∂L/∂a_t = g_t h_{t-1}、∂L/∂b_t = g_t、∂L/∂h_0 = a_1 g_1
    return ScanGrads(g * before, g, a[0] * g[0])


def work_and_depth(T: int) -> dict[str, tuple[int, int]]:
    """つなぐ回数と、互いを待つ段の数。順に求める in_order と、倍にしていく doubling。

    例:
        >>> work_and_depth(8)
        {'in_order': (7, 7), 'doubling': (17, 3)}
    """
    T = require_positive_int("T", T)
    depth = (T - 1).bit_length()  # ⌈log₂ T⌉
    # 幅 d の段でつなぐのは T − d か所: Σ_d (T − d) = T ⌈log₂ T⌉ − (2^⌈log₂ T⌉ − 1)
    return {"in_order": (T - 1, T - 1), "doubling": (T * depth - (2**depth - 1), depth)}


def _require_pairs(a: np.ndarray, b: np.ndarray) -> Pair:
    kinds = (np.ndarray, np.generic)
    if not isinstance(a, kinds) or not isinstance(b, kinds) or a.shape != b.shape:
        raise ValueError(
            "引数 a と b は、同じ形 (T, …) の NumPy の配列です。"
            f"形 {np.shape(a)} と {np.shape(b)} が渡されました。"
        )
    if a.ndim == 0 or len(a) == 0:
        raise ValueError(
            f"引数 a と b の先頭は、1 以上の時刻の軸です。形 {a.shape} が渡されました。"
        )
    return a, b
