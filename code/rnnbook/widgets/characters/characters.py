"""ページの中で読み書きするモデルの、文字の表と、数ビットの重み（第 8 章）。"""

from __future__ import annotations

import numpy as np
import torch

from rnnbook import data
from rnnbook.models.character_model import PAGE, CharacterModel
from rnnbook.models.few_bits import unpack


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


class PageNetwork:
    """ページの中で動くのと同じ重みの、PyTorch のモデル。計算は 64 ビットです。

    例:
        >>> network = PageNetwork()
        >>> network.read([network.encode("私は")]).shape
        (1, 2, 192)
    """

    def __init__(self) -> None:
        self.model = CharacterModel(*PAGE)
        unpack(self.model, data.load("characters_page_weights"))
        self.model.double().eval()
        self.numbers = {letter: k for k, letter in enumerate(page_characters())}

    def encode(self, text: str) -> list[int]:
        """文字の番号。表にない文字は 0 です。"""
        return [self.numbers.get(letter, 0) for letter in text]

    @torch.no_grad()
    def read(self, ids: object, h: np.ndarray | None = None) -> np.ndarray:
        """番号 ids (B, T) を、状態 h (B, H)（省くと 0）から読んだ隠れ状態 (B, T, H)。"""
        start = None if h is None else torch.tensor(h)[None]
        x = self.model.embedding(torch.as_tensor(ids))
        return self.model.recurrent(x, start)[0].numpy()

    @torch.no_grad()
    def scores(self, h: np.ndarray) -> np.ndarray:
        """隠れ状態 h (B, H) のあとの、次の文字の点 (B, V)。"""
        W = self.model.embedding.weight
        o = self.model.project(torch.as_tensor(h))
        return torch.nn.functional.linear(o, W, self.model.bias).numpy()

    def probabilities(self, h: np.ndarray) -> np.ndarray:
        """隠れ状態 h (B, H) のあとの、次の文字の確率 (B, V)。"""
        return torch.as_tensor(self.scores(h)).softmax(1).numpy()
