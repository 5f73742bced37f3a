"""選んで写す（selective copying）: 空白に混ざった記号だけを拾い、順に書き出す問題（第 16 章）。

はじめの T 時刻は空白で、K か所だけに記号が現れます（場所は系列ごとに違います）。続く K 時刻の
合図で、現れた順に記号を書き出します。系列の長さは T + K です。

写し（copy_memory）では、記号の場所がいつも同じです。ここでは、何を覚えるかを、見てから決めます。

記憶なしの正解率: 合図からは、記号について何も分かりません。SYMBOLS 種類は同じ確率なので 1/4 です。

論文: Gu, A. & Dao, T. (2023). Mamba. arXiv:2312.00752（長さ 4096、記号は 16 個。ここでは小さくします）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_generator, require_number, require_positive_int

K = 3  # 覚える記号の数
SYMBOLS = 4  # 記号の種類。番号は 0 から 3
BLANK, GO = 4, 5  # 空白と合図の番号
D = 6  # 入力の次元（番号ごとに一つ）
O = 4  # 出力の次元（記号ごとに一つ）
OUTPUT = "sequence"  # 終わりの K 時刻で答える
METRIC = "accuracy"
MIN_T = K


def batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """新しい系列を B 本作ります。one-hot の入力 x (B, T + K, 6) と、終わりの K 時刻の答え y (B, K)。

    例:
        >>> x, y = batch(np.random.default_rng(0), B=1, T=8)
        >>> x[0].argmax(axis=1), y[0]
        (array([4, 2, 2, 2, 4, 4, 4, 4, 5, 5, 5]), array([2, 2, 2]))
    """
    require_generator("rng", rng)
    B, T = require_positive_int("B", B), require_positive_int("T", T, MIN_T)
    ids = np.full((B, T + K), BLANK)
    ids[:, T:] = GO
    # 系列ごとに、T か所から K か所を選び、早い順に並べる
    where = np.sort(rng.random((B, T)).argsort(axis=1)[:, :K], axis=1)
    y = rng.integers(0, SYMBOLS, (B, K))
    np.put_along_axis(ids, where, y, axis=1)
    return np.eye(D)[ids], y


def baseline(T: int) -> float:
    """記憶なしの正解率 1/4（T によりません）。"""
    require_positive_int("T", T, MIN_T)
    return 1 / SYMBOLS


def is_solved(metric: float, T: int) -> bool:
    """正解率 metric が 0.99 以上なら、解けたとします。"""
    require_positive_int("T", T, MIN_T)
    return require_number("metric", metric) >= 0.99
