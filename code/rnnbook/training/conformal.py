"""予測に幅を付けます: 分割共形予測（第 1 章）。

q = |y − ŷ| の小さいほうから k 番目、k = ⌈(n + 1)·coverage⌉
予測区間 = [ŷ − q, ŷ + q]
"""

from __future__ import annotations

import math

import numpy as np

from rnnbook.arguments import require_array, require_range


def conformal_half_width(residuals: np.ndarray, coverage: float = 0.9) -> float:
    """予測区間 [ŷ − q, ŷ + q] の半幅 q を、学習に使わなかった n 点の残差から決めます。

    residuals (n,) は y − ŷ です。q の単位も同じです。n 点と次の一点が交換可能なら、
    次の y は k/(n + 1)（coverage 以上）の確率で区間に入ります。残差の分布は問いません。
    点が少なく k > n になるときと、coverage が 0 と 1 の間にないときは ValueError です。

    例:
        >>> conformal_half_width(np.array([1.0, -4.0, 2.0, -3.0]), coverage=0.8)
        4.0

    論文: Lei, J. ほか (2018). Distribution-free predictive inference for regression.
          J. Am. Stat. Assoc. 113, 1094–1111. Algorithm 2。章: 1 章。
    """
    residuals = require_array("residuals", residuals, ("n",))
    coverage = require_range("coverage", coverage, 0.0, 1.0)
    n = len(residuals)
    # k = ⌈(n + 1)·coverage⌉。引く 1e-9 は、積の丸めで一つ増えるのを防ぎます
    k = math.ceil((n + 1) * coverage - 1e-9)
    if not 1 <= k <= n:
        raise ValueError(
            f"引数 coverage = {coverage:g} の幅は、"
            f"n = {n} 個の残差からは決まりません。"
            f"k = {k} が 1 から n の間に要ります。"
        )
    # q = |y − ŷ| の小さいほうから k 番目
    return float(np.sort(np.abs(residuals))[k - 1])
