"""読者の組織のファイルの見本を作ります: 画像のフォルダーと、統計の表（第 13 章）。どちらも模型の作り物です。"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rnnbook.arguments import require_array
from rnnbook.materials import spinodal

GAP = 60  # 一枚の間隔（s）と読み替えます


def write_pictures(folder: str | Path, T: float = 0.7, frames: int = 12) -> list[str]:
    """温度 T で分かれていく組織の、端のつながらない 96 × 120 画素を、8 ビットの白黒の PNG で書きます。

    例:
        >>> import tempfile
        >>> write_pictures(tempfile.mkdtemp(), frames=2)
        ['anneal_60s.png', 'anneal_120s.png']
    """
    from matplotlib.image import imsave

    c, names = spinodal.initial([31], n=128), []
    for k in range(frames):
        c, name = spinodal.advance(c, T), f"anneal_{GAP * (k + 1)}s.png"
        imsave(Path(folder) / name, c[0, :96, :120], cmap="gray", vmin=-1.2, vmax=1.2)
        names.append(name)
    return names


def write_series(
    path: str | Path, C: np.ndarray, T: np.ndarray, runs: Sequence[str]
) -> None:
    """統計 C (N, F, K) と温度 T (N, F) を、一行が一枚の画像の CSV（BOM 付き）に書きます。

    例:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "c.csv"
        >>> write_series(file, np.ones((1, 2, 2)), np.full((1, 2), 0.7), ["A-1"])
        >>> file.read_text("utf-8-sig").splitlines()[:2]
        ['試料,時刻 (s),温度,C0,C1', 'A-1,60,0.7000,1.00000,1.00000']
    """
    C = require_array("C", C, (len(runs), "F", "K"))
    T = require_array("T", T, (len(runs), C.shape[1]))
    lines = [
        ",".join(["試料", "時刻 (s)", "温度", *(f"C{r}" for r in range(C.shape[2]))])
    ]
    for name, rows, heat in zip(runs, C, T, strict=True):
        for f, (row, now) in enumerate(zip(rows, heat, strict=True), start=1):
            cells = [name, str(GAP * f), f"{now:.4f}", *(f"{v:.5f}" for v in row)]
            lines.append(",".join(cells))
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
