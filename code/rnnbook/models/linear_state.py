"""線形状態空間: 掛ける数が x によらない、対角の線形の再帰（第 16 章）。

連続時間の s'(t) = λ s(t) + x(t) を、刻み Δ で離散にします（入力は刻みの間、一定とします）:

    s_t = ā s_{t-1} + b̄ x_t,   ā = exp(Δ λ),  b̄ = (ā − 1)/λ
    y_t = 2 Re Σ_n C_n s_{t,n} + D x_t

入力の E 個の系列が、それぞれ N 個の複素数の状態を持ちます。ā が時刻によらないので、y は畳み込みです:

    y_t = Σ_{k=0}^{t-1} K_k x_{t-k} + D x_t,   K_k = 2 Re Σ_n C_n b̄_n ā_n^k

論文: Gu, A., Goel, K. & Ré, C. (2022). ICLR 2022（S4）。
      Gu, A., Gupta, A., Goel, K. & Ré, C. (2022). NeurIPS 2022（対角の S4D。λ_n = −1/2 + iπn）。
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from rnnbook.arguments import require_positive_int


class LinearState(nn.Module):
    """対角の線形状態空間の一層。x (B, T, E) から y (B, T, E)。N は一つの系列あたりの状態の数です。

    例:
        >>> tuple(LinearState(E=8)(torch.zeros(2, 5, 8)).shape)
        (2, 5, 8)
    """

    def __init__(
        self, E: int, N: int = 8, steps: tuple[float, float] = (0.001, 0.1)
    ) -> None:
        super().__init__()
        E, N = require_positive_int("E", E), require_positive_int("N", N)
        low, high = (math.log(step) for step in steps)
        self.log_step = nn.Parameter(low + (high - low) * torch.rand(E))  # log Δ
        self.log_decay = nn.Parameter(torch.full((E, N), math.log(0.5)))  # log(−Re λ)
        self.turn = nn.Parameter(math.pi * torch.arange(N).repeat(E, 1))  # Im λ
        self.C = nn.Parameter(torch.randn(E, N, 2) / math.sqrt(2))  # 実部と虚部
        self.D = nn.Parameter(torch.ones(E))
        self.mix = nn.Linear(E, E)

    def discrete(self) -> tuple[Tensor, Tensor]:
        """ā と b̄。どちらも複素数の (E, N)。"""
        rate = torch.complex(-self.log_decay.exp(), self.turn)  # λ
        # ā = exp(Δ λ),  b̄ = (ā − 1)/λ
        a = torch.exp(self.log_step.exp()[:, None] * rate)
        return a, (a - 1) / rate

    def kernel(self, T: int) -> Tensor:
        """畳み込みの係数 K (E, T)。"""
        a, b = self.discrete()
        powers = torch.exp(a.log()[..., None] * torch.arange(T, device=a.device))
        # K_k = 2 Re Σ_n C_n b̄_n ā_n^k
        weights = torch.view_as_complex(self.C) * b
        return 2 * (weights[..., None] * powers).sum(1).real

    def forward(self, x: Tensor) -> Tensor:
        T = x.shape[1]
        # 畳み込みは、フーリエ変換の積。後ろに T 個の 0 を足し、前へ回り込まないようにする
        K = torch.fft.rfft(self.kernel(T).T, 2 * T, dim=0)  # (T + 1, E)
        y = torch.fft.irfft(torch.fft.rfft(x, 2 * T, dim=1) * K, 2 * T, dim=1)[:, :T]
        return self.mix(torch.nn.functional.gelu(y + self.D * x))
