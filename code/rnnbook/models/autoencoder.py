"""LSTM オートエンコーダ（PyTorch）: 窓を K 個の数に縮め、窓に戻します（第 9 章）。

h_T = LSTM(x_1 … x_T)、  code = W h_T + b            符号化器。code は K 個の数
g_t = LSTM(code, …, code)、  x̂_t = W_o g_t + b_o     復号器。同じ code を T 回読みます
"""

from __future__ import annotations

from torch import Tensor, nn

from rnnbook.arguments import require_positive_int


class Autoencoder(nn.Module):
    """(B, T, 1) を (B, T, 1) に戻します。活性化は、どちらの LSTM も tanh とシグモイド関数のままです。

    例:
        >>> import torch
        >>> tuple(Autoencoder(H=24, K=6)(torch.zeros(2, 48, 1)).shape)
        (2, 48, 1)

    論文: Malhotra ほか (2016)。章: 9 章。
    """

    def __init__(self, H: int, K: int) -> None:
        super().__init__()
        H, K = require_positive_int("H", H), require_positive_int("K", K)
        self.encoder = nn.LSTM(1, H, batch_first=True)
        self.code = nn.Linear(H, K)
        self.decoder = nn.LSTM(K, H, batch_first=True)
        self.readout = nn.Linear(H, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h, _) = self.encoder(x)
        code = self.code(h[-1])  # (B, K)
        repeated = code[:, None].expand(-1, x.shape[1], -1)  # (B, T, K)
        g, _ = self.decoder(repeated)  # (B, T, H)
        return self.readout(g)  # (B, T, 1)
