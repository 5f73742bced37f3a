"""隠れ状態が一つの RNN の、損失の壁（第 2 章）。

入力がなく、重みが w と b の二つだけの RNN です。h_0 から始め、T 時刻あとに y にいることを目指します。

    h_t = tanh(w h_{t-1} + b)
    L(w, b) = (h_T − y)²

h_0 が不安定な不動点になる線 h_0 = tanh(w h_0 + b), w (1 − h_0²) > 1 の両側で、h_T は別々の値へ
分かれます。その線の上では ∂h_T/∂h_0 = (w (1 − h_0²))^T となり、損失は壁のように立ち上がります。

論文: Pascanu, R., Mikolov, T. & Bengio, Y. (2013). ICML 2013（式の違う一変数の RNN で、同じ壁を示した）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_positive_int, require_range

T, H0, TARGET = 50, 0.5, 0.5  # 系列長、はじめの隠れ状態 h_0、目標 y


def wall_loss(
    w: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """損失 L と、手で書いた逆伝播による ∂L/∂w、∂L/∂b。w と b は同じ形の配列です。

    例:
        >>> L, dw, db = wall_loss(np.array([0.0]), np.array([0.0]))  # h_T = 0
        >>> L
        array([0.25])
    """
    w = require_array("w", w, (...,)).astype(np.float64)
    b = require_array("b", b, w.shape).astype(np.float64)
    h = [np.full(w.shape, H0)]
    for _ in range(T):
        # h_t = tanh(w h_{t-1} + b)
        h.append(np.tanh(w * h[-1] + b))
    dw, db = np.zeros_like(w), np.zeros_like(b)
    # ∂L/∂h_T = 2 (h_T − y)
    dh = 2 * (h[T] - TARGET)
    for t in range(T, 0, -1):
        # ∂L/∂a_t = ∂L/∂h_t (1 − h_t²)
        da = dh * (1 - h[t] ** 2)
        dw += da * h[t - 1]  # ∂L/∂w = Σ_t da_t h_{t-1}
        db += da  # ∂L/∂b = Σ_t da_t
        # ∂L/∂h_{t-1} = w ∂L/∂a_t
        dh = w * da
    return (h[T] - TARGET) ** 2, dw, db


def wall_of_loss(w: np.ndarray) -> np.ndarray:
    """壁の位置: h_0 が不動点になる b。w (1 − h_0²) > 1 のとき不安定で、損失が壁になります。

    例:
        >>> w = np.array([2.0])
        >>> b = wall_of_loss(w)
        >>> bool(np.isclose(np.tanh(w * H0 + b), H0).all())
        True
    """
    # h_0 = tanh(w h_0 + b)  →  b = artanh(h_0) − w h_0
    return np.arctanh(H0) - require_array("w", w, (...,)) * H0


def descend(
    w: np.ndarray,
    b: np.ndarray,
    *,
    learning_rate: float,
    updates: int,
    clip: float | None = None,
) -> np.ndarray:
    """出発点 w (N,)、b (N,) のそれぞれから勾配降下し、通った点 (updates + 1, 2, N) を返します。

    clip は、出発点ごとの勾配のノルムの上限です。

    例:
        >>> path = descend([2.0], [-0.8], learning_rate=0.1, updates=20, clip=1.0)
        >>> path.shape
        (21, 2, 1)
    """
    w = require_array("w", w, ("N",))
    place = np.array([w, require_array("b", b, (len(w),))], np.float64)  # (2, N)
    learning_rate = require_range("learning_rate", learning_rate, 0.0, 1e3)
    if clip is not None:
        clip = require_range("clip", clip, 0.0, 1e12)
    path = [place]
    for _ in range(require_positive_int("updates", updates)):
        g = np.array(wall_loss(*place)[1:])  # (2, N)
        if clip is not None:
            # g ← g · min(1, c / ‖g‖)
            g = g * np.minimum(1, clip / np.maximum(np.hypot(*g), 1e-300))
        # (w, b) ← (w, b) − η g
        place = place - learning_rate * g
        path.append(place)
    return np.array(path)
