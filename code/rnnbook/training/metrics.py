"""予測のよさを測る物差し（第 1 章）。"""

from __future__ import annotations

import numpy as np

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
