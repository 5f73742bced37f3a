"""章の図を一枚ずつ見せます。

同じ図を二つの形で渡します。Colab と JupyterLab は PNG を、組んだページは主題の色に従う SVG を
使います（SVG は :mod:`rnnbook.figures.themed_svg`、ページの側は :mod:`rnnbook.book.pictures`）。
"""

from __future__ import annotations

import io
import re
from base64 import b64encode
from dataclasses import dataclass

import matplotlib as mpl
import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.figure import Figure

from rnnbook.figures.themed_svg import themed_svg

NUMBER = re.compile(r"図 \d+\.\d+")
_SHORTEST = 12  # 図を見ずに読む人のための文の、短すぎない長さ


@dataclass(frozen=True)
class Picture:
    """一枚の図。ノートブックでは PNG、組んだページでは SVG と説明文になります。

    絵の出ない所では、図を見ずに読む人のための文が出ます。
    """

    number: str
    caption: str
    alt: str
    png: bytes
    svg: str

    def __repr__(self) -> str:
        return f"［{self.number}: {self.alt}］"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        page = {"number": self.number, "caption": self.caption, "svg": self.svg}
        data = {"image/png": b64encode(self.png).decode(), "text/plain": repr(self)}
        width = (
            int.from_bytes(self.png[16:20]) // 2
        )  # PNG は二倍の細かさで描いてあります
        return data, {"image/png": {"width": width, "alt": self.alt, "picture": page}}


class Caption:
    """ノートブックで PNG の下に出る説明文。組んだページでは図の中に入ります。"""

    def __init__(self, picture: Picture) -> None:
        self.text = f"**{picture.number}**　{picture.caption}"

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        data = {"text/markdown": self.text, "text/plain": self.text}
        return data, {kind: {"picture": "caption"} for kind in data}


def draw(fig: Figure, number: str, caption: str, *, alt: str) -> Picture:
    """matplotlib の図 fig を、番号と説明文の付いた :class:`Picture` にします。

    引数:
        fig: 図。色は :mod:`rnnbook.figures.style` の色だけを使います。
        number: 番号。「図 2.1」のように、章と、章の中での順を書きます。
        caption: 図の下に出る説明文。``$…$`` の数式を含められます。
        alt: 図を見ずに読む人のための文。何が描かれ、何が読み取れるかを書きます。

    エラー:
        ValueError: 番号の形が違う、説明文か alt がない、幅 360 px の画面で字が 11 px より
            小さくなる、主題に合わせられない色や画像がある。

    例:
        >>> from rnnbook.figures.style import use_style
        >>> use_style()
        >>> fig, ax = plt.subplots()
        >>> line = ax.plot([0, 1])
        >>> draw(fig, "図 1.1", "直線。", alt="右上がりの直線が一本あります。")
        ［図 1.1: 右上がりの直線が一本あります。］
    """
    if not isinstance(fig, Figure):
        raise ValueError(
            f"引数 fig は matplotlib の図です。{type(fig).__name__} が渡されました。"
        )
    if not isinstance(number, str) or not NUMBER.fullmatch(number):
        raise ValueError(
            f"引数 number は「図 2.1」の形です。{number!r} が渡されました。"
        )
    for name, text in (("caption", caption), ("alt", alt)):
        if not isinstance(text, str) or not text.endswith("。"):
            raise ValueError(
                f"引数 {name} は「。」で終わる文です。{text!r} が渡されました。"
            )
    if len(alt) < _SHORTEST:
        raise ValueError(
            f"引数 alt は、図を見ずに読む人のための文です。{alt!r} では短すぎます。"
        )
    svg = themed_svg(fig, prefix="p" + number[2:].replace(".", "-"), alt=alt)
    png = io.BytesIO()
    with mpl.rc_context({"savefig.facecolor": "white"}):
        fig.savefig(png, format="png", dpi=192, metadata={"Software": None})
    plt.close(fig)
    return Picture(number, caption, alt, png.getvalue(), svg)


def picture(fig: Figure, number: str, caption: str, *, alt: str) -> None:
    """図 fig を、番号と説明文を添えて見せます。章の図のセルの終わりで呼びます。

    引数とエラーは :func:`draw` と同じです。

    例:
        >>> from rnnbook.figures.style import use_style
        >>> use_style()
        >>> fig, ax = plt.subplots()
        >>> line = ax.plot([0, 1])
        >>> picture(fig, "図 1.1", "直線。", alt="右上がりの直線が一本あります。")
        ［図 1.1: 右上がりの直線が一本あります。］
        **図 1.1**　直線。
    """
    shown = draw(fig, number, caption, alt=alt)
    display(shown)
    display(Caption(shown))
