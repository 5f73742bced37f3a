"""演習: はさむ語を増やすと、語順を見ない答えの上限はどう動くか。"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed
from rnnbook.tasks import if_then

DECOYS, SHORT, LONG = 0.3, 20, 80


@cache
def bound(fillers: int, decoys: float = DECOYS) -> float:
    """語がいくつあるかだけを見たときの、最もよい正解率（10,000 文の上で）。"""
    rng = np.random.default_rng(0)
    ids, _ = if_then.batch_ids(rng, 10_000, fillers + 4, decoys)
    return if_then.best_without_order(ids)


def counts(fillers: int) -> tuple[float, float]:
    """条件の語の数の平均と、三つのうち最も多いものの数の平均。"""
    rng = np.random.default_rng(0)
    ids, _ = if_then.batch_ids(rng, 2_000, fillers + 4, DECOYS)
    first = if_then.VOCABULARY.index(if_then.CONDITIONS[0])
    n = (ids[..., None] == first + np.arange(len(if_then.CONDITIONS))).sum(axis=1)
    return float(n.sum(axis=1).mean()), float(n.max(axis=1).mean())


REASONS = {
    "ア": Reason(
        "文が長いほど、語の袋の学習が難しくなる。",
        lambda: (
            f"上限 {bound(LONG):.2f} は、何も学習させずに、文の中の語を数えて求めた値です。"
        ),
    ),
    "イ": Reason(
        "おとりが増えるほど、本物の一語が、多いか少ないかに響かなくなる。",
    ),
    "ウ": Reason(
        "文が長いほど、条件の語のほかの語に紛れる。",
        lambda: (
            f"おとりがなければ、はさむ語が {LONG} 語でも、上限は {bound(LONG, 0.0):.2f} のままです。"
        ),
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=lambda: bound(LONG),
        reasons=REASONS,
        what="上限の正解率",
        rtol=0.03,
    )
    (few, few_top), (many, many_top) = counts(SHORT), counts(LONG)
    return (
        f"{said}条件の語は、{SHORT} 語では平均 {few:.1f} 個（最も多い語が {few_top:.1f} 個）、"
        f"{LONG} 語では {many:.1f} 個（{many_top:.1f} 個）です。"
    )


EXERCISE = Exercise(
    title="おとりの中の一語",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
おとりのある if…then で、語順を見ないモデルの上限は、はさむ語が {SHORT} 語のとき {bound(SHORT):.2f} でした。{LONG} 語にすると、上限はどうなるでしょうか。おとりの割合は 3 割のままです。

1. 計算する前に予想し、`my_prediction` に書きます。
2. `if_then.batch_ids(rng, 10_000, {LONG} + 4, decoys=0.3)` の文を `if_then.best_without_order` に渡し、`my_measurement` に入れます。
3. {SHORT} 語のときから動いた理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 計算する前に: 80 語のときの上限
my_measurement = ...  # 計算した上限
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        "語順を見ないなら、三つの条件のうち、文にいちばん多い語を答えるのが最もよい答えです。",
        "おとりが 24 個あるとき、三つの語の数は、およそ 8 個ずつです。本物の一語は、どれだけ響くでしょうか。",
        "`ids, _ = if_then.batch_ids(np.random.default_rng(0), 10_000, 84, decoys=0.3)` のあと、`if_then.best_without_order(ids)` です。",
    ),
    solution="""from rnnbook.tasks import if_then

my_prediction = 0.5
ids, _ = if_then.batch_ids(np.random.default_rng(0), 10_000, 84, decoys=0.3)
my_measurement = if_then.best_without_order(ids)
my_reason = "イ"  # 本物は 25 個のうちの一個です
""",
    compare="割合を変えずに文だけを長くすると、上限は 1/3 に近づいていきます。",
    examine=examine,
    wrong=(
        Wrong((0.5, 0.53, "イ"), "が違います。"),
        Wrong((0.5, ..., ...), "次に測ります。"),
        Wrong((0.5, bound(LONG), "ア"), "何も学習させずに"),
        Wrong((0.5, bound(LONG), "ウ"), "おとりがなければ"),
        Wrong((0.5, bound(LONG), ...), "次に、理由を選びます。"),
    ),
)
