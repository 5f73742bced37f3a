"""バルクハウゼン雑音の ABBM 模型: 磁壁の速さ v を、正確な一歩で進めます（第 12 章）。

磁場をゆっくり変えると、磁壁は引っ掛かっては外れ、コイルに雑音が出ます。Alessandro、Beatrice、Bertotti、
Montorsi（1990）の模型では、コイルの電圧に比例する磁壁の速さ v が、次の確率微分方程式に従います。

    dv = (c − k v) dt + √(2 D v) dW

c は磁場を動かす速さ、k は磁壁を戻す反磁場、D は磁壁を引っ掛ける力の乱れです（どれも無次元）。c が一定なら

    v の定常分布   形 c/D、尺度 D/k のガンマ分布。平均 c/k、分散 c D/k²
    雪崩の大きさ   P(S) ~ S^(−τ)、τ = 3/2 − c/(2D)（c < D。S は D/k² よりずっと小さいとき）

この方程式は、どんな dt でも、誤差なく進められます（ポアソン–ガンマの一歩）。q = D (1 − e^(−k dt))/k として

    N ~ ポアソン(v_t e^(−k dt) / q)、   v_{t+dt} = q Γ、   Γ ~ ガンマ(形 c/D + N)
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_positive_int,
    require_range,
)


class Draws(Protocol):
    """乱数: np.random.default_rng(0)、または、ページの中と同じ portable_random.Portable(0)。"""

    def poisson(self, lam: object) -> np.ndarray: ...

    def standard_gamma(self, shape: object) -> np.ndarray: ...

    def standard_normal(self, n: int) -> np.ndarray: ...


def abbm(
    draws: Draws,
    c: object,
    *,
    k: object = 1.0,
    D: object = 1.0,
    dt: float = 0.05,
    T: int | None = None,
) -> np.ndarray:
    """磁壁の速さ v (B, T) を、定常分布から始めて、dt ごとに返します。

    c は、時刻で変わる (B, T) か、一定の (B,) か数（そのときは T を渡します）。k と D は数か (B,) です。
    一歩の間、c は終わりの時刻の値で一定とします。

    例:
        >>> v = abbm(np.random.default_rng(0), 0.3, T=1000)
        >>> v.shape, bool(v.min() >= 0)
        ((1, 1000), True)

    論文: Alessandro ほか (1990)、Colaiori (2008)。章: 12 章。
    """
    if not all(hasattr(draws, name) for name in ("poisson", "standard_gamma")):
        raise ValueError(
            "引数 draws は乱数の発生器（np.random.default_rng(0) など）です。"
            f"{type(draws).__name__} が渡されました。"
        )
    dt = require_range("dt", dt, 1e-6, 100.0)
    drive = require_array("c", c, (...,)).astype(float)
    if T is not None:
        T = require_positive_int("T", T)
        drive = np.repeat(drive.reshape(-1, 1), T, axis=1)
    if drive.ndim != 2:
        raise ValueError(
            "引数 c は形 (B, T) の配列か、T を渡すときの数です。"
            f"形 {drive.shape} が渡されました。"
        )
    B = len(drive)
    back, disorder = _row("k", k, B), _row("D", D, B)
    if drive.min() <= 0:
        least = f"{drive.min():g}"
        raise ValueError(f"引数 c は正の数です。{least} が渡されました。")
    # q = D (1 − e^(−k dt))/k
    decay = np.exp(-back * dt)
    q = disorder * (1 - decay) / back
    v = np.empty(drive.shape)
    # v_0 ~ ガンマ(形 c/D、尺度 D/k)
    now = disorder / back * draws.standard_gamma(drive[:, 0] / disorder)
    for t in range(drive.shape[1]):
        # N ~ ポアソン(v e^(−k dt) / q)、v ← q Γ(c/D + N)
        N = draws.poisson(now * decay / q)
        now = q * draws.standard_gamma(drive[:, t] / disorder + N)
        v[:, t] = now
    return v


def stationary(c: float, k: float = 1.0, D: float = 1.0) -> tuple[float, float]:
    """v の定常分布の平均 c/k と分散 c D/k²。

    例:
        >>> stationary(0.3)
        (0.3, 0.3)
    """
    return c / k, c * D / k**2


def size_exponent(c: float, D: float = 1.0) -> float:
    """雪崩の大きさの分布の指数 τ = 3/2 − c/(2D)。c < D のときだけ、雪崩は途切れます。

    例:
        >>> round(size_exponent(0.3), 3)
        1.35
    """
    D = require_range("D", D, 1e-9, 1e9)
    return 1.5 - require_range("c", c, 0.0, D) / (2 * D)


class Avalanches(NamedTuple):
    """雪崩 n 個。"""

    size: np.ndarray  # (n,) S = Σ v dt
    duration: np.ndarray  # (n,) 長さ（dt を単位にしない時間）


def avalanches(v: np.ndarray, threshold: float, dt: float) -> Avalanches:
    """v (B, T) がしきい値を続けて超える区間を、一つの雪崩とします。端で切れたものは数えません。

    例:
        >>> avalanches([[0.0, 1.0, 2.0, 0.0, 3.0, 0.0, 4.0]], 0.5, 1.0).size.tolist()
        [3.0, 3.0]
    """
    v = require_array("v", v, ("B", "T"))
    threshold = require_range("threshold", threshold, 0.0, 1e9)
    dt = require_range("dt", dt, 1e-9, 1e9)
    sizes, lengths = [], []
    for row in v:
        above = np.concatenate([[False], row > threshold, [False]]).astype(int)
        start, end = (
            np.flatnonzero(np.diff(above) == 1),
            np.flatnonzero(np.diff(above) == -1),
        )
        whole = (start > 0) & (end < len(row))
        total = np.concatenate([[0.0], np.cumsum(row)])
        sizes.append((total[end] - total[start])[whole] * dt)
        lengths.append((end - start)[whole] * dt)
    return Avalanches(np.concatenate(sizes), np.concatenate(lengths))


def fit_exponent(size: np.ndarray, low: float, high: float) -> float:
    """low から high の間の size が S^(−τ) に従うとしたときの、最尤の τ（0 から 4 の間）。

    両端で切れたべき乗則の対数尤度 −τ Σ ln S − n ln ∫ S^(−τ) dS を、二分法で最大にします。

    例:
        >>> u = np.random.default_rng(0).random(20_000)
        >>> S = 0.1 * (1 - u * (1 - 100**-0.35)) ** (-1 / 0.35)   # τ = 1.35、0.1 から 10
        >>> abs(fit_exponent(S, 0.1, 10.0) - 1.35) < 0.03
        True
    """
    size = require_array("size", size, ("n",))
    low, high = float(low), float(high)
    if not 0 < low < high:
        raise ValueError(
            f"引数 low と high は 0 < low < high です。{low:g} と {high:g} が渡されました。"
        )
    x = np.log(size[(size >= low) & (size <= high)] / low)
    if len(x) < 10:
        raise ValueError(
            f"{low:g} から {high:g} の間の雪崩が {len(x)} 個しかありません。10 個以上で求めます。"
        )
    L, mean = np.log(high / low), x.mean()
    a, b = 0.0, 4.0
    for _ in range(60):
        tau = (a + b) / 2
        g = 1 - tau  # x の密度は e^(g x)、0 ≤ x ≤ L
        expected = L / 2 if abs(g * L) < 1e-9 else L / (1 - np.exp(-g * L)) - 1 / g
        # 平均が大きすぎれば、τ を大きくします
        a, b = (tau, b) if expected > mean else (a, tau)
    return (a + b) / 2


def _row(name: str, value: object, B: int) -> np.ndarray:
    """正の数、または形 (B,) を、(B,) にします。"""
    row = require_array(name, value, (...,)).astype(float)
    if row.ndim > 1 or (row.ndim == 1 and len(row) not in (1, B)) or row.min() <= 0:
        raise ValueError(
            f"引数 {name} は正の数か、形 ({B},) の正の数の配列です。形 {row.shape} が渡されました。"
        )
    return np.broadcast_to(row, (B,)).astype(float)
