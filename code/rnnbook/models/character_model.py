"""文字の言語モデル: 一文字読むごとに、次の文字の確率を答えます（第 8 章）。

    x_t = E[文字_t]               埋め込み (E,)
    h_t = GRU(x_t, h_{t−1})       または LSTM
    o_t = W_p h_t + b_p           隠れ状態 (H,) を、埋め込みと同じ E 次元に写す
    確率 = softmax(E o_t + b)     入り口の表 E (V, E) を、出口でも使う（重みの共有）

論文: Press と Wolf (2017)（重みの共有）。
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.models.recurrent import require_input

CELLS = {"gru": nn.GRU, "lstm": nn.LSTM}


class Size(NamedTuple):
    """文字の数 V、埋め込みの次元 E、隠れ次元 H。"""

    V: int
    E: int
    H: int


PAGE = Size(V=2048, E=56, H=192)  # ページに載るモデル（GRU、27 万個の重み）
LSTM = Size(V=2048, E=56, H=160)  # 重みの数が PAGE の GRU に近い LSTM


class CharacterModel(nn.Module):
    """番号 x (B, T) から、次の文字のロジット (B, T, V) と、読み終えた状態を返します。

    状態 state を渡すと、そこから続けて読みます。省くと 0 から読み始めます。frequencies (V,) を渡すと、
    出口の b を、その頻度の対数から始めます。

    例:
        >>> model = CharacterModel(V=10, E=4, H=6)
        >>> logits, state = model(torch.tensor([[1, 2, 3]]))
        >>> tuple(logits.shape), tuple(state.shape)
        ((1, 3, 10), (1, 1, 6))
    """

    def __init__(
        self,
        V: int,
        E: int,
        H: int,
        cell: str = "gru",
        frequencies: Tensor | None = None,
    ) -> None:
        super().__init__()
        V, E = require_positive_int("V", V), require_positive_int("E", E)
        H = require_positive_int("H", H)
        layer = CELLS[require_choice("cell", cell, CELLS)]
        self.embedding = nn.Embedding(V, E)
        self.recurrent = layer(E, H, batch_first=True)
        self.project = nn.Linear(H, E)
        self.bias = nn.Parameter(torch.zeros(V))
        nn.init.normal_(self.embedding.weight, std=E**-0.5)
        if cell == "lstm":  # 忘却ゲートの b_f を 1 から始めます（第 3 章）
            with torch.no_grad():
                self.recurrent.bias_ih_l0[H : 2 * H] = 1.0
                self.recurrent.bias_hh_l0[H : 2 * H] = 0.0
        if frequencies is not None:
            with torch.no_grad():
                self.bias.copy_(torch.log(frequencies / frequencies.sum()))

    def forward(
        self, x: Tensor, state: Tensor | tuple | None = None
    ) -> tuple[Tensor, Tensor | tuple]:
        """x (B, T) を読みます。"""
        W = self.embedding.weight
        require_input(x, W, W.shape[1], len(W))
        h, state = self.recurrent(self.embedding(x.long()), state)  # (B, T, H)
        o = self.project(h)  # (B, T, E)
        return nn.functional.linear(o, W, self.bias), state  # (B, T, V)
