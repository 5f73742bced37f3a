"""系列を読んで系列を書くモデル（第 5 章から）: エンコーダ、デコーダ、そのあいだの一本のベクトル。

エンコーダ   (h_s, c_s) = LSTM(W_e x_s, h_{s-1}, c_{s-1})   s = 1 … S、はじめは 0
渡すもの     (s_0, d_0) = (h_S, c_S)
デコーダ     (s_u, d_u) = LSTM(W_d y_{u-1}, s_{u-1}, d_{u-1})   y_0 は始まりの記号
             P(y_u) = softmax(W_o s_u + b_o)               u = 1 … U、y_U は終わりの記号

論文: Sutskever, I., Vinyals, O. & Le, Q. V. (2014). NIPS 2014（読む向きを逆にする工夫も）。
      Cho, K. et al. (2014). EMNLP 2014.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.models.lengths import lengths_of, real_steps
from rnnbook.models.recurrent import require_input
from rnnbook.tasks.symbols import END, PAD, START

State = tuple[Tensor, Tensor]  # s と d。どちらも (1, B, H)


class Memory(NamedTuple):
    """読み終えたもの。この章のデコーダが使うのは last だけです。"""

    h: Tensor  # (B, S, H) 各時刻の隠れ状態
    real: Tensor  # (B, S) 埋めた所を除く印
    last: State  # 最後の h と c。長さの違う系列では、それぞれの終わりのもの


class Seq2Seq(nn.Module):
    """V_x 種類の記号の系列を読み、V_y 種類の記号の系列を書きます。

    reverse が真なら、後ろから読みます（S, S − 1, …, 1）。

    例:
        >>> model = Seq2Seq(V_x=13, V_y=20, H=64)
        >>> x, y = torch.tensor([[3, 4, 5]]), torch.tensor([[6, 7, 2]])
        >>> tuple(model(x, y).shape)  # softmax の前の値 (B, U, V_y)
        (1, 3, 20)
    """

    def __init__(
        self, V_x: int, V_y: int, H: int, *, E: int = 24, reverse: bool = False
    ) -> None:
        super().__init__()
        V_x, V_y = require_positive_int("V_x", V_x), require_positive_int("V_y", V_y)
        H, E = require_positive_int("H", H), require_positive_int("E", E)
        self.reverse = require_choice("reverse", reverse, (False, True))
        self.embed_x, self.embed_y = nn.Embedding(V_x, E), nn.Embedding(V_y, E)
        self.encoder = nn.LSTM(E, H, batch_first=True)
        self.decoder = nn.LSTM(E, H, batch_first=True)
        self.readout = nn.Linear(H, V_y)

    def encode(self, x: Tensor, lengths: object = None) -> Memory:
        """x (B, S) を読みます。埋めた所は読みません。"""
        require_input(x, self.readout.weight, 0, self.embed_x.num_embeddings)
        B, S = x.shape
        lengths = torch.full((B,), S) if lengths is None else lengths_of(lengths, x)
        if self.reverse:
            x = reverse_real(x, lengths)
        packed = pack_padded_sequence(
            self.embed_x(x), lengths.cpu(), True, enforce_sorted=False
        )
        h, last = self.encoder(packed)
        h, _ = pad_packed_sequence(h, True, total_length=S)  # (B, S, H)
        return Memory(h, real_steps(lengths, S), last)

    def step(self, y: Tensor, state: State, memory: Memory) -> tuple[Tensor, State]:
        """記号 y (B,) を一つ書いたあとの、次の記号の値 (B, V_y) と状態。"""
        s, state = self.decoder(self.embed_y(y[:, None]), state)  # (B, 1, H)
        return self.readout(s[:, 0]), state

    def forward(self, x: Tensor, y: Tensor, lengths: object = None) -> Tensor:
        """教師強制: 正しい y (B, U) を一つ前の記号として渡したときの、各時刻の値 (B, U, V_y)。"""
        memory = self.encode(x, lengths)
        # y_0 = 始まり、あとは正しい一つ前の記号
        s, _ = self.decoder(self.embed_y(shifted(y)), memory.last)
        return self.readout(s)  # (B, U, V_y)

    @torch.no_grad()
    def greedy(self, x: Tensor, longest: int, lengths: object = None) -> Tensor:
        """いちばん確からしい記号を選びながら書いた y (B, longest)。終わりの記号のあとは埋めます。"""
        memory = self.encode(x, lengths)
        y, state = torch.full((len(x),), START), memory.last
        written, done = [], torch.zeros(len(x), dtype=torch.bool)
        for _ in range(require_positive_int("longest", longest)):
            scores, state = self.step(y, state, memory)
            y = scores.argmax(1).masked_fill(done, PAD)
            written.append(y)
            done |= y == END
        return torch.stack(written, 1)


def shifted(y: Tensor) -> Tensor:
    """一つ右へずらし、はじめに始まりの記号を置きます: デコーダの入力 (B, U)。

    例:
        >>> shifted(torch.tensor([[5, 6, 2]]))
        tensor([[1, 5, 6]])
    """
    start = torch.full_like(y[:, :1], START)
    return torch.cat([start, y[:, :-1]], 1)


def reverse_real(x: Tensor, lengths: Tensor) -> Tensor:
    """本当の長さの中だけで並びを逆にします。

    例:
        >>> reverse_real(torch.tensor([[3, 4, 5], [6, 7, 0]]), torch.tensor([3, 2]))
        tensor([[5, 4, 3],
                [7, 6, 0]])
    """
    place = torch.arange(x.shape[1], device=x.device)
    back = lengths[:, None].to(x.device) - 1 - place
    return x.gather(1, torch.where(back >= 0, back, place))
