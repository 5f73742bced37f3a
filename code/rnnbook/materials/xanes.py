"""実測の XANES: 金の L3 端。水溶液の塩化金(III)が、シアノバクテリアに還元される 720 時間（第 11 章）。

出どころ: Lengke ほか (2006)。Bruce Ravel の demeter に同梱の examples/cyanobacteria.prj から、エネルギーと
吸収係数 μ（規格化していません）を取り出したものです。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from rnnbook.arguments import require_array
from rnnbook.data import verified_path
from rnnbook.materials.preprocessing import normalise_edge, resample

E0 = 11919.0  # 金の L3 端（eV）
HOURS = (0.12, 2.42, 4.73, 7.03, 9.33, 20.0, 33.0, 720.0)
# ファイルの中の名 → 呼び名と、金の価数
STANDARDS = {
    "Au3 Cl aq": ("塩化金(III) 水溶液", 3),
    "Au hydroxide": ("水酸化金(III)", 3),
    "Au1 Cl": ("塩化金(I)", 1),
    "Au cyanide": ("シアン化金(I)", 1),
    "Au thiocyanide": ("チオシアン酸金(I)", 1),
    "Au sulphide": ("硫化金(I)", 1),
    "Au thiosulphate aq": ("チオ硫酸金(I) 水溶液", 1),
    "Au thiomalate aq": ("チオリンゴ酸金(I) 水溶液", 1),
    "Au foil": ("金箔", 0),
}
VALENCE = np.array([valence for _, valence in STANDARDS.values()])
PRE, POST = (-150.0, -30.0), (100.0, 450.0)


class Gold(NamedTuple):
    """規格化して、一つの軸に揃えたスペクトル。"""

    E: np.ndarray  # (T,) エネルギー（eV）
    standards: np.ndarray  # (9, T) 標準物質（STANDARDS の順）
    series: np.ndarray  # (8, T) 反応の時系列（HOURS の順）


def load_raw() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """名前 → エネルギー（eV）と μ。時系列の名前は "0.12" のような時間です。

    例:
        >>> E, mu = load_raw()["Au foil"]
        >>> E.shape == mu.shape, len(load_raw())
        (True, 17)
    """
    table = pd.read_csv(
        verified_path("measured/gold_xanes.csv"), dtype={"spectrum": str}
    )
    return {
        name: (rows["energy_eV"].to_numpy(), rows["mu"].to_numpy())
        for name, rows in table.groupby("spectrum", sort=False)
    }


def load_gold(E: np.ndarray | None = None, pre=PRE, post=POST) -> Gold:
    """吸収端で規格化し、軸 E（なければ 11,899〜11,950 eV の 0.5 eV おき）に揃えます。

    例:
        >>> gold = load_gold()
        >>> gold.standards.shape, gold.series.shape
        ((9, 103), (8, 103))
    """
    E = np.arange(11899.0, 11950.25, 0.5) if E is None else E
    E, raw = require_array("E", E, ("T",)).astype(float), load_raw()

    def ready(name: str) -> np.ndarray:
        own, mu = raw[name]
        return resample(own, normalise_edge(own, mu[None], E0, pre, post), E)[0]

    series = [ready(f"{hour:g}") for hour in HOURS]
    return Gold(E, np.array([ready(name) for name in STANDARDS]), np.array(series))
