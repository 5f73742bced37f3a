"""空孔のあるナノ結晶の X 線回折: デバイの散乱式（第 11 章）。

**模型です。** 半径 14 Å の球に切った面心立方の銅を、ばらばらの向きに多数並べた粉末を考えます。どの結晶でも、
N 個の原子の位置のうち n = cN 個が、でたらめに空いています（空孔。周りの原子は緩和しません）。Q = 4π sin θ / λ、
s = Q / 4π、原子の熱振動の温度因子を B、原子散乱因子を f とすると、結晶一個あたりの強度の平均は

    I(Q) = f² [ (N − n) + (N − n)(N − n − 1) / (N(N − 1)) · e^(−2Bs²) S(Q) ]
    S(Q) = Σ_{i≠j} sin(Q r_ij) / (Q r_ij) = Σ_k p_k sin(Q r_k) / (Q r_k)

です。r_k は原子の間の距離（**殻**）、p_k はその距離にある順序つきの対の数で、欠陥のない結晶で一度だけ数えます。
はじめの項には B がありません。温度因子で失われたブラッグの強度は、熱散漫散乱として、この項に残ります。空孔の
散漫散乱（ラウエ）も同じ項から出ます。計数は、尺度 A、背景 b と合わせて、平均 A I(Q) / I_max + b のポアソン分布です。

    b(Q) = g [ b_0 + b_1 e^(−Q / 1.2) + b_2 exp(−((Q − 2.9) / 0.55)² / 2) ]    平ら、空気、非晶質の山

偏光などの角度の因子、形と大きさの分布、吸収は入れません。

出典: Debye (1915)、Cromer, Mann (1968)（f の係数）。
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_number, require_positive_int, require_range

WAVELENGTH = 1.5406  # Å（Cu Kα1）
LATTICE, RADIUS = 3.615, 14.0  # 格子定数と球の半径（Å）
TWO_THETA = np.linspace(20.0, 100.0, 400)  # 度
# f = Σ a e^(−b s²) + c（銅）
CROMER = ((13.3380, 3.5828), (7.1676, 0.2470), (5.6158, 11.3966), (1.6735, 64.8126))
CROMER_C = 1.1910
AIR, HUMP, HUMP_WIDTH = 1.2, 2.9, 0.55  # Å⁻¹
SCALE = 4000.0  # 完全な結晶（B = 0.6 Å²）の (111) の高さの計数


class Shells(NamedTuple):
    """一つの結晶の距離の殻。"""

    N: int  # 原子の位置の数
    r: np.ndarray  # (K,) 距離（Å）
    pairs: np.ndarray  # (K,) 順序つきの対の数


def sites(lattice: float = LATTICE, radius: float = RADIUS) -> np.ndarray:
    """球に入る面心立方の格子点 (N, 3)（Å）。中心に原子が一つあります。

    例:
        >>> sites(radius=3.0).shape  # 中心と、12 個の最近接
        (13, 3)
    """
    # 面心立方は、整数の和が偶数の点を a/2 倍したもの
    half = require_number("lattice", lattice) / 2
    most = int(require_number("radius", radius) / half) + 1
    line = np.arange(-most, most + 1)
    points = np.stack(np.meshgrid(line, line, line, indexing="ij"), -1).reshape(-1, 3)
    points = points[points.sum(axis=1) % 2 == 0]
    return half * points[half**2 * (points**2).sum(axis=1) <= radius**2]


@cache
def shells(lattice: float = LATTICE, radius: float = RADIUS) -> Shells:
    """欠陥のない結晶の殻。距離の二乗は (a/2)² の整数倍なので、整数で数えます。

    例:
        >>> small = shells(radius=3.0)
        >>> small.N, small.pairs.sum(), small.r[0].round(3)
        (13, np.int64(156), np.float64(2.556))
    """
    points = np.rint(sites(lattice, radius) / (lattice / 2)).astype(int)
    apart = ((points[:, None] - points[None]) ** 2).sum(axis=2)  # (N, N)
    number = np.bincount(apart.ravel())
    steps = np.flatnonzero(number)[1:]  # 自分との対を除く
    return Shells(len(points), lattice / 2 * np.sqrt(steps), number[steps])


def momentum(two_theta: np.ndarray = TWO_THETA) -> np.ndarray:
    """Q = 4π sin θ / λ（Å⁻¹）。two_theta は度です。

    例:
        >>> momentum(np.array([60.0])).round(3)
        array([4.078])
    """
    return 4 * np.pi * np.sin(np.deg2rad(two_theta) / 2) / WAVELENGTH


def form_factor(Q: np.ndarray) -> np.ndarray:
    """銅の原子散乱因子 f(Q)。f(0) は電子の数です。

    例:
        >>> form_factor(np.array([0.0])).round(1)
        array([29.])
    """
    s2 = (np.asarray(Q) / (4 * np.pi)) ** 2
    return sum(a * np.exp(-b * s2) for a, b in CROMER) + CROMER_C


def interference(Q: np.ndarray, crystal: Shells) -> np.ndarray:
    """S(Q) = Σ_k p_k sin(Q r_k) / (Q r_k)。形は Q と同じです。

    例:
        >>> interference(np.array([1e-9]), shells(radius=3.0)).round(3)  # N (N − 1)
        array([156.])
    """
    # np.sinc(x) は sin(πx) / (πx)
    return np.sinc(np.multiply.outer(Q, crystal.r) / np.pi) @ crystal.pairs


@cache
def _tables(lattice: float, radius: float) -> tuple[np.ndarray, ...]:
    """f²、S、s² と、縦軸の単位 I_max。"""
    crystal, Q = shells(lattice, radius), momentum()
    f2, S, s2 = form_factor(Q) ** 2, interference(Q, crystal), (Q / 4 / np.pi) ** 2
    unit = (f2 * (crystal.N + np.exp(-2 * 0.6 * s2) * S)).max()
    return f2, S, s2, unit


def _checked(c, B) -> tuple[np.ndarray, np.ndarray]:
    """割合と温度因子の範囲を確かめ、(…, 1) にします。−0.05 までの c は、当てはめの途中で通ります。"""
    c, B = (np.asarray(v, dtype=float)[..., None] for v in (c, B))
    for name, values, low, high, what in (
        ("c", c, -0.05, 1.0, "空孔の割合（0〜1。% ではありません）"),
        ("B", B, 0.0, np.inf, "温度因子（0 以上、Å²）"),
    ):
        wrong = ~(np.isfinite(values) & (values >= low) & (values <= high))
        if wrong.any():
            raise ValueError(
                f"引数 {name} は{what}です。{values[wrong][0]:g} が渡されました。"
            )
    return c, B


def intensity(
    c: np.ndarray,
    B: np.ndarray,
    lattice: float = LATTICE,
    radius: float = RADIUS,
) -> np.ndarray:
    """粉末の強度 I(Q) / I_max。空孔の割合 c（0 から 1）と B（Å²）が (M,) なら (M, 400) です。

    例:
        >>> intensity(0.0, 0.6).max().round(3), intensity(np.zeros(3), 0.6).shape
        (np.float64(1.0), (3, 400))
    """
    f2, S, s2, unit = _tables(lattice, radius)
    N = shells(lattice, radius).N
    c, B = _checked(c, B)
    left = N * (1 - c)  # N − n
    # f² [ (N − n) + (N − n)(N − n − 1) / (N(N − 1)) e^(−2Bs²) S ]
    kept = left * (left - 1) / (N * (N - 1))
    return f2 * (left + kept * np.exp(-2 * B * s2) * S) / unit


def slope_c(
    c: np.ndarray, B: np.ndarray, lattice: float = LATTICE, radius: float = RADIUS
) -> np.ndarray:
    """∂(I / I_max)/∂c。形は intensity と同じです。

    例:
        >>> bool(slope_c(0.0, 0.6).min() < -1.5)  # ブラッグの項は (1 − c)² に比例
        True
    """
    f2, S, s2, unit = _tables(lattice, radius)
    N = shells(lattice, radius).N
    c, B = _checked(c, B)
    # f² [ −N − (2N(1 − c) − 1) / (N − 1) e^(−2Bs²) S ]
    kept = -(2 * N * (1 - c) - 1) / (N - 1)
    return f2 * (-N + kept * np.exp(-2 * B * s2) * S) / unit


def slope_B(
    c: np.ndarray, B: np.ndarray, lattice: float = LATTICE, radius: float = RADIUS
) -> np.ndarray:
    """∂(I / I_max)/∂B（Å⁻²）。形は intensity と同じです。

    例:
        >>> slope_B(0.0, 0.6).shape
        (400,)
    """
    f2, S, s2, unit = _tables(lattice, radius)
    N = shells(lattice, radius).N
    c, B = _checked(c, B)
    left = N * (1 - c)
    kept = left * (left - 1) / (N * (N - 1))
    # f² (N − n)(N − n − 1) / (N(N − 1)) (−2s²) e^(−2Bs²) S
    return f2 * kept * -2 * s2 * np.exp(-2 * B * s2) * S / unit


def background_shapes() -> np.ndarray:
    """背景の三つの形 (3, 400): 平ら、空気の散乱、非晶質の山。

    例:
        >>> background_shapes().shape
        (3, 400)
    """
    Q = momentum()
    hump = np.exp(-(((Q - HUMP) / HUMP_WIDTH) ** 2) / 2)
    return np.stack([np.ones_like(Q), np.exp(-Q / AIR), hump])


def expected(
    c, B, scale=SCALE, levels=(0.0, 0.0, 0.0), lattice=LATTICE, radius=RADIUS
) -> np.ndarray:
    """計数の平均 A I / I_max + Σ b_k 形_k。scale は A、levels は (…, 3) の b（計数）です。

    例:
        >>> expected(0.05, 0.6, levels=(50, 200, 100)).shape
        (400,)
    """
    A = np.asarray(scale, dtype=float)[..., None]
    bragg = A * intensity(c, B, lattice, radius)
    return bragg + np.asarray(levels, dtype=float) @ background_shapes()


def one_crystal(empty: np.ndarray, B: float, lattice=LATTICE, radius=RADIUS):
    """空いた位置が決まった結晶一個の I / I_max (400,)。対を一つずつ数える、遅い確かめ用です。

    empty は (N,) の真偽（真が空孔）です。

    例:
        >>> none = np.zeros(shells().N, dtype=bool)
        >>> bool(np.allclose(one_crystal(none, 0.6), intensity(0.0, 0.6)))
        True
    """
    f2, _, s2, unit = _tables(lattice, radius)
    points = np.rint(sites(lattice, radius) / (lattice / 2)).astype(int)[~empty]
    apart = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    number = np.bincount(apart.ravel())
    steps = np.flatnonzero(number)[1:]
    left = Shells(len(points), lattice / 2 * np.sqrt(steps), number[steps])
    S = interference(momentum(), left)
    return f2 * (left.N + np.exp(-2 * require_number("B", B) * s2) * S) / unit


def bragg_angle(h: int, k: int, l: int, lattice: float = LATTICE) -> float:
    """(hkl) の 2θ（度）。λ = 2 d sin θ、d = a / √(h² + k² + l²)。

    例:
        >>> round(bragg_angle(1, 1, 1), 2)
        43.32
    """
    for name, index in (("h", h), ("k", k), ("l", l)):
        require_positive_int(name, index, minimum=0)
    sine = WAVELENGTH * np.sqrt(h**2 + k**2 + l**2) / (2 * lattice)
    return float(2 * np.rad2deg(np.arcsin(require_range("sin θ", sine, 0, 1))))
