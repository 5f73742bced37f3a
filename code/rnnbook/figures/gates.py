"""ゲートの図: 本当の入力を読む LSTM の、ゲートと状態の色の升目（第 3 章）。"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rnnbook.arguments import require_positive_int, require_range
from rnnbook.cells.lstm import LSTMTrace
from rnnbook.figures.cells import draw_cells
from rnnbook.figures.style import COLORS

MAPS = (  # 記録の名前、題、符号があるか
    ("i", "入力ゲート $i_t$", False),
    ("c_tilde", r"候補 $\tilde{c}_t$", True),
    ("f", "忘却ゲート $f_t$", False),
    ("c", "セル状態 $c_t$", True),
    ("o", "出力ゲート $o_t$", False),
    ("h", "隠れ状態 $h_t$", True),
)
LONGEST = 40  # これより長いと、文字が重なります


def gate_map(
    trace: LSTMTrace, labels: Sequence[str], unit: int | None = None
) -> Figure:
    """一本の系列を読んだ記録 trace（B = 1）の i, c̃, f, c, o, h を、縦に並べて描きます。

    横は時刻で、labels（長さ T の文字列か、文字列の並び。T は 40 まで）が目盛りになります。
    縦はユニットです。ゲートは 0（地の色）から 1（文字の色）まで、c̃ と c と h は負が橙、正が青です。
    c の色の端は、その系列での |c_t| の最大値です。unit（0 から H − 1）を渡すと、その行を囲みます。

    例:
        >>> from rnnbook.models.brackets import load_bracket_reader
        >>> text = "a(b(c)d)e"
        >>> figure = gate_map(load_bracket_reader().trace(text), text, unit=2)
    """
    B, T, H = trace.h.shape
    if B != 1:
        raise ValueError(
            f"引数 trace は一本の系列（B = 1）の記録です。B = {B} が渡されました。"
        )
    if len(labels) != T or T > LONGEST:
        raise ValueError(
            f"引数 labels は長さ T = {T}（{LONGEST} まで）の並びです。"
            f"長さ {len(labels)} が渡されました。"
        )
    if unit is not None:
        unit = require_positive_int("unit", unit, minimum=0)
        require_range("unit", unit, 0, H - 1)

    fig, axes = plt.subplots(
        len(MAPS), 1, sharex=True, figsize=(4.4, 6.6), layout="constrained"
    )
    for ax, (name, title, signed) in zip(axes, MAPS, strict=True):
        values = getattr(trace, name)[0].T  # (T, H) → (H, T)
        top = max(1.0, float(np.abs(values).max()))
        color = COLORS["rnn"] if signed else COLORS["truth"]
        draw_cells(ax, values, top, color)
        ax.set_title(title, loc="left", pad=3)
        ax.set_yticks([0, H - 1], ["1", f"{H}"])
        ax.tick_params(length=0)
        _draw_scale(ax, -top if signed else 0.0, top, color)
        if unit is not None:
            ax.add_patch(
                Rectangle(
                    (-0.5, unit - 0.5), T, 1, fill=False, ec=COLORS["lstm"], lw=1.4
                )
            )
    axes[-1].set_xticks(range(T), list(labels))
    axes[-1].set_xlabel("読んだ文字")
    fig.supylabel("ユニット", fontsize=12)
    return fig


def _draw_scale(ax: Axes, low: float, top: float, color: str) -> None:
    """升目の右に、色と数の対応を描きます。"""
    bar = ax.inset_axes([1.02, 0, 0.045, 1])
    levels = np.linspace(top, low, 9)
    draw_cells(bar, levels[:, None], top, color)
    ends = [(8, low), (0, top)] if low == 0 else [(8, low), (4, 0.0), (0, top)]
    bar.yaxis.tick_right()
    bar.set_xticks([])
    bar.set_yticks(
        [row for row, _ in ends], [f"{v:.1f}".replace("-", "−") for _, v in ends]
    )
    bar.tick_params(length=0)
