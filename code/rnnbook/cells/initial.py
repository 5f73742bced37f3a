"""再帰の重みの初期値と、その大きさの測り方（第 2 章）。

スペクトル半径 ρ(W) = max |λ| は W を掛け続けたときの伸び方を、最大の特異値 ‖W‖ は一度掛けたときの
最大の倍率を表します。ρ(W) ≤ ‖W‖ で、直交行列と単位行列では、どの特異値も 1 です。

論文: Saxe, A. M., McClelland, J. L. & Ganguli, S. (2014). ICLR 2014（直交行列の初期値）。
      Le, Q. V., Jaitly, N. & Hinton, G. E. (2015). arXiv:1504.00941（単位行列の初期値）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_generator,
    require_positive_int,
    require_range,
)


def spectral_radius(W: np.ndarray) -> float:
    """スペクトル半径 ρ(W) = max |λ|（固有値の絶対値の最大）。

    例:
        >>> W = np.array([[0.5, 10.0], [0.0, 0.5]])  # 固有値は 0.5、最大の特異値は 10 超
        >>> spectral_radius(W)
        0.5
    """
    W = require_array("W", W, ("H", "H"))
    return float(abs(np.linalg.eigvals(W)).max())


def with_spectral_radius(W: np.ndarray, rho: float) -> np.ndarray:
    """スペクトル半径が rho になるように、W 全体を定数倍します。

    例:
        >>> with_spectral_radius(np.diag([2.0, 1.0]), rho=1.0)
        array([[1. , 0. ],
               [0. , 0.5]])
    """
    rho, radius = require_range("rho", rho, 0.0, 1e6), spectral_radius(W)
    if radius == 0:
        raise ValueError(
            "引数 W はスペクトル半径が正の行列です。0 の行列は定数倍では変えられません。"
        )
    return np.asarray(W) * (rho / radius)


def gaussian(H: int, rng: np.random.Generator) -> np.ndarray:
    """成分が N(0, 1/H) の行列 (H, H)。H が大きいとスペクトル半径は 1、最大の特異値は 2 に近づきます。

    例:
        >>> W = gaussian(400, np.random.default_rng(0))
        >>> round(spectral_radius(W), 1), round(float(np.linalg.norm(W, 2)), 1)
        (1.0, 2.0)
    """
    H = require_positive_int("H", H)
    require_generator("rng", rng)
    return rng.normal(0, 1 / np.sqrt(H), (H, H))


def orthogonal(H: int, rng: np.random.Generator) -> np.ndarray:
    """一様な乱数の直交行列 (H, H)。特異値はすべて 1 です。

    例:
        >>> W = orthogonal(4, np.random.default_rng(0))
        >>> np.allclose(W.T @ W, np.eye(4))
        True
    """
    H = require_positive_int("H", H)
    require_generator("rng", rng)
    Q, R = np.linalg.qr(rng.normal(size=(H, H)))
    return Q * np.sign(np.diag(R))  # 符号を決めないと、分布が偏ります


def identity(H: int) -> np.ndarray:
    """単位行列 (H, H)。IRNN の初期値です。"""
    return np.eye(require_positive_int("H", H))
