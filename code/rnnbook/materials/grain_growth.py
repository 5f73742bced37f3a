"""結晶粒の成長の模型: しきい値力学（MBO 法、第 13 章）。

粒界は、曲がりをなくす向きに動き、小さな粒は消え、平均の粒は大きくなります。長さの単位は画素です。

    一歩: 粒ごとに、粒の中で 1、外で 0 の画面を、標準偏差 σ の Gauss 関数でぼかす
          どの画素も、ぼかした値のいちばん大きい粒のものになる

ぼかしは、熱の拡散を時間 σ²/2 だけ進めることと同じで、粒界は曲率 κ に比例する速さで動きます（Merriman, Bence,
Osher, 1994）。一歩で動く距離は σ² κ / 2 なので、半径 R の粒の面積は、一歩で π σ² だけ減ります。
n 個の粒に囲まれた粒の面積は、一歩で (π σ² / 6)(n − 6) だけ変わります（von Neumann–Mullins の法則）。

画素は半分だけ動くことができません。一歩で動く距離 σ²/(2R) が画素よりずっと短い、大きな粒の粒界は止まります
（丸い粒では、σ = 2 なら R = 14 あたりから。角から動くので、R = σ² では止まりません）。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_generator, require_positive_int, require_range

N, GRAINS, SIGMA = 128, 150, 4.0  # 一辺の画素、はじめの粒の数、ぼかす幅（画素）


def voronoi(points: np.ndarray, n: int = N) -> np.ndarray:
    """点 (G, 2) のどれにいちばん近いかで分けた画面 (n, n)。端は周期的につながっています。

    例:
        >>> voronoi(np.array([[0.0, 0.0], [4.0, 4.0]]), n=8)[2].tolist()
        [0, 0, 0, 1, 1, 1, 0, 0]
    """
    axis = np.arange(n)
    best, labels = np.full((n, n), np.inf), np.zeros((n, n), dtype=int)
    for g, (y, x) in enumerate(points):
        dy, dx = (np.abs((axis - at + n / 2) % n - n / 2) for at in (y, x))
        distance = dy[:, None] ** 2 + dx**2
        labels[distance < best] = g
        best = np.minimum(best, distance)
    return labels


def start(grains: int, rng: np.random.Generator, n: int = N) -> np.ndarray:
    """でたらめに置いた核から同時に育った粒 (n, n)。

    例:
        >>> labels = start(20, np.random.default_rng(0), n=64)
        >>> labels.shape, len(np.unique(labels))
        ((64, 64), 20)
    """
    require_generator("rng", rng)
    grains = require_positive_int("grains", grains)
    return voronoi(rng.uniform(0, n, (grains, 2)), require_positive_int("n", n))


def grow(labels: np.ndarray, sigma: float = SIGMA) -> np.ndarray:
    """一歩進めます。

    例:
        >>> two = np.zeros((32, 32), dtype=int); two[:, 16:] = 1
        >>> bool((grow(two, 2.0) == two).all())  # まっすぐな粒界は動かない
        True
    """
    sigma = require_range("sigma", sigma, 0.5, min(labels.shape) / 4)
    n, m = labels.shape
    ky, kx = np.fft.fftfreq(n)[:, None], np.fft.rfftfreq(m)
    # Gauss 関数の Fourier 変換 exp(−2 π² σ² k²)
    blur = np.exp(-2 * (np.pi * sigma) ** 2 * (ky**2 + kx**2))
    best, grown = np.full((n, m), -1.0), labels
    for g in np.unique(labels):
        soft = np.fft.irfft2(np.fft.rfft2(labels == g) * blur, s=(n, m))
        grown = np.where(soft > best + 1e-12, g, grown)
        best = np.maximum(best, soft)
    return grown


def simulate(labels: np.ndarray, steps: int, sigma: float = SIGMA) -> np.ndarray:
    """steps 歩のあいだの画面 (steps + 1, n, n)。はじめの画面も入ります。"""
    seen = [labels]
    for _ in range(require_positive_int("steps", steps)):
        seen.append(grow(seen[-1], sigma))
    return np.stack(seen)


def mean_area(labels: np.ndarray) -> np.ndarray:
    """画面ごとの、粒の面積の平均（画素²）。(…, n, n) → (…)

    例:
        >>> mean_area(np.array([[[0, 0], [1, 1]], [[0, 0], [0, 0]]])).tolist()
        [2.0, 4.0]
    """
    flat = labels.reshape(-1, labels.shape[-2] * labels.shape[-1])
    counts = np.array([len(np.unique(row)) for row in flat])
    return (flat.shape[1] / counts).reshape(labels.shape[:-2])


def statistics(labels: np.ndarray) -> np.ndarray:
    """一枚の統計 (3,): 平均の面積の平方根（画素）、面積の変動係数、粒界の画素の割合。

    例:
        >>> statistics(np.array([[0, 0], [1, 1]])).round(3).tolist()
        [1.414, 0.0, 1.0]
    """
    _, area = np.unique(labels, return_counts=True)
    edge = (labels != np.roll(labels, 1, 0)) | (labels != np.roll(labels, 1, 1))
    return np.array([np.sqrt(area.mean()), area.std() / area.mean(), edge.mean()])
