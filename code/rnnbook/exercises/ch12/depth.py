"""演習: バルクハウゼン雑音が届く深さを、単位をそろえて求めます。"""

from __future__ import annotations

import math
from collections.abc import Callable

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

MU_0 = 4e-7 * math.pi  # H/m


def right(rho, mu_r, kHz):
    # δ = √(ρ / (π f μ))。ρ は 1 μΩ·cm = 10⁻⁸ Ω·m
    return 1e3 * math.sqrt(1e-8 * rho / (math.pi * 1e3 * kHz * MU_0 * mu_r))


WRONG = (
    Wrong(
        lambda rho, mu_r, kHz: right(rho, mu_r, kHz / 1000),
        "周波数が kHz のままです。Hz に直します。",
    ),
    Wrong(
        lambda rho, mu_r, kHz: right(100 * rho, mu_r, kHz),
        "1 μΩ·cm を 10⁻⁶ Ω·m としています。cm も m に直します。",
    ),
    Wrong(
        lambda rho, mu_r, kHz: right(rho, mu_r, kHz) / 1000,
        "m のまま返しています。mm に直します。",
    ),
    Wrong(
        lambda rho, mu_r, kHz: right(rho, 1.0, kHz),
        "透磁率に、比透磁率を掛けていません。",
    ),
    Wrong(
        lambda rho, mu_r, kHz: right(rho, mu_r, 2 * kHz),
        "式の中の π f を 2 π f にしています。",
    ),
)


def examine(answer: Callable) -> str:
    cases = [(20.0, 60.0, 50.0), (45.0, 400.0, 2.5), (12.0, 80.0, 200.0)]
    compare_runs(
        answer,
        right,
        [{"rho": rho, "mu_r": mu, "kHz": kHz} for rho, mu, kHz in cases],
        wrong=WRONG,
        hint="ρ を Ω·m に、f を Hz に、答えを mm に直します。",
    )
    return (
        f"抵抗率 20 μΩ·cm、比透磁率 100 なら、50 kHz の成分は {right(20, 100, 50):.2f} mm、"
        f"2 kHz の成分は {right(20, 100, 2):.2f} mm から届きます。帯域フィルタは、測る深さも選んでいます。"
    )


EXERCISE = Exercise(
    title="その帯域は、どの深さを見ているか",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=15,
    text=r"""
磁壁が出した雑音は、渦電流で弱まりながら表面に届きます。周波数 $f$ の成分が $1/e$ になる深さ（**表皮深さ**）は、次の式です。

$$
\delta = \sqrt{\frac{\rho}{\pi f \mu_0 \mu_r}},\qquad \mu_0 = 4\pi \times 10^{-7}\ \text{H/m}
$$

抵抗率 `rho`（μΩ·cm）、比透磁率 `mu_r`、周波数 `kHz`（kHz）から、深さを mm で返してください。
""",
    stub='''def my_depth(rho, mu_r, kHz):
    """表皮深さ（mm）。rho は μΩ·cm、kHz は kHz。"""
    ...  # ここを書き換えます
''',
    hints=(
        "1 μΩ·cm は、10⁻⁶ Ω × 10⁻² m です。",
        "先に、すべてを Ω·m、Hz、H/m に直します。",
        "`1e3 * np.sqrt(1e-8 * rho / (np.pi * 1e3 * kHz * 4e-7 * np.pi * mu_r))`",
    ),
    solution='''def my_depth(rho, mu_r, kHz):
    """表皮深さ（mm）。rho は μΩ·cm、kHz は kHz。"""
    resistivity = 1e-8 * rho  # Ω·m
    hertz, mu = 1e3 * kHz, 4e-7 * np.pi * mu_r  # Hz、H/m
    return 1e3 * np.sqrt(resistivity / (np.pi * hertz * mu))
''',
    compare="単位を直す行を分けておくと、式の行は教科書と見比べられます。",
    examine=examine,
    wrong=WRONG,
)
