"""周期ごとに測り続ける磁気雑音と、そこに入れる八種類の異常（第 9 章）。作り物です。

同じ鋼片を、磁場を動かす一周期ごとに測り続けます。一周期の波形は第 12 章の ABBM 模型で、P = 48 個の窓に
分け、窓ごとの RMS の対数を、一つの時刻の値 x_t とします。ふだんも、コイルの感度は数 % ゆっくり揺れます。

    c(h) = C e^(0.2 s) { 0.05 + exp(−(h − H + 0.05 s)² / (2 w²)) }、  s = σ/100 MPa、 w = 0.3 e^(−0.06 s)
    u = min(G v + 交流 + 雑音, 頭打ち)、  x = ln RMS(u)

h と u は無次元、σ は MPa です。写像は仮定です（stress_noise）。
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import require_choice, require_generator, require_positive_int
from rnnbook.materials.barkhausen import abbm

P, POINTS = 48, 64  # 一周期の窓の数、窓の点の数
FIELD = np.linspace(-1.0, 1.0, P * POINTS)
DRIVE, NOISE = 4.0, 0.1
WANDER, KEEP = 0.05, 0.98  # 感度の揺れの大きさ（対数）と、一周期ごとに残る割合
HUM = 25  # 交流の周期（点）
KINDS = {
    "gain": "感度が 25 % 下がる",
    "shift": "山が 0.1 ずれる",
    "stress": "応力 100 MPa",
    "disorder": "乱れ D が 2 倍",
    "hum": "交流の混入",
    "hiss": "雑音が 2 倍",
    "clip": "頭打ち",
    "lost": "一周期だけ信号なし",
}
LENGTH = 6  # 異常が続く周期（lost は 1）
TRAIN, VALID, TEST = 150, 50, 300  # 周期


class Fault(NamedTuple):
    """異常一つ。"""

    kind: str
    start: int  # はじめの周期
    cycles: int  # 続く周期

    @property
    def window(self) -> tuple[int, int]:
        """警報を当たりとする区間。異常のはじめから、終わったあとの一周期まで（番号、含む）。"""
        return self.start * P, (self.start + self.cycles + 1) * P - 1


def stream(
    rng: np.random.Generator, cycles: int, faults: Sequence[Fault] = ()
) -> np.ndarray:
    """cycles 周期の系列 x (48 × cycles,)。

    例:
        >>> stream(np.random.default_rng(0), 3).shape
        (144,)
    """
    require_generator("rng", rng)
    n = require_positive_int("cycles", cycles)
    wander = np.empty(n)
    now = rng.standard_normal()
    for i in range(n):
        wander[i] = now
        now = KEEP * now + np.sqrt(1 - KEEP**2) * rng.standard_normal()
    G, H, D = np.exp(WANDER * wander), np.full(n, 0.1), np.ones(n)
    s, hum, hiss, top = np.zeros(n), np.zeros(n), np.full(n, NOISE), np.full(n, 1e9)
    for kind, start, length in faults:
        require_choice("kind", kind, KINDS)
        here = slice(start, start + length)
        if kind == "gain":
            G[here] *= 0.75
        elif kind == "lost":
            G[here] = 0.0
        elif kind == "shift":
            H[here] += 0.1
        elif kind == "stress":
            s[here] = 1.0
        elif kind == "disorder":
            D[here] = 2.0
        elif kind == "hum":
            hum[here] = 0.5
        elif kind == "hiss":
            hiss[here] *= 2
        else:
            top[here] = 4.5
    s, at = s[:, None], H[:, None]
    w = 0.3 * np.exp(-0.06 * s)
    peak = np.exp(-((FIELD - at + 0.05 * s) ** 2) / (2 * w**2))
    v = abbm(rng, DRIVE * np.exp(0.2 * s) * (0.05 + peak), D=D, dt=0.05)
    phase = np.arange(len(FIELD)) / HUM + rng.random((n, 1))
    u = G[:, None] * v + hum[:, None] * np.sin(2 * np.pi * phase)
    u = np.minimum(u + hiss[:, None] * rng.standard_normal(v.shape), top[:, None])
    # x = ln √⟨u²⟩
    return 0.5 * np.log((u.reshape(n * P, POINTS) ** 2).mean(axis=1))


def with_faults(rng: np.random.Generator) -> tuple[np.ndarray, tuple[Fault, ...]]:
    """学習 150、検証 50、試験 300 周期の系列と、試験に入れた 16 個の異常（八種類を 2 回ずつ、順は無作為）。

    例:
        >>> x, faults = with_faults(np.random.default_rng(0))
        >>> len(x) // P, len(faults), faults[0].start >= TRAIN + VALID
        (500, 16, True)
    """
    require_generator("rng", rng)
    kinds = [str(kind) for _ in range(2) for kind in rng.permutation(list(KINDS))]
    first = TRAIN + VALID + 10
    faults = tuple(
        Fault(
            kind, first + 18 * k + int(rng.integers(5)), 1 if kind == "lost" else LENGTH
        )
        for k, kind in enumerate(kinds)
    )
    return stream(rng, TRAIN + VALID + TEST, faults), faults


def by_phase(x: np.ndarray, train: slice) -> np.ndarray:
    """学習の区間の、周期の中の位置ごとの平均と標準偏差で標準化した z (n,)。train は周期で割り切れる区間です。

    例:
        >>> x = np.tile(np.arange(48.0), 3) + np.repeat([0.0, 2.0, 4.0], 48)
        >>> by_phase(x, slice(0, 96))[[0, 96]].tolist()
        [-1.0, 3.0]
    """
    normal = x[train].reshape(-1, P)
    return ((x.reshape(-1, P) - normal.mean(axis=0)) / normal.std(axis=0)).ravel()
