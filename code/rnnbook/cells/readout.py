"""隠れ状態から出力を読み出す一次式と、平均二乗誤差（第 1 章）。

    ŷ = W_hy h + b_y
    L = mean (ŷ − y)²

形: h (…, H)、W_hy (O, H)、b_y (O,)、ŷ (…, O)。前の軸は (B,) でも (B, T) でも構いません。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_array


class ReadoutGrads(NamedTuple):
    """損失を、重みと隠れ状態で微分したもの。"""

    W_hy: np.ndarray  # (O, H)
    b_y: np.ndarray  # (O,)
    h: np.ndarray  # (…, H)


def readout(h: np.ndarray, W_hy: np.ndarray, b_y: np.ndarray) -> np.ndarray:
    """隠れ状態 h (…, H) から出力 ŷ (…, O) を計算します。

    例:
        >>> readout(h=np.array([[1.0, 2.0]]), W_hy=np.array([[3.0, 4.0]]), b_y=np.array([0.5]))
        array([[11.5]])
    """
    W_hy = require_array("W_hy", W_hy, ("O", "H"))
    O, H = W_hy.shape
    b_y = require_array("b_y", b_y, (O,))
    h = require_array("h", h, (..., H))
    # ŷ = W_hy h + b_y
    return h @ W_hy.T + b_y  # (…, O)


def readout_backward(
    h: np.ndarray, W_hy: np.ndarray, dy_hat: np.ndarray
) -> ReadoutGrads:
    """dy_hat = ∂L/∂ŷ (…, O) から、W_hy と b_y と h の勾配を返します。

    例:
        >>> h, W_hy = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])
        >>> readout_backward(h, W_hy, dy_hat=np.array([[1.0]])).h
        array([[3., 4.]])
    """
    W_hy = require_array("W_hy", W_hy, ("O", "H"))
    O, H = W_hy.shape
    h = require_array("h", h, (..., H))
    dy_hat = require_array("dy_hat", dy_hat, (*h.shape[:-1], O))
    dy_rows, h_rows = (
        dy_hat.reshape(-1, O),
        h.reshape(-1, H),
    )  # 例と時刻を一列に並べます
    return ReadoutGrads(
        W_hy=dy_rows.T @ h_rows,  # ∂L/∂W_hy = Σ dŷ hᵀ
        b_y=dy_rows.sum(axis=0),  # ∂L/∂b_y = Σ dŷ
        h=dy_hat @ W_hy,  # ∂L/∂h = W_hyᵀ dŷ
    )


def mse(y: np.ndarray, y_hat: np.ndarray) -> tuple[float, np.ndarray]:
    """平均二乗誤差 L と、その勾配 ∂L/∂ŷ（ŷ と同じ形）を返します。

    例:
        >>> loss, dy_hat = mse(y=np.array([[1.0], [2.0]]), y_hat=np.array([[1.0], [4.0]]))
        >>> loss
        2.0
        >>> dy_hat.ravel()
        array([0., 2.])
    """
    y = require_array("y", y, (...,))
    y_hat = require_array("y_hat", y_hat, y.shape)
    difference = y_hat - y
    # L = (1/N) Σ (ŷ − y)²
    loss = float(np.mean(difference**2))
    # ∂L/∂ŷ = (2/N) (ŷ − y)
    return loss, 2 * difference / difference.size
