"""RNN の図解（第 1 章）。折りたたんだ図と展開図、入力と出力の四つの形。"""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.path import Path

from rnnbook.arguments import require_choice
from rnnbook.figures.style import COLORS, PAPER

RADIUS = 0.36
FILL = {  # 入力、隠れ状態、出力
    "x": PAPER["raised"],
    "h": PAPER["rnn-pale"],
    "y": PAPER["surface"],
}
ROW = {"x": 0.0, "h": 1.75, "y": 3.5}  # 高さ
LETTER = {"x": "x", "h": "h", "y": r"\hat{y}"}


def draw_unrolled(T: int = 3) -> Figure:
    """折りたたんだ RNN（左）と、時間方向に T 時刻（4 以下）まで展開した RNN（右）を描きます。

    同じ名前の矢印は同じ重みです。青い矢印が、一つ前の時刻から来る W_hh です。

    例:
        >>> figure = draw_unrolled(T=3)
    """
    T = require_choice("T", T, (1, 2, 3, 4))  # これより多いと重みの名前が重なります
    start, gap = 2.9, 1.75  # 展開図の h_0 の位置と、時刻の間隔
    right = start + gap * T
    fig, ax = canvas((-0.7, right + 0.6), (-0.95, 3.95))

    folded = {
        kind: _node(ax, 0, ROW[kind], kind, f"${LETTER[kind]}_t$") for kind in "xhy"
    }
    _arrow(ax, folded["x"], folded["h"], r"$W_{xh}$", (-0.5, 0.0))
    _arrow(ax, folded["h"], folded["y"], r"$W_{hy}$", (-0.5, 0.0))
    _loop(ax, folded["h"], r"$W_{hh}$")
    ax.text(
        (1.75 + start - RADIUS) / 2,
        ROW["h"],
        "＝",
        ha="center",
        va="center",
        fontsize=15,
    )

    previous = _node(ax, start, ROW["h"], "h", r"$h_0$", linestyle="--")
    for t in range(1, T + 1):
        column = {
            kind: _node(ax, start + gap * t, ROW[kind], kind, f"${LETTER[kind]}_{t}$")
            for kind in "xhy"
        }
        _arrow(ax, column["x"], column["h"], r"$W_{xh}$", (-0.5, 0.0))
        _arrow(ax, column["h"], column["y"], r"$W_{hy}$", (-0.5, 0.0))
        _arrow(
            ax, previous, column["h"], r"$W_{hh}$", (-0.06, 0.38), color=COLORS["rnn"]
        )
        previous = column["h"]

    ax.text(0, -0.88, "折りたたんだ図", ha="center", fontsize=12)
    ax.text(
        (start + right) / 2, -0.88, "時間方向に展開した図", ha="center", fontsize=12
    )
    return fig


def draw_shapes() -> Figure:
    """入力と出力の四つの形: 多対一、一対多、同じ長さの多対多、読んでから書く多対多。

    例:
        >>> figure = draw_shapes()
    """
    fig, axes = plt.subplots(2, 2, figsize=(4.4, 4.5), layout="constrained")
    fig.get_layout_engine().set(hspace=0.08)
    kinds = (  # 題、入力のある時刻、出力のある時刻
        ("多対一", (1, 2, 3, 4), (4,)),
        ("一対多", (1,), (1, 2, 3, 4)),
        ("多対多（同じ長さ）", (1, 2, 3, 4), (1, 2, 3, 4)),
        ("多対多（違う長さ）", (1, 2), (3, 4)),
    )
    for ax, (title, inputs, outputs) in zip(axes.flat, kinds, strict=True):
        _prepare(ax, (0.5, 5.5), (-0.5, 4.0))
        previous = None
        for t in (1, 2, 3, 4):
            hidden = _node(ax, 1.3 * t - 0.25, ROW["h"], "h", rf"$h_{t}$")
            x = hidden.center[0]
            if t in inputs:
                _arrow(ax, _node(ax, x, ROW["x"], "x", rf"$x_{t}$"), hidden)
            if t in outputs:
                name = "" if len(outputs) == 1 else f"_{t - outputs[0] + 1}"
                _arrow(
                    ax, hidden, _node(ax, x, ROW["y"], "y", f"${LETTER['y']}{name}$")
                )
            if previous is not None:
                _arrow(ax, previous, hidden, color=COLORS["rnn"])
            previous = hidden
        ax.set_title(title, pad=4)
    return fig


def canvas(
    x_range: tuple[float, float], y_range: tuple[float, float]
) -> tuple[Figure, Axes]:
    unit = 0.47  # 一目盛りのインチ
    size = unit * (x_range[1] - x_range[0]), unit * (y_range[1] - y_range[0])
    fig, ax = plt.subplots(figsize=size, layout="constrained")
    _prepare(ax, x_range, y_range)
    return fig, ax


def _prepare(
    ax: Axes, x_range: tuple[float, float], y_range: tuple[float, float]
) -> None:
    ax.set(xlim=x_range, ylim=y_range, aspect="equal")
    ax.axis("off")


def _node(
    ax: Axes, x: float, y: float, kind: str, text: str, linestyle: str = "-"
) -> Circle:
    edge = COLORS["rnn"] if kind == "h" else COLORS["truth"]
    circle = Circle(
        (x, y),
        RADIUS,
        facecolor=FILL[kind],
        edgecolor=edge,
        linewidth=1.3,
        linestyle=linestyle,
    )
    ax.add_patch(circle)
    ax.text(x, y, text, ha="center", va="center", fontsize=14, color=COLORS["truth"])
    return circle


def _arrow(
    ax: Axes,
    start: Circle,
    end: Circle,
    label: str = "",
    offset: tuple[float, float] = (0.0, 0.0),
    color: str = COLORS["truth"],
) -> FancyArrowPatch:
    """start の縁から end の縁まで、ちょうど届く矢印を引きます。"""
    (x0, y0), (x1, y1) = start.center, end.center
    angle = math.atan2(y1 - y0, x1 - x0)
    dx, dy = RADIUS * math.cos(angle), RADIUS * math.sin(angle)
    arrow = line(ax, Path([(x0 + dx, y0 + dy), (x1 - dx, y1 - dy)]), color)
    if label:
        x, y = (x0 + x1) / 2 + offset[0], (y0 + y1) / 2 + offset[1]
        ax.text(x, y, label, ha="center", va="center", fontsize=13, color=color)
    return arrow


def _loop(ax: Axes, node: Circle, label: str) -> FancyArrowPatch:
    """node の右上から出て、右下に戻る矢印を引きます。"""
    x, y = node.center
    c, s = math.cos(math.radians(42)), math.sin(math.radians(42))
    out, back = (x + RADIUS * c, y + RADIUS * s), (x + RADIUS * c, y - RADIUS * s)
    path = Path(
        [out, (x + 1.35 * c, y + 1.35 * s), (x + 1.35 * c, y - 1.35 * s), back],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    ax.text(
        x + 1.33, y, label, ha="center", va="center", fontsize=13, color=COLORS["rnn"]
    )
    return line(ax, path, COLORS["rnn"])


def line(ax: Axes, path: Path, color: str) -> FancyArrowPatch:
    arrow = FancyArrowPatch(
        path=path,
        arrowstyle="-|>,head_width=0.22,head_length=0.45",
        mutation_scale=14,
        linewidth=1.4,
        color=color,
        shrinkA=0,
        shrinkB=0,
        joinstyle="miter",
        zorder=3,
    )
    ax.add_patch(arrow)
    return arrow
