"""窓の特徴の系列を読む、一次元の畳み込み（CNN）（第 12 章）。"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rnnbook.arguments import require_positive_int
from rnnbook.models.recurrent import require_input

KERNEL, STRIDE = 5, 2


class WaveCNN(nn.Module):
    """x (B, T, D) から ŷ (B, O) を出します。二つの畳み込みの層と、一つの線形の層です。

    一つの層は、隣り合う 5 時刻の D 個の値を、同じ重みで C 個の値にし、二つおきに答えます。

        a_s = ReLU(Σ_j W_j x_{2s+j−2} + b)      j = 0 … 4。端の外の x は 0
        ŷ = W_hy [a′_1; …; a′_{T/4}] + b_y        a′ は二つめの層

    例:
        >>> tuple(WaveCNN(T=32, D=4)(torch.zeros(8, 32, 4)).shape)
        (8, 1)
    """

    def __init__(self, T: int, D: int, C: int = 16, O: int = 1) -> None:
        super().__init__()
        T, D = require_positive_int("T", T), require_positive_int("D", D)
        C, O = require_positive_int("C", C), require_positive_int("O", O)
        self.T, self.D = T, D
        how = {"stride": STRIDE, "padding": KERNEL // 2}
        self.first = nn.Conv1d(D, C, KERNEL, **how)
        self.second = nn.Conv1d(C, C, KERNEL, **how)
        half = (T + 1) // STRIDE  # 切り上げ
        left = (half + 1) // STRIDE
        self.readout = nn.Linear(C * left, O)

    def forward(self, x: Tensor) -> Tensor:
        require_input(x, self.readout.weight, self.D, None)
        if x.shape[1] != self.T:
            raise ValueError(
                f"引数 x の時刻は T = {self.T} 個です。{x.shape[1]} 個が渡されました。"
            )
        # a_s = ReLU(Σ_j W_j x_{2s+j−2} + b)
        a = torch.relu(self.first(x.transpose(1, 2)))  # (B, C, T/2)
        a = torch.relu(self.second(a))  # (B, C, T/4)
        # ŷ = W_hy [a′_1; …] + b_y。並びは (C, T/4)
        return self.readout(a.flatten(1))
