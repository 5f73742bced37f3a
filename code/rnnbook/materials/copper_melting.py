"""銅を融かす: ASE の有効媒質理論（EMT）の力で、108 個の銅の原子を動かします（第 14 章）。

箱の大きさは変えません。格子定数 3.75 Å は、融けた銅の密度（およそ 8.0 g/cm³）に合わせたもので、室温の
3.61 Å より大きめです。完全な格子から始めるので、核のいらない、いっせいの融け方になります。実験の融点
1358 K より高い温度でなければ、この大きさと時間では融けません。

ASE の時間の単位は Å √(amu/eV) で、1 fs = 0.0982 です。
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np

from rnnbook.arguments import require_positive_int, require_range, require_seed

CELLS, LATTICE = 3, 3.75  # 一辺の格子の数と、格子定数（Å）
REACH = 3.25  # 隣と見る距離（Å）。動径分布関数の一つ目の谷
STEP, EVERY = 5.0, 20  # 一歩（fs）と、一コマの歩数。一コマは 0.1 ps
FRICTION = 0.01  # 1/fs


def require_ase() -> None:
    """ASE が入っていることを確かめます。なければ ModuleNotFoundError です。"""
    if find_spec("ase") is None:
        raise ModuleNotFoundError(
            "銅の計算には ASE が要ります。pip install ase で入れるか、"
            '保存した結果 load("copper_melting") を使います。'
        )


def melt(T: float, frames: int, seed: int = 0) -> Iterator[tuple[np.ndarray, float]]:
    """温度 T（K）の銅の、コマごとの位置 (108, 3)（Å）と箱の一辺（Å）を、順に返します。

    はじめのコマは、完全な fcc の格子です。

    例:
        >>> x, box = next(melt(T=2000, frames=1))
        >>> x.shape, box
        ((108, 3), 11.25)
    """
    require_ase()
    from ase import units
    from ase.build import bulk
    from ase.calculators.emt import EMT
    from ase.constraints import FixCom
    from ase.md.langevin import Langevin

    T = require_range("T", T, 1.0, 10_000.0)
    frames = require_positive_int("frames", frames)
    rng = np.random.default_rng(require_seed("seed", seed))
    copper = bulk("Cu", a=LATTICE, cubic=True) * (CELLS, CELLS, CELLS)
    copper.calc = EMT()
    copper.set_constraint(FixCom())  # 全体は流れません
    # 運動量の標準偏差は √(m k_B T)
    spread = np.sqrt(copper.get_masses() * units.kB * T)
    copper.set_momenta(spread[:, None] * rng.standard_normal((len(copper), 3)))
    dynamics = Langevin(
        copper,
        STEP * units.fs,
        temperature_K=T,
        friction=FRICTION / units.fs,
        fixcm=False,
        rng=rng,
    )
    for frame in range(frames):
        if frame > 0:
            dynamics.run(EVERY)
        yield copper.get_positions(), float(copper.cell[0, 0])
