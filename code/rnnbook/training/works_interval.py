"""作品ごとの値から、一文字あたりの平均と、その 95 % 区間を求めます（第 8 章）。

同じ作品の文字は互いに似ているので、文字を独立な標本とは数えません。作品を、同じ数だけ復元抽出することを
くり返し（ブートストラップ）、平均の散らばりから区間を決めます。

論文: Efron (1979)。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_array, require_positive_int


class Interval(NamedTuple):
    """平均と、その 95 % 区間。"""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def over_works(
    values: np.ndarray, characters: np.ndarray, draws: int = 2000, seed: int = 0
) -> Interval:
    """作品ごとの値 values (N,) の、文字数 characters (N,) で重み付けした平均と、その区間。

    二つのモデルを比べるときは、作品ごとの差を values に渡します。同じ作品どうしを比べるので、作品の
    難しさの違いは打ち消されます。

    例:
        >>> found = over_works(np.array([4.0, 4.0, 4.0]), np.array([10, 20, 30]))
        >>> str(found)
        '4.000 [4.000, 4.000]'
    """
    values = require_array("values", values, ("N",)).astype(float)
    characters = require_array("characters", characters, (len(values),)).astype(float)
    draws = require_positive_int("draws", draws)
    rng = np.random.default_rng(seed)
    rows = rng.integers(len(values), size=(draws, len(values)))
    # 抽出のたびの、一文字あたりの平均 (draws,)
    means = (values * characters)[rows].sum(1) / characters[rows].sum(1)
    low, high = np.quantile(means, [0.025, 0.975])
    mean = (values * characters).sum() / characters.sum()
    return Interval(float(mean), float(low), float(high))
