"""予測のよさを測る物差し（第 1 章）。"""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from rnnbook.arguments import require_array


def rmse(y: np.ndarray, y_hat: np.ndarray) -> float:
    """二乗平均平方根誤差（RMSE）。単位は y と同じです。

    例:
        >>> rmse(np.array([0.0, 0.0]), np.array([3.0, 4.0])) == (25 / 2) ** 0.5
        True
    """
    y = require_array("y", y, (...,))
    y_hat = require_array("y_hat", y_hat, y.shape)
    # RMSE = √( (1/N) Σ (ŷ − y)² )
    return float(np.sqrt(np.mean((y_hat - y) ** 2)))


def exact(written: Tensor, y: Tensor) -> Tensor:
    """書いた記号の列 (B, U') が、答え y (B, U) と終わりまで同じか (B,)。埋めた所は番号 0 です。

    例:
        >>> import torch
        >>> exact(torch.tensor([[5, 2, 0], [5, 6, 2]]), torch.tensor([[5, 2], [5, 2]]))
        tensor([ True, False])
    """
    U = max(written.shape[1], y.shape[1])
    written, y = (nn.functional.pad(z, (0, U - z.shape[1])) for z in (written, y))
    return (written == y).all(1)
