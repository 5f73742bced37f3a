"""冷やした液体が結晶になるまで: 一本の軌跡を、8 列の系列にします（第 14 章）。

256 個のレナード–ジョーンズ粒子を、密度 0.95 で温度 3 にして fcc を融かし、温度 T に冷やして 60 τ 待ちます。
0.5 τ ごとに一コマです。位置は残さず、次の列だけを残します。

    Q6        全体の秩序                      q6_mean  q̄_6 の平均
    q6        原子ごとの q_6 の平均             q6_top   q̄_6 の上位 10 %の境
    links     固体らしいつながりの数の平均         cluster  いちばん大きい結晶の塊の原子の数
    energy    一個あたりのエネルギー U/N（ε）     pressure 圧力（ε/σ³）

平均二乗変位は残しません。融けてからの時間とともに増え続け、時計になるからです。
分子動力学はカオスなので、同じ種でも、計算機や NumPy が替わって和の丸めが変わると、数 τ のあとには別の軌跡に
なります。同じなのは、軌跡の集まりの統計です。
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_positive_int,
    require_range,
    require_seed,
)
from rnnbook.materials.crystal_order import order
from rnnbook.materials.langevin import move, velocities
from rnnbook.materials.lennard_jones import Forces, energy_and_pressure, fcc
from rnnbook.materials.many_boxes import ManyForces

DENSITY, CELLS, REACH = 0.95, 4, 1.4
HOT, MELT = 3.0, 400  # 融かす温度と、歩数（Δt = 0.005、摩擦 1）
COOL = 200  # 冷やす歩数（Δt = 0.01、摩擦 5）
DT, STEPS, FRAMES, FRICTION = 0.01, 50, 120, 0.5
FRAME_TIME = DT * STEPS  # 一コマの時間（τ）
# 列 → いちばん小さい値と刻み。値 = low + step · k、k = 0 … 255
COLUMNS = {
    "Q6": (0.0, 0.0025),
    "q6": (0.25, 0.0015),
    "q6_mean": (0.0, 0.0025),
    "q6_top": (0.0, 0.0025),
    "links": (0.0, 0.06),
    "cluster": (0.0, 256 / 255),
    "energy": (-6.4, 0.008),
    "pressure": (-0.5, 0.035),
}


def positions(
    T: float, seed: int, frames: int = FRAMES, boxes: int | None = None
) -> Iterator[tuple[np.ndarray, float]]:
    """融かして T に冷やした箱の、コマごとの位置 (N, 3) と一辺を、順に返します。

    boxes を渡すと、その数の箱を一度に進め、位置は (boxes, N, 3) です（many_boxes.py）。

    例:
        >>> x, box = next(positions(T=0.6, seed=0))
        >>> x.shape
        (256, 3)
    """
    T = require_range("T", T, 0.1, 2.0)
    rng = np.random.default_rng(require_seed("seed", seed))
    frames = require_positive_int("frames", frames)
    x, box = fcc(CELLS, DENSITY)
    if boxes is None:
        forces = Forces(len(x), box)
    else:
        forces = ManyForces(box)
        x = np.tile(x, (require_positive_int("boxes", boxes), 1, 1))
    v = velocities(x.shape, HOT, rng)
    x, v = move(x, v, forces, MELT, dt=DT / 2, T=HOT, friction=1.0, rng=rng)
    v = velocities(x.shape, T, rng)
    x, v = move(x, v, forces, COOL, dt=DT, T=T, friction=5.0, rng=rng)
    for _ in range(frames):
        x, v = move(x, v, forces, STEPS, dt=DT, T=T, friction=FRICTION, rng=rng)
        yield x, box


def describe(x: np.ndarray, box: float, T: float) -> np.ndarray:
    """一コマの 8 列 (8,)。順は COLUMNS です。"""
    o = order(x, box, REACH)
    U, p = energy_and_pressure(x, box, T)
    top = np.quantile(o.q6_mean, 0.9)
    rest = (o.q6_mean.mean(), top, o.links.mean(), o.cluster, U, p)
    return np.array([o.Q6, o.q6.mean(), *rest])


def trajectory(T: float, seed: int, frames: int = FRAMES) -> np.ndarray:
    """軌跡一本の 8 列 (frames, 8)。

    例:
        >>> trajectory(T=0.6, seed=0, frames=2).shape
        (2, 8)
    """
    return np.stack([describe(x, box, T) for x, box in positions(T, seed, frames)])


def trajectories(T: float, seed: int, boxes: int, frames: int = FRAMES) -> np.ndarray:
    """箱 boxes 個を一度に進めた 8 列 (boxes, frames, 8)。乱数は、箱ごとに別です。"""
    found = [
        [describe(one, box, T) for one in x]
        for x, box in positions(T, seed, frames, boxes)
    ]
    return np.moveaxis(np.array(found), 0, 1)


def pack(series: np.ndarray) -> np.ndarray:
    """8 列 (frames, 8) を、刻みで丸めた 8 ビットの整数にします。

    例:
        >>> row = trajectory(T=0.6, seed=0, frames=1)
        >>> steps = [step for low, step in COLUMNS.values()]
        >>> bool((abs(unpack(pack(row)) - row) <= np.array(steps) / 2 + 1e-9).all())
        True
    """
    low, step = np.array(list(COLUMNS.values())).T
    k = np.rint((require_array("series", series, ("T", 8)) - low) / step)
    if k.min() < 0 or k.max() > 255:
        row, column = np.argwhere((k < 0) | (k > 255))[0]
        name = list(COLUMNS)[column]
        raise ValueError(
            f"{row} 番のコマの {name} = {series[row, column]:g} が、"
            f"{low[column]:g} から {low[column] + 255 * step[column]:g} の外です。"
        )
    return k.astype(np.uint8)


def unpack(k: np.ndarray) -> np.ndarray:
    """pack した整数 (…, 8) を値に戻します。"""
    low, step = np.array(list(COLUMNS.values())).T
    return low + step * k
