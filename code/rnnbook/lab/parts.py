"""一点が何枚かの表の行を返す実験の、CSV の中身（図が使う重みの実験など）。"""

from __future__ import annotations

import pandas as pd

from rnnbook.lab.points import Point


def tables_of_parts(
    name: str, key: str, results: list[tuple[Point, dict[str, list[dict]]]]
) -> dict[str, str]:
    """結果 {"": 行, "_weights": 行, …} を、表 name、name_weights、… にまとめます。

    どの行の前にも、点の key の値を置きます。

    例:
        >>> results = [({"train": "clean", "seed": 0}, {"": [{"rmse": 0.5}]})]
        >>> tables_of_parts("page", "train", results)
        {'page': 'train,rmse\\nclean,0.5\\n'}
    """
    found = {}
    for part in results[0][1]:
        rows = [
            {key: point[key]} | row for point, result in results for row in result[part]
        ]
        found[f"{name}{part}"] = pd.DataFrame(rows).to_csv(
            index=False, float_format="%.6g", lineterminator="\n"
        )
    return found
