"""写し（copy）: 10 個の記号を覚え、T 時刻待ってから、同じ順に書き出す問題（第 3 章）。

入力は 8 種類の記号が 10 個、空白が T − 1 個、合図が 1 個、空白が 10 個で、長さは T + 20 です。
答えも同じ長さで、はじめの T + 10 時刻は空白、合図の後の 10 時刻は覚えた記号です。
T は系列長ではなく、待つ長さです。

記憶なしの損失: 空白で答えるべき時刻は、合図を見るまでと分かるので、損失は 0 にできます。
残る 10 時刻は 8 種類が同じ確率なので、交差エントロピーはどう答えても一時刻あたり ln 8 以上。
全時刻で平均すると

    10 ln 8 / (T + 20)

T が長いほど小さな数になります。損失が小さいことと、覚えていることは別です。

論文: Hochreiter & Schmidhuber (1997) の系統の問題を、
      Arjovsky, M., Shah, A. & Bengio, Y. (2016). ICML 2016 がこの形にしました。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_generator, require_number, require_positive_int

K = 10  # 覚える記号の数
SYMBOLS = 8  # 記号の種類。番号は 0 から 7
BLANK, GO = 8, 9  # 空白と合図の番号
D = 10  # 入力の次元（番号ごとに一つ）
O = 9  # 出力の次元（8 種類の記号と空白）
OUTPUT = "sequence"  # 全時刻で答える
METRIC = "cross_entropy"  # 全時刻の平均
MIN_T = 1


def batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """新しい系列を B 本作ります。one-hot の入力 x (B, T + 20, 10) と答え y (B, T + 20)。

    例:
        >>> x, y = batch(np.random.default_rng(0), B=1, T=3)
        >>> x[0].argmax(axis=1)
        array([6, 5, 4, 2, 2, 0, 0, 0, 1, 6, 8, 8, 9, 8, 8, 8, 8, 8, 8, 8, 8, 8,
               8])
        >>> y[0]
        array([8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 6, 5, 4, 2, 2, 0, 0, 0, 1,
               6])
    """
    require_generator("rng", rng)
    B, T = require_positive_int("B", B), require_positive_int("T", T, MIN_T)
    symbols = rng.integers(0, SYMBOLS, (B, K))
    ids = np.full((B, T + 2 * K), BLANK)
    y = ids.copy()
    ids[:, :K] = symbols
    ids[:, T + K - 1] = GO
    y[:, T + K :] = symbols
    return np.eye(D)[ids], y


def baseline(T: int) -> float:
    """記憶なしの損失 10 ln 8 / (T + 20)（ナット）。

    例:
        >>> round(baseline(1000), 4)
        0.0204
    """
    T = require_positive_int("T", T, MIN_T)
    return float(K * np.log(SYMBOLS) / (T + 2 * K))


def is_solved(metric: float, T: int) -> bool:
    """損失 metric が記憶なしの 1/20 未満なら、解けたとします。

    書き出す一記号あたり ln 8 / 20 ≈ 0.10 ナットで、正しい記号に確率およそ 0.9 を付けた損失です。
    """
    return require_number("metric", metric) < baseline(T) / 20
