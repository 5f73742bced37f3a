"""試料のある作り物のスペクトル: 同じ試料を何度も測る近赤外スペクトルの模型（第 10 章）。

**作り物です。** 手に入る実測の資料に、試料ごとの繰り返し測定がないので、試料をまたぐ漏れを調べるために
作ります。試料 i の j 回めの測定は、軸 λ（0 から 1、T チャンネル）の上で

    s_i(λ)  = c_i p(λ) + Σ_k a_ik φ_k(λ) + f_i(λ)    c_i ~ N(20, 5²) %、a_ik ~ N(0, 0.1²)
    x_ij(λ) = g_ij (1 + s_i(λ)) + o_ij + d_ij (λ − 1/2) + 雑音    ln g ~ N(0, 0.05²)

p は調べたい成分のバンド、φ_k は母材のバンド、f_i は試料の細かな構造（チャンネルごとに独立な N(0, 0.006²)）
です。a と f は、何度測っても同じ、試料の**指紋**です。g は散乱の倍率、o と d は測定ごとのずれと傾き、雑音は
N(0, 0.002²) です。吸光度に単位はありません。

g = 1 なら、すべて正規分布です。x から c を当てる誤差の標準偏差は、どんなモデルでも、新しい試料では
次の値より小さくできません（Σ は c のほかのものの共分散）。

    σ_best = (1 / 5² + pᵀ Σ⁻¹ p)^(−1/2)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_callable, require_positive_int, require_seed

T, K = 50, 12  # チャンネルと、母材のバンドの数
AXIS = np.linspace(0.0, 1.0, T)
MEAN, SPREAD = 20.0, 5.0  # 成分 c の平均と標準偏差（%）
HEIGHT, AT, WIDTH = 0.02, 0.45, 0.05  # p の 1 % あたりの高さ、位置、幅（標準偏差）
MATRIX, BAND = 0.1, 0.08  # a の標準偏差と、φ の幅
FINE = 0.006  # f の標準偏差
GAIN, OFFSET, SLOPE, NOISE = 0.05, 0.05, 0.05, 0.002


class Scans(NamedTuple):
    """測定 N 本。"""

    X: np.ndarray  # (N, T) 吸光度
    c: np.ndarray  # (N,) 成分（%）
    specimen: np.ndarray  # (N,) 試料の番号


def bands() -> tuple[np.ndarray, np.ndarray]:
    """調べたい成分の p (T,) と、母材の φ (K, T)。"""
    p = HEIGHT * np.exp(-(((AXIS - AT) / WIDTH) ** 2) / 2)
    centers = np.linspace(0.0, 1.0, K)[:, None]
    return p, np.exp(-(((AXIS - centers) / BAND) ** 2) / 2)


def measure(
    normals: Callable[[int], np.ndarray], specimens: int, repeats: int
) -> Scans:
    """新しい試料 specimens 個を、repeats 回ずつ測ります。

    normals(n) は標準正規乱数を n 個返します（rng.standard_normal、または mulberry_normals(seed)）。

    例:
        >>> scans = measure(np.random.default_rng(0).standard_normal, specimens=4, repeats=3)
        >>> scans.X.shape, scans.specimen.tolist()
        ((12, 50), [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
    """
    require_callable("normals", normals, "rng.standard_normal")
    S = require_positive_int("specimens", specimens)
    R = require_positive_int("repeats", repeats)
    p, phi = bands()
    # 試料ごとに c、a_1 … a_K、f_1 … f_T、そのあとに測定ごとに g、o、d と T 個の雑音
    own = np.asarray(normals(S * (1 + K + T))).reshape(S, 1 + K + T)
    each = np.asarray(normals(S * R * (3 + T))).reshape(S * R, 3 + T)
    c = MEAN + SPREAD * own[:, 0]
    # s = c p + Σ a φ + f  (S, T)
    s = c[:, None] * p + MATRIX * own[:, 1 : 1 + K] @ phi + FINE * own[:, 1 + K :]
    specimen = np.repeat(np.arange(S), R)
    g, o, d = (each[:, k, None] for k in range(3))
    # x = g (1 + s) + o + d (λ − 1/2) + 雑音
    X = np.exp(GAIN * g) * (1 + s[specimen]) + OFFSET * o + SLOPE * d * (AXIS - 0.5)
    return Scans(X + NOISE * each[:, 3:], c[specimen], specimen)


def best_error() -> float:
    """新しい試料の c を当てる誤差の、どんなモデルも下回れない標準偏差（%）。g を知っていたとしてもです。

    例:
        >>> 0.5 < best_error() < 5
        True
    """
    p, phi = bands()
    tilt = np.stack([np.full(T, OFFSET), SLOPE * (AXIS - 0.5)])
    # Σ = φᵀ φ σ_a² + ずれと傾き + 細かな構造と雑音
    white = (FINE**2 + NOISE**2) * np.eye(T)
    cov = MATRIX**2 * phi.T @ phi + tilt.T @ tilt + white
    return float((1 / SPREAD**2 + p @ np.linalg.solve(cov, p)) ** -0.5)


def mulberry_normals(seed: int) -> Callable[[int], np.ndarray]:
    """ページの中と同じ標準正規乱数（mulberry32 と Box–Muller 法）。n 個ずつ、続きを返します。

    例:
        >>> mulberry_normals(1)(2).round(4).tolist()
        [1.4043, 1.2158]
    """
    state = [require_seed("seed", seed)]

    def normals(n: int) -> np.ndarray:
        step = np.arange(1, 2 * n + 1, dtype=np.uint64) * np.uint64(0x6D2B79F5)
        counter = (np.uint64(state[0]) + step).astype(np.uint32)
        state[0] = int(counter[-1])
        z = (counter ^ (counter >> 15)) * (counter | np.uint32(1))
        z ^= z + (z ^ (z >> 7)) * (z | np.uint32(61))
        u = (z ^ (z >> 14)).astype(float).reshape(n, 2) / 2**32
        # √(−2 ln(1 − u₁)) cos(2π u₂)
        return np.sqrt(-2 * np.log(1 - u[:, 0])) * np.cos(2 * np.pi * u[:, 1])

    return normals
