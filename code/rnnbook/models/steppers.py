"""組織の統計を一枚ずつ先へ進めるモデル（第 13 章）。

z は統計を縮めた K 個の数、u は温度（標準化したもの）です。どのモデルも、いまの値からの変化を答えます。

    z_{t+1} = z_t + f(z_t, u_{t+1}, 記憶)

    OneFrame    記憶なし（いまの一枚と、望めば前の何枚か）の MLP
    Remember    RNN、GRU、LSTM の隠れ状態を記憶とする。読む係と進める係を分ければ、エンコーダ・デコーダ
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rnnbook.arguments import require_choice, require_positive_int

CELLS = {"rnn": nn.RNNCell, "gru": nn.GRUCell, "lstm": nn.LSTMCell}


class OneFrame(nn.Module):
    """いまの一枚と次の温度だけを見る MLP。lags > 1 なら、前の lags − 1 組も見ます。

    例:
        >>> z, u = torch.zeros(4, 20, 8), torch.zeros(4, 60, 1)
        >>> tuple(roll(OneFrame(K=8, H=32), z, u).shape)
        (4, 40, 8)
    """

    def __init__(self, K: int, H: int, lags: int = 1) -> None:
        super().__init__()
        K, H = require_positive_int("K", K), require_positive_int("H", H)
        self.lags = require_positive_int("lags", lags)
        self.hidden1, self.hidden2 = nn.Linear((K + 1) * self.lags, H), nn.Linear(H, H)
        self.readout = start_still(nn.Linear(H, K))

    def start(self, z: Tensor) -> Tensor:
        """読み始める前の記憶: はじめの一枚が、前にも続いていたとします。(B, lags − 1, K + 1)"""
        now = torch.cat([z, torch.zeros_like(z[..., :1])], -1)
        return now.unsqueeze(-2).expand(*z.shape[:-1], self.lags - 1, -1)

    def read(self, z: Tensor, u: Tensor, memory: Tensor) -> Tensor:
        """z と、次の温度 u を覚えます。いちばん古い一組を忘れます。"""
        now = torch.cat([z, u], -1).unsqueeze(-2)
        return torch.cat([memory, now], -2)[..., 1:, :]

    def step(self, z: Tensor, u: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        x = torch.cat([memory.flatten(-2), z, u], -1)  # (B, (K + 1) lags)
        h = torch.tanh(self.hidden2(torch.tanh(self.hidden1(x))))
        # z_{t+1} = z_t + W h + b
        return z + self.readout(h), self.read(z, u, memory)


class Remember(nn.Module):
    """隠れ状態 h を記憶とするモデル。decoder が真なら、先へ進めるセルを、読むセルと別にします。

    例:
        >>> z, u = torch.zeros(4, 20, 8), torch.zeros(4, 60, 1)
        >>> tuple(roll(Remember(K=8, H=32, cell="lstm"), z, u).shape)
        (4, 40, 8)
    """

    def __init__(self, K: int, H: int, cell: str = "gru", decoder: bool = False):
        super().__init__()
        K, self.H = require_positive_int("K", K), require_positive_int("H", H)
        layer = CELLS[require_choice("cell", cell, CELLS)]
        self.kind, self.reader = cell, layer(K + 1, self.H)
        self.writer = layer(K + 1, self.H) if decoder else self.reader
        self.readout = start_still(nn.Linear(self.H, K))

    def start(self, z: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        h = z.new_zeros(*z.shape[:-1], self.H)
        return (h, h) if self.kind == "lstm" else h

    def read(self, z: Tensor, u: Tensor, memory):
        return self.reader(torch.cat([z, u], -1), memory)

    def step(self, z: Tensor, u: Tensor, memory):
        memory = self.writer(torch.cat([z, u], -1), memory)
        h = memory[0] if self.kind == "lstm" else memory
        # z_{t+1} = z_t + W h + b
        return z + self.readout(h), memory


def start_still(readout: nn.Linear) -> nn.Linear:
    """学習の前は「何も変わらない」と答えるように、0 から始めます。"""
    nn.init.zeros_(readout.weight)
    nn.init.zeros_(readout.bias)
    return readout


def roll(model: nn.Module, z: Tensor, u: Tensor) -> Tensor:
    """z (B, S, K) を読み、温度 u (B, F, 1) のとおりに、残りの F − S 枚を続けて予測します。

    予測は、次の入力になります。答えは (B, F − S, K) です。
    """
    S, F = z.shape[-2], u.shape[-2]
    memory, told = model.start(z[..., 0, :]), []
    for t in range(S - 1):
        memory = model.read(z[..., t, :], u[..., t + 1, :], memory)
    now = z[..., S - 1, :]
    for t in range(S - 1, F - 1):
        now, memory = model.step(now, u[..., t + 1, :], memory)
        told.append(now)
    return torch.stack(told, -2)


def forced(model: nn.Module, z: Tensor, u: Tensor) -> Tensor:
    """教師強制: いつも本当の z (B, F, K) から一枚先を答えます。(B, F − 1, K)

    例:
        >>> z, u = torch.zeros(4, 60, 8), torch.zeros(4, 60, 1)
        >>> tuple(forced(OneFrame(K=8, H=32), z, u).shape)
        (4, 59, 8)
    """
    memory, told = model.start(z[..., 0, :]), []
    for t in range(z.shape[-2] - 1):
        now, memory = model.step(z[..., t, :], u[..., t + 1, :], memory)
        told.append(now)
    return torch.stack(told, -2)
