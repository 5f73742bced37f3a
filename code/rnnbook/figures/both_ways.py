"""双方向 RNN の図解（第 4 章）。二本の RNN が逆向きに進み、時刻ごとに並べてつなげます。"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.path import Path

from rnnbook.figures.diagrams import canvas, line
from rnnbook.figures.style import COLORS, PAPER

RADIUS, GAP = 0.36, 2.1
ROW = {"x": 0.0, "ahead": 1.7, "back": 3.3, "y": 5.0}  # 高さ
SIDE = 0.62  # 二本の列を左右にずらす幅


def draw_both_ways(T: int = 3) -> Figure:
    """T 時刻の双方向 RNN。→ の列は左から右へ、← の列は右から左へ進みます。

    例:
        >>> figure = draw_both_ways()
    """
    fig, ax = canvas((-1.2, GAP * T + 0.4), (-0.6, 5.6))
    nodes = {}
    for t in range(1, T + 1):
        x = GAP * (t - 0.5)
        nodes["x", t] = _node(ax, x, ROW["x"], f"$x_{t}$", "raised", "truth")
        nodes["ahead", t] = _node(
            ax, x - SIDE / 2, ROW["ahead"], f"$h_{t}$", "rnn-pale", "rnn"
        )
        nodes["back", t] = _node(
            ax, x + SIDE / 2, ROW["back"], f"$h_{t}$", "lstm-pale", "lstm"
        )
        nodes["y", t] = _node(ax, x, ROW["y"], rf"$\hat{{y}}_{t}$", "surface", "truth")
        for way in ("ahead", "back"):
            _join(ax, nodes["x", t], nodes[way, t], COLORS["truth"])
            _join(ax, nodes[way, t], nodes["y", t], COLORS["truth"])
    for t in range(1, T):
        _join(ax, nodes["ahead", t], nodes["ahead", t + 1], COLORS["rnn"])
        _join(ax, nodes["back", t + 1], nodes["back", t], COLORS["lstm"])
    for way, text, color in (("ahead", "前から", "rnn"), ("back", "後ろから", "lstm")):
        ax.text(-0.55, ROW[way], text, ha="center", va="center", color=COLORS[color])
    return fig


def _node(ax: Axes, x: float, y: float, text: str, fill: str, edge: str) -> Circle:
    circle = Circle(
        (x, y), RADIUS, facecolor=PAPER[fill], edgecolor=COLORS[edge], linewidth=1.3
    )
    ax.add_patch(circle)
    ax.text(x, y, text, ha="center", va="center", fontsize=13, color=COLORS["truth"])
    return circle


def _join(ax: Axes, start: Circle, end: Circle, color: str) -> None:
    """start の縁から end の縁まで。"""
    (x0, y0), (x1, y1) = start.center, end.center
    far = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    dx, dy = RADIUS * (x1 - x0) / far, RADIUS * (y1 - y0) / far
    line(ax, Path([(x0 + dx, y0 + dy), (x1 - dx, y1 - dy)]), color)
