"""レナード–ジョーンズ粒子の、エネルギーと力（第 14 章）。長さは σ、エネルギーは ε、質量は m が単位です。

    u(r) = 4 (r⁻¹² − r⁻⁶) + g_c r²/2 + c       r < r_c = 2.5、ほかでは 0
    力 F_i = Σ_j (g(r_ij) − g_c) (x_i − x_j)    g(r) = (48 r⁻¹² − 24 r⁻⁶) / r²、g_c = g(r_c)

g_c と c は、r_c でエネルギーも力も 0 につながるように決めた、小さな直しです（g_c = −0.0156）。
箱は一辺 box の立方体で、周期境界です。
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from rnnbook.arguments import require_array, require_positive_int, require_range

CUT = 2.5
SITES = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]) / 2  # fcc の四つの位置


def g(r2: np.ndarray) -> np.ndarray:
    """力を距離で割ったもの g(r)。r² から求めます。

    例:
        >>> abs(float(g(2 ** (1 / 3)))) < 1e-12  # u の底は r = 2^(1/6)
        True
    """
    s6 = 1 / r2**3
    # g = (48 r⁻¹² − 24 r⁻⁶) / r²
    return (48 * s6 - 24) * s6 / r2


G_CUT = float(g(CUT**2))


def pair_energy(r: np.ndarray) -> np.ndarray:
    """一対のエネルギー u(r)。r_c で滑らかに 0 になります。

    例:
        >>> pair_energy(np.array([2.0 ** (1 / 6), 2.5, 3.0])).round(3).tolist()
        [-0.945, 0.0, 0.0]
    """
    r2 = np.minimum(np.asarray(r, dtype=float) ** 2, CUT**2)

    def bare(s2):
        return 4 * (s2**-6 - s2**-3) + G_CUT * s2 / 2

    return bare(r2) - bare(CUT**2)


def fcc(cells: int, density: float) -> tuple[np.ndarray, float]:
    """fcc の格子点 (4·cells³, 3) と、箱の一辺。密度 density は σ⁻³ です。

    例:
        >>> x, box = fcc(4, 0.95)
        >>> x.shape, round(box, 3)
        ((256, 3), 6.459)
    """
    n = require_positive_int("cells", cells)
    density = require_range("density", density, 0.01, 2.0)
    box = float((4 * n**3 / density) ** (1 / 3))
    corners = np.indices((n, n, n)).reshape(3, -1).T  # (n³, 3)
    return (corners[:, None] + SITES).reshape(-1, 3) * box / n, box


def separations(x: np.ndarray, box: float) -> tuple[np.ndarray, np.ndarray]:
    """すべての対の、いちばん近い像どうしの差 (P, 3) と、距離の二乗 (P,)。P = N(N−1)/2 です。"""
    i, j = _pairs(len(x))
    d = x[i] - x[j]
    d -= box * np.rint(d / box)
    return d, np.einsum("pa,pa->p", d, d)


@lru_cache
def _pairs(N: int) -> tuple[np.ndarray, np.ndarray]:
    return np.triu_indices(N, 1)


def energy_and_pressure(x: np.ndarray, box: float, T: float) -> tuple[float, float]:
    """原子一個あたりのエネルギー U/N（ε）と、圧力 p（ε/σ³）。

    p = ρT + (1/3V) Σ_{i<j} r_ij · F_ij   （ビリアル定理）
    """
    x = require_array("x", x, ("N", 3))
    _, r2 = separations(x, box)
    near = r2[r2 < CUT**2]
    virial = float(((g(near) - G_CUT) * near).sum())
    U = float(pair_energy(np.sqrt(near)).sum())
    return U / len(x), len(x) * T / box**3 + virial / (3 * box**3)


class Forces:
    """N 個の原子の力 F (N, 3)。N は偶数です。対の計算は float32 で、位置は箱の外に出てかまいません。

    原子 i と i + k（k = 1 … N/2、番号は N で一周）の差を、一度に行列 (N/2, N) にします。作用反作用で、
    どの対も一度（k = N/2 だけは二度）計算します。N = 256 では、近くの原子の表を作るより速くすみます。

    例:
        >>> x, box = fcc(4, 0.95)
        >>> bool(abs(Forces(256, box)(x)).max() < 1e-2)  # 完全な格子では釣り合います
        True
    """

    def __init__(self, N: int, box: float) -> None:
        self.N, self.K = N, require_positive_int("N", N, 2) // 2
        if N % 2:
            raise ValueError(f"引数 N は偶数です。{N} が渡されました。")
        self.box = require_range("box", box, 2 * CUT, np.inf)
        K, kind = self.K, np.float32
        self.d, self.image = np.empty((2, 3, K, N), kind)
        self.r2, self.w = np.empty((2, K, N), kind)
        self.pairs = np.empty((3, K, 2 * N), kind)
        # reaction[a, k, j] は、pairs の k 行目の、番号 j − k の原子の力です（k = 1 … N/2 − 1）
        a, k, j = self.pairs.strides
        self.reaction = as_strided(
            self.pairs[:, :, N - 1 :], (3, K - 1, N), (a, k - j, j), writeable=False
        )

    def __call__(self, x: np.ndarray) -> np.ndarray:
        N, K, d, r2, w = self.N, self.K, self.d, self.r2, self.w
        u = (x / self.box).T.astype(np.float32)  # (3, N)、箱の長さを 1 として
        partner = sliding_window_view(np.tile(u, 2), N, axis=1)[:, 1 : K + 1]
        np.subtract(u[:, None], partner, out=d)  # (3, N/2, N)
        # いちばん近い像: d ← d − [d]（[ ] は四捨五入）
        d -= np.rint(d, out=self.image)
        np.einsum("akn,akn->kn", d, d, out=r2)
        r2 *= np.float32(self.box**2)
        # r_c より遠い対は、r = r_c として力 0
        np.minimum(r2, np.float32(CUT**2), out=r2)
        np.reciprocal(r2, out=r2)
        np.multiply(r2, r2, out=w)
        w *= r2  # r⁻⁶
        r2 *= w  # r⁻⁸
        # g − g_c = (48 r⁻⁶ − 24) r⁻⁸ − g_c
        w *= np.float32(48)
        w -= np.float32(24)
        w *= r2
        w -= np.float32(G_CUT)
        # F_i = Σ (g − g_c)(x_i − x_j)、相手には −1 倍
        np.multiply(d, w, out=self.pairs[:, :, :N])
        self.pairs[:, :, N:] = self.pairs[:, :, :N]
        F = self.pairs[:, :, :N].sum(axis=1) - self.reaction.sum(axis=1)
        return self.box * F.T.astype(float)
