"""応力を受けた鋼のバルクハウゼン雑音: 試料と応力から ABBM の係数への写像（第 12 章）。

**写像は仮定です。測ったものではありません。** 張力を掛けると透磁率が上がり、山が高く、狭く、低い磁場に
寄る、という鋼の傾向だけをなぞっています。飽和も、磁化容易軸の向きも、励磁の周波数もありません。

試料 i は、雑音の強さ C_i、乱れ D_i、山の位置 H_i、山の幅 W_i、コイルの感度 G_i を持ちます。応力 σ（MPa、
引張が正）のもとで、磁場 h を −1 から 1 まで一度動かす間の磁壁を動かす速さを

    s = σ / 100 MPa
    c(h) = C_i e^(0.2 s) { 0.05 + exp(−(h − H_i + 0.05 s)² / (2 w²)) }、   w = W_i e^(−0.06 s)

とし、ABBM の方程式（k = 1）で v を進め、コイルの電圧 u = G_i v + 雑音 を記録します。一度の記録が、
一つの**バースト**です。h と u と時間は無次元です。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_array, require_positive_int, require_range
from rnnbook.materials.barkhausen import Draws, abbm

T, DT = 4096, 0.05  # 一つのバーストの点の数と、点の間隔
FIELD = np.linspace(-1.0, 1.0, T)
LEVELS = (-150.0, -100.0, -50.0, 0.0, 50.0, 100.0, 150.0)  # MPa
LIMIT = 200.0  # 写像を使う応力の範囲 ±（MPa）
NOISE = 0.1  # 電圧に加わる雑音の標準偏差
FLOOR = 0.05  # 山の外での c の割合
AT_ONCE = 10  # 一度に進める試料の数
PER_100 = {"drive": 0.2, "shift": 0.05, "narrow": 0.06}  # 100 MPa あたり
MIDDLE = {"C": 1.0, "D": 1.0, "H": 0.1, "W": 0.3, "G": 1.0}
SPREAD = {"C": 0.1, "D": 0.15, "H": 0.04, "W": 0.06, "G": 0.2}
FIELDS = tuple(MIDDLE)


class Specimens(NamedTuple):
    """試料 S 個。どれも形 (S,)、無次元です。"""

    C: np.ndarray  # 雑音の強さ
    D: np.ndarray  # 乱れ
    H: np.ndarray  # 山の位置
    W: np.ndarray  # 山の幅
    G: np.ndarray  # コイルの感度

    def take(self, rows: object) -> Specimens:
        """番号 rows の試料。同じ番号を繰り返してもかまいません。"""
        return Specimens(*(np.asarray(values)[rows] for values in self))


def make_specimens(draws: Draws, n: int) -> Specimens:
    """新しい試料 n 個。H は正規分布、ほかは対数正規分布です。乱数は、試料ごとに C、D、H、W、G の順です。

    例:
        >>> make_specimens(np.random.default_rng(0), 3).C.shape
        (3,)
    """
    n = require_positive_int("n", n)
    z = np.asarray(draws.standard_normal(n * len(FIELDS))).reshape(n, -1)
    values = {}
    for k, name in enumerate(FIELDS):
        step = SPREAD[name] * z[:, k]
        values[name] = (
            MIDDLE[name] + step if name == "H" else MIDDLE[name] * np.exp(step)
        )
    return Specimens(**values)


def drive(specimens: Specimens, stress: object) -> np.ndarray:
    """磁壁を動かす速さ c(h) (B, T)。specimens と stress（MPa）は、同じ長さ B です。

    例:
        >>> one = make_specimens(np.random.default_rng(0), 1)
        >>> pulled, pushed = (drive(one, [s]).max() for s in (150.0, -150.0))
        >>> bool(pulled > pushed)
        True
    """
    stress = require_array("stress", stress, (len(specimens.C),))
    if np.abs(stress).max() > LIMIT:
        raise ValueError(
            f"引数 stress は ±{LIMIT:g} MPa の範囲の配列です。"
            f"{stress[np.abs(stress).argmax()]:g} が渡されました。"
        )
    s = stress[:, None] / 100.0
    C, _, H, W, _ = (np.asarray(v)[:, None] for v in specimens)  # (B, 1)
    # w = W e^(−0.06 s)、c = C e^(0.2 s) {0.05 + exp(−(h − H + 0.05 s)²/(2 w²))}
    w = W * np.exp(-PER_100["narrow"] * s)
    peak = np.exp(-((FIELD - H + PER_100["shift"] * s) ** 2) / (2 * w**2))
    return C * np.exp(PER_100["drive"] * s) * (FLOOR + peak)


def record(
    draws: Draws,
    specimens: Specimens,
    stress: object,
    noise: float = NOISE,
    k: float = 1.0,
) -> np.ndarray:
    """バーストを一つずつ記録します。電圧 u (B, T)（無次元）。k は反磁場で、ふつうは 1 です。

    乱数は、すべての v のあとに、雑音 B·T 個の順に使います。

    例:
        >>> rng = np.random.default_rng(0)
        >>> one = make_specimens(rng, 1)
        >>> record(rng, one.take([0, 0]), [0.0, 100.0]).shape
        (2, 4096)
    """
    noise = require_range("noise", noise, 0.0, 1e6)
    c = drive(specimens, stress)
    v = abbm(draws, c, k=k, D=specimens.D, dt=DT)
    # u = G v + 雑音
    hiss = np.asarray(draws.standard_normal(c.size)).reshape(c.shape)
    return np.asarray(specimens.G)[:, None] * v + noise * hiss


class Bursts(NamedTuple):
    """試料 S 個 × 応力 L 段 × バースト R 回。"""

    u: np.ndarray  # (S, L, R, …) 電圧、またはその特徴
    stress: np.ndarray  # (L,) MPa


def record_all(
    draws, specimens: Specimens, repeats: int, of=None, noise=NOISE, levels=LEVELS
) -> Bursts:
    """どの試料も、どの応力でも、repeats 回ずつ測ります。of(u) を渡すと、電圧の代わりにその特徴を持ちます。

    例:
        >>> rng = np.random.default_rng(0)
        >>> record_all(rng, make_specimens(rng, 2), 1, of=lambda u: u.std(axis=1)).u.shape
        (2, 7, 1)
    """
    R = require_positive_int("repeats", repeats)
    stress = np.asarray(levels, dtype=float)
    S, L = len(specimens.C), len(stress)
    parts = []
    for start in range(0, S, AT_ONCE):
        some = np.arange(start, min(start + AT_ONCE, S))
        rows = np.repeat(some, L * R)
        levels_of = np.tile(np.repeat(stress, R), len(some))
        u = record(draws, specimens.take(rows), levels_of, noise)
        u = u if of is None else np.asarray(of(u))
        parts.append(u.reshape(len(some), L, R, *u.shape[1:]))
    return Bursts(np.concatenate(parts), stress)
