"""matplotlib の図を、ページの主題に従う小さな SVG にします。

色は値でなく名前で書き（:mod:`rnnbook.figures.svg_renderer`）、字はページの書体の本物の文字で、数式も
文字にします（:mod:`rnnbook.figures.labels`）。幅 360 px の画面で読めない字は、描くときに断ります。
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnnbook.figures.svg_path import short
from rnnbook.figures.svg_renderer import SIZE, ThemedRenderer

PHONE = 320.0  # 幅 360 px の画面で、図に使える幅 px
SMALLEST = 11.0  # そこでの字の大きさの下限 px


def themed_svg(fig: Figure, prefix: str, alt: str) -> str:
    """図 fig の SVG。prefix は id の初め、alt は図を見ずに読む人のための文です。

    エラー:
        ValueError: 名前のない色、画像、読めない数式があるとき、幅 360 px の画面で字が
            11 px より小さくなるとき。

    例:
        >>> import matplotlib.pyplot as plt
        >>> themed_svg(plt.figure(figsize=(1, 1)), "p1-1", "空の図です。")[:46]
        '<svg viewBox="0 0 72 72" role="img" aria-label'
    """
    width, height = (72 * inches for inches in fig.get_size_inches())
    renderer = ThemedRenderer(width, height, prefix)
    with _without_ground(fig):
        fig.draw(renderer)
    box = renderer.box.padded(0)
    scale = min(1.0, PHONE / box.width)
    if renderer.smallest * scale < SMALLEST:
        raise ValueError(
            f"字の大きさ {renderer.smallest:.3g} pt は、幅 360 px の画面で"
            f" {renderer.smallest * scale:.1f} px になります（{SMALLEST:.0f} px が下限です）。"
            f"図の幅（いまは字の余裕を含めて {box.width / 72:.2f} インチ）を狭めるか、字を大きくしてください。"
        )
    place = " ".join(
        short(v) for v in (box.x0, box.y0, math.ceil(box.width), math.ceil(box.height))
    )
    return (
        f'<svg viewBox="{place}" role="img" aria-label="{escape(alt)}" '
        f'style="--width:{math.ceil(box.width)}" font-size="{SIZE:g}">{renderer.content()}</svg>'
    )


@contextmanager
def _without_ground(fig: Figure) -> Iterator[None]:
    """図と軸の白い地を外し、1 ポイントを 1 px として描きます。"""
    patches = [fig.patch, *(ax.patch for ax in fig.findobj(Axes))]
    seen, dpi = [patch.get_visible() for patch in patches], fig.dpi
    for patch in patches:
        patch.set_visible(False)
    fig.dpi = 72
    try:
        yield
    finally:
        fig.dpi = dpi
        for patch, visible in zip(patches, seen, strict=True):
            patch.set_visible(visible)
