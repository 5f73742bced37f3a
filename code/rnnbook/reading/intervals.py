"""区間: n 個の種のうち k 個が解けた、という数には、95 % の区間が付きます。

10 個のうち 8 個と、40 個のうち 32 個は、同じ割合でも言えることが違います。
"""

from __future__ import annotations

from dataclasses import dataclass

from rnnbook.arguments import require_positive_int


@dataclass(frozen=True)
class Counted:
    """n 個のうちの k 個。ウィルソン (Wilson) の 95 % 区間を添えて書かれます。

    本当の割合を p とするとき、|k/n − p| ≤ 1.96 √(p (1 − p)/n) を満たす p の範囲です。
    k が 0 や n でも幅を持つので、少ない種の「全部」を言い過ぎません。

    k が n を超える、または負なら ValueError です。

    例:
        >>> Counted(8, 10)
        8/10（95 % 区間 49〜94 %）
        >>> print(Counted(10, 10).short)
        10/10（72〜100 %）

    出典: Wilson (1927), J. Am. Stat. Assoc. 22, 209–212。章: 2 章、3 章。
    """

    k: int
    n: int

    def __post_init__(self) -> None:
        require_positive_int("n", self.n)
        require_positive_int("k", self.k, minimum=0)
        if self.k > self.n:
            raise ValueError(
                f"引数 k は n = {self.n} 以下の整数です。{self.k!r} が渡されました。"
            )

    @property
    def interval(self) -> tuple[float, float]:
        """割合の 95 % 区間の両端（0 から 1）。"""
        # 読み込みに時間がかかるので、使うときに読み込みます。
        from statsmodels.stats.proportion import proportion_confint

        low, high = proportion_confint(self.k, self.n, method="wilson")
        return float(low), float(high)

    @property
    def short(self) -> str:
        """見出しに「95 % 区間」と書いた表のための、短い書き方。"""
        return f"{self.k}/{self.n}（{self._percent}）"

    @property
    def _percent(self) -> str:
        low, high = self.interval
        return f"{100 * low:.0f}〜{100 * high:.0f} %"

    def __str__(self) -> str:
        return f"{self.k}/{self.n}（95 % 区間 {self._percent}）"

    __repr__ = __str__
