"""SNS に貼られたときの絵 (1200×630) と、アイコンの PNG を描きます。"""

import textwrap
from pathlib import Path

from rnnbook.models.catalogue import COLORS

CARD = "card.png"
ICON = "favicon.png"
INK, PAPER = "#1d2733", "#fbfaf7"
BLUE, RED = (COLORS[name][0] for name in ("rnn", "lstm"))  # RNN と LSTM の色
SUBTITLE = "予想し、開いたページの中で動かし、数で確かめて学ぶ、日本語の教科書。"
FADE = 0.62  # 絵の RNN が、一時刻ごとに薄くなる割合


def draw_all(folder: Path, title: str) -> None:
    """二つの絵を ``folder`` に置きます。同じ題と文の絵が既にあれば描きません。"""
    from PIL import Image

    card = folder / CARD
    if card.exists() and (folder / ICON).exists():
        words = Image.open(card).info
        if (words.get("Title"), words.get("Description")) == (title, SUBTITLE):
            return
    draw_card(card, title)
    draw_icon(folder / ICON)


def _canvas(width: int, height: int, color: str):
    """1 目盛りが 1 画素の画布。"""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 100, height / 100), dpi=100, facecolor=color)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return figure, axes


def _cells(
    axes, x: float, y: float, size: float, strengths: list[float], color: str
) -> None:
    """展開した再帰のセル: 箱が右へ並びます。箱の濃さは、残っている記憶です。"""
    from matplotlib.patches import FancyBboxPatch

    step = 1.7 * size
    arrow = {"color": color, "linewidth": size / 14, "solid_capstyle": "round"}
    for t, strength in enumerate(strengths):
        left = x + t * step
        shape = f"round,pad=0,rounding_size={0.28 * size}"
        for face, edge, alpha in ((color, "none", strength), ("none", color, 1)):
            box = FancyBboxPatch(
                (left, y),
                size,
                size,
                boxstyle=shape,
                facecolor=face,
                edgecolor=edge,
                linewidth=size / 30,
                alpha=alpha,
            )
            axes.add_patch(box)
        if t + 1 < len(strengths):
            tip, center = left + step - 0.14 * size, y + size / 2
            axes.plot([left + 1.14 * size, tip], [center, center], **arrow)
            for side in (0.16, -0.16):
                axes.plot(
                    [tip - 0.16 * size, tip], [center + side * size, center], **arrow
                )


def draw_card(path: Path, title: str) -> None:
    """本の題を入れた 1200×630 の絵。"""
    from matplotlib.font_manager import FontProperties

    from rnnbook.figures.style import japanese_font

    font = japanese_font()
    figure, axes = _canvas(1200, 630, PAPER)
    label = FontProperties(fname=font, size=18)
    held = [0.9] * 9
    faded = [0.9 * FADE**t for t in range(9)]
    for name, y, color, strengths in (
        ("RNN", 515, BLUE, faded),
        ("LSTM", 425, RED, held),
    ):
        axes.text(92, y + 26, name, fontproperties=label, color=INK, va="center")
        _cells(axes, x=200, y=y, size=52, strengths=strengths, color=color)
    lines = break_title(title)
    axes.text(
        90,
        268,
        "\n".join(lines),
        fontproperties=FontProperties(fname=font, size=50),
        color=INK,
        linespacing=1.45,
        va="center",
    )
    small = FontProperties(fname=font, size=20)
    axes.text(92, 96, SUBTITLE, fontproperties=small, color="#4a5663")
    figure.savefig(path, metadata={"Title": title, "Description": SUBTITLE})


def break_title(title: str) -> list[str]:
    """題を絵の幅に収まる行に分けます。「再帰型」の前で切れるなら、そこで切ります。"""
    head, found, tail = title.partition("再帰型")
    if found and head and len(head) <= 16 and len(tail) <= 13:
        return [head, found + tail]
    return textwrap.wrap(title, 16)


def draw_icon(path: Path) -> None:
    """端末の画面に置かれるアイコン (180×180)。"""
    figure, axes = _canvas(180, 180, PAPER)
    _cells(axes, x=22, y=65, size=50, strengths=[0.3, 1.0], color=BLUE)
    figure.savefig(path)
