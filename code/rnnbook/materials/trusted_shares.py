"""足し合わせの当てはめに、区間と印を付けます（第 11 章）。

答えの分かった混ぜもの n 本に、使うときと同じ当てはめを掛けます。

    e_i = max_k |f̂_ik − f_ik|        半幅 r は、e_i の小さいほうから ⌈0.9 (n + 1)⌉ 番目
    R_i = 当てはめの残りの割合         上位 3 % を越えれば「外」、9 % を越えれば「境」

新しい測定が、混ぜものと同じように作られたもの（交換可能）なら、どの割合も ±r に同時に入る確率が 90 % 以上です。
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_array
from rnnbook.materials.mixtures import Combination, combine
from rnnbook.materials.trust import group_quantile

COVERAGE, OUTSIDE, EDGE = 0.9, 0.03, 0.09


class Share(NamedTuple):
    """一本の答え。割合 f の区間は [f − r, f + r] を 0 から 1 に切ったものです。"""

    told: Combination  # 当てはめの結果
    low: np.ndarray  # (K,) 区間の下の端
    high: np.ndarray  # (K,) 区間の上の端
    mark: str  # 内、境、外


class TrustedShares:
    """標準物質 most 個までの当てはめと、その区間と印。

    例:
        >>> E = np.arange(6.0)
        >>> S = np.array([[0, 0, 1, 1, 1, 1], [0, 1, 1, 2, 1, 1.0]])
        >>> rng = np.random.default_rng(0)
        >>> f = rng.dirichlet([1, 1], 40)
        >>> X = f @ S + rng.normal(0, 0.01, (40, 6))
        >>> reader = TrustedShares(E, S, most=2).calibrate(X, f)
        >>> reader.read(0.3 * S[0] + 0.7 * S[1]).mark, reader.radius < 0.05
        ('内', True)
        >>> reader.read(np.array([0, 0, 1, 0, 1, 0.0])).mark  # 標準物質で作れない形
        '外'

    章: 11 章。
    """

    def __init__(
        self,
        E: np.ndarray,
        standards: np.ndarray,
        shifts: Sequence[float] = (0.0,),
        most: int | None = None,
    ) -> None:
        """引数は :func:`~rnnbook.materials.mixtures.combine` と同じです。"""
        E = require_array("E", E, ("T",))
        standards = require_array("standards", standards, ("K", len(E)))
        self.how = (E, standards, shifts, most)

    def fit(self, mu: np.ndarray) -> Combination:
        """mu (T,) への当てはめ。"""
        E, standards, shifts, most = self.how
        return combine(E, mu, standards, shifts, most)

    def calibrate(self, X: np.ndarray, f: np.ndarray) -> TrustedShares:
        """混ぜもの X (n, T) と割合 f (n, K) から、半幅と、印のしきい値を決めます。

        f は 0 以上で、行の和が 1 です。n は 33 以上です。そうでなければ ValueError です。
        """
        X = require_array("X", X, ("n", "T"))
        f = require_array("f", f, (len(X), len(self.how[1])))
        total = f.sum(axis=1)
        if (f < 0).any() or not np.allclose(total, 1, atol=1e-3):
            raise ValueError(
                "引数 f は、0 以上で、行の和が 1 の割合です（% なら 100 で割ります）。"
                f"最小が {f.min():g}、行の和が {total.min():g} から {total.max():g} の f が渡されました。"
            )
        fits = [self.fit(x) for x in X]
        # e_i = max_k |f̂_ik − f_ik|
        worst = np.abs(np.array([each.f for each in fits]) - f).max(axis=1)
        R = np.array([each.R for each in fits])
        radius = group_quantile(worst, COVERAGE)
        limits = [group_quantile(R, 1 - share) for share in (EDGE, OUTSIDE)]
        self.radius, self.limits = radius, limits  # 二つとも決まってから
        return self

    def read(self, mu: np.ndarray) -> Share:
        """mu (T,) の割合と、その区間と印。和 told.total は見ません（2 倍の測定も「内」）。

        calibrate の前に呼ぶと ValueError です。
        """
        if not hasattr(self, "radius"):
            raise ValueError("TrustedShares は、calibrate のあとで read できます。")
        told = self.fit(mu)
        low, high = np.clip((told.f - self.radius, told.f + self.radius), 0, 1)
        mark = ("内", "境", "外")[sum(limit < told.R for limit in self.limits)]
        return Share(told, low, high, mark)
