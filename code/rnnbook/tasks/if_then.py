"""if … then: 文頭の条件を、関係のない語をはさんで文末まで覚える問題（第 3・7 章）。

    if 条件 関係のない語 … 関係のない語 then TARGET

条件は sports、politics、food のどれかで、それがそのまま答え（0, 1, 2）です。
長さ T の文には、関係のない語が T − 4 個入ります。20 語はさむ文は T = 24 です。

decoys > 0 では、はさむ語の decoys の割合を、おとり（でたらめな条件の語）に替えます。答えは「if の次の語」の
ままなので、語順を見なければ解けません。decoys = 0 では、条件の語が文に一つしかなく、語順は要りません。

記憶なしの正解率: 最後に見えるのはいつも TARGET で、はさむ語も条件と独立に選びます。
三つの答えは同じ確率なので、どう答えても P(正解) = 1/3。

語彙は VOCABULARY の一つだけで、学習と試験が同じ番号を使います。
文の集まりごとに語彙を作ると、同じ語に別の番号が付き、学習した結果が試験で通じなくなります。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import (
    require_generator,
    require_ids,
    require_number,
    require_positive_int,
    require_range,
)

CONDITIONS = ("sports", "politics", "food")
FILLERS = ("the", "a", "man", "woman", "today", "read", "blue", "green")
VOCABULARY = ("if", *CONDITIONS, *FILLERS, "then", "TARGET")  # 番号は 0 から 13
D = len(VOCABULARY)  # 入力の次元（語ごとに一つ）
O = len(CONDITIONS)  # 出力の次元
OUTPUT = "class"  # 最後に一つの答えを選ぶ
METRIC = "accuracy"
MIN_T = 4


def batch_ids(
    rng: np.random.Generator, B: int, T: int, decoys: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """新しい文を B 個、語の番号 (B, T) で作ります。埋め込み層に渡す形です。答え y は (B,)。

    例:
        >>> ids, y = batch_ids(np.random.default_rng(0), B=1, T=7)
        >>> words(ids[0]), CONDITIONS[y[0]]
        ('if food man man the then TARGET', 'food')
        >>> words(batch_ids(np.random.default_rng(0), B=1, T=7, decoys=1.0)[0][0])
        'if food politics food politics then TARGET'
    """
    require_generator("rng", rng)
    B, T = require_positive_int("B", B), require_positive_int("T", T, MIN_T)
    decoys = require_range("decoys", decoys, 0.0, 1.0)
    y = rng.integers(0, len(CONDITIONS), B)
    first_filler = VOCABULARY.index(FILLERS[0])
    ids = rng.integers(first_filler, first_filler + len(FILLERS), (B, T))
    if decoys:
        first = VOCABULARY.index(CONDITIONS[0])
        other = rng.integers(first, first + len(CONDITIONS), (B, T))
        ids = np.where(rng.random((B, T)) < decoys, other, ids)
    ids[:, 0] = VOCABULARY.index("if")
    ids[:, 1] = VOCABULARY.index(CONDITIONS[0]) + y
    ids[:, -2] = VOCABULARY.index("then")
    ids[:, -1] = VOCABULARY.index("TARGET")
    return ids, y


def batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """新しい文を B 個作ります。one-hot の入力 x (B, T, 14) と答え y (B,)。

    例:
        >>> x, y = batch(np.random.default_rng(0), B=3, T=24)
        >>> x.shape, y.shape
        ((3, 24, 14), (3,))
    """
    ids, y = batch_ids(rng, B, T)
    return np.eye(D)[ids], y


def best_without_order(ids: np.ndarray) -> float:
    """文 ids (B, T) で、どの語がいくつあるかだけを見たときの、最もよい正解率。

    条件の語 c が文に n_c 個あるとき、if の次が c である確率は n_c に比例します（どの条件も同じ割合で
    選ばれ、おとりも同じだからです）。最もよい答えは多い語で、当たる確率は max_c n_c / Σ_c n_c です。

    例:
        >>> rng = np.random.default_rng(0)
        >>> best_without_order(batch_ids(rng, B=10, T=24)[0])
        1.0
        >>> round(best_without_order(batch_ids(rng, B=10_000, T=24, decoys=0.3)[0]), 2)
        0.53
    """
    first = VOCABULARY.index(CONDITIONS[0])
    # n (B, 3)
    n = (ids[..., None] == first + np.arange(len(CONDITIONS))).sum(axis=1)
    return float((n.max(axis=1) / n.sum(axis=1)).mean())


def words(ids: np.ndarray) -> str:
    """語の番号 (T,) を文に戻します。"""
    return " ".join(VOCABULARY[k] for k in require_ids("ids", ids, D))


def baseline(T: int) -> float:
    """記憶なしの正解率 1/3（T によりません）。"""
    require_positive_int("T", T, MIN_T)
    return 1 / 3


def is_solved(metric: float, T: int) -> bool:
    """正解率 metric が 0.99 以上なら、解けたとします。"""
    require_positive_int("T", T, MIN_T)
    return require_number("metric", metric) >= 0.99
