"""括弧: 開いた括弧が残っているかを、一文字ごとに答える問題（第 3 章）。

    (   深さ d を 1 増やす
    )   深さ d を 1 減らす（d = 0 なら何もしない）
    .   文の終わり。d を 0 に戻す
    a b c d e   何もしない

一文字読むたびに、d > 0 なら 1、d = 0 なら 0 と答えます。数えること（書く）、関係のない文字の
間で数を保つこと（覚えておく）、文の終わりで捨てること（忘れる）の三つが要ります。

系列ごとに RATES から q を一つ選び、どの時刻も独立に、確率 q で (、q で )、q/4 で .、残りを
a から e の一つとします。ただし d = MAX_DEPTH のときに出た ( は文字に替えます。学習で見る深さは
MAX_DEPTH までですが、答えはどの深さでも決まっています。

記憶なしの正解率: いまの一文字だけを見るなら、文字ごとに多いほうの答えを選ぶのが最善です。
深さは 0, …, MAX_DEPTH を移るマルコフ連鎖なので、その分布から数で求めます（baseline）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import (
    require_generator,
    require_ids,
    require_number,
    require_positive_int,
)

ALPHABET = "().abcde"  # 番号は 0 から 7
D = len(ALPHABET)  # 入力の次元（文字ごとに一つ）
O = 2  # 出力の次元（残っていない、残っている）
OUTPUT = "sequence"  # 一文字ごとに一つの答えを選ぶ
METRIC = "accuracy"
MIN_T = 1
MAX_DEPTH = 4  # 学習で見る深さの上限
RATES = (1 / 64, 1 / 32, 1 / 16, 1 / 8)
OPEN, CLOSE, STOP = 0, 1, 2
FIRST_LETTER = 3


def batch_ids(
    rng: np.random.Generator, B: int, T: int
) -> tuple[np.ndarray, np.ndarray]:
    """新しい系列を B 本、文字の番号 (B, T) で作ります。答え y (B, T) は 0 か 1 です。

    例:
        >>> ids, y = batch_ids(np.random.default_rng(29), B=1, T=16)
        >>> text(ids[0])
        'ad.)(ce()bbdcb)d'
        >>> "".join(map(str, y[0]))
        '0000111111111100'
    """
    require_generator("rng", rng)
    B, T = require_positive_int("B", B), require_positive_int("T", T, MIN_T)
    q = rng.choice(RATES, (B, 1))
    u = rng.random((B, T))
    letters = rng.integers(FIRST_LETTER, D, (B, T))
    ids = np.select([u < q, u < 2 * q, u < 2.25 * q], [OPEN, CLOSE, STOP], letters)
    depth, y = np.zeros(B, dtype=int), np.empty((B, T), dtype=int)
    for t in range(T):
        too_deep = (ids[:, t] == OPEN) & (depth == MAX_DEPTH)
        ids[too_deep, t] = letters[too_deep, t]
        depth = _next_depth(depth, ids[:, t])
        y[:, t] = depth > 0
    return ids, y


def batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """新しい系列を B 本作ります。one-hot の入力 x (B, T, 8) と答え y (B, T)。

    例:
        >>> x, y = batch(np.random.default_rng(0), B=3, T=60)
        >>> x.shape, y.shape
        ((3, 60, 8), (3, 60))
    """
    ids, y = batch_ids(rng, B, T)
    return np.eye(D)[ids], y


def encode(text: str) -> np.ndarray:
    """文字列を番号 (T,) にします。使えない文字は ValueError です。

    例:
        >>> encode("(a).")
        array([0, 3, 1, 2])
    """
    if not isinstance(text, str) or not text:
        raise ValueError(
            f"引数 text は一文字以上の文字列です。{text!r} が渡されました。"
        )
    unknown = sorted(set(text) - set(ALPHABET))
    if unknown:
        raise ValueError(
            f"引数 text に使える文字は {' '.join(ALPHABET)} です。"
            f"{' '.join(unknown)} は使えません。"
        )
    return np.array([ALPHABET.index(character) for character in text])


def text(ids: np.ndarray) -> str:
    """番号 (T,) を文字列に戻します。"""
    return "".join(ALPHABET[k] for k in require_ids("ids", ids, D))


def depths(ids: np.ndarray) -> np.ndarray:
    """番号 (T,) から、各時刻の深さ (T,) を数えます。

    例:
        >>> depths(encode("a(b(c)d."))
        array([0, 1, 1, 2, 2, 1, 1, 0])
    """
    depth, found = 0, []
    for k in require_ids("ids", ids, D):
        depth = int(_next_depth(depth, k))
        found.append(depth)
    return np.array(found)


def baseline(T: int) -> float:
    """記憶なしの正解率。文字ごとに、T 時刻を通して多いほうの答えを選んだときの値です。

    例:
        >>> baseline(1)  # はじめの一文字は、見れば分かります
        1.0
        >>> 0.5 < baseline(100) < 0.7
        True
    """
    T = require_positive_int("T", T, MIN_T)
    joint = np.zeros((D, O))  # P(文字, 答え) を T 時刻で足したもの
    for q in RATES:
        # p[d] = P(d_{t-1} = d)
        p = np.eye(MAX_DEPTH + 1)[0]
        for _ in range(T):
            after = np.zeros((D, MAX_DEPTH + 1))  # P(文字, d_t)
            for d, weight in enumerate(p):
                chances = np.array([q, q, q / 4] + [(1 - 2.25 * q) / 5] * 5)
                if d == MAX_DEPTH:  # ( は a から e に替わります
                    chances[FIRST_LETTER:] += q / 5
                    chances[OPEN] = 0.0
                for k in np.flatnonzero(chances):
                    after[k, _next_depth(d, k)] += weight * chances[k]
            joint[:, 0] += after[:, 0]
            joint[:, 1] += after[:, 1:].sum(axis=1)
            p = after.sum(axis=0)
    return float(joint.max(axis=1).sum() / (T * len(RATES)))


def is_solved(metric: float, T: int) -> bool:
    """正解率 metric が 0.99 以上なら、解けたとします。"""
    require_positive_int("T", T, MIN_T)
    return require_number("metric", metric) >= 0.99


def _next_depth(depth: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """深さ d に、番号 ids の文字を読ませます。"""
    moved = np.maximum(depth + (ids == OPEN) - (ids == CLOSE), 0)
    return np.where(ids == STOP, 0, moved)
