"""種一つを一行にした表: 点の結果を表にし、表を点の結果に戻します。

一点の結果は {"seeds": 種ごとの記録} で、記録は、物差しの並び "curve"、解けた回数 "solved_at"、
発散した回数 "diverged_at"（なければ None）です。
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from rnnbook.lab.points import Point

Results = list[tuple[Point, dict]]


def seed_table(
    results: Results, keys: Sequence[str], columns: Callable[[dict], dict[str, str]]
) -> str:
    """種一つを一行にした CSV。列は、点の keys、種、解けた回数、columns(記録) です。

    keys の同じ点は、はじめのものの所に続けて並べます。

    例:
        >>> result = {"seeds": [{"curve": [0.5], "solved_at": None}]}
        >>> results = [({"T": T, "seed": seed}, result) for T, seed in ((9, 0), (5, 0), (9, 1))]
        >>> print(seed_table(results, ["T"], lambda record: {"100": record["curve"][0]}))
        T,seed,solved_at,100
        9,0,,0.5
        9,1,,0.5
        5,0,,0.5
        <BLANKLINE>
    """
    place: dict[tuple, int] = {}
    for point, _ in results:
        place.setdefault(tuple(point[key] for key in keys), len(place))
    rows = [
        {key: point[key] for key in keys}
        | {"seed": point["seed"] + k, "solved_at": record["solved_at"]}
        | columns(record)
        for point, result in sorted(
            results, key=lambda pair: place[tuple(pair[0][key] for key in keys)]
        )
        for k, record in enumerate(result["seeds"])
    ]
    table = pd.DataFrame(rows).astype({"solved_at": "Int64"})
    return table.to_csv(index=False, lineterminator="\n")


def from_seed_table(table: pd.DataFrame, keys: Sequence[str], block: int) -> Results:
    """表を、種 block 個ずつの点とその結果に戻します。数字だけの名の列が、物差しの並びです。

    例:
        >>> columns = ["T", "seed", "solved_at", "diverged_at", "100", "200"]
        >>> table = pd.DataFrame([[9, 1, None, 200, 0.5, None]], columns=columns)
        >>> from_seed_table(table, ["T"], block=1)
        [({'T': 9, 'seed': 1, 'seeds': 1}, {'seeds': [{'curve': [0.5], 'solved_at': None, 'diverged_at': 200}]})]
    """
    steps = [column for column in table if column.isdigit()]
    first = (table["seed"] // block * block).rename("first")
    results = []
    for _, rows in table.groupby([*keys, first], sort=False):
        start = rows.iloc[0]
        where = {key: _plain(start[key]) for key in (*keys, "seed")}
        records = [
            {"curve": row[steps].dropna().tolist()}
            | {name: _count(row[name]) for name in ("solved_at", "diverged_at")}
            for _, row in rows.iterrows()
        ]
        results.append((where | {"seeds": len(rows)}, {"seeds": records}))
    return results


def _plain(cell: object) -> object:
    return cell if isinstance(cell, str) else int(cell)


def _count(cell: float) -> int | None:
    return None if pd.isna(cell) else int(cell)
