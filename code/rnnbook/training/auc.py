"""ROC 曲線の下の面積（AUC）と、軌跡ごとに引き直す区間（第 14 章）。

AUC は、y = 1 の窓の点数が、y = 0 の窓の点数より高い確率です（同点は半分）。0.5 が、当てずっぽうです。

同じ軌跡の窓は似ているので、窓を一つずつ引き直すと、区間は狭すぎます。軌跡を引き直します
（ブートストラップ）。二つの点数を、同じ軌跡の組で比べます。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_generator, require_positive_int


class Ranked:
    """点数を一度だけ並べ、窓の重みを替えて AUC を何度も求めます。"""

    def __init__(self, y: np.ndarray, score: np.ndarray) -> None:
        y = require_array("y", y, ("N",))
        score = require_array("score", score, (len(y),))
        if not set(np.unique(y)) <= {0, 1}:
            raise ValueError("引数 y は 0 か 1 を並べます。")
        if y.min() == y.max():
            raise ValueError(
                f"引数 y が、すべて {int(y[0])} です。AUC には 0 と 1 の両方が要ります。"
            )
        _, self.level = np.unique(score, return_inverse=True)
        self.y = y.astype(float)

    def auc(self, weight: np.ndarray | None = None) -> float:
        w = np.ones(len(self.y)) if weight is None else weight
        one = np.bincount(self.level, w * self.y)
        zero = np.bincount(self.level, w * (1 - self.y))
        # AUC = Σ (y = 1 の重み) × (低い y = 0 の重み + 同点の半分) / (全体)
        below = np.cumsum(zero) - zero / 2
        total = one.sum() * zero.sum()
        return float(one @ below / total) if total > 0 else float("nan")


def auc(y: np.ndarray, score: np.ndarray) -> float:
    """AUC。

    例:
        >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8])
        0.875
    """
    return Ranked(y, score).auc()


def draws_by_group(
    y: np.ndarray,
    scores: list[np.ndarray],
    groups: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """軌跡 groups (N,) を draws 回引き直したときの、点数ごとの AUC (draws, 点数の数)。

    例:
        >>> rng = np.random.default_rng(0)
        >>> y = np.tile([0, 1], 50)
        >>> found = draws_by_group(y, [y + rng.normal(size=100)], np.arange(100) // 10, 200, rng)
        >>> found.shape
        (200, 1)
    """
    require_generator("rng", rng)
    draws = require_positive_int("draws", draws)
    ranked = [Ranked(y, score) for score in scores]
    names, label = np.unique(np.asarray(groups), return_inverse=True)
    found = np.empty((draws, len(ranked)))
    for k in range(draws):
        times = np.bincount(rng.integers(len(names), size=len(names)), None, len(names))
        found[k] = [one.auc(times[label].astype(float)) for one in ranked]
    return found
