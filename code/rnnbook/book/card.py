"""SNS に貼られたときの絵 (1200×630) と、アイコンの PNG を描きます。"""

import textwrap
from pathlib import Path

CARD = "card.png"
ICON = "favicon.png"
INK, PAPER, BLUE = "#1d2733", "#fbfaf7", "#0072B2"


def draw_all(folder: Path, title: str) -> None:
    """二つの絵を ``folder`` に置きます。同じ題の絵が既にあれば描きません。"""
    from PIL import Image

    card = folder / CARD
    if (
        card.exists()
        and (folder / ICON).exists()
        and Image.open(card).info.get("Title") == title
    ):
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


def _cells(axes, x: float, y: float, size: float, count: int) -> None:
    """展開した再帰のセル: 箱が右へ並び、先へ行くほど濃くなります。"""
    from matplotlib.patches import FancyBboxPatch

    step = 1.7 * size
    arrow = {"color": BLUE, "linewidth": size / 14, "solid_capstyle": "round"}
    for t in range(count):
        left, strength = x + t * step, 0.3 + 0.7 * t / (count - 1)
        box = FancyBboxPatch(
            (left, y),
            size,
            size,
            boxstyle=f"round,pad=0,rounding_size={0.28 * size}",
            facecolor=BLUE,
            edgecolor="none",
            alpha=strength,
        )
        axes.add_patch(box)
        middle = left + size / 2
        for start, end in (
            (y - 0.5 * size, y - 0.12 * size),
            (y + 1.12 * size, y + 1.5 * size),
        ):
            axes.plot([middle, middle], [start, end], **arrow)
        if t + 1 < count:
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
    _cells(axes, x=90, y=448, size=68, count=9)
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
    subtitle = (
        "予想し、動かし、数で確かめる。図はその場で動き、章は Colab でも動きます。"
    )
    small = FontProperties(fname=font, size=20)
    axes.text(92, 96, subtitle, fontproperties=small, color="#4a5663")
    figure.savefig(path, metadata={"Title": title})


def break_title(title: str) -> list[str]:
    """題を絵の幅に収まる行に分けます。「再帰型」の前で切れるなら、そこで切ります。"""
    head, found, tail = title.partition("再帰型")
    if found and head and len(head) <= 16 and len(tail) <= 13:
        return [head, found + tail]
    return textwrap.wrap(title, 16)


def draw_icon(path: Path) -> None:
    """端末の画面に置かれるアイコン (180×180)。"""
    figure, axes = _canvas(180, 180, PAPER)
    _cells(axes, x=22, y=65, size=50, count=2)
    figure.savefig(path)
