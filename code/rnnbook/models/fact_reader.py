"""話を読み、読み終えてから聞かれた問いに答えるモデル（第 7 章）。

    一本のベクトルから   z = h_S                           問いを知る前に決まります
    注意で              z = Σ_s softmax_s(q · W h_s) h_s    問い q ごとに、読んだ所を見直します

    r = W_r z + b_r
    ŷ = W_2 ReLU(W_1 [r; r ⊙ q] + b_1) + b_2

r と q の次元 READER は H によりません。H を替えても、z を読んで答える側の幅は同じです: 正解率の違いは、
読む側ではなく、z に入っているものの違いになります。

h_s は、文 s の五つの語のベクトルをつないだものを、LSTM が一歩で読んだ状態です。by_word が真なら、
LSTM は語を一つずつ読みます。
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.models.recurrent import require_input
from rnnbook.tasks import facts

READER = 256  # 答える側の幅。試した H より広く、答える側が先に足りなくならないように


class FactReader(nn.Module):
    """話 x (B, 5 S) と問い asked (B, n) から、答えの点 ŷ (B, n, O)。

    問いの種類に合わない答えの点は −∞ です。looks_back が真なら、注意で読んだ所を見直します。

    例:
        >>> model, x = FactReader(H=8), torch.zeros(2, 10, dtype=torch.long)
        >>> y_hat = model(x, torch.tensor([[0, 3], [1, 4]]))
        >>> tuple(y_hat.shape), torch.isfinite(y_hat).sum(dim=2).tolist()
        ((2, 2, 28), [[8, 2], [8, 2]])
    """

    def __init__(
        self, H: int, *, E: int = 16, looks_back: bool = False, by_word: bool = False
    ) -> None:
        super().__init__()
        H, E = require_positive_int("H", H), require_positive_int("E", E)
        require_choice("looks_back", looks_back, (False, True))
        self.by_word = require_choice("by_word", by_word, (False, True))
        self.embedding = nn.Embedding(facts.V, E)
        self.recurrent = nn.LSTM(E if by_word else facts.WORDS * E, H, batch_first=True)
        self.query = nn.Embedding(facts.QUERIES, READER)
        self.key = nn.Linear(H, READER, bias=False) if looks_back else None
        self.seen = nn.Linear(H, READER)
        self.answer = nn.Sequential(
            nn.Linear(2 * READER, 128), nn.ReLU(), nn.Linear(128, facts.O)
        )
        kinds = torch.repeat_interleave(torch.tensor(facts.SIZES))  # (O,)
        fits = kinds == torch.arange(len(facts.KINDS))[:, None]  # (5, O)
        self.register_buffer("fits", fits, persistent=False)

    def read(self, x: Tensor) -> Tensor:
        """話 x (B, 5 S) を読んだ状態 (B, S, H)。by_word なら (B, 5 S, H)。"""
        V, E = self.embedding.weight.shape
        require_input(x, self.embedding.weight, E, V)
        if x.shape[1] % facts.WORDS:
            raise ValueError(
                f"引数 x の長さは {facts.WORDS} の倍数です。長さ {x.shape[1]} が渡されました。"
            )
        e = self.embedding(x)  # (B, 5 S, E)
        if not self.by_word:
            e = e.reshape(len(x), -1, facts.WORDS * E)  # (B, S, 5 E)
        return self.recurrent(e)[0]

    def forward(self, x: Tensor, asked: Tensor) -> Tensor:
        h, q = self.read(x), self.query(asked)  # (B, S, H)、(B, n, READER)
        if self.key is None:
            z = h[:, -1:]
        else:
            # z = Σ_s softmax_s(q · W h_s) h_s
            z = torch.softmax(q @ self.key(h).transpose(1, 2), dim=2) @ h
        r = self.seen(z).expand_as(q)
        y_hat = self.answer(torch.cat([r, r * q], dim=2))
        return y_hat.masked_fill(~self.fits[asked % len(facts.KINDS)], -torch.inf)
