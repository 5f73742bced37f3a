"""ページの中で読み書きするモデルの、文字の表と、数ビットの重み（第 8 章）。"""

from __future__ import annotations

from rnnbook import data


def page_model() -> dict[str, dict]:
    """文字の表と重み。図が見えるときに読みます。

    例:
        >>> len(page_model()["apart"]["characters"])
        2048
    """
    packed = data.load("characters_page_weights").to_dict("records")
    return {"apart": {"characters": page_characters(), "packed": packed}}


def page_characters() -> str:
    """番号の順に並べた文字。はじめの一つは、表にない字の代わりです。

    例:
        >>> page_characters()[0]
        '〓'
    """
    codes = data.load("characters_page_characters")["code"]
    return "".join(map(chr, codes))
