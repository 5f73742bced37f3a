"""語の袋: どの語がいくつあるかだけを見て、順を見ないモデル（第 7 章）。

ŷ = W_hy · (1/T) Σ_t e_t + b_y

語を並べ替えても、ŷ は変わりません。語順の要る問題かどうかを確かめる、いちばん安い物差しです。
"""

from __future__ import annotations

from torch import Tensor, nn

from rnnbook.arguments import require_positive_int
from rnnbook.models.lengths import lengths_of, real_steps
from rnnbook.models.recurrent import require_input


class Bag(nn.Module):
    """語の番号 x (B, T) から ŷ (B, O)。

    例:
        >>> import torch
        >>> model, x = Bag(O=3, V=14), torch.randint(14, (8, 24))
        >>> bool(torch.allclose(model(x), model(x.flip(1)), atol=1e-6))
        True
    """

    def __init__(self, O: int, *, V: int, E: int = 32) -> None:
        super().__init__()
        E = require_positive_int("E", E)
        self.embedding = nn.Embedding(require_positive_int("V", V), E)
        self.readout = nn.Linear(E, require_positive_int("O", O))

    def forward(self, x: Tensor, lengths: object = None) -> Tensor:
        """x を読んで答えます。埋めた系列では、本当の長さ lengths (B,) を渡します。"""
        V, E = self.embedding.weight.shape
        require_input(x, self.readout.weight, E, V)
        e = self.embedding(x.long())  # (B, T, E)
        # ē = (1/T) Σ_t e_t
        if lengths is None:
            mean = e.mean(dim=1)
        else:
            found = lengths_of(lengths, x)
            real = real_steps(found, x.shape[1])[..., None].to(e.dtype)
            mean = (e * real).sum(dim=1) / found[:, None]
        return self.readout(mean)
