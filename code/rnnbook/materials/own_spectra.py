"""読者のスペクトルを読みます: 二列のファイル、そのフォルダー、一行が一つの測定の表（第 10 章）。

表として読めた列（own_files）から、軸と値を選びます。軸の並び、単位、負の計数、軸の揃いを確かめ、誤りは
ファイル、行、列（チャンネル）と、することを述べて FileProblem になります。
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnbook.materials.own_files import FileProblem, Table, read_table, unnamed
from rnnbook.materials.preprocessing import resample

# 見出しの中の軸の値。前後に単位や文字があってもかまいません。A-1000 の負号は、名前の続きかもしれないので通しません。cm-1、cm^-1、1/cm の 1 は単位の一部です
NUMBER = re.compile(
    r"[^\d+-]*((?:(?<![^\W\d_])[-+])?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)"
    r"\D*(?:(?:(?<=[^\W\d_])\^?[-−]\d|\b1/(?=\w))\D*)?"
)


class Spectrum(NamedTuple):
    """一本のスペクトル。軸は小さいほうから順です。"""

    axis: np.ndarray  # (T,)
    values: np.ndarray  # (T,)


class Folder(NamedTuple):
    """同じ軸に揃えたスペクトルの一組。"""

    names: list[str]  # 拡張子を除いたファイルの名前
    axis: np.ndarray  # (T,)
    X: np.ndarray  # (N, T)


def read_spectrum(
    path: str | Path,
    axis: str | int = 0,
    value: str | int = 1,
    within: tuple[float, float] | None = None,
    counts: bool = False,
) -> Spectrum:
    """二列（以上）のファイルから、軸と値を読みます。

    within は、軸のありうる範囲です（eV なら (100, 40000) など）。外れれば、単位の取り違えとして止まります。
    counts が真なら、負の値で止まります。下りの軸は並べ直し、行きつ戻りつする軸では止まります。

    例:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "au.txt"
        >>> _ = file.write_text("# mu energy\\n0.2 11900\\n0.5 11910\\n")
        >>> read_spectrum(file, axis="energy", value="mu").axis.tolist()
        [11900.0, 11910.0]
    """
    table = read_table(path)
    x, y = table.numbers(axis), table.numbers(value)
    file, name = table.path.name, table.names[table.find(axis)]
    if len(x) > 1 and x[0] > x[-1]:
        x, y, lines = x[::-1], y[::-1], table.lines[::-1]
    else:
        lines = table.lines
    if (wrong := np.diff(x) <= 0).any():
        k = int(np.argmax(wrong))
        raise FileProblem(
            f"{file} の {lines[k]} 行目と {lines[k + 1]} 行目で、軸 {name} が "
            f"{x[k]:g} から {x[k + 1]:g} に進みます。二度測った所や、並びの崩れを直します。"
        )
    _require_within(file, name, x, within)
    if counts and (y < 0).any():
        k = int(np.argmax(y < 0))
        raise FileProblem(
            f"{file} の {lines[k]} 行目の計数 {y[k]:g} が負です。背景を引く前のファイルを使います。"
        )
    return Spectrum(x, y)


def read_channels(
    table: Table,
    besides: Sequence[str],
    within: tuple[float, float] | None = None,
    missing: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """一行が一つの測定の表から、軸 (T,) と値 (N, T) を、軸の小さい順に取り出します。

    besides（目標、試料の名前など）のほかの列は、どれも軸の値を見出しに持つチャンネルです。列の並びは問いません。
    missing が真なら、空や NaN の欄を NaN として通します（missing.filled で埋めてから使います）。

    例:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "meat.csv"
        >>> _ = file.write_text("852 nm,fat,850 nm\\n0.2,5,0.1\\n0.4,9,0.3\\n")
        >>> axis, X = read_channels(read_table(file), besides=["fat"])
        >>> axis.tolist(), X.tolist()
        ([850.0, 852.0], [[0.1, 0.2], [0.3, 0.4]])
    """
    if table.names == unnamed(len(table.names)):
        raise FileProblem(
            f"{table.path.name} に見出しの行がありません（数だけの見出しは、測定と見分けられません）。"
            "チャンネルの軸の値を見出しにし、試料の名前などの、数でない見出しの列を加えます。"
        )
    taken = {table.find(name) for name in besides}
    at, columns = [], [k for k in range(len(table.names)) if k not in taken]
    for k in columns:
        found = NUMBER.fullmatch(table.names[k])
        if found is None:
            raise FileProblem(
                f"{table.path.name} の列 {table.names[k]} の見出しは、軸の値ではありません。"
                "チャンネルでなければ、引数 besides に加えます。"
            )
        at.append(float(found.group(1).replace(",", ".")))
    order = np.argsort(at, kind="stable")
    axis, columns = np.array(at)[order], np.array(columns)[order]
    if (same := np.diff(axis) == 0).any():
        k = int(np.argmax(same))
        raise FileProblem(
            f"{table.path.name} の列 {table.names[columns[k]]} と列 "
            f"{table.names[columns[k + 1]]} は、同じ軸の値 {axis[k]:g} です。一つにします。"
        )
    _require_within(table.path.name, "見出し", axis, within)
    return axis, np.stack([table.numbers(int(k), missing) for k in columns], axis=1)


def read_folder(
    folder: str | Path, pattern: str = "*", new_axis: np.ndarray | None = None, **how
) -> Folder:
    """フォルダーの中のスペクトルを、名前の順に読みます。how は read_spectrum の引数です。

    軸が揃っていなければ、違うファイルを述べて止まります。new_axis を渡すと、その軸に補間して揃えます。

    例:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> for name in ("a-1", "a-2"):
        ...     _ = (folder / f"{name}.txt").write_text("1 10\\n2 20\\n")
        >>> read_folder(folder, "*.txt").X.tolist()
        [[10.0, 20.0], [10.0, 20.0]]
    """
    files = sorted(p for p in Path(folder).glob(pattern) if p.is_file())
    if not files:
        raise FileProblem(
            f"フォルダー {folder} に、{pattern} に合うファイルがありません。"
        )
    spectra = [read_spectrum(path, **how) for path in files]
    if new_axis is None:
        new_axis = spectra[0].axis
        for path, (axis, _) in zip(files, spectra, strict=True):
            if len(axis) != len(new_axis) or not np.allclose(axis, new_axis, rtol=1e-9):
                raise FileProblem(
                    f"{path.name} の軸（{len(axis)} 点、{axis[0]:g}〜{axis[-1]:g}）が、"
                    f"{files[0].name} の軸（{len(new_axis)} 点、{new_axis[0]:g}〜{new_axis[-1]:g}）と"
                    "違います。引数 new_axis に共通の軸を渡すと、補間して揃えます。"
                )
    rows = []
    for path, (axis, values) in zip(files, spectra, strict=True):
        try:
            rows.append(resample(axis, values[None], new_axis)[0])
        except ValueError as problem:
            raise FileProblem(f"{path.name}: {problem}") from None
    return Folder(
        [path.stem for path in files], np.asarray(new_axis, float), np.stack(rows)
    )


def _require_within(
    file: str, name: str, axis: np.ndarray, within: tuple[float, float] | None
) -> None:
    if within is None or (within[0] <= axis[0] and axis[-1] <= within[1]):
        return
    hint = next(
        (
            f"{factor:g} 倍すると入ります。単位（keV と eV など）を確かめます。"
            for factor in (1000.0, 0.001)
            if within[0] <= factor * axis[0] and factor * axis[-1] <= within[1]
        ),
        "単位と列を確かめます。",
    )
    raise FileProblem(
        f"{file} の軸 {name} は {axis[0]:g}〜{axis[-1]:g} で、"
        f"期待する {within[0]:g}〜{within[1]:g} の外に出ます。{hint}"
    )
