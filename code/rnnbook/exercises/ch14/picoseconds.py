"""演習: レナード–ジョーンズの時間 τ を、アルゴンのピコ秒に直します。"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

K_B = 1.380649e-23  # J/K
AMU = 1.66053907e-27  # kg
TINY = "ほとんど 0 です。秒のまま（1 s = 10¹² ps）か、ε に k_B を掛けていません。"


def right(time, sigma_nm, epsilon_K, mass_u):
    tau = sigma_nm * 1e-9 * sqrt(mass_u * AMU / (epsilon_K * K_B))  # s
    return time * tau * 1e12


WRONG = (
    Wrong(
        lambda time, s, e, m: time * s * 1e-9 * (m * AMU / (e * K_B)) * 1e12,
        "平方根がありません。σ√(m/ε) の単位が秒になることを確かめます。",
    ),
    Wrong(
        lambda time, s, e, m: right(time, s, e, m) / 10,
        "σ を Å と読んでいます。渡されるのは nm です。",
    ),
    Wrong(
        lambda time, s, e, m: right(time, s, e, m) * 1e-12,
        TINY,
    ),
    Wrong(
        lambda time, s, e, m: right(time, s, e, m) / sqrt(AMU),
        "質量が原子質量単位のままです。kg に直します。",
    ),
    Wrong(
        lambda time, s, e, m: right(time, s, e, m) * sqrt(K_B),
        TINY,
    ),
)


def examine(answer: Callable) -> str:
    argon = {"sigma_nm": 0.3405, "epsilon_K": 119.8, "mass_u": 39.948}
    krypton = {"sigma_nm": 0.3633, "epsilon_K": 166.7, "mass_u": 83.798}
    compare_runs(
        answer,
        right,
        [{"time": 1.0} | argon, {"time": 60.0} | argon, {"time": 0.5} | krypton],
        wrong=WRONG,
        hint="σ を m に、ε を J に、m を kg に直してから、τ = σ√(m/ε) を計算します。",
        rtol=1e-3,
    )
    return (
        f"アルゴンなら、一コマの 0.5 τ は {right(0.5, **argon):.2f} ps、60 τ の記録は "
        f"{right(60, **argon):.0f} ps です。実験室で待てる時間より、はるかに短い間に結晶になるほど冷やしています。"
    )


STUB = '''def my_picoseconds(time, sigma_nm, epsilon_K, mass_u):
    """time（τ）を ps で返す。epsilon_K は ε/k_B（K）。

    k_B = 1.380649e-23 J/K、1 u = 1.66053907e-27 kg。
    """
    ...  # ここを書き換えます
'''

EXERCISE = Exercise(
    title="60 τ は、アルゴンなら何ピコ秒か",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=15,
    text="""
この章の時間の単位は $\\tau = \\sigma\\sqrt{m/\\varepsilon}$ です。粒子をアルゴンと見れば、$\\sigma$ は 0.3405 nm、$\\varepsilon/k_B$ は 119.8 K、$m$ は 39.948 u です。時間 `time`（τ）、`sigma_nm`（nm）、`epsilon_K`（$\\varepsilon/k_B$、K）、`mass_u`（原子質量単位）から、ピコ秒の値を返してください。
""",
    stub=STUB,
    hints=(
        "単位を、m、kg、J（= kg m²/s²）に揃えます。",
        "`epsilon_K` に $k_B$ を掛けると $\\varepsilon$（J）、`mass_u` に 1 u の重さを掛けると $m$（kg）です。",
        "$\\tau$ は秒で出ます。`1e12` を掛けて ps にします。",
    ),
    solution=STUB.replace(
        "    ...  # ここを書き換えます\n",
        """    k_B, amu = 1.380649e-23, 1.66053907e-27  # J/K、kg
    # τ = σ √(m/ε)
    tau = sigma_nm * 1e-9 * np.sqrt(mass_u * amu / (epsilon_K * k_B))  # s
    return time * tau * 1e12
""",
    ),
    compare="温度も $\\varepsilon/k_B$ を掛けて K に直せます。0.56 は、およそ 67 K です。",
    examine=examine,
    wrong=WRONG,
)
