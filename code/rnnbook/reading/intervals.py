"""区間: n 個の種のうち k 個が解けた、という数には、95 % の区間が付きます。

10 個のうち 8 個と、40 個のうち 32 個は、同じ割合でも言えることが違います。
"""

from __future__ import annotations

from dataclasses import dataclass

from rnnbook.arguments import require_positive_int


@dataclass(frozen=True)
class Counted:
    """n 個のうちの k 個。ウィルソン (Wilson) の 95 % 区間を添えて書かれます。

    diverged は、n 個のうち、発散して終わった数です。あれば、区間のあとに書かれます。

    本当の割合を p とするとき、|k/n − p| ≤ 1.96 √(p (1 − p)/n) を満たす p の範囲です。
    k が 0 や n でも幅を持つので、少ない種の「全部」を言い過ぎません。

    負の数や、k + diverged が n を超える数は ValueError です。

    例:
        >>> Counted(8, 10)
        8/10（95 % 区間 49〜94 %）
        >>> print(Counted(10, 10).short)
        10/10（72〜100 %）
        >>> print(Counted(3, 40, diverged=28))
        3/40（95 % 区間 3〜20 %、発散 28）

    出典: Wilson (1927), J. Am. Stat. Assoc. 22, 209–212。章: 2 章、3 章。
    """

    k: int
    n: int
    diverged: int = 0

    def __post_init__(self) -> None:
        require_positive_int("n", self.n)
        require_positive_int("k", self.k, minimum=0)
        require_positive_int("diverged", self.diverged, minimum=0)
        for name, most in (("k", self.n), ("diverged", self.n - self.k)):
            if getattr(self, name) > most:
                raise ValueError(
                    f"引数 {name} は {most} 以下の整数です（n = {self.n}）。"
                    f"{getattr(self, name)!r} が渡されました。"
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
        return f"{self.k}/{self.n}（{self._spread}）"

    @property
    def _spread(self) -> str:
        low, high = self.interval
        lost = f"、発散 {self.diverged}" if self.diverged else ""
        return f"{100 * low:.0f}〜{100 * high:.0f} %{lost}"

    def __str__(self) -> str:
        return f"{self.k}/{self.n}（95 % 区間 {self._spread}）"

    __repr__ = __str__
