"""読者のファイルの見本 data/measured/own_example.csv を作ります（第 10 章）。

作り物の試料 100 個を 2 回ずつ測った表です。読む道の試しになるように、BOM、注釈の行、セミコロン、
小数のカンマを使い、目標の列を終わりに置きます。

    python -m rnnbook.materials.own_example
"""

from __future__ import annotations

import numpy as np

from rnnbook.data import DATA
from rnnbook.materials import specimens


def text() -> str:
    """見本の中身。

    例:
        >>> text().splitlines()[2][:24]
        '試料;測定日;0,000;0,020;0,041'
    """
    rng = np.random.default_rng(10)
    scans = specimens.measure(rng.standard_normal, specimens=100, repeats=2)
    axis = [f"{v:.3f}".replace(".", ",") for v in specimens.AXIS]
    lines = ["# 作り物のスペクトル（第 10 章の模型）", "# 一行が一つの測定です"]
    lines.append(";".join(["試料", "測定日", *axis, "成分 (%)"]))
    for x, c, k in zip(scans.X, scans.c, scans.specimen, strict=True):
        values = [f"{v:.4f}".replace(".", ",") for v in x]
        cells = [f"S-{k + 1:03d}", "2026-11-02", *values]
        lines.append(";".join([*cells, f"{c:.2f}".replace(".", ",")]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    path = DATA / "measured" / "own_example.csv"
    path.write_text(text(), encoding="utf-8-sig", newline="\r\n")
