"""分子動力学の一歩: BAOAB 法（第 14 章）。摩擦を 0 にすると、速度ベルレ法です。

    B  v ← v + (Δt/2) F
    A  x ← x + (Δt/2) v
    O  v ← e^(−γΔt) v + √((1 − e^(−2γΔt)) T) ξ     ξ は標準正規乱数
    A  x ← x + (Δt/2) v
    B  v ← v + (Δt/2) F

O のあとで平均の速度を引き、全体が流れないようにします。時間の単位は τ = σ√(m/ε) です。
論文: Leimkuhler, B. & Matthews, C. (2013). Applied Mathematics Research eXpress 2013, 34–56.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_generator,
    require_positive_int,
    require_range,
)


def velocities(shape: tuple[int, ...], T: float, rng: np.random.Generator):
    """温度 T（ε/k_B）の速度。shape は (N, 3) か、箱 B 個の (B, N, 3) で、箱ごとの平均は 0 です。"""
    v = np.sqrt(T) * rng.standard_normal(shape)
    return v - v.mean(axis=-2, keepdims=True)


def temperature(v: np.ndarray) -> float:
    """速度 v (N, 3) の温度 Σ v² / (3N − 3)。全体の動きの三つは数えません。

    例:
        >>> v = velocities((1000, 3), 0.6, np.random.default_rng(0))
        >>> round(temperature(v), 1)
        0.6
    """
    v = require_array("v", v, ("N", 3))
    return float((v**2).sum() / (3 * len(v) - 3))


def move(
    x: np.ndarray,
    v: np.ndarray,
    forces: Callable[[np.ndarray], np.ndarray],
    steps: int,
    *,
    dt: float = 0.01,
    T: float = 0.0,
    friction: float = 0.0,
    rng: np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """位置 x と速度 v (N, 3) を steps 歩進め、新しい x と v を返します。forces(x) が力 (N, 3) です。

    箱 B 個を一度に進めるなら、どれも (B, N, 3) です。
    friction は 1/τ です。0 なら熱浴がなく、エネルギーが保たれます。

    例:
        >>> spring = lambda x: -x  # 周期 2π の振り子
        >>> x, v = np.array([[1.0, 0, 0], [-1.0, 0, 0]]), np.zeros((2, 3))
        >>> x, v = move(x, v, spring, 628, dt=0.01)
        >>> x.round(2)[0].tolist()
        [1.0, 0.0, 0.0]
    """
    x = require_array("x", x, (..., 3)).astype(float)
    v = require_array("v", v, x.shape).astype(float)
    steps = require_positive_int("steps", steps)
    dt = require_range("dt", dt, 1e-6, 0.05)
    T = require_range("T", T, 0.0, np.inf)
    keep = np.exp(-require_range("friction", friction, 0.0, np.inf) * dt)
    if friction > 0:
        require_generator("rng", rng)
    noise = np.sqrt((1 - keep**2) * T)
    F = forces(x)
    for _ in range(steps):
        v += dt / 2 * F
        x += dt / 2 * v
        if friction > 0:
            # v ← e^(−γΔt) v + √((1 − e^(−2γΔt)) T) ξ
            v = keep * v + noise * rng.standard_normal(v.shape)
            v -= v.mean(axis=-2, keepdims=True)
        x += dt / 2 * v
        F = forces(x)
        v += dt / 2 * F
    return x, v
