"""読者の軌跡を読みます: 秩序変数の列を持つ表と、ASE の extxyz（第 14 章）。

表（CSV など）は、一行が一本の軌跡の一コマです。区切り、文字コード、列の並びは own_files が見分けます。
コマは時間の順に、同じ刻みで並んでいなければなりません。抜けたコマ、二度あるコマ、戻る時間、刻みの違う軌跡は、
ファイルと行を述べて FileProblem になります。

    runs = read_runs("runs.csv", run="run", time="time (ps)", columns=["Q6", "U"])
    event = first_crossing(runs, "Q6", above=0.22)      結晶になったコマ
    w = cut(runs, event)                                前触れの窓
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_positive_int, require_range
from rnnbook.materials.crystal_order import order
from rnnbook.materials.own_files import FileProblem, read_table
from rnnbook.materials.precursor import (
    HORIZON,
    LOOK,
    WIDTH,
    Windows,
    first_sustained,
)

FRAME_COLUMNS = ("Q6", "q6", "q6_mean", "links", "cluster")  # read_extxyz の列


class Runs(NamedTuple):
    """軌跡 K 本。長さは違ってもかまいません。"""

    names: list[str]  # 軌跡の名前。ファイルに現れた順
    columns: list[str]
    step: float  # 一コマの時間。ファイルの時間の単位
    series: list[np.ndarray]  # K 個の (T_k, D)


def read_runs(path: str | Path, run: str, time: str, columns: Sequence[str]) -> Runs:
    """軌跡の名前 run、時間 time、秩序変数 columns の列を持つ表を読みます。

    例:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "runs.csv"
        >>> _ = file.write_text("t (ps),run,Q6\\n0,a,0.1\\n2,a,0.3\\n0,b,0.2\\n2,b,0.2\\n")
        >>> runs = read_runs(file, run="run", time="t", columns=["Q6"])
        >>> runs.names, runs.step, runs.series[0].ravel().tolist()
        (['a', 'b'], 2.0, [0.1, 0.3])
    """
    table = read_table(path)
    who, t = table.words(run), table.numbers(time)
    values = np.stack([table.numbers(c) for c in columns], axis=1)
    names = list(dict.fromkeys(who.tolist()))
    series, first = [], None
    for name in names:
        rows = np.flatnonzero(who == name)
        steps = np.diff(t[rows])
        if len(rows) < 2:
            raise FileProblem(
                f"{table.path.name} の軌跡 {name} は {len(rows)} コマだけです。2 コマ以上が要ります。"
            )
        if (back := steps <= 0).any():
            k = int(np.argmax(back))
            raise FileProblem(
                f"{table.path.name} の {table.lines[rows[k + 1]]} 行目で、軌跡 {name} の時間が "
                f"{t[rows[k]]:g} から {t[rows[k + 1]]:g} に進みます。"
                "二度あるコマを除き、時間の順に並べます。"
            )
        first = float(np.median(steps)) if first is None else first
        if (odd := np.abs(steps - first) > 1e-3 * first).any():
            k = int(np.argmax(odd))
            raise FileProblem(
                f"{table.path.name} の {table.lines[rows[k + 1]]} 行目で、軌跡 {name} の刻みが "
                f"{steps[k]:g} です（ほかは {first:g}）。抜けたコマを補うか、刻みを揃えます。"
            )
        series.append(values[rows])
    return Runs(names, list(columns), first, series)


def read_extxyz(path: str | Path, reach: float) -> np.ndarray:
    """extxyz（ほかの、ASE が読む形式でも）のコマごとの秩序 (T, 5)。列は FRAME_COLUMNS です。

    reach は隣と見る距離で、ファイルの長さの単位です（ふつう Å）。箱は、一辺の等しい直方体だけを読みます。

    例:
        >>> read_extxyz("no_such_file.extxyz", reach=3.2)
        Traceback (most recent call last):
        ...
        rnnbook.materials.own_files.FileProblem: no_such_file.extxyz がありません。
    """
    path, reach = Path(path), require_range("reach", reach, 1e-9, np.inf)
    if not path.is_file():
        raise FileProblem(f"{path.name} がありません。")
    if find_spec("ase") is None:
        raise ModuleNotFoundError(
            "extxyz を読むには ASE が要ります。pip install ase で入れるか、"
            "秩序変数を CSV に書き出して read_runs で読みます。"
        )
    from ase.io import iread

    found = []
    for frame, atoms in enumerate(iread(path, index=":")):
        cell = atoms.cell.array
        side = float(cell[0, 0])
        cube = side > 0 and np.allclose(cell, side * np.eye(3), atol=1e-6 * abs(side))
        if not (cube and atoms.pbc.all()):
            raise FileProblem(
                f"{path.name} の {frame} 番のコマの箱は、周期境界の立方体ではありません。"
                "箱の三つの辺を確かめます（Lattice と pbc の欄）。"
            )
        x = atoms.get_positions()
        if not np.isfinite(x).all():
            atom = int(np.argmax(~np.isfinite(x).all(axis=1)))
            raise FileProblem(
                f"{path.name} の {frame} 番のコマで、原子 {atom} の位置が有限の数ではありません。"
            )
        if reach > side / 2:
            raise FileProblem(
                f"{path.name} の箱の一辺 {side:g} は、隣と見る距離 {reach:g} の 2 倍より短いです。"
                "長さの単位（Å と nm）を確かめます。"
            )
        try:
            o = order(x, side, reach)
        except ValueError as problem:
            raise FileProblem(f"{path.name} の {frame} 番のコマ: {problem}") from None
        found.append(
            (o.Q6, o.q6.mean(), o.q6_mean.mean(), o.links.mean(), float(o.cluster))
        )
    if not found:
        raise FileProblem(f"{path.name} に、コマがありません。")
    return np.array(found)


def first_crossing(runs: Runs, column: str, above: float) -> np.ndarray:
    """column が、10 コマのうち 8 コマ以上で above を越える、はじめのコマ (K,)。なければ NEVER です。

    下がる量（エネルギーなど）で決めるときは、符号を変えた列を作ってから渡します。

    例:
        >>> rise = np.r_[np.zeros(20), np.ones(20)][:, None]
        >>> runs = Runs(["a", "b"], ["Q6"], 1.0, [rise, 0 * rise])
        >>> event = first_crossing(runs, "Q6", above=0.5)
        >>> int(event[0]), (event < 40).tolist()
        (20, [True, False])
    """
    if column not in runs.columns:
        raise ValueError(
            f"引数 column は {'、'.join(runs.columns)} のどれかです。{column!r} が渡されました。"
        )
    k = runs.columns.index(column)
    _require_long(runs, LOOK)
    return np.array([first_sustained(s[None, :, k] > above)[0] for s in runs.series])


def cut(
    runs: Runs, event: np.ndarray, width: int = WIDTH, horizon: int = HORIZON
) -> Windows:
    """まだ起きていない窓と、horizon コマのうちに起きるか。先が記録に入りきらない窓は、どの軌跡でも外します。

    例:
        >>> runs = Runs(["a", "b"], ["Q6"], 1.0, [np.zeros((60, 1))] * 2)
        >>> w = cut(runs, np.array([25, np.iinfo(int).max]))
        >>> w.x.shape, int(w.y.sum()), w.t[w.run == 0].max()
        ((18, 20, 1), 6, np.int64(24))
    """
    width = require_positive_int("width", width)
    horizon = require_positive_int("horizon", horizon)
    _require_long(runs, width + horizon + LOOK)
    parts = []
    for run, (s, e) in enumerate(zip(runs.series, event, strict=True)):
        # 起きる軌跡の窓だけを記録の終わりまで残すと、時刻が答えを漏らします
        t = np.arange(width - 1, min(e, len(s) - LOOK - horizon + 1))
        rows = t[:, None] + np.arange(1 - width, 1)
        y = (e <= t + horizon).astype(int)
        parts.append((s[rows], y, np.full(len(t), run), t, np.full(len(t), e)))
    return Windows(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _require_long(runs: Runs, least: int) -> None:
    for name, s in zip(runs.names, runs.series, strict=True):
        if len(s) < least:
            raise ValueError(
                f"軌跡 {name} は {len(s)} コマです。{least} コマ以上が要ります。"
            )
