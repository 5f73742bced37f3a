"""非線形の層のない、一枚先の式（第 13 章）。OneFrame との違いは、二つの tanh の層だけです。

z_{t+1} = z_t + W [前の組, z_t, u_{t+1}] + b
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rnnbook.models.steppers import OneFrame, start_still


class Straight(OneFrame):
    """線形の一枚先の式。lags > 1 なら、前の lags − 1 組も見ます。

    例:
        >>> z, u = torch.zeros(4, 8), torch.ones(4, 1)
        >>> model = Straight(K=8)
        >>> tuple(model.step(z, u, model.start(z))[0].shape)
        (4, 8)
    """

    def __init__(self, K: int, lags: int = 1) -> None:
        super().__init__(K, 1, lags)
        del self.hidden1, self.hidden2
        self.readout = start_still(nn.Linear((K + 1) * self.lags, K))

    def step(self, z: Tensor, u: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        x = torch.cat([memory.flatten(-2), z, u], -1)  # (B, (K + 1) lags)
        # z_{t+1} = z_t + W x + b
        return z + self.readout(x), self.read(z, u, memory)
