"""線形結合の当てはめ（LCF）: スペクトルを、標準物質のスペクトルの足し合わせで表します（第 11 章）。

    μ(E) ≈ Σ_k w_k s_k(E + δ)        w_k ≥ 0、f_k = w_k / Σ w

δ は、測定のエネルギーのずれ（eV）です。R = Σ (残り)² / Σ μ² を、δ と w について最小にします。Σ w は縛らず、
規格化の誤差の目安として返します（1 から離れていれば、規格化か、標準物質の選び方が疑わしい）。
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.optimize import nnls

from rnnbook.arguments import require_array, require_number, require_positive_int


class Combination(NamedTuple):
    """当てはめの結果。"""

    f: np.ndarray  # (K,) 割合。和は 1
    shift: float  # δ（eV）
    R: float  # 残りの割合
    total: float  # 規格化する前の和 Σ w


def shifted(E: np.ndarray, spectra: np.ndarray, shift: float) -> np.ndarray:
    """s(E + δ) (K, T)。端の外は、端の値で続けます。

    例:
        >>> shifted(np.arange(3.0), np.array([[0.0, 1.0, 4.0]]), 0.5).tolist()
        [[0.5, 2.5, 4.0]]
    """
    spectra = require_array("spectra", spectra, ("K", len(E)))
    shift = require_number("shift", shift)
    return np.array([np.interp(E + shift, E, s) for s in spectra])


def combine(
    E: np.ndarray,
    mu: np.ndarray,
    standards: np.ndarray,
    shifts: Sequence[float] = (0.0,),
    most: int | None = None,
) -> Combination:
    """mu (T,) を standards (K, T) の足し合わせで表します。shifts は試す δ（eV）です。

    most を渡すと、標準物質を most 個まで選ぶ、すべての組を試します。E が小さい順でないとき、shifts が空のとき、
    どの標準物質とも合わない（w がすべて 0 の）ときは、ValueError です。

    例:
        >>> E = np.arange(5.0)
        >>> S = np.array([[0, 0, 1, 1, 1], [0, 1, 1, 2, 1.0]])
        >>> told = combine(E, 0.3 * S[0] + 0.7 * S[1], S)
        >>> told.f.round(3).tolist(), round(told.R, 6)
        ([0.3, 0.7], 0.0)
    """
    E = require_array("E", E, ("T",)).astype(float)
    if (np.diff(E) <= 0).any():
        raise ValueError(f"引数 E は小さい順に並べます。{E[:3]}… でした。")
    mu = require_array("mu", mu, (len(E),)).astype(float)
    shifts = require_array("shifts", shifts, ("D",))
    K = len(require_array("standards", standards, ("K", len(E))))
    most = K if most is None else require_positive_int("most", most)
    best = None
    for shift in shifts:
        S = shifted(E, standards, shift)
        for chosen in combinations(range(K), min(most, K)):
            rows = list(chosen)
            # min ‖ Sᵀ w − μ ‖²、w ≥ 0
            w, size = nnls(S[rows].T, mu)
            if best is None or size < best[0]:
                best = (size, rows, w, float(shift))
    size, rows, w, shift = best
    if w.sum() == 0:
        raise ValueError(
            f"引数 mu（最大 {mu.max():g}）は、どの標準物質とも合いません。"
        )
    f = np.zeros(K)
    f[rows] = w / w.sum()
    return Combination(f, shift, float(size**2 / (mu**2).sum()), float(w.sum()))


def mix(
    rng: np.random.Generator,
    E: np.ndarray,
    standards: np.ndarray,
    count: int,
    shift: float,
    most: int = 3,
    scale: float = 0.01,
    noise: float = 0.004,
) -> tuple[np.ndarray, np.ndarray]:
    """標準物質を 1〜most 個混ぜたスペクトル (count, T) と、割合 (count, K) を作ります。

    ずれは U(−shift, shift) eV、規格化の誤差は倍率 N(1, scale²)、雑音は N(0, noise²) です。

    例:
        >>> E = np.arange(20.0)
        >>> X, f = mix(np.random.default_rng(0), E, np.ones((4, 20)), 5, shift=0.4)
        >>> X.shape, f.sum(axis=1).round(6).tolist()
        ((5, 20), [1.0, 1.0, 1.0, 1.0, 1.0])
    """
    E = require_array("E", E, ("T",)).astype(float)
    standards = require_array("standards", standards, ("K", len(E)))
    count, K = require_positive_int("count", count), len(standards)
    f = np.zeros((count, K))
    for row in f:
        chosen = rng.choice(K, rng.integers(1, most + 1), replace=False)
        row[chosen] = rng.dirichlet(np.ones(len(chosen)))
    moved = rng.uniform(-shift, shift, count)
    X = [row @ shifted(E, standards, d) for row, d in zip(f, moved, strict=True)]
    gain = rng.normal(1, scale, (count, 1))
    return gain * np.array(X) + rng.normal(0, noise, (count, len(E))), f


def apart(f: np.ndarray, told: np.ndarray) -> np.ndarray:
    """割合の食い違い（全変動距離）½ Σ_k |f_k − f̂_k|。0 から 1 です。

    例:
        >>> apart(np.array([[1.0, 0.0]]), np.array([[0.75, 0.25]]))
        array([0.25])
    """
    return np.abs(np.asarray(f) - told).sum(axis=-1) / 2


def as_shares(told: np.ndarray) -> np.ndarray:
    """ネットワークの答え (N, K) を、負を 0 にし、和を 1 にした割合にします。

    例:
        >>> as_shares(np.array([[0.6, -0.1, 0.6]])).tolist()
        [[0.5, 0.0, 0.5]]
    """
    told = np.clip(told, 1e-9, None)
    return (told / told.sum(axis=1, keepdims=True)).round(6)
