"""系列を読み、最後の隠れ状態（または全時刻）から O 個の数を出すモデル（第 2 章、第 3 章）。

h_t = セル(x_t, h_{t-1})   t = 1 … T
ŷ = W_hy h_T + b_y         全時刻で答える問題では ŷ_t = W_hy h_t + b_y
"""

from __future__ import annotations

import torch
from torch import nn

from rnnbook.arguments import require_choice, require_positive_int

CELLS = ("rnn", "irnn", "lstm", "gru")


class SequenceClassifier(nn.Module):
    """x から ŷ (B, O) を出します。O = 1 なら、一つの数を当てる回帰にもなります。

    D を渡すと x は実数の系列 (B, T, D)、V を渡すと x は語の番号 (B, T) で、E 次元に
    埋め込みます。cell は "rnn"（tanh）、"irnn"（Le ら 2015: ReLU、W_hh = I、b_h = 0）、
    "lstm"、"gru" のどれかです。forget_bias は LSTM の b_f で、省くと PyTorch の初期値です。
    forget_bias="chrono" は、覚える長さ T_max に合わせます（Tallec と Ollivier 2018）:
    b_f = ln u、u は 1 から T_max − 1 の一様乱数、b_i = −b_f。
    every_step=True なら、全時刻で答えて ŷ (B, T, O) を出します。

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
        forget_bias: float | str | None = None,
        T_max: int | None = None,
        every_step: bool = False,
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
        if (forget_bias == "chrono") != (T_max is not None):
            raise ValueError(
                '引数 T_max は forget_bias="chrono" と一緒に渡します。'
                f"forget_bias = {forget_bias!r}、T_max = {T_max!r} が渡されました。"
            )
        self.every_step = every_step
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
                bias, other = self.recurrent.bias_ih_l0, self.recurrent.bias_hh_l0
                if T_max is None:
                    bias[H : 2 * H], other[H : 2 * H] = forget_bias, 0.0
                else:
                    longest = require_positive_int("T_max", T_max, 3) - 1
                    # b_f = ln u、u ~ U(1, T_max − 1)、b_i = −b_f
                    bias[H : 2 * H] = torch.empty(H).uniform_(1, longest).log()
                    bias[:H] = -bias[H : 2 * H]
                    other[: 2 * H] = 0.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.embedding is not None:
            x = self.embedding(x)  # (B, T) → (B, T, E)
        h, _ = self.recurrent(x)  # (B, T, H)
        # ŷ = W_hy h_T + b_y
        return self.readout(h if self.every_step else h[:, -1])  # (B, T, O) か (B, O)
