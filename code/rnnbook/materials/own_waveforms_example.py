"""読者の波形の見本: 作り物のバーストを、ファイルの一組に書きます（第 12 章）。

読む道の試しになるように、ファイルごとに、区切り、小数点、列の順、単位、文字コードを替えます。
模型は無次元なので、電圧 1 を 1 mV、点の間隔を 5 μs と書きます。
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rnnbook.arguments import require_positive_int, require_seed
from rnnbook.materials.stress_noise import make_specimens, record

STEP = 5e-6  # 点の間隔 s
STRESSES = (-120.0, 0.0, 80.0)  # MPa
# (区切り, 小数点, 時刻の見出しと倍率, 電圧の見出しと倍率, 電圧を先に置くか, 文字コード)
STYLES = (
    (",", ".", ("時間 (s)", 1.0), ("mV", 1.0), False, "utf-8-sig"),
    (";", ",", ("時間 (ms)", 1e3), ("V", 1e-3), True, "cp932"),
    ("\t", ".", ("時間 (us)", 1e6), ("uV", 1e3), False, "utf-8"),
)


def write_example(folder: str | Path, specimens: int = 6, seed: int = 12) -> Path:
    """試料ごとに一つのファイルと、一覧の表 list.csv を書き、一覧の場所を返します。

    一つのファイルには、応力 STRESSES（MPa）での波形が一本ずつ、列に並びます。

    例:
        >>> import tempfile
        >>> from rnnbook.materials.own_waveforms import read_waves
        >>> listing = write_example(tempfile.mkdtemp(), specimens=2)
        >>> waves = read_waves(listing, column="波形", time="時間")
        >>> waves.X.shape, round(waves.rate), waves.stress.tolist()[:3]
        ((6, 4096), 200000, [-120.0, 0.0, 80.0])
    """
    n = require_positive_int("specimens", specimens)
    rng = np.random.default_rng(require_seed("seed", seed))
    made, folder = make_specimens(rng, n), Path(folder)
    rows = ["応力 (MPa),試料,ファイル,波形"]
    for i in range(n):
        u = record(rng, made.take([i] * len(STRESSES)), STRESSES)  # (3, T)
        file = f"S-{i + 1:02d}.csv"
        names = [f"B{k + 1}" for k in range(len(STRESSES))]
        (folder / file).write_bytes(_text(u, names, *STYLES[i % len(STYLES)]))
        for stress, name in zip(STRESSES, names, strict=True):
            rows.append(f"{stress:g},S-{i + 1:02d},{file},{name}")
    listing = folder / "list.csv"
    listing.write_text("# 作り物の波形の一覧\n" + "\n".join(rows) + "\n", "utf-8")
    return listing


def _text(
    u: np.ndarray, names: list[str], separator, point, time, unit, first, encoding
) -> bytes:
    """波形 u (K, T) の表の中身。"""
    (head, times), (volt, scale) = time, unit
    columns = [[head, *(f"{times * STEP * t:.9g}" for t in range(u.shape[1]))]]
    for name, values in zip(names, u, strict=True):
        columns.append([f"{name} ({volt})", *(f"{scale * v:.6g}" for v in values)])
    columns = [*columns[1:], columns[0]] if first else columns
    lines = [separator.join(cells) for cells in zip(*columns, strict=True)]
    text = "# 作り物のバースト\n" + "\n".join(lines) + "\n"
    body = text.replace(".", point) if point == "," else text
    return body.encode(encoding)
