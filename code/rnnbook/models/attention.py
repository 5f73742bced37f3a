"""注意機構つきのデコーダ（第 6 章）: 一つ書くたびに、読んだ所すべてを見比べます。

    e_{u,s} = s_u · h_s                              内積（dot）
            = v · tanh(W_1 h_s + W_2 s_u + b)        加法（additive）
    α_{u,s} = softmax_s(e_{u,s})                     埋めた所は −∞ にしてから
    h̄_u    = Σ_s α_{u,s} h_s                        重みつきの平均
    a_u     = tanh(W_a [h̄_u; s_u] + b_a)
    P(y_u)  = softmax(W_o a_u + b_o)

s_u は、記号 y_{u-1} を読んだあとのデコーダの状態です（Luong の形）。h̄_u はデコーダの次の時刻に戻らない
ので、教師強制では全時刻をいちどに計算できます。Bahdanau の形は s_{u-1} で見てから s_u を求めます。

論文: Bahdanau, D., Cho, K. & Bengio, Y. (2015). ICLR 2015。
      Luong, M.-T., Pham, H. & Manning, C. D. (2015). EMNLP 2015。
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rnnbook.arguments import require_choice
from rnnbook.models.seq2seq import Memory, Seq2Seq, State, shifted

SCORES = ("dot", "additive")


class AttentionSeq2Seq(Seq2Seq):
    """第 5 章の Seq2Seq に注意機構を加えたもの。書き方（step、greedy、of_model）は同じです。

    例:
        >>> model = AttentionSeq2Seq(V_x=13, V_y=20, H=64)
        >>> x, y = torch.tensor([[3, 4, 5]]), torch.tensor([[6, 7, 2]])
        >>> tuple(model(x, y).shape), tuple(model.weights(x, y).shape)  # (B, U, V_y)、(B, U, S)
        ((1, 3, 20), (1, 3, 3))
    """

    def __init__(
        self, V_x: int, V_y: int, H: int, *, E: int = 24, score: str = "dot"
    ) -> None:
        super().__init__(V_x, V_y, H, E=E)
        self.score = require_choice("score", score, SCORES)
        self.mix = nn.Linear(2 * H, H)  # W_a と b_a
        if score == "additive":
            self.W_1, self.W_2 = nn.Linear(H, H), nn.Linear(H, H, bias=False)
            self.v = nn.Linear(H, 1, bias=False)

    def attend(self, s: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """デコーダの状態 s (B, U, H) で見比べ、値 (B, U, V_y) と重み α (B, U, S) を返します。"""
        h = memory.h  # (B, S, H)
        if self.score == "dot":
            # e_{u,s} = s_u · h_s
            e = s @ h.transpose(1, 2)  # (B, U, S)
        else:
            # e_{u,s} = v · tanh(W_1 h_s + W_2 s_u + b)
            sum_ = self.W_1(h)[:, None] + self.W_2(s)[:, :, None]  # (B, U, S, H)
            e = self.v(sum_.tanh())[..., 0]
        # 埋めた所と、隠した所の重みは 0
        real = memory.real if memory.real.ndim == 3 else memory.real[:, None]
        e = e.masked_fill(~real, -torch.inf)
        alpha = e.softmax(dim=2)
        # h̄_u = Σ_s α_{u,s} h_s
        h_bar = alpha @ h  # (B, U, H)
        a = self.mix(torch.cat([h_bar, s], dim=2)).tanh()
        return self.readout(a), alpha

    def step(self, y: Tensor, state: State, memory: Memory) -> tuple[Tensor, State]:
        """記号 y (B,) を一つ書いたあとの、次の記号の値 (B, V_y) と状態。"""
        s, state = self.decoder(self.embed_y(y[:, None]), state)  # (B, 1, H)
        return self.attend(s, memory)[0][:, 0], state

    def forward(self, x: Tensor, y: Tensor, lengths: object = None) -> Tensor:
        """教師強制での、各時刻の値 (B, U, V_y)。"""
        return self.forced(self.encode(x, lengths), y)[0]

    def weights(self, x: Tensor, y: Tensor, lengths: object = None) -> Tensor:
        """y (B, U) を書くときの、注意の重み α (B, U, S)。行の和は 1 です。"""
        return self.forced(self.encode(x, lengths), y)[1]

    def forced(self, memory: Memory, y: Tensor) -> tuple[Tensor, Tensor]:
        """読み終えたもの memory から y (B, U) を書かせたときの、値 (B, U, V_y) と重み (B, U, S)。

        memory を差し替えて渡せば、見るもの（h）、見てよい所（real）、はじめの状態（last）を、別々に替えられます。
        記号ごとに見てよい所を変えるなら、real は (B, U, S) です。
        """
        s, _ = self.decoder(self.embed_y(shifted(y)), memory.last)
        return self.attend(s, memory)
