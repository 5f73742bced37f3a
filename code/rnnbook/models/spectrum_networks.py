"""一本のスペクトルから数を答えるネットワーク: 畳み込み、双方向の RNN、多層パーセプトロン（第 11 章）。

どれも x (B, T, 1) を読み、ŷ (B, O) を返します。

    cnn           幅 9 の畳み込みを、2 点ずつ間引きながら 3 段。どの位置でも同じ重みです
    bilstm、bigru  隣り合う width 点を一つの入力として、T / width 時刻を前と後ろから読みます（第 4 章）
    mlp           T 点をすべて、一つの隠れ層に入れます
"""

from __future__ import annotations

from torch import Tensor, nn

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.models.recurrent import Recurrent

KINDS = ("cnn", "bilstm", "bigru", "mlp")


class SpectrumCNN(nn.Module):
    """畳み込み三段と、線形の出口。

    例:
        >>> from torch import zeros
        >>> tuple(SpectrumCNN(T=400, O=1)(zeros(2, 400, 1)).shape)
        (2, 1)
    """

    def __init__(self, T: int, O: int, channels: int = 8) -> None:
        super().__init__()
        T, C = require_positive_int("T", T, 8), require_positive_int("C", channels)
        layers, D = [], 1
        for _ in range(3):
            layers += [nn.Conv1d(D, C, 9, stride=2, padding=4), nn.ReLU()]
            D, T = C, (T + 1) // 2
        self.body = nn.Sequential(*layers)
        self.readout = nn.Linear(C * T, require_positive_int("O", O))

    def forward(self, x: Tensor) -> Tensor:
        a = self.body(x.transpose(1, 2))  # (B, C, T/8)
        return self.readout(a.flatten(1))


class SpectrumRNN(nn.Module):
    """width 点ずつ、前と後ろから読む RNN。余りの点は捨てます。

    例:
        >>> from torch import zeros
        >>> tuple(SpectrumRNN(O=1, cell="lstm")(zeros(2, 400, 1)).shape)
        (2, 1)
    """

    def __init__(self, O: int, cell: str, H: int = 24, width: int = 8) -> None:
        super().__init__()
        self.width = require_positive_int("width", width)
        self.reader = Recurrent(H=H, O=O, D=width, cell=cell, bidirectional=True)

    def forward(self, x: Tensor) -> Tensor:
        steps = x.shape[1] // self.width
        cut = x[:, : steps * self.width]
        return self.reader(cut.reshape(len(x), steps, self.width))


def spectrum_network(kind: str, T: int, O: int, **how: object) -> nn.Module:
    """名前からネットワークを作ります。初期値は、前に決めた種で決まります。

    例:
        >>> from torch import zeros
        >>> tuple(spectrum_network("mlp", T=400, O=3)(zeros(2, 400, 1)).shape)
        (2, 3)
    """
    require_choice("kind", kind, KINDS)
    if kind == "cnn":
        return SpectrumCNN(T, O, **how)
    if kind == "mlp":
        H = require_positive_int("H", how.get("H", 64))
        return nn.Sequential(nn.Flatten(), nn.Linear(T, H), nn.ReLU(), nn.Linear(H, O))
    return SpectrumRNN(O, cell={"bilstm": "lstm", "bigru": "gru"}[kind], **how)
