"""同じ骨組みで、時刻を混ぜる所だけを替えたモデル（第 16 章）。

x_t = W_in 入力_t + b          （自己注意のときだけ、位置のベクトルを足す）
x ← x + Mixer(Norm(x))         時刻を混ぜる: RNN、LSTM、GRU、minGRU、…、自己注意
x ← x + W_2 GELU(W_1 Norm(x) + b_1) + b_2         時刻ごとに、同じ計算
ŷ_t = W_hy Norm(x_t) + b_y

どのモデルも前からだけ読みます。自己注意では、後ろを隠します（第 7 章の Transformer の causal）。
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn.functional import gelu

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.models.linear_state import LinearState
from rnnbook.models.min_gru import MinGRU, MinLSTM, Signed
from rnnbook.models.recurrent import require_input, start_forget_bias
from rnnbook.models.transformer import SelfAttention, sinusoids


class _Outputs(nn.Module):
    """PyTorch の再帰の層から、全時刻の h (B, T, E) だけを取り出します。"""

    def __init__(self, kind: type[nn.RNNBase], E: int) -> None:
        super().__init__()
        self.layer = kind(E, E, batch_first=True)
        if kind is nn.LSTM:
            start_forget_bias(self.layer, 1.0)  # 第 3 章の b_f = 1

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x)[0]


MIXERS: dict[str, Callable[[int], nn.Module]] = {
    "rnn": lambda E: _Outputs(nn.RNN, E),
    "lstm": lambda E: _Outputs(nn.LSTM, E),
    "gru": lambda E: _Outputs(nn.GRU, E),
    "mingru": lambda E: MinGRU(E, E),
    "minlstm": lambda E: MinLSTM(E, E),
    "signed": lambda E: Signed(E, E),
    "linear_state": lambda E: LinearState(E),
    "transformer": lambda E: SelfAttention(E, heads=4, causal=True),
}


class MixerBlock(nn.Module):
    """一段: 時刻を混ぜる mixer と、時刻ごとの二層の全結合。どちらも、入力に足します。

    例:
        >>> import torch
        >>> tuple(MixerBlock(8, "gru")(torch.zeros(4, 5, 8)).shape)
        (4, 5, 8)
    """

    def __init__(self, E: int, mixer: str) -> None:
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(E), nn.LayerNorm(E)
        self.mixer = MIXERS[mixer](E)
        self.widen, self.narrow = nn.Linear(E, 2 * E), nn.Linear(2 * E, E)

    def forward(self, x: Tensor) -> Tensor:
        # x ← x + Mixer(Norm(x))
        x = x + self.mixer(self.norm_1(x))
        # x ← x + W_2 GELU(W_1 Norm(x) + b_1) + b_2
        return x + self.narrow(gelu(self.widen(self.norm_2(x))))


class Mixed(nn.Module):
    """x (B, T, D) から、全時刻の ŷ (B, T, O)。mixer は MIXERS の名です。

    例:
        >>> import torch
        >>> model = Mixed("mingru", D=2, O=3, E=8)
        >>> tuple(model(torch.zeros(4, 5, 2)).shape)
        (4, 5, 3)
    """

    def __init__(
        self, mixer: str, *, D: int, O: int, E: int = 32, layers: int = 2
    ) -> None:
        super().__init__()
        self.key = require_choice("mixer", mixer, tuple(MIXERS))
        D, O = require_positive_int("D", D), require_positive_int("O", O)
        E, layers = require_positive_int("E", E), require_positive_int("layers", layers)
        self.embed = nn.Linear(D, E)
        self.blocks = nn.ModuleList(MixerBlock(E, mixer) for _ in range(layers))
        self.norm, self.readout = nn.LayerNorm(E), nn.Linear(E, O)

    def forward(self, x: Tensor) -> Tensor:
        require_input(x, self.readout.weight, self.embed.in_features, None)
        h = self.embed(x)  # (B, T, E)
        if self.key == "transformer":
            h = h + sinusoids(*h.shape[1:]).to(h)
        for block in self.blocks:
            h = block(h)
        return self.readout(self.norm(h))
