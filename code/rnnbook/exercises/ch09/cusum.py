"""演習: 両側の CUSUM を書きます。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def sums(z, k, reset=True):
    """上と下の累積和 (2, T)。reset が偽なら、0 で止めません。"""
    now, kept = np.zeros(2), []
    for value in np.asarray(z, float):
        # C⁺ = max(0, C⁺ + z − k)、C⁻ = max(0, C⁻ − z − k)
        now = now + np.array([value - k, -value - k])
        now = np.maximum(now, 0.0) if reset else now
        kept.append(now)
    return np.stack(kept, axis=1)


def right(z, k):
    return sums(z, k).max(axis=0)


def once(z, k):
    """|z| − k を、一つの和に積む誤り。"""
    total, kept = 0.0, []
    for value in np.asarray(z, float):
        total = max(0.0, total + abs(value) - k)
        kept.append(total)
    return np.array(kept)


WRONG = (
    Wrong(
        lambda z, k: sums(z, k)[0],
        "上へのずれしか見ていません。下へのずれの和 C⁻ も要ります。",
    ),
    Wrong(
        lambda z, k: sums(z, k)[1],
        "下へのずれしか見ていません。向きを、起きた異常を見てから選ぶことになります。",
    ),
    Wrong(
        once,
        "|z| を一つの和に積んでいます。上と下に揺れるだけの雑音でも、和が増えます。",
    ),
    Wrong(
        lambda z, k: sums(z, k, reset=False).max(axis=0),
        "和を 0 で止めていません。静かな時間が長いほど、次の異常に気づくのが遅れます。",
    ),
    Wrong(
        lambda z, k: sums(z, 0.0).max(axis=0),
        "ゆとり k を引いていません。小さなずれも、いつかはしきい値を超えます。",
    ),
    Wrong(
        lambda z, k: sums(z, k).sum(axis=0),
        "上と下の和を足しています。鳴らすのは、大きいほうがしきい値を超えたときです。",
    ),
)


def examine(answer: Callable) -> str:
    rng = np.random.default_rng(0)
    drift = rng.normal(size=40)
    drift[20:] -= 1.2
    compare_runs(
        answer,
        right,
        [
            {"z": np.array([0.2, 1.5, -0.4, 2.0, -1.9, -2.5, -0.3, 0.8]), "k": 0.5},
            {"z": drift, "k": 0.5},
            {"z": -drift, "k": 0.25},
        ],
        wrong=WRONG,
        hint="C⁺ と C⁻ を別々に持ち、一時刻ごとに 0 で止め、大きいほうを並べます。",
    )
    return "向きを選ばないので、温度が上がる異常にも、下がる異常にも、同じしきい値で鳴ります。"


STUB = '''def my_cusum(z, k):
    """標準化した z (T,) の、両側の CUSUM の大きいほうを (T,) で返す。

    C⁺ と C⁻ は、どちらも 0 から始める。
    """
    ...  # ここを書き換えます
'''

EXERCISE = Exercise(
    title="両側の CUSUM",
    kind="書く",
    difficulty=2,
    importance=3,
    minutes=15,
    text=r"""
正常な期間の平均と標準偏差で標準化した値 $z_t$ から、上へのずれと下へのずれを、別々に積みます。

$$
C^+_t = \max(0,\ C^+_{t-1} + z_t - k),\qquad C^-_t = \max(0,\ C^-_{t-1} - z_t - k)
$$

はじめは $C^+_0 = C^-_0 = 0$ です。時刻ごとに、大きいほう $\max(C^+_t, C^-_t)$ を返してください。
""",
    stub=STUB,
    hints=(
        "一時刻前の和が要るので、`for` で一つずつ進みます。和は二つ持ちます。",
        "`up = max(0.0, up + value - k)` のように、足してから 0 で止めます。",
        "`down` では `value` の符号だけが変わります。`k` はどちらも引きます。",
    ),
    solution='''def my_cusum(z, k):
    """標準化した z (T,) の、両側の CUSUM の大きいほうを (T,) で返す。

    C⁺ と C⁻ は、どちらも 0 から始める。
    """
    up = down = 0.0
    larger = []
    for value in z:
        up = max(0.0, up + value - k)
        down = max(0.0, down - value - k)
        larger.append(max(up, down))
    return np.array(larger)
''',
    compare="本書の CUSUM も、上と下を別々に積みます。和に上限は付けません。上限がしきい値より小さければ、永久に鳴らないからです。",
    examine=examine,
    wrong=WRONG,
)
