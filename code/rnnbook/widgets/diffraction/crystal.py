"""ページの中でデバイの散乱式を計算する debye.js に渡す定数。"""

from __future__ import annotations

from rnnbook.materials import diffraction, powder


def crystal() -> dict[str, object]:
    """ページの中でデバイの散乱式を計算するための定数。"""
    shells = diffraction.shells()
    return {
        "N": shells.N,
        "r": shells.r.tolist(),
        "pairs": shells.pairs.tolist(),
        "wavelength": diffraction.WAVELENGTH,
        "angles": diffraction.TWO_THETA.round(9).tolist(),
        "cromer": [list(pair) for pair in diffraction.CROMER],
        "cromerC": diffraction.CROMER_C,
        "air": diffraction.AIR,
        "hump": [diffraction.HUMP, diffraction.HUMP_WIDTH],
        "levels": powder.LEVELS.tolist(),
    }
