"""読者の XANES の見本 data/measured/own_xanes.txt を作ります（第 11 章）。

    python -m rnnbook.materials.own_xanes

実測の塩化金(III) 6 割と金箔 4 割を足し、0.3 eV ずらし、雑音を加えた**作り物**です。測定器のファイルのように、注釈、
タブ、下りの軸を入れます。
"""

from __future__ import annotations

import numpy as np

from rnnbook.data import DATA
from rnnbook.materials.xanes import load_raw

MIX = {"Au3 Cl aq": 0.6, "Au foil": 0.4}
SHIFT = 0.3  # eV


def text() -> str:
    """見本の中身。

    例:
        >>> text().splitlines()[1]
        'mu\\tEnergy (eV)'
    """
    raw, rng = load_raw(), np.random.default_rng(11)
    E = np.concatenate(
        [
            np.arange(11740, 11890, 5),
            np.arange(11890, 11960, 0.5),
            np.arange(11960, 12380, 3),
        ]
    )
    mu = 0.3 - 2e-4 * (E - 11919.0)
    for name, share in MIX.items():
        own, values = raw[name]
        before = np.polyfit(own[own < 11889], values[own < 11889], 1)
        height = np.interp(12100, own, values - np.polyval(before, own))
        flat = (values - np.polyval(before, own)) / height
        mu = mu + 1.7 * share * np.interp(E + SHIFT, own, flat)
    mu = mu + 0.002 * rng.standard_normal(len(E))
    lines = ["# 作り物: 金の L3 端。塩化金(III) 6 割、金箔 4 割", "mu\tEnergy (eV)"]
    lines += [f"{m:.5f}\t{e:.2f}" for e, m in zip(E[::-1], mu[::-1], strict=True)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    path = DATA / "measured" / "own_xanes.txt"
    path.write_text(text(), encoding="utf-8-sig", newline="\n")
