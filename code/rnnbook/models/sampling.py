"""言語モデルに書かせる（第 8 章）: 温度、top-k、top-p、そして一文字の抽選。

点（logit）z から、書く文字の確率を、次の順に作ります。

    p_k ∝ exp(z_k / τ)                 温度 τ。1 より小さいと、上位に寄る
    上位 k 文字だけを残す               top-k
    和が P に届くまで、上位から残す      top-p（核抽出）
    残したものを、和が 1 になるように割る

抽選は、一様乱数 u を一つ使い、番号の順に足した確率がはじめて u を超える文字です。
同じ u を渡せば、ページの JavaScript も同じ文字を書きます。

確率の対数はとりません。p = 0 の文字があっても、温度を掛けるのは点のほうだからです。

論文: Fan, Lewis & Dauphin (2018)（top-k）、Holtzman ほか (2020)（top-p）。
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_callable,
    require_generator,
    require_ids,
    require_instance,
    require_positive_int,
    require_range,
)

Step = Callable[[int, object], tuple[np.ndarray, object]]


def probabilities(
    z: np.ndarray,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
    banned: tuple[int, ...] = (),
) -> np.ndarray:
    """点 z (V,) から、書く文字の確率 (V,)。banned の番号は、はじめに除きます。

    例:
        >>> z = np.log([0.5, 0.3, 0.2])
        >>> probabilities(z).round(3).tolist()
        [0.5, 0.3, 0.2]
        >>> probabilities(z, temperature=0.5).round(3).tolist()  # 2 乗して割る
        [0.658, 0.237, 0.105]
        >>> probabilities(z, top_k=2).round(3).tolist()
        [0.625, 0.375, 0.0]
        >>> probabilities(z, top_p=0.6).round(3).tolist()
        [0.625, 0.375, 0.0]
        >>> probabilities(z, temperature=0.0)
        Traceback (most recent call last):
        ...
        ValueError: 引数 temperature は 0.01 以上 100.0 以下の数です。0.0 が渡されました。
    """
    z = require_array("z", z, ("V",)).astype(float)
    tau = require_range("temperature", temperature, 0.01, 100.0)
    if banned:
        z[require_ids("banned", np.array(banned), len(z))] = -np.inf
    # p_k = exp(z_k / τ) / Σ exp(z_j / τ)。最大を引いても、比は同じ
    p = np.exp((z - z.max()) / tau)
    p /= p.sum()
    if top_k is not None:
        p = keep_top_k(p, top_k)
    return keep_top_p(p, top_p)


def keep_top_k(p: np.ndarray, k: int) -> np.ndarray:
    """上位 k 文字だけを残し、和を 1 にします。同じ確率なら、番号の小さいほうを残します。

    例:
        >>> keep_top_k(np.array([0.1, 0.6, 0.3]), 1).tolist()
        [0.0, 1.0, 0.0]
    """
    p = require_array("p", p, ("V",))
    best = _by_rank(p)[: require_positive_int("k", k)]
    return _only(p, best)


def keep_top_p(p: np.ndarray, share: float) -> np.ndarray:
    """上位から足して share に届くまでの文字だけを残し、和を 1 にします。一文字は必ず残ります。

    例:
        >>> keep_top_p(np.array([0.1, 0.6, 0.3]), 0.5).tolist()
        [0.0, 1.0, 0.0]
        >>> keep_top_p(np.array([0.1, 0.6, 0.3]), 0.8).round(3).tolist()
        [0.0, 0.667, 0.333]
    """
    p = require_array("p", p, ("V",))
    share = require_range("share", share, 0.0, 1.0)
    if share == 1.0:
        return p
    order = _by_rank(p)
    # はじめて和が share に届く所まで
    n = int(np.searchsorted(np.cumsum(p[order]), share)) + 1
    return _only(p, order[:n])


def draw(p: np.ndarray, u: float) -> int:
    """確率 p (V,) と一様乱数 u から、文字の番号を一つ。番号の順に足し、はじめて u を超えた所です。

    例:
        >>> [draw(np.array([0.2, 0.0, 0.8]), u) for u in (0.0, 0.19, 0.2, 0.99)]
        [0, 0, 2, 2]
    """
    p = require_array("p", p, ("V",))
    u = require_range("u", u, 0.0, 1.0)
    total = np.cumsum(p)
    # u が和に丸めで届いても、確率 0 の文字は選ばない
    last = int(np.flatnonzero(p)[-1])
    return min(int(np.searchsorted(total, u * total[-1], side="right")), last)


def write(
    step: Step,
    start: np.ndarray,
    n: int,
    rng: np.random.Generator,
    **how: object,
) -> np.ndarray:
    """start (m,) を読み、続きの n 文字の番号 (n,) を書きます。how は probabilities と同じです。

    step(文字の番号, 状態) は、次の文字の点 (V,) と新しい状態を返します。はじめの状態は None です。
    状態を渡していくので、一文字を書く計算は、どこまで書いても一時刻分です。

    例:
        >>> def step(k, state):  # 0 のあとは 1、1 のあとは 0
        ...     return np.array([-50.0, 0.0] if k == 0 else [0.0, -50.0]), state
        >>> write(step, np.array([0]), 5, np.random.default_rng(0)).tolist()
        [1, 0, 1, 0, 1]
    """
    require_callable("step", step, "step(番号, 状態) → (点, 状態)")
    require_generator("rng", rng)
    start = require_array("start", start, ("m",)).astype(int)
    state, z = None, None
    for k in start:
        z, state = step(int(k), state)
    written = np.empty(require_positive_int("n", n), dtype=np.int64)
    for t in range(n):
        written[t] = draw(probabilities(z, **how), rng.random())
        z, state = step(int(written[t]), state)
    return written


def repeated(text: str, n: int) -> float:
    """続く n 文字が、その前のどこかに同じ形で現れている所の割合。繰り返しの多さです。

    例:
        >>> round(repeated("そうしてそうして", 2), 3)  # 7 か所のうち 3 か所
        0.429
        >>> repeated("いろはにほへと", 2)
        0.0
    """
    require_instance("text", text, str)
    n = require_positive_int("n", n)
    if len(text) < n + 1:
        raise ValueError(
            f"引数 text は n = {n} より長い文章です。{len(text)} 文字が渡されました。"
        )
    grams = [text[i : i + n] for i in range(len(text) - n + 1)]
    return 1 - len(set(grams)) / len(grams)


def _by_rank(p: np.ndarray) -> np.ndarray:
    """確率の大きい順の番号。同じなら、番号の小さい順。"""
    return np.argsort(-p, kind="stable")


def _only(p: np.ndarray, kept: np.ndarray) -> np.ndarray:
    q = np.zeros_like(p)
    q[kept] = p[kept]
    return q / q.sum()
