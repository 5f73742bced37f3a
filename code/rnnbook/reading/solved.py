"""種ごとの学習の表を数えます: 解けた種、発散した種、そのどちらでもない種。"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rnnbook.reading.intervals import Counted

SOLVED, DIVERGED = "solved_at", "diverged_at"


def solved_counts(
    table: pd.DataFrame, by: Sequence[str] = ("task", "model", "T")
) -> pd.Series:
    """列 by の値の組ごとの、解けた種の数（Counted）。組は、表に現れる順に並びます。

    一行が一つの種です。解けた種は列 solved_at に、発散した種は列 diverged_at に更新の回数を持ち、
    そうでない種では空です。種の総数は組ごとに違ってよく、行の数から数えます。

    列がなければ、また解けたのに発散した行があれば ValueError です。

    例:
        >>> table = pd.DataFrame(
        ...     {"T": [50, 50, 200], "solved_at": [400, None, None], "diverged_at": [None, None, 300]}
        ... )
        >>> counts = solved_counts(table, by=["T"])
        >>> counts[50]
        1/2（95 % 区間 9〜91 %）
        >>> counts[200].diverged
        1

    章: 2 章、3 章。
    """
    by = list(by)
    missing = [name for name in (*by, SOLVED, DIVERGED) if name not in table]
    if missing:
        raise ValueError(
            f"引数 table には列 {', '.join((*by, SOLVED, DIVERGED))} が要ります。"
            f"{', '.join(missing)} がありません。"
        )
    solved, diverged = table[SOLVED].notna(), table[DIVERGED].notna()
    if (solved & diverged).any():
        row = table.index[solved & diverged][0]
        raise ValueError(
            f"引数 table の行 {row} は、{SOLVED} と {DIVERGED} の両方を持っています。"
        )
    states = table.assign(solved=solved, diverged=diverged)
    sums = states.groupby(by, sort=False)[["solved", "diverged"]].agg(["sum", "size"])
    return pd.Series(
        [
            Counted(int(k), int(n), int(lost))
            for k, n, lost, _ in sums.itertuples(index=False)
        ],
        index=sums.index,
        dtype=object,
    )
