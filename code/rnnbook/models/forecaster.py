"""系列を読み終えたときの隠れ状態から、次の値を一つ出すモデル（多対一、第 1 章）。

h_t = tanh(W_xh x_t + W_hh h_{t-1} + b_h)   t = 1 … T
ŷ = W_hy h_T + b_y
"""

from __future__ import annotations

import torch
from torch import nn

from rnnbook.arguments import require_choice, require_positive_int

CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Forecaster(nn.Module):
    """x (B, T, D) から次の値 ŷ (B, 1) を出します。cell は "rnn"、"lstm"、"gru" のどれかです。

    例:
        >>> model = Forecaster(H=16)
        >>> tuple(model(torch.zeros(8, 50, 1)).shape)
        (8, 1)
    """

    def __init__(self, H: int, D: int = 1, cell: str = "rnn") -> None:
        super().__init__()
        H, D = require_positive_int("H", H), require_positive_int("D", D)
        self.recurrent = CELLS[require_choice("cell", cell, CELLS)](
            D, H, batch_first=True
        )
        self.readout = nn.Linear(H, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h, _ = self.recurrent(x)  # (B, T, H)
        # ŷ = W_hy h_T + b_y
        return self.readout(h[:, -1])  # (B, 1)
