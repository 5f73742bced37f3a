"""系列を読み、最後の隠れ状態から O 個の数を出すモデル（第 2 章、第 3 章）。

h_t = セル(x_t, h_{t-1})   t = 1 … T
y = W_hy h_T + b_y
"""

from __future__ import annotations

import torch
from torch import nn

from rnnbook.arguments import require_choice, require_positive_int

CELLS = ("rnn", "irnn", "lstm", "gru")


class SequenceClassifier(nn.Module):
    """x から y (B, O) を出します。O = 1 なら、一つの数を当てる回帰にもなります。

    D を渡すと x は実数の系列 (B, T, D)、V を渡すと x は語の番号 (B, T) で、E 次元に
    埋め込みます。cell は "rnn"（tanh）、"irnn"（Le ら 2015: ReLU、W_hh = I、b_h = 0）、
    "lstm"、"gru" のどれかです。forget_bias は LSTM の b_f で、省くと PyTorch の初期値です。

    例:
        >>> model = SequenceClassifier(H=64, O=3, V=15, cell="lstm", forget_bias=1.0)
        >>> tuple(model(torch.zeros(8, 24, dtype=torch.long)).shape)
        (8, 3)
    """

    def __init__(
        self,
        H: int,
        O: int,
        *,
        D: int | None = None,
        V: int | None = None,
        E: int = 32,
        cell: str = "lstm",
        forget_bias: float | None = None,
    ) -> None:
        super().__init__()
        H, O = require_positive_int("H", H), require_positive_int("O", O)
        self.cell = require_choice("cell", cell, CELLS)
        if (D is None) == (V is None):
            raise ValueError("引数 D と V は、どちらか一つを渡します。")
        if forget_bias is not None and cell != "lstm":
            raise ValueError(
                f"引数 forget_bias は LSTM のものです。cell = {cell!r} が渡されました。"
            )
        if V is None:
            self.embedding, D = None, require_positive_int("D", D)
        else:
            D = require_positive_int("E", E)
            self.embedding = nn.Embedding(require_positive_int("V", V), D)
        if cell in ("rnn", "irnn"):
            activation = "relu" if cell == "irnn" else "tanh"
            self.recurrent = nn.RNN(D, H, nonlinearity=activation, batch_first=True)
        else:
            self.recurrent = {"lstm": nn.LSTM, "gru": nn.GRU}[cell](
                D, H, batch_first=True
            )
        self.readout = nn.Linear(H, O)
        with torch.no_grad():
            if cell == "irnn":
                self.recurrent.weight_hh_l0.copy_(torch.eye(H))
                self.recurrent.bias_ih_l0.zero_()
                self.recurrent.bias_hh_l0.zero_()
            if forget_bias is not None:
                # b_f は二本のバイアスの和。四つのゲートは i, f, c̃, o の順
                self.recurrent.bias_ih_l0[H : 2 * H] = forget_bias
                self.recurrent.bias_hh_l0[H : 2 * H] = 0.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.embedding is not None:
            x = self.embedding(x)  # (B, T) → (B, T, E)
        h, _ = self.recurrent(x)  # (B, T, H)
        # y = W_hy h_T + b_y
        return self.readout(h[:, -1])  # (B, O)
