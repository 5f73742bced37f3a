"""波形から特徴を作ります: 七つの古典的な特徴と、窓ごとの特徴（第 12 章）。"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_positive_int

CLASSICAL = ("RMS", "平均", "最大", "山の位置", "山の幅", "尖り", "横切り")
WINDOW = 128  # 窓の長さの標準（点）
PER_WINDOW = ("平均", "標準偏差", "最大", "なめらかさ")
EPS = 1e-3  # 対数を取る前に足す値


def rms(u: np.ndarray) -> np.ndarray:
    """二乗平均平方根 (B,)。単位は u と同じです。

    例:
        >>> rms([[3.0, 4.0, 0.0, 0.0]]).tolist()
        [2.5]
    """
    return np.sqrt((require_array("u", u, ("B", "T")) ** 2).mean(axis=1))


def classical(u: np.ndarray) -> np.ndarray:
    """一つの波形の七つの特徴 (B, 7)。名前と順は CLASSICAL です。

    RMS、平均、最大は対数で、山の位置と幅は、|u| を 64 点ずつ均した形の重心と標準偏差（記録の長さを 1）です。
    尖りは尖度の対数、横切りは、RMS を上へ横切る回数の割合です。

    例:
        >>> classical(np.random.default_rng(0).random((2, 512))).shape
        (2, 7)
    """
    u = require_array("u", u, ("B", "T"))
    size = rms(u)
    n = u.shape[1] // 64 if u.shape[1] >= 128 else u.shape[1]
    shape = np.abs(u[:, : n * (u.shape[1] // n)]).reshape(len(u), n, -1).mean(axis=2)
    at = (np.arange(n) + 0.5) / n
    weight = shape / (shape.sum(axis=1, keepdims=True) + 1e-12)
    middle = weight @ at
    width = np.sqrt(np.maximum((weight * (at - middle[:, None]) ** 2).sum(axis=1), 0))
    centred = u - u.mean(axis=1, keepdims=True)
    second = (centred**2).mean(axis=1)
    # 尖度 ⟨(u − ū)⁴⟩ / ⟨(u − ū)²⟩²
    kurtosis = (centred**4).mean(axis=1) / (second**2 + 1e-12)
    above = u > size[:, None]
    crossings = (above[:, 1:] & ~above[:, :-1]).mean(axis=1)
    return np.column_stack(
        [
            np.log(size + EPS),
            np.log(np.abs(u).mean(axis=1) + EPS),
            np.log(np.abs(u).max(axis=1) + EPS),
            middle,
            width,
            np.log(kurtosis + EPS),
            crossings,
        ]
    )


def by_window(u: np.ndarray, length: int = WINDOW) -> np.ndarray:
    """重ならない窓ごとの四つの特徴 (B, T // length, 4)。名前と順は PER_WINDOW です。

    窓の平均、標準偏差、最大、隣り合う点の差の標準偏差を、どれも ln(|·| + 0.001) にします。
    余った点は捨てます。

    例:
        >>> by_window(np.random.default_rng(0).random((2, 512)), 128).shape
        (2, 4, 4)
    """
    u = require_array("u", u, ("B", "T"))
    length = require_positive_int("length", length, minimum=3)
    n = u.shape[1] // length
    if n == 0:
        raise ValueError(
            f"引数 length は波形の長さ {u.shape[1]} 点以下の整数です。"
            f"{length} が渡されました。"
        )
    cut = u[:, : n * length].reshape(len(u), n, length)
    parts = [
        cut.mean(axis=2),
        cut.std(axis=2),
        cut.max(axis=2),
        np.diff(cut, axis=2).std(axis=2),
    ]
    return np.log(np.abs(np.stack(parts, axis=2)) + EPS)
