"""空孔のある試料を、くり返し測る: 値の散らばり、誤差の下限の目安、式そのものを当てはめる推定（第 11 章）。

    試料ごと  c ~ U(0, 10 %)、ln(B / 0.6 Å²) ~ N(0, 0.25²)、非晶質の山 b_2
    測定ごと  尺度 A、平らな背景 b_0、空気の散乱 b_1        ln(値 / 中央) ~ N(0, 0.2²)

背景なしの測定では b = 0 です。計数はポアソン分布で、モデルには √計数を渡します（揺らぎがほぼ一様になります）。

散らばりを θ = (c, z) とまとめます。z は標準正規で、N(0, 1) という事前の知識が 1 個の測定にあたります。

    J = ∂μ/∂θ、F = Jᵀ diag(1/μ) J、P = diag(12 / 10², 1, …, 1)      目安 = √ 平均_θ [(F + P)^(−1)]_cc

c の事前は、同じ標準偏差（10 % / √12）の正規分布とみなします。√ の中は、θ をその値に固定したときの
クラメール・ラオの下限です。c の一様分布の端を知る推定は、平均でこの目安を数 % 下回ることがあります。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_generator,
    require_positive_int,
    require_range,
)
from rnnbook.materials import diffraction

RANGE = 10.0  # c の範囲（%）
B_MIDDLE, B_SPREAD = 0.6, 0.25
SPREAD = 0.2  # A と背景の、対数の標準偏差
LEVELS = np.array([60.0, 320.0, 160.0])  # b_0、b_1、b_2 の中央（計数）
PRIOR = np.diag([12 / RANGE**2, 1, 1, 1, 1, 1])


class Scans(NamedTuple):
    """測定 N 本。"""

    counts: np.ndarray  # (N, 400) 計数
    c: np.ndarray  # (N,) 空孔の割合（%）
    theta: np.ndarray  # (N, 6) c（%）と、B、A、b_0、b_1、b_2 の z
    specimen: np.ndarray  # (N,) 試料の番号
    scale: np.ndarray  # (N,) 尺度 A（入射の強さの記録があれば分かる値）


def values(theta: np.ndarray, background: bool = True) -> tuple[np.ndarray, ...]:
    """θ (N, 6) から、c（0〜1）、B（Å²）、A（計数）、b (N, 3)。

    例:
        >>> c, B, A, b = values(np.zeros((1, 6)))
        >>> float(B[0]), float(A[0]), b[0].tolist()
        (0.6, 4000.0, [60.0, 320.0, 160.0])
    """
    theta = require_array("theta", theta, ("N", 6)).astype(float)
    B = B_MIDDLE * np.exp(B_SPREAD * theta[:, 1])
    A = diffraction.SCALE * np.exp(SPREAD * theta[:, 2])
    b = LEVELS * np.exp(SPREAD * theta[:, 3:]) * bool(background)
    return theta[:, 0] / 100, B, A, b


def measure(
    rng: np.random.Generator, specimens: int, repeats: int = 1, background: bool = True
) -> Scans:
    """新しい試料 specimens 個を、repeats 回ずつ測ります。

    例:
        >>> scans = measure(np.random.default_rng(0), specimens=3, repeats=2)
        >>> scans.counts.shape, scans.specimen.tolist()
        ((6, 400), [0, 0, 1, 1, 2, 2])
    """
    require_generator("rng", rng)
    S = require_positive_int("specimens", specimens)
    R = require_positive_int("repeats", repeats)
    c, own = rng.uniform(0, RANGE, S), rng.standard_normal((S, 2))  # B、b_2
    each = rng.standard_normal((S * R, 3))  # A、b_0、b_1
    specimen = np.repeat(np.arange(S), R)
    z = [own[specimen, 0], each, own[specimen, 1]]
    theta = np.column_stack([c[specimen], *z])  # (N, 6)
    counts = observe(rng, theta, background)
    return Scans(counts, c[specimen], theta, specimen, values(theta)[2])


def observe(
    rng: np.random.Generator,
    theta: np.ndarray,
    background: bool = True,
    exposure: float = 1.0,
    **crystal: float,
) -> np.ndarray:
    """θ (N, 6) の試料を一度ずつ測った計数 (N, 400)。exposure は測る時間の倍率です。

    crystal に lattice（Å）や radius（Å）を渡すと、別の結晶になります。

    例:
        >>> rng = np.random.default_rng(0)
        >>> observe(rng, np.zeros((2, 6)), exposure=0.25, lattice=3.63).shape
        (2, 400)
    """
    require_generator("rng", rng)
    exposure = require_range("exposure", exposure, 0.0, 1e6)
    mu = diffraction.expected(*values(theta, background), **crystal)
    return rng.poisson(exposure * mu)


def jacobian(theta: np.ndarray, background: bool = True) -> np.ndarray:
    """∂μ/∂θ (N, 6, 400)。c は % あたり、ほかは標準偏差 1 個あたりの計数です。

    例:
        >>> jacobian(np.zeros((1, 6))).shape
        (1, 6, 400)
    """
    c, B, A, b = values(theta, background)
    A = A[:, None]
    J = [
        A * diffraction.slope_c(c, B) / 100,
        A * diffraction.slope_B(c, B) * B_SPREAD * B[:, None],
        A * diffraction.intensity(c, B) * SPREAD,
    ]
    J += [SPREAD * b[:, k, None] * diffraction.background_shapes()[k] for k in range(3)]
    return np.stack(J, axis=1)


def information(theta: np.ndarray, background: bool = True) -> np.ndarray:
    """フィッシャー情報量 F = J diag(1/μ) Jᵀ (N, 6, 6)。

    例:
        >>> information(np.zeros((1, 6))).shape
        (1, 6, 6)
    """
    mu = diffraction.expected(*values(theta, background))[:, None]
    J = jacobian(theta, background)
    return (J / mu) @ J.transpose(0, 2, 1)


def best_error(
    theta: np.ndarray,
    background: bool = True,
    scale: bool = False,
    scale_error: float = 0.0,
) -> float:
    """c（%）の誤差の目安（下限の近似）。scale が真なら、尺度 A を知っているときの値です。

    scale_error は、知っている尺度の相対誤差（標準偏差。0 なら正確）です。

    例:
        >>> theta = measure(np.random.default_rng(0), 50).theta
        >>> best_error(theta, scale=True) < best_error(theta)
        True
    """
    error = require_range("scale_error", scale_error, 0.0, 10.0)
    known = np.zeros((6, 6))
    # z の標準偏差は ln(1 + 誤差) / 0.2
    known[2, 2] = scale * min(1e8, (SPREAD / max(np.log1p(error), 1e-9)) ** 2)
    V = np.linalg.inv(information(theta, background) + PRIOR + known)
    return float(np.sqrt(V[:, 0, 0].mean()))


def fit_pattern(counts: np.ndarray, background: bool = True, steps: int = 15):
    """式そのものを当てはめて、c（%）(N,) を推定します。背景の形も、散らばりの大きさも知っている推定です。

    罰 (θ − 平均)ᵀ P (θ − 平均) / 2 を足したポアソンの対数尤度を、ガウス・ニュートン法で最大にします。

    例:
        >>> scans = measure(np.random.default_rng(0), specimens=20)
        >>> error = fit_pattern(scans.counts) - scans.c
        >>> bool(np.sqrt(np.mean(error**2)) < 2.5)
        True
    """
    counts = require_array("counts", counts, ("N", 400)).astype(float)
    if (counts < 0).any() or (counts.sum(axis=1) == 0).any():
        raise ValueError(
            "引数 counts は 0 以上の計数で、どの図形も和は正です。"
            f"最小 {counts.min():g}、和の最小 {counts.sum(axis=1).min():g} が渡されました。"
        )
    middle = np.array([RANGE / 2, 0, 0, 0, 0, 0])
    theta = np.tile(middle, (len(counts), 1))
    for _ in range(require_positive_int("steps", steps)):
        mu = diffraction.expected(*values(theta, background))
        J = jacobian(theta, background)
        # g = Jᵀ (n − μ)/μ − P (θ − 平均)、θ ← θ + (F + P)^(−1) g
        g = np.einsum("nit,nt->ni", J, (counts - mu) / mu) - (theta - middle) @ PRIOR
        H = information(theta, background) + PRIOR
        step = np.linalg.solve(H, g[:, :, None])[:, :, 0]
        theta = theta + np.clip(step, -2, 2)
        theta[:, 0] = np.clip(theta[:, 0], -1, 30)
    return theta[:, 0]
