"""演習: 温度を掛ける所が違うプログラム。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs

SYMPTOM = "温度をいくつにしても、softmax のままの確率です。"


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


def right(z, tau):
    return softmax(np.asarray(z, dtype=float) / tau)


WRONG = (
    Wrong(lambda z, tau: softmax(np.asarray(z, dtype=float)), SYMPTOM),
    Wrong(
        lambda z, tau: softmax(np.asarray(z, dtype=float) * tau),
        "温度を掛けています。低い温度で平らになり、反対です。",
    ),
    Wrong(
        lambda z, tau: softmax(softmax(np.asarray(z, dtype=float)) / tau),
        "softmax を二度通しています。確率は 0 と 1 の間なので、ほとんど平らになります。",
    ),
    Wrong(
        lambda z, tau: np.exp((z - np.max(z)) / tau),
        "和が 1 になっていません。和で割ります。",
    ),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(3)
    cases = [
        {"z": np.array([2.0, 1.0, 0.0]), "tau": 0.5},
        {"z": np.array([2.0, 1.0, 0.0]), "tau": 2.0},
        {"z": rng.normal(size=6), "tau": 0.8},
    ]
    compare_runs(
        answer,
        right,
        cases,
        wrong=WRONG,
        hint="τ で割るのは、確率ではなく、softmax に入る前の点 z です。",
        rtol=1e-9,
    )
    return (
        "確率しか手もとにないときは、log p を点の代わりに使えます（p^(1/τ) に比例）。"
        "そのときも、最大を引いてから exp を取ります。"
    )


STUB = '''import numpy as np


def my_temperature(z, tau):
    """点 z (V,) と温度 tau から、次の文字の確率 (V,)。"""
    p = np.exp(z - z.max())
    p = p / p.sum()
    p = p / tau
    return p / p.sum()
'''

EXERCISE = Exercise(
    title="効かない温度",
    kind="誤りを探す",
    difficulty=1,
    importance=3,
    minutes=10,
    text="""
`z` は次の文字の点 $(V,)$、`tau` は温度です。このプログラムは、エラーも警告も出さずに、和が 1 の確率を返しますが、温度を替えても書く文章の調子が変わりません。誤りを一つ見つけて、直してください。
""",
    stub=STUB,
    symptom=SYMPTOM,
    hints=(
        "`tau` を 0.5 と 2.0 にして、返った値を見比べます。",
        "すべての確率を同じ数で割ってから和で割ると、何が残りますか。",
        "温度で割るのは、`exp` の中です。",
    ),
    solution='''import numpy as np


def my_temperature(z, tau):
    """点 z (V,) と温度 tau から、次の文字の確率 (V,)。"""
    p = np.exp((z - z.max()) / tau)
    return p / p.sum()
''',
    compare="本書の `sampling.probabilities` も、点のほうに温度を掛けます。",
    examine=examine,
    wrong=WRONG,
)
