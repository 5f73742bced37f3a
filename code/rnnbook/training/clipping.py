"""勾配クリッピング: 大きすぎる勾配に上限を置きます（第 2 章）。

    ノルムで: g ← g · min(1, c / ‖g‖)     全部の勾配を一本のベクトルとみなします
    値で    : g_i ← min(max(g_i, −c), c)  成分を一つずつ収めます

ノルムでクリップすると向きは変わらず、値でクリップすると向きが変わります。どちらも、小さい勾配を大きくはしません。
論文: Pascanu, R., Mikolov, T. & Bengio, Y. (2013). ICML 2013（ノルムでクリップする方法）。
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnbook.arguments import require_array, require_range


def total_norm(grads: Sequence[np.ndarray]) -> float:
    """勾配の配列を全部つなげた一本のベクトルのノルム ‖g‖。

    例:
        >>> total_norm([np.array([3.0]), np.array([[4.0]])])
        5.0
    """
    # ‖g‖² = Σ_i g_i²
    return float(np.sqrt(sum(np.sum(g**2) for g in _arrays(grads))))


def clip_by_norm(
    grads: Sequence[np.ndarray],
    max_norm: float,
) -> list[np.ndarray]:
    """‖g‖ が max_norm を超えたら、全部の勾配を同じ割合で縮めます。形は元のままです。

    例:
        >>> clip_by_norm([np.array([3.0]), np.array([4.0])], max_norm=1.0)
        [array([0.6]), array([0.8])]
    """
    max_norm = require_range("max_norm", max_norm, 0.0, 1e12)
    norm = total_norm(grads)
    # g ← g · min(1, c / ‖g‖)
    scale = max_norm / norm if norm > max_norm else 1.0
    return [g * scale for g in _arrays(grads)]


def clip_by_value(grads: Sequence[np.ndarray], limit: float) -> list[np.ndarray]:
    """成分を一つずつ −limit から limit の間に収めます。形は元のままです。

    例:
        >>> clip_by_value([np.array([3.0, -0.5])], limit=1.0)
        [array([ 1. , -0.5])]
    """
    limit = require_range("limit", limit, 0.0, 1e12)
    # g_i ← min(max(g_i, −c), c)
    return [np.clip(g, -limit, limit) for g in _arrays(grads)]


def _arrays(grads: Sequence[np.ndarray]) -> list[np.ndarray]:
    if not isinstance(grads, Sequence):
        raise ValueError(
            f"引数 grads は勾配の配列のリストです。{type(grads).__name__} が渡されました。"
        )
    # NaN や無限大はここで断ります。上限を掛けても、元の向きは戻らないからです
    return [require_array(f"grads[{i}]", g, (...,)) for i, g in enumerate(grads)]
