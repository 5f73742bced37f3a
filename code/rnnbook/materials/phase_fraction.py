"""その場 X 線回折: 鉄の γ（fcc）が α（bcc）に変わる間の、計数の少ない 60 枚のフレーム（第 11 章）。

時刻 t（0 から 1）の α の体積分率を f(t) とすると、フレームの計数の期待値は、散乱ベクトルの大きさ q の上で

    μ(q) = N [ (1 − f) p_γ(q) + f p_α(q) ] + 背景
    p(q) = Σ_hkl |F_hkl|² LP(q) e^(−B q² / 8π²) / V² · 正規分布(q; 2π√(h² + k² + l²)/a, σ)

で、測る値は平均 μ のポアソン乱数です。F は構造因子、V は単位胞の体積、LP はローレンツ・偏光因子です
（比例定数は、γ だけのときの p の和が 1 になるように選びます）。N、格子定数 a の伸び、幅 σ、背景は、
測定（run）ごとに違います。集合組織と非晶質はありません。

f(t) の族は四つです。J(s) = 1 − exp(−(s/τ)ⁿ)（s < 0 では 0）として、

    jmak      J(t − t₀)                                 Johnson–Mehl–Avrami–Kolmogorov の式
    two_step  w J₁(t − t₁) + (1 − w) J₂(t − t₂)          二段
    reversal  J₁(t − t₁) (1 − d J₂(t − t₂))              途中から、一部が戻る
    jumps     三つの時刻で値が跳ぶ、四段の階段
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_callable,
    require_choice,
    require_positive_int,
    require_range,
)

FRAMES, CHANNELS = 60, 80
Q = np.linspace(2.7, 5.86, CHANNELS)  # Å⁻¹
TIME = np.arange(FRAMES) / (FRAMES - 1)
LATTICE = {"fcc": 3.647, "bcc": 2.898}  # Å。変態の温度の近く
SITES = {
    "fcc": np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]) / 2,
    "bcc": np.array([[0, 0, 0], [1, 1, 1]]) / 2,
}
# 鉄の原子散乱因子 f(q) = Σ a exp(−b (q/4π)²) + c（Cromer–Mann）
CROMER_A = np.array([11.7695, 7.3573, 3.5222, 2.3045])
CROMER_B = np.array([4.7611, 0.3072, 15.3535, 76.8805])
CROMER_C = 1.0369
WAVELENGTH, B_ISO, WIDTH = 0.5, 1.0, 0.035  # Å、Å²、Å⁻¹
COUNTS = 150.0  # フレームの、γ だけのときの全計数
KINETICS = ("jmak", "two_step", "reversal", "jumps")


class Runs(NamedTuple):
    """測定 N 回。"""

    X: np.ndarray  # (N, FRAMES, CHANNELS) 計数
    f: np.ndarray  # (N, FRAMES) α の体積分率


def reflections(phase: str) -> tuple[np.ndarray, np.ndarray]:
    """単位胞の反射: h² + k² + l² の値 (K,) と、同じ値の反射の |F/f|² の和 (K,)。

    例:
        >>> reflections("bcc")[0][:3].tolist()  # 110、200、211
        [2, 4, 6]
    """
    phase = require_choice("phase", phase, tuple(SITES))
    hkl = np.array(list(product(range(-5, 6), repeat=3)))
    # F = f Σ_j exp(2πi h · r_j)
    F = np.exp(2j * np.pi * hkl @ SITES[phase].T).sum(axis=1)
    squared, where = np.unique((hkl**2).sum(axis=1), return_inverse=True)
    total = np.bincount(where, weights=np.abs(F) ** 2)
    seen = (total > 1e-6) & (squared > 0) & (squared <= 25)
    return squared[seen], total[seen]


def powder(phase: str, strain: object = 0.0, width: object = WIDTH) -> np.ndarray:
    """一つの相の、体積 1 あたりの回折図形 p (…, CHANNELS)。strain は格子の伸び、width は幅 σ（Å⁻¹）。"""
    strain, width = (np.asarray(v, float)[..., None, None] for v in (strain, width))
    squared, F2 = reflections(phase)
    # q_hkl = 2π √(h² + k² + l²) / a
    q = 2 * np.pi * np.sqrt(squared) / (LATTICE[phase] * (1 + strain))  # (…, 1, K)
    s2 = (q / (4 * np.pi)) ** 2
    f = CROMER_C + (CROMER_A * np.exp(-CROMER_B * s2[..., None])).sum(axis=-1)
    sin = q * WAVELENGTH / (4 * np.pi)
    cos2 = 1 - 2 * sin**2  # cos 2θ
    # LP = (1 + cos² 2θ) / (sin² θ cos θ)
    lp = (1 + cos2**2) / (sin**2 * np.sqrt(1 - sin**2))
    size = F2 * f**2 * lp * np.exp(-2 * B_ISO * s2) / LATTICE[phase] ** 6
    shape = np.exp(-(((Q[:, None] - q) / width) ** 2) / 2) / width
    return (size * shape).sum(axis=-1)


UNIT = 1 / powder("fcc").sum()  # 比例定数


def jmak(s: np.ndarray, tau: object, n: object) -> np.ndarray:
    """J(s) = 1 − exp(−(s/τ)ⁿ)。s < 0 では 0 です。

    例:
        >>> jmak(np.array([-1.0, 0.0, 0.2]), 0.2, 3.0).round(3).tolist()
        [0.0, 0.0, 0.632]

    論文: Avrami (1939) J. Chem. Phys. 7, 1103。章: 11 章。
    """
    return -np.expm1(-((np.maximum(s, 0.0) / tau) ** n))


def fractions(kinetics: str, u: np.ndarray, effect: float | None = None) -> np.ndarray:
    """一様乱数 u (N, 8) から、f(t) (N, FRAMES)。

    effect を渡すと、二段めの割合 1 − w（two_step）か、戻る割合 d（reversal）が、その値になります。

    例:
        >>> f = fractions("jmak", np.full((1, 8), 0.5))
        >>> bool((np.diff(f) >= 0).all()), f.shape
        (True, (1, 60))
    """
    kinetics = require_choice("kinetics", kinetics, KINETICS)
    u = require_array("u", u, ("N", 8))
    if effect is not None:
        effect = require_range("effect", effect, 0.0, 1.0)
        require_choice("kinetics", kinetics, ("two_step", "reversal"))
    a, b, c, d, e, g, h, _ = u.T[:, :, None]  # (N, 1) が八つ
    if kinetics == "jmak":
        return jmak(TIME - (0.05 + 0.3 * a), 0.05 * 6**b, 1 + 3 * c)
    if kinetics == "jumps":
        when = 0.1 + 0.8 * np.sort(u[:, :3], axis=1)
        step = (TIME[None, :, None] >= when[:, None]).sum(axis=2)  # (N, FRAMES)
        return np.take_along_axis(u[:, 3:7], step, axis=1)
    first = jmak(TIME - (0.05 + 0.15 * a), 0.04 * 4**b, 1 + 3 * c)
    if kinetics == "two_step":
        second = jmak(TIME - (0.4 + 0.3 * d), 0.04 * 4**e, 1 + 3 * g)
        w = 0.3 + 0.4 * h if effect is None else 1 - effect
        return w * first + (1 - w) * second
    back = jmak(TIME - (0.4 + 0.3 * d), 0.05 * 4**e, 1 + 3 * g)
    depth = 0.3 + 0.5 * h if effect is None else effect
    return first * (1 - depth * back)


def poisson(mu: np.ndarray, u: np.ndarray) -> np.ndarray:
    """一様乱数 u から、平均 mu のポアソン乱数: 累積確率が u を超える、いちばん小さい k。

    計数の少ない大きな配列を、いちどに引くためのものです。平均が 700 を超えると e^(−μ) が 0 になり、使えません。

    例:
        >>> poisson(np.array([2.0, 2.0]), np.array([0.1, 0.6])).tolist()
        [0, 2]
    """
    term = np.exp(-mu)
    total, k = term.copy(), np.zeros(mu.shape, int)
    for n in range(1, int(mu.max() + 12 * np.sqrt(mu.max()) + 12)):
        below = u >= total
        if not below.any():
            break
        k += below
        # P(n) = P(n − 1) μ / n
        term *= mu / n
        total += term
    return k


def measure(
    uniforms: Callable[[int], np.ndarray],
    kinetics: str,
    runs: int,
    counts: float = COUNTS,
    effect: float | None = None,
) -> Runs:
    """新しい測定を runs 回。uniforms(n) は、0 以上 1 未満の一様乱数を n 個返します（rng.random など）。
    counts は、γ だけのときのピークの全計数です。

    例:
        >>> runs = measure(np.random.default_rng(0).random, "jmak", 3)
        >>> runs.X.shape, runs.f.shape
        ((3, 60, 80), (3, 60))
    """
    require_callable("uniforms", uniforms, "rng.random")
    N = require_positive_int("runs", runs)
    counts = require_range("counts", counts, 1.0, 1000.0)
    # run ごとに、f の 8 個と、測り方の 7 個、そのあとにチャンネルごとの計数
    own = np.asarray(uniforms(N * 15)).reshape(N, 15)
    f = fractions(kinetics, own[:, :8], effect)
    level, stretch, split, wide, ground, slope, bend = own[:, 8:].T
    strain = 0.003 * (2 * stretch - 1)  # 温度の違い。二つの相に共通
    apart = 0.001 * (2 * split - 1)  # 相ごとの違い
    width = WIDTH * (0.85 + 0.4 * wide)
    gamma, alpha = (
        UNIT * powder(phase, strain + sign * apart, width)
        for phase, sign in (("fcc", 1), ("bcc", -1))
    )
    x = (Q - Q.mean()) / np.ptp(Q)  # −1/2 から 1/2
    hill = 1 + (slope - 0.5)[:, None] * x + 2 * bend[:, None] * x**2
    under = counts * (0.5 + ground)[:, None] * hill / CHANNELS  # (N, CHANNELS)
    N_run = counts * (0.8 + 0.4 * level)[:, None, None]
    mixed = (1 - f)[..., None] * gamma[:, None] + f[..., None] * alpha[:, None]
    mu = N_run * mixed + under[:, None]  # (N, FRAMES, CHANNELS)
    u = np.asarray(uniforms(mu.size)).reshape(mu.shape)
    return Runs(poisson(mu, u), f)
