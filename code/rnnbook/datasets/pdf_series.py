"""実測の二体分布関数（PDF）: SrFe₂As₂ の 150〜246 K、6 K おきの 17 本（第 11 章）。

    python -m rnnbook.datasets.pdf_series FOLDER

FOLDER には、diffpy-cmi 3.2.0 の wheel を開いたものを置きます。抜粋は、r を 2〜30 Å の 0.1 Å おきに間引くだけです。
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from rnnbook.data import DATA, verified_path

SOURCE = "diffpy/cmi/docs/examples/pdf/ch07StructuralPhaseTransitions/data"
RANGE, STEP = (2.0, 30.0), 0.1  # Å


class Series(NamedTuple):
    """温度を替えて測った PDF。"""

    kelvin: np.ndarray  # (17,) 温度（K）
    r: np.ndarray  # (281,) 原子の間の距離（Å）
    G: np.ndarray  # (17, 281) 還元 PDF（Å⁻²）


def load_pdf() -> Series:
    """17 本を、温度の順に読みます。

    例:
        >>> series = load_pdf()
        >>> series.G.shape, series.kelvin[[0, -1]].tolist()
        ((17, 281), [150.0, 246.0])
    """
    table = pd.read_csv(verified_path("measured/srfe2as2_pdf.csv"))
    return Series(
        table["kelvin"].to_numpy(dtype=float),
        table.columns[1:].to_numpy(dtype=float),
        table.iloc[:, 1:].to_numpy(dtype=float),
    )


def main(folder: str) -> None:
    """抜粋を data/measured/ に書きます。"""
    rows = []
    for file in sorted((Path(folder) / SOURCE).glob("SrFe2As2_*K.gr")):
        text = file.read_text().splitlines()
        start = next(k for k, line in enumerate(text) if line.startswith("#L")) + 1
        r, G = np.loadtxt(text[start:], usecols=(0, 1), unpack=True)
        grid = np.arange(RANGE[0], RANGE[1] + STEP / 2, STEP)
        near = np.abs(r[:, None] - grid).argmin(axis=0)
        rows.append([float(file.stem.split("_")[1][:-1]), *G[near]])
    names = ["kelvin", *(f"{v:.1f}" for v in grid)]
    pd.DataFrame(rows, columns=names).sort_values("kelvin").to_csv(
        DATA / "measured/srfe2as2_pdf.csv",
        index=False,
        float_format="%.5g",
        lineterminator="\n",
    )


if __name__ == "__main__":
    main(sys.argv[1])
