"""色の升目。濃さで大きさを、色で符号を表します。主題が変わると、地も升目の色も一緒に変わります。"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgb

from rnnbook.figures.style import COLORS


def draw_cells(
    ax: Axes, values: np.ndarray, top: float, color: str, darkest: float = 1.0
) -> QuadMesh:
    """values (行, 列) を升目に塗ります。0 は地の色、top の大きさで濃さ darkest です。

    色は正が color、負が橙です。升目 (r, c) の中心は座標 (c, r) で、行は上から並びます。
    NaN の升目は塗りません。

    例:
        >>> import matplotlib.pyplot as plt
        >>> mesh = draw_cells(plt.figure().add_subplot(), np.eye(2), 1.0, "#222222")
        >>> mesh.get_array()[..., 3].tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    values = np.asarray(values, dtype=float)
    rows, columns = values.shape
    colors = np.zeros((rows, columns, 4))
    colors[..., :3] = np.where(
        (values < 0)[..., None], to_rgb(COLORS["warn"]), to_rgb(color)
    )
    strength = np.clip(np.abs(np.nan_to_num(values)) / top, 0, 1)
    colors[..., 3] = darkest * strength
    mesh = ax.pcolormesh(
        np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5, colors
    )
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    ax.grid(False)
    return mesh
