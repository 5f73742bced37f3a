"""スピノーダル分解の模型: Cahn–Hilliard 方程式（第 13 章）。

二つの成分が混ざった合金を、混ざらない温度まで冷ますと、小さな濃度のゆらぎが育ち、迷路のような組織になります。
長さも時間も温度も無次元です（T は、混ざる温度を 1 とします）。2 次元で、端は周期的につながっています。

    ∂c/∂t = M(T) ∇² ( c³ − a(T) c − κ ∇²c )
    M(T) = 2 exp(5 (T − 1))   原子の動きやすさ。熱いほど大きい
    a(T) = 3 (1 − T)          分かれようとする強さ。冷たいほど大きい。分かれた相の濃度は ±√a

小さなゆらぎ（波数 k）は、率 M k² (a − κ k²) で育つか、消えます。そのあとは、迷路の筋の太さが t^(1/3) で粗くなります。

時間は、曲がりの項 κ∇⁴c だけを次の時刻で評価する半陰的な式で、Fourier 変換して進めます（Chen & Shen, 1998）。
温度は、一枚の画面のあいだ（STEPS 歩）は一定です。
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rnnbook.arguments import require_positive_int, require_range
from rnnbook.materials.specimens import mulberry_normals

N = 64  # 一辺の格子点の数。格子の間隔は 1
FRAMES, STEPS, DT = 60, 10, 0.5  # 画面の数、画面のあいだの歩数、一歩の時間
KAPPA, NOISE = 1.0, 0.05  # 曲がりの係数 κ と、はじめの濃度のゆらぎの標準偏差
LAGS = 32  # 自己共分散を求める距離は r = 0, 1, …, 31
COLD, HOT = 0.6, 0.9  # 学習に使う温度の範囲


def mobility(T: np.ndarray | float) -> np.ndarray | float:
    """M(T) = 2 exp(5 (T − 1))。

    例:
        >>> float(mobility(0.9) / mobility(0.6)).__round__(2)
        4.48
    """
    return 2 * np.exp(5 * (np.asarray(T) - 1))


def depth(T: np.ndarray | float) -> np.ndarray | float:
    """a(T) = 3 (1 − T)。"""
    return 3 * (1 - np.asarray(T))


def growth_rate(k: np.ndarray | float, T: float) -> np.ndarray | float:
    """小さなゆらぎの育つ率 M k² (a − κ k²)。負なら消えます。

    例:
        >>> float(growth_rate(np.sqrt(depth(0.7)), 0.7)).__round__(12)
        0.0
    """
    k2 = np.asarray(k) ** 2
    return mobility(T) * k2 * (depth(T) - KAPPA * k2)


def initial(seeds: Sequence[int], n: int = N) -> np.ndarray:
    """よく混ざった合金: 平均 0、標準偏差 NOISE の正規乱数。(B, n, n)

    乱数は mulberry_normals(seed) です。ページの中の図も、同じ種から同じ画面を作ります。

    例:
        >>> c = initial([0, 1])
        >>> c.shape, bool(abs(c.mean(axis=(1, 2))).max() < 1e-15)
        ((2, 64, 64), True)
    """
    n = require_positive_int("n", n, minimum=8)
    c = np.stack([mulberry_normals(seed)(n * n).reshape(n, n) for seed in seeds])
    return NOISE * (c - c.mean(axis=(1, 2), keepdims=True))


def wavenumbers(n: int) -> np.ndarray:
    """rfft2 の並びの k²。(n, n//2 + 1)"""
    k = 2 * np.pi * np.fft.fftfreq(n)
    return k[:, None] ** 2 + (2 * np.pi * np.fft.rfftfreq(n)) ** 2


def advance(
    c: np.ndarray, T: np.ndarray | float, steps: int = STEPS, dt: float = DT
) -> np.ndarray:
    """温度 T のまま steps 歩進めます。c は (B, n, n)、T は数か (B,)。

    例:
        >>> c = advance(initial([0]), 0.7)
        >>> c.shape, bool(abs(c.mean()) < 1e-15)
        ((1, 64, 64), True)
    """
    a, M = (f(np.reshape(T, (-1, 1, 1))) for f in (depth, mobility))
    k2 = wavenumbers(c.shape[-1])
    gain = dt * M * k2  # (B, n, n//2 + 1)
    below = 1 + gain * KAPPA * k2
    c_hat = np.fft.rfft2(c)
    for _ in range(steps):
        # ĉ ← (ĉ − Δt M k² FFT(c³ − a c)) / (1 + Δt M κ k⁴)
        c_hat = (c_hat - gain * np.fft.rfft2(c * c * c - a * c)) / below
        c = np.fft.irfft2(c_hat, s=c.shape[-2:])
    return c


def simulate(
    c: np.ndarray,
    T: np.ndarray,
    look: Callable[[np.ndarray], np.ndarray] = np.copy,
) -> np.ndarray:
    """温度 T (B, F) のとおりに F 枚進め、画面ごとに look(c) を集めます。(B, F, …)

    画面 f は、温度 T[:, f] のまま STEPS 歩進めたあとの組織です。

    例:
        >>> T = np.full((2, 3), 0.7)
        >>> simulate(initial([0, 1]), T, autocovariance).shape
        (2, 3, 32)
    """
    T = require_programme(T)
    if len(T) != len(c):
        raise ValueError(
            f"引数 T の行は、組織の数と同じだけ要ります。組織は {len(c)} 個、"
            f"T は {len(T)} 行です。"
        )
    seen = []
    for now in T.T:
        c = advance(c, now)
        seen.append(look(c))
    return np.stack(seen, axis=1)


def require_programme(T: np.ndarray) -> np.ndarray:
    """温度 (B, F) が、有限で、0.5 以上 0.98 以下であることを確かめます。

    例:
        >>> require_programme([[0.7, 700.0]])
        Traceback (most recent call last):
        ...
        ValueError: 引数 T の 0 行 1 枚目は 700.0 です。混ざる温度を 1 とした 0.5 以上 0.98 以下の数を渡します。
    """
    T = np.atleast_2d(np.asarray(T, dtype=float))
    wrong = np.argwhere(~((T >= 0.5) & (T <= 0.98)))
    if len(wrong):
        run, frame = wrong[0]
        raise ValueError(
            f"引数 T の {run} 行 {frame} 枚目は {float(T[run, frame])} です。"
            "混ざる温度を 1 とした 0.5 以上 0.98 以下の数を渡します。"
        )
    return T


def programme(knots: Sequence[float], frames: int = FRAMES) -> np.ndarray:
    """折れ線の温度: 等しい間隔の点 knots を直線で結び、画面ごとの温度にします。(F,)

    例:
        >>> programme([0.6, 0.9, 0.9], frames=5).tolist()
        [0.6, 0.75, 0.9, 0.9, 0.9]
    """
    frames = require_positive_int("frames", frames)
    for k, value in enumerate(knots):
        require_range(f"knots[{k}]", value, 0.5, 0.98)
    at = np.linspace(0, frames - 1, len(knots))
    return np.interp(np.arange(frames), at, knots)


def autocovariance(c: np.ndarray, lags: int = LAGS) -> np.ndarray:
    """距離 r だけ離れた二点の濃度の積の平均 C(r)。向きについて平均します。(…, n, n) → (…, lags)

        C(r) = ⟨(c(x) − c̄) (c(x + d) − c̄)⟩   |d| を四捨五入して r になる d すべてで平均

    C(0) は分散です。端は周期的につながっているとします。

    例:
        >>> stripes = np.tile([1.0, 1.0, -1.0, -1.0], (8, 2))
        >>> autocovariance(stripes, lags=1).round(6).tolist()
        [1.0]
    """
    n, m = c.shape[-2:]
    lags = require_positive_int("lags", lags)
    if lags > min(n, m) // 2:
        raise ValueError(
            f"引数 lags は画面の一辺の半分 {min(n, m) // 2} 以下の整数です。{lags} が渡されました。"
        )
    c_hat = np.fft.rfft2(c - c.mean(axis=(-2, -1), keepdims=True))
    # Wiener–Khinchin の定理。ifft2 が 1 / n² を一度、平均がもう一度割ります
    product = np.fft.irfft2(np.abs(c_hat) ** 2, s=(n, m)) / (n * m)
    ring = rings(n, m)
    flat = product.reshape(*product.shape[:-2], n * m)
    return np.stack([flat[..., ring == r].mean(axis=-1) for r in range(lags)], axis=-1)


def rings(n: int, m: int) -> np.ndarray:
    """ずらし d の長さを四捨五入したもの（端は周期的）。(n m,)"""
    y, x = (np.minimum(np.arange(s), s - np.arange(s)) for s in (n, m))
    distance = np.sqrt(y[:, None] ** 2 + x[None, :] ** 2)
    return np.floor(distance + 0.5).astype(int).ravel()


def length(C: np.ndarray) -> np.ndarray:
    """組織の太さ: C(r) がはじめて 0 になる距離（直線でつなぐ）。(…, lags) → (…)

    0 にならなければ、いちばん大きい距離を返します。

    例:
        >>> length(np.array([1.0, 0.5, -0.5, -0.25])).item()
        1.5
    """
    C = np.asarray(C, dtype=float)
    below = C <= 0
    r = np.where(below.any(axis=-1), below.argmax(axis=-1), C.shape[-1] - 1)
    after = np.take_along_axis(C, r[..., None], axis=-1)[..., 0]
    before = np.take_along_axis(C, np.maximum(r - 1, 0)[..., None], axis=-1)[..., 0]
    # 直線の零点 r − 1 + C(r−1) / (C(r−1) − C(r))
    gap = np.where(before > after, before - after, 1.0)
    return np.where(below.any(axis=-1), r - 1 + before / gap, float(C.shape[-1] - 1))


def free_energy(c: np.ndarray, T: float) -> np.ndarray:
    """自由エネルギーの平均 ⟨c⁴/4 − a c²/2 + κ|∇c|²/2⟩。温度が一定なら、時間とともに減ります。(…, n, n) → (…)"""
    n = c.shape[-1]
    k2 = (2 * np.pi * np.fft.fftfreq(n)) ** 2
    power = np.abs(np.fft.fft2(c)) ** 2 / n**4
    bend = KAPPA * ((k2[:, None] + k2) * power).sum(axis=(-2, -1)) / 2
    return (c**4 / 4 - depth(T) * c**2 / 2).mean(axis=(-2, -1)) + bend
