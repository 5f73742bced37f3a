"""minGRU と minLSTM: ゲートから h を外した GRU と LSTM（第 16 章）。

GRU のゲート z_t と候補 h̃_t は、x_t と h_{t-1} から決まります。h_{t-1} を外すと、x だけから、全時刻が
いちどに決まります。残る h の更新は、並列スキャンで求められます。

minGRU     z_t = σ(W_z x_t + b_z),  h̃_t = W_h x_t + b_h
           h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t
minLSTM    f_t = σ(W_f x_t + b_f),  i_t = σ(W_i x_t + b_i),  h̃_t = W_h x_t + b_h
           h_t = f_t/(f_t + i_t) ⊙ h_{t-1} + i_t/(f_t + i_t) ⊙ h̃_t
符号つき   a_t = tanh(W_a x_t + b_a),  u_t = W_u x_t + b_u
           h_t = a_t ⊙ h_{t-1} + u_t

対数 minGRU は、公開された minGRU の形です。候補を g で正にし、スキャンを対数の上で求めます:

           g(u) = u + 0.5 (u ≥ 0), σ(u) (u < 0),  h̃_t = g(W_h x_t + b_h)

論文: Feng, L. ほか (2024). Were RNNs All We Needed? arXiv:2410.01201（minGRU、minLSTM）。
      Grazzi, R. ほか (2025). ICLR 2025（負の係数。ここの符号つきは、本書の簡単な形です）。
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import relu, softplus

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.models.scan import METHODS, logarithmic, scan


class _Scanned(nn.Module):
    """x (B, T, E) から組 (a, b) を作り、スキャンで h (B, T, H) を求める層。"""

    gates = 0  # x から作る H 次元のベクトルの数

    def __init__(self, E: int, H: int, method: str = "doubling") -> None:
        super().__init__()
        E, H = require_positive_int("E", E), require_positive_int("H", H)
        self.method = require_choice("method", method, METHODS)
        self.project = nn.Linear(E, self.gates * H)

    def pairs(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """h_t = a_t ⊙ h_{t-1} + b_t の a と b。どちらも (B, T, H)。"""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        return scan(*self.pairs(x), self.method)


class MinGRU(_Scanned):
    """minGRU の一層。x (B, T, E) から h (B, T, H)。

    例:
        >>> tuple(MinGRU(E=8, H=4)(torch.zeros(2, 5, 8)).shape)
        (2, 5, 4)
    """

    gates = 2

    def pairs(self, x: Tensor) -> tuple[Tensor, Tensor]:
        k, candidate = self.project(x).chunk(2, -1)
        # h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t
        # 1 − σ(k) = σ(−k)。引き算では、z が 1 に近いときに桁が落ちます
        return torch.sigmoid(-k), torch.sigmoid(k) * candidate


class LogMinGRU(_Scanned):
    """対数の上で計算する minGRU の一層。x (B, T, E) から h (B, T, H)。候補はいつも正です。

    pairs の組をふつうのスキャンに渡しても、式の上では同じ h になります。

    例:
        >>> tuple(LogMinGRU(E=8, H=4)(torch.zeros(2, 5, 8)).shape)
        (2, 5, 4)
    """

    gates = 2

    def pairs(self, x: Tensor) -> tuple[Tensor, Tensor]:
        k, u = self.project(x).chunk(2, -1)
        candidate = torch.where(u >= 0, u + 0.5, torch.sigmoid(u))
        return torch.sigmoid(-k), torch.sigmoid(k) * candidate

    def forward(self, x: Tensor) -> Tensor:
        k, u = self.project(x).chunk(2, -1)
        # log(1 − z) = −softplus(k)、log z = −softplus(−k)
        log_g = torch.where(u >= 0, (relu(u) + 0.5).log(), -softplus(-u))
        return logarithmic(-softplus(k), log_g - softplus(-k))


class MinLSTM(_Scanned):
    """minLSTM の一層。x (B, T, E) から h (B, T, H)。

    例:
        >>> tuple(MinLSTM(E=8, H=4)(torch.zeros(2, 5, 8)).shape)
        (2, 5, 4)
    """

    gates = 3

    def pairs(self, x: Tensor) -> tuple[Tensor, Tensor]:
        f, i, candidate = self.project(x).chunk(3, -1)
        f, i = torch.sigmoid(f), torch.sigmoid(i)
        # 二つのゲートの和を 1 にそろえる
        return f / (f + i), i / (f + i) * candidate


class Signed(_Scanned):
    """掛ける数が −1 から 1 まで動ける一層。x (B, T, E) から h (B, T, H)。

    例:
        >>> tuple(Signed(E=8, H=4)(torch.zeros(2, 5, 8)).shape)
        (2, 5, 4)
    """

    gates = 2

    def pairs(self, x: Tensor) -> tuple[Tensor, Tensor]:
        a, u = self.project(x).chunk(2, -1)
        return torch.tanh(a), u
