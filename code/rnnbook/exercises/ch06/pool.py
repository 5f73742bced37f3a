"""演習: スペクトルの山の位置を、注意の重みで平均します。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import softmax

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def pool(counts: np.ndarray, energy_eV: np.ndarray, tau: float) -> tuple[float, float]:
    """注意の重みと、計数に比例する重みでの、平均のエネルギー（eV）。"""
    return (
        float(softmax(counts / tau) @ energy_eV),
        float(counts @ energy_eV / counts.sum()),
    )


WRONG = (
    Wrong(
        lambda counts, energy_eV, tau: (
            pool(counts, np.arange(len(counts)), tau)[0],
            pool(counts, energy_eV, tau)[1],
        ),
        "チャンネルの番号を平均しています。返すのは eV です。",
    ),
    Wrong(
        lambda counts, energy_eV, tau: (
            pool(counts, energy_eV, 1 / tau)[0],
            pool(counts, energy_eV, tau)[1],
        ),
        "計数を `tau` で割らずに、掛けています。",
    ),
    Wrong(
        lambda counts, energy_eV, tau: (
            pool(counts, energy_eV, tau)[0],
            float(energy_eV.mean()),
        ),
        "二つめは、計数に比例する重みの平均です。エネルギーだけの平均ではありません。",
    ),
)


def spectrum(center_eV: float, height: float, seed: int) -> dict[str, object]:
    energy_eV = np.linspace(0, 40, 81)
    sigma = 1.2 / 2.3548  # 半値全幅 1.2 eV
    shape = 50 + height * np.exp(-((energy_eV - center_eV) ** 2) / (2 * sigma**2))
    counts = np.random.default_rng(seed).poisson(shape).astype(float)
    return {"counts": counts, "energy_eV": energy_eV, "tau": 20.0}


def examine(answer: Callable) -> str:
    small = {
        "counts": np.array([10.0, 30.0, 10.0]),
        "energy_eV": np.array([1.0, 2.0, 4.0]),
        "tau": 10.0,
    }
    one = spectrum(31.0, 400, 0)
    inputs = [small, one, spectrum(8.5, 300, 1), spectrum(12.0, 20_000, 2)]
    compare_runs(
        answer,
        pool,
        inputs,
        returns=("attended", "mean"),
        wrong=WRONG,
        hint="重みを先に作り、和が 1 であることを確かめてから、エネルギーに掛けて足します。",
    )
    attended, mean = pool(**one)
    return (
        f"山が 31.0 eV にあるスペクトルで、注意の平均は {attended:.1f} eV、計数に比例する平均は "
        f"{mean:.1f} eV でした。背景のチャンネルは一つずつは小さくても、数が多いからです。"
        "実務では、背景を引いた重心か、形の当てはめを使います。強い山では、softmax はただの最大値になるからです。"
    )


EXERCISE = Exercise(
    title="スペクトルの山の位置",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=15,
    text="""
81 チャンネルのスペクトルに、山が一つと、平らな背景（1 チャンネルあたり約 50 計数）があります。`counts` が計数、`energy_eV` がエネルギー（eV）です。山の位置を、二通りの平均で見積もってください。

1. `attended`: 計数を `tau`（計数）で割ったものの softmax を重みにした、エネルギーの平均（eV）
2. `mean`: 計数に比例する重みにした、エネルギーの平均（eV）

計数は 20,000 を超えることもあります。
""",
    stub='''def my_pool(counts, energy_eV, tau):
    """二通りの平均のエネルギー（eV）を返す。"""
    ...  # ここを書き換えます
    # return attended, mean
''',
    hints=(
        "重みの和が 1 なら、平均は重みとエネルギーの積の和です。",
        "`np.exp(20000 / 20)` は無限大になります。softmax の前に、どの数から何を引けますか。",
        "`w = np.exp((counts - counts.max()) / tau)` を `w.sum()` で割ります。",
    ),
    solution='''def my_pool(counts, energy_eV, tau):
    """二通りの平均のエネルギー（eV）を返す。"""
    w = np.exp((counts - counts.max()) / tau)  # 最大値を引いても比は同じ
    attended = w @ energy_eV / w.sum()  # eV
    mean = counts @ energy_eV / counts.sum()  # eV
    return attended, mean
''',
    compare="最大値を引いた場所と、`tau` で割った場所の順を見比べます。",
    examine=examine,
    wrong=WRONG,
)
