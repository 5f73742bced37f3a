"""光電子スペクトルの二本組: どのチャンネルが、どの準位のピークか（第 4 章）。

p 軌道の準位は、スピン軌道相互作用で二本に分かれます。強さは状態の数 2j + 1 に比例し、
間隔 Δ は元素で決まります。s 軌道は一本のままです。

    I(p3/2) : I(p1/2) = 4 : 2 = 2 : 1        E(p1/2) = E(p3/2) + Δ

一本のスペクトルには二つのピークがあります。半分は p の二本組、半分は無関係な s が二本で、
間隔は Δ から離れています。低いほうのピークの位置と高さの分布は、どちらも同じです。

    計数 n ~ ポアソン( 背景 + Σ 高さ · exp(−4 ln 2 (E − E_k)² / w²) )        w は半値全幅

エネルギーの単位は eV です。背景は平らで、二本の幅は同じとし、分光器と表面のほかの効果は入れません。
低いエネルギーから順に読むと、低いほうのピークでは s か p3/2 かが分からず、当たる確率は 1/2 です。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_generator, require_positive_int

STEP, T = 0.5, 52  # 一チャンネルの幅（eV）と、チャンネルの数
DELTA = 5.7  # p の二本の間隔（eV）。TiO₂ の Ti 2p と同じくらい
WIDTH = 1.2  # 半値全幅（eV）
BACKGROUND = 50.0  # 一チャンネルの背景の計数
HEIGHTS = (150.0, 600.0)  # 低いほうのピークの高さ（計数）
APART, AVOID = (3.0, 9.0), 1.2  # s の二本の間隔の範囲と、Δ から離す幅（eV）
LABELS = ("背景", "s", "p3/2", "p1/2")
O = len(LABELS)


class Spectra(NamedTuple):
    """スペクトル B 本。"""

    counts: np.ndarray  # (B, T) 計数
    y: np.ndarray  # (B, T) チャンネルの名前（LABELS の番号）
    centers: np.ndarray  # (B, 2) 二つのピークの位置（eV）。低いほうが先


def peak(E: np.ndarray, center: np.ndarray, height: np.ndarray) -> np.ndarray:
    """ガウス形のピーク。半値全幅は WIDTH です。

    例:
        >>> peak(np.array([-0.6, 0.0, 0.6]), 0.0, 100.0)
        array([ 50., 100.,  50.])
    """
    # 高さ · exp(−4 ln 2 (E − E_k)² / w²)
    return height * np.exp(-4 * np.log(2) * (E - center) ** 2 / WIDTH**2)


def batch(rng: np.random.Generator, B: int) -> Spectra:
    """新しいスペクトルを B 本作ります。ピークの名前は、中心から半値全幅の半分までに付けます。

    例:
        >>> counts, y, centers = batch(np.random.default_rng(0), B=4)
        >>> counts.shape, sorted(set(y[0].tolist()))
        ((4, 52), [0, 1])
    """
    require_generator("rng", rng)
    B = require_positive_int("B", B)
    double = rng.random(B) < 0.5
    first = rng.uniform(2.0, T * STEP - APART[1] - 2.0, B)
    height = rng.uniform(*HEIGHTS, B)
    low, high = APART
    # Δ ± AVOID を除いた一様乱数
    gap = rng.uniform(low, high - 2 * AVOID, B)
    gap = np.where(gap > DELTA - AVOID, gap + 2 * AVOID, gap)
    gap = np.where(double, DELTA, gap)
    # p1/2 の高さは p3/2 の 2/4。s なら 0.3 から 1 倍の乱数
    ratio = np.where(double, 2 / 4, rng.uniform(0.3, 1.0, B))
    centers = np.stack([first, first + gap], axis=1)
    E = STEP * np.arange(T)
    mean = np.full((B, T), BACKGROUND)
    y = np.zeros((B, T), dtype=np.int64)
    for k, (size, name) in enumerate(((height, 2), (height * ratio, 3))):
        center = centers[:, k, None]
        mean += peak(E, center, size[:, None])
        near = np.abs(E - center) <= WIDTH / 2
        y = np.where(near, np.where(double, name, 1)[:, None], y)
    return Spectra(rng.poisson(mean), y, centers)


def scaled(counts: np.ndarray) -> np.ndarray:
    """√n / 10 にして、モデルの入力 (B, T, 1) にします。計数の揺らぎが、どの高さでも同じになります。

    例:
        >>> scaled(np.array([[0, 100, 400]]))[0, :, 0]
        array([0., 1., 2.])
    """
    return np.sqrt(counts)[:, :, None] / 10
