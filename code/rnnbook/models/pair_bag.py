"""隣り合う二語の袋: 隣り合う二語の組がいくつあるかだけを見るモデル（第 7 章）。

ŷ = W_hy · (1/(T − 1)) Σ_t e[x_t, x_{t+1}] + b_y

組ごとに一つのベクトル e を持ちます。状態も注意もなく、一語より遠くは何も見ません。離れた語を結ばなくても
解ける問題かどうかを確かめる、語の袋の次に安い物差しです。
"""

from __future__ import annotations

from torch import Tensor, nn

from rnnbook.arguments import require_positive_int
from rnnbook.models.recurrent import require_input


class PairBag(nn.Module):
    """語の番号 x (B, T) から ŷ (B, O)。T は 2 以上です。

    例:
        >>> import torch
        >>> model = PairBag(O=3, V=14)
        >>> x = torch.tensor([[1, 2, 1, 3, 1], [1, 3, 1, 2, 1]])  # 組の集まりは同じ
        >>> bool(torch.allclose(model(x[:1]), model(x[1:]), atol=1e-6))
        True
    """

    def __init__(self, O: int, *, V: int, E: int = 32) -> None:
        super().__init__()
        self.V = require_positive_int("V", V)
        self.embedding = nn.Embedding(self.V**2, require_positive_int("E", E))
        self.readout = nn.Linear(E, require_positive_int("O", O))

    def forward(self, x: Tensor) -> Tensor:
        require_input(x, self.readout.weight, self.readout.in_features, self.V)
        if x.shape[1] < 2:
            raise ValueError(
                f"引数 x の長さは 2 以上です。長さ {x.shape[1]} が渡されました。"
            )
        pairs = self.V * x[:, :-1].long() + x[:, 1:].long()  # (B, T − 1)
        return self.readout(self.embedding(pairs).mean(dim=1))
