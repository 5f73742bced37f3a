"""演習: 炉の温度のずれに、CUSUM は何分で気づくか。"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.runs import compare_runs


def steps(shift_K, sigma_K, k, h):
    """和が h を超えるまでの、測定の回数（整数にする前）。"""
    # S_n = n (δ/σ − k) > h
    return h / (shift_K / sigma_K - k)


def right(shift_K, sigma_K, k, h, step_s):
    return (math.floor(steps(shift_K, sigma_K, k, h)) + 1) * step_s / 60


@cache
def false_alarm_s(likeness, k=0.5, h=6.0, step_s=10.0, runs=2000):
    """ずれのない記録で、はじめの誤報までの時間の平均（s）。z は、隣との相関が likeness の標準正規です。"""
    rng = np.random.default_rng(0)
    z, total, steps = rng.standard_normal(runs), np.zeros(runs), 0
    while len(z):  # まだ鳴っていない記録だけを進める
        steps += len(z)
        total = np.maximum(0, total + z - k)
        z, total = z[total <= h], total[total <= h]
        # z' = ρ z + √(1 − ρ²) e
        e = rng.standard_normal(len(z))
        z = likeness * z + math.sqrt(1 - likeness**2) * e
    return steps * step_s / runs


WRONG = (
    Wrong(
        lambda shift_K, sigma_K, k, h, step_s: (
            60 * right(shift_K, sigma_K, k, h, step_s)
        ),
        "返しているのは秒です。分に直します。",
    ),
    Wrong(
        lambda shift_K, sigma_K, k, h, step_s: right(shift_K, sigma_K, k, h, 60),
        "測定の間隔を 1 分としています。間隔は step_s 秒です。",
    ),
    Wrong(
        lambda shift_K, sigma_K, k, h, step_s: right(shift_K, 1.0, k, h, step_s),
        "ずれを K のまま積んでいます。k と h は標準偏差の何倍かで書かれているので、σ で割ります。",
    ),
    Wrong(
        lambda shift_K, sigma_K, k, h, step_s: right(shift_K, sigma_K, 0.0, h, step_s),
        "ゆとり k を引いていません。一回に積まれるのは δ/σ − k です。",
    ),
    Wrong(
        lambda shift_K, sigma_K, k, h, step_s: (
            steps(shift_K, sigma_K, k, h) * step_s / 60
        ),
        "測定は、間隔ごとにしか届きません。回数は、h を超えるはじめの整数です。",
    ),
    Wrong(
        lambda shift_K, sigma_K, k, h, step_s: (
            right(shift_K, sigma_K, k, h, step_s) - step_s / 60
        ),
        "一回分早すぎます。和が h 以下のうちは、まだ鳴りません。",
    ),
)


def examine(answer: Callable) -> str:
    cases = [
        {"shift_K": 6.0, "sigma_K": 2.5, "k": 0.5, "h": 16.0, "step_s": 20.0},
        {"shift_K": 3.0, "sigma_K": 1.5, "k": 0.5, "h": 6.0, "step_s": 10.0},
        {"shift_K": 1.25, "sigma_K": 2.0, "k": 0.5, "h": 7.5, "step_s": 90.0},
    ]
    compare_runs(
        answer,
        right,
        cases,
        wrong=WRONG,
        hint="一回に積まれる量、h を超えるまでの回数、分、の順に求めます。",
    )
    minutes = [right(shift, 1.5, 0.5, 6.0, 10.0) for shift in (3.0, 1.5, 0.8)]
    return (
        "σ = 1.5 K、k = 0.5、h = 6、10 秒ごとの測定では、3 K、1.5 K、0.8 K のずれに気づくまで、"
        f"{minutes[0]:.1f} 分、{minutes[1]:.1f} 分、{minutes[2]:.1f} 分です。0.75 K（kσ）より小さなずれは、"
        "雑音がなければいつまでも積まれません。ただし、ずれがなくても鳴ります。はじめの誤報まで、"
        f"独立な雑音では平均 {false_alarm_s(0.0) / 3600:.0f} 時間、隣の測定との相関が 0.9 の雑音では"
        f"平均 {false_alarm_s(0.9) / 60:.0f} 分でした（2,000 回ずつ）。k と h は、9.3 節のように、ふだんの記録で決めます。"
    )


EXERCISE = Exercise(
    title="炉のずれに、何分で気づくか",
    kind="材料",
    difficulty=2,
    importance=2,
    minutes=15,
    text=r"""
熱処理炉の温度を `step_s` 秒ごとに測っています。正常なときの標準偏差は `sigma_K`（K）です。ある時刻から、温度が `shift_K`（K）だけ高いまま続きました。雑音を除いて考えると、標準化した値は $z = \delta/\sigma$ で一定で、上側の CUSUM は 0 から一回に $z - k$ ずつ増えます。

和がしきい値 `h` をはじめて超える（`h` ちょうどでは鳴りません）測定は、ずれたあとの何回めでしょうか。ずれたあとの一回めの測定を、間隔一つぶん後とし、鳴るまでの時間を**分**で返してください。`shift_K / sigma_K` は `k` より大きいものとします。
""",
    stub='''def my_minutes(shift_K, sigma_K, k, h, step_s):
    """CUSUM が鳴るまでの時間（分）。温度は K、間隔は s。"""
    ...  # ここを書き換えます
''',
    hints=(
        "`k` と `h` には単位がありません。温度も、単位のない数に直します。",
        "n 回めの和は `n * (shift_K / sigma_K - k)` です。これが `h` を超える、いちばん小さい整数 n を求めます。",
        "`n = int(h / (shift_K / sigma_K - k)) + 1` とし、間隔を掛けて分に直します。",
    ),
    solution='''def my_minutes(shift_K, sigma_K, k, h, step_s):
    """CUSUM が鳴るまでの時間（分）。温度は K、間隔は s。"""
    each = shift_K / sigma_K - k  # 一回に積まれる量（単位なし）
    n = int(h / each) + 1  # h を超えるはじめの回
    return n * step_s / 60  # s を分に
''',
    compare="雑音があれば、鳴る時刻は前後に散らばります。この式は、その目安です。",
    examine=examine,
    wrong=WRONG,
)
