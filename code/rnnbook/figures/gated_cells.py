"""LSTM と GRU の一時刻の図解（第 3 章）。記憶の道を太い色の線で、ゲートを箱で描きます。"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.path import Path

from rnnbook.figures.diagrams import canvas, line
from rnnbook.figures.style import COLORS, PAPER

GATE, CANDIDATE = PAPER["lstm-pale"], PAPER["raised"]  # ゲートの箱と、候補の箱
BOX = 0.42  # 箱の半分の幅
DOT = 0.27  # 演算の丸の半径


def draw_lstm() -> Figure:
    """LSTM の一時刻。上の太い線がセル状態 c の道で、掛け算と足し算が一つずつあるだけです。

    例:
        >>> figure = draw_lstm()
    """
    fig, ax = canvas((-0.8, 8.8), (-1.2, 5.2))
    color, top, bus = COLORS["lstm"], 4.4, 0.35
    x = {"f": 1.9, "i": 3.4, "c": 4.7, "o": 6.0}
    _rail(ax, (0.3, 8.0), top, color)
    _label(ax, 0.25, top + 0.42, r"$c_{t-1}$", color)
    _label(ax, 8.1, top + 0.42, r"$c_t$", color)

    _bus(ax, bus, (0.3, x["o"]), COLORS["rnn"])
    for k, letter in zip("fico", ("f", "i", r"\tilde{c}", "o"), strict=True):
        _box(ax, x[k], 1.35, f"${letter}_t$", CANDIDATE if k == "c" else GATE)
        line(ax, _path((x[k], bus), (x[k], 1.35 - BOX)), COLORS["truth"])

    forget = _dot(ax, x["f"], top, "×")
    write, add = _dot(ax, x["c"], 2.75, "×"), _dot(ax, x["c"], top, "+")
    line(ax, _path((x["f"], 1.35 + BOX), _below(forget)), COLORS["truth"])
    line(ax, _path((x["i"], 1.35 + BOX), (x["i"], 2.75), _left(write)), COLORS["truth"])
    line(ax, _path((x["c"], 1.35 + BOX), _below(write)), COLORS["truth"])
    line(ax, _path((x["c"], 2.75 + DOT), _below(add)), COLORS["truth"])

    show = _dot(ax, 7.2, 2.15, "×")
    _box(ax, 7.2, 3.35, r"$\tanh$", CANDIDATE, half=0.3)
    line(ax, _path((7.2, top), (7.2, 3.35 + 0.3)), COLORS["truth"])
    line(ax, _path((7.2, 3.05), (7.2, 2.15 + DOT)), COLORS["truth"])
    line(ax, _path((x["o"], 1.35 + BOX), (x["o"], 2.15), _left(show)), COLORS["truth"])
    line(ax, _path((7.2 + DOT, 2.15), (8.0, 2.15)), COLORS["rnn"])
    _label(ax, 8.35, 2.15, r"$h_t$", COLORS["rnn"])
    return fig


def draw_gru() -> Figure:
    """GRU の一時刻。隠れ状態 h そのものが、上の太い線の道になります。

    例:
        >>> figure = draw_gru()
    """
    fig, ax = canvas((-0.8, 8.8), (-1.2, 5.2))
    color, top, bus = COLORS["gru"], 4.4, 0.35
    x = {"z": 2.2, "r": 4.3, "h": 6.2}
    _rail(ax, (0.3, 8.0), top, color)
    _label(ax, 0.25, top + 0.42, r"$h_{t-1}$", color)
    _label(ax, 8.1, top + 0.42, r"$h_t$", color)

    _bus(ax, bus, (0.3, x["h"]), color)
    for k, letter in zip("zrh", ("z", "r", r"\tilde{h}"), strict=True):
        _box(ax, x[k], 1.35, f"${letter}_t$", CANDIDATE if k == "h" else GATE)
        line(ax, _path((x[k], bus), (x[k], 1.35 - BOX)), COLORS["truth"])

    keep = _dot(ax, x["z"], top, "×")
    write, add = _dot(ax, x["h"], 2.9, "×"), _dot(ax, x["h"], top, "+")
    line(ax, _path((x["z"], 1.35 + BOX), _below(keep)), COLORS["truth"])
    _label(ax, x["z"] - 0.62, 3.3, r"$1-z_t$", COLORS["truth"])
    line(ax, _path((x["z"], 2.9), _left(write)), COLORS["truth"])
    _label(ax, 4.0, 3.18, r"$z_t$", COLORS["truth"])
    line(ax, _path((x["h"], 1.35 + BOX), _below(write)), COLORS["truth"])
    line(ax, _path((x["h"], 2.9 + DOT), _below(add)), COLORS["truth"])
    line(ax, _path((x["r"] + BOX, 1.35), (x["h"] - BOX, 1.35)), COLORS["truth"])
    _label(ax, 5.25, 1.68, r"$r_t$", COLORS["truth"])
    return fig


def _rail(ax: Axes, span: tuple[float, float], y: float, color: str) -> None:
    """記憶の道。"""
    ax.plot(span, (y, y), color=color, linewidth=3.2, solid_capstyle="butt", zorder=2)
    line(ax, Path([(span[1] - 0.1, y), (span[1] + 0.35, y)]), color)


def _bus(ax: Axes, y: float, span: tuple[float, float], color: str) -> None:
    """h_{t-1} と x_t を、どのゲートにも配る線。"""
    ax.plot(span, (y, y), color=COLORS["truth"], linewidth=1.4, zorder=2)
    ax.plot((1.0, 1.0), (-0.45, y), color=COLORS["truth"], linewidth=1.4, zorder=2)
    _label(ax, -0.3, y, r"$h_{t-1}$", color)
    _label(ax, 1.0, -0.8, r"$x_t$", COLORS["truth"])


def _box(ax: Axes, x: float, y: float, text: str, face: str, half: float = BOX) -> None:
    ax.add_patch(
        FancyBboxPatch(
            (x - BOX, y - half),
            2 * BOX,
            2 * half,
            boxstyle="round,pad=0,rounding_size=0.12",
            facecolor=face,
            edgecolor=COLORS["truth"],
            linewidth=1.2,
            zorder=4,
        )
    )
    size = 14 if half == BOX else 12
    ax.text(x, y, text, ha="center", va="center", fontsize=size, zorder=5)


def _dot(ax: Axes, x: float, y: float, sign: str) -> tuple[float, float]:
    """要素ごとの掛け算か足し算。"""
    ax.add_patch(
        Circle(
            (x, y),
            DOT,
            facecolor=PAPER["surface"],
            edgecolor=COLORS["truth"],
            lw=1.3,
            zorder=4,
        )
    )
    ax.text(
        x, y, f"${sign}$".replace("×", r"\times"), ha="center", va="center", zorder=5
    )
    return x, y


def _below(point: tuple[float, float]) -> tuple[float, float]:
    return point[0], point[1] - DOT


def _left(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] - DOT, point[1]


def _path(*points: tuple[float, float]) -> Path:
    return Path(list(points))


def _label(ax: Axes, x: float, y: float, text: str, color: str) -> None:
    ax.text(x, y, text, ha="center", va="center", fontsize=14, color=color)
