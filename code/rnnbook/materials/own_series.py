"""読者の組織の統計の表を読みます: 一行が一枚の画像の CSV（第 13 章）。

区切り、BOM、注釈、列の並びは問いません（own_files）。系列（試料か実験）ごとに、時刻の順に並べ、時刻が
揃うことを確かめます。誤りは、ファイル、行、列と、することを述べて FileProblem（ValueError）になります。
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnbook.materials.own_files import FileProblem, read_table


class Series(NamedTuple):
    """時刻の揃った系列 N 本の統計。"""

    runs: list[str]  # (N,) 試料か実験の名前
    time: np.ndarray  # (F,)
    X: np.ndarray  # (N, F, K) 統計
    T: np.ndarray | None  # (N, F) 温度の列があれば


def read_series(
    path: str | Path, run: str, time: str, temperature: str | None = None
) -> Series:
    """統計の表を読みます。run と time（と temperature）のほかの列は、どれも統計です。

    行の並びは問いません。系列ごとの時刻が揃わない、間隔が等しくない、同じ時刻が二度ある、数が欠けている
    ときはエラーです。

    例:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "c.csv"
        >>> _ = file.write_text("試料,t,C0,C1\\nA,0,1,0.5\\nA,1,1,0.7\\nB,1,2,0.9\\nB,0,2,0.1\\n")
        >>> found = read_series(file, run="試料", time="t")
        >>> found.runs, found.X.shape, found.X[1, 0].tolist()
        (['A', 'B'], (2, 2, 2), [2.0, 0.1])
    """
    table = read_table(path)
    file, asked = table.path.name, [run, time, *([temperature] if temperature else [])]
    taken = {table.find(name) for name in asked}
    columns = [k for k in range(len(table.names)) if k not in taken]
    if not columns:
        raise FileProblem(
            f"{file} に、{'、'.join(asked)} のほかの列（統計）がありません。"
        )
    names, t = table.words(run), table.numbers(time)
    values = np.stack([table.numbers(k) for k in columns], axis=1)
    T = table.numbers(temperature) if temperature else None
    runs, rows = list(dict.fromkeys(names.tolist())), []
    for each in runs:
        mine = np.flatnonzero(names == each)
        mine = mine[np.argsort(t[mine], kind="stable")]
        lines = [table.lines[k] for k in mine]
        if (same := np.diff(t[mine]) == 0).any():
            k = int(np.argmax(same))
            raise FileProblem(
                f"{file} の {lines[k]} 行目と {lines[k + 1]} 行目は、同じ {run} {each} の同じ時刻 "
                f"{t[mine][k]:g} です。"
            )
        gap = np.diff(t[mine])
        if len(gap) and (uneven := ~np.isclose(gap, np.median(gap), rtol=0.01)).any():
            k = int(np.argmax(uneven))
            raise FileProblem(
                f"{file} の {lines[k + 1]} 行目で、{run} {each} の時刻が {t[mine][k]:g} から "
                f"{t[mine][k + 1]:g} に進みます。間隔 {np.median(gap):g} に揃えます。"
            )
        if rows and not _same(t[mine], t[rows[0]]):
            raise FileProblem(
                f"{file} の {run} {each}（{len(mine)} 枚、{lines[0]} 行目から）の時刻が、"
                f"{run} {runs[0]}（{len(rows[0])} 枚）と違います。同じ時刻に揃えます。"
            )
        rows.append(mine)
    order = np.stack(rows)
    return Series(runs, t[order[0]], values[order], None if T is None else T[order])


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return len(a) == len(b) and np.allclose(a, b, rtol=1e-9)
