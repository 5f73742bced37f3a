"""演習: 次元を増やすと、内積の注意は一か所に偏るか。"""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

from rnnbook.exercises.exercise import Exercise, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed

KEYS, QUERIES, SMALL, LARGE = 20, 1000, 4, 256


def vectors(H: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(QUERIES, H)), rng.normal(size=(KEYS, H))


def largest(H: int, scale: float = 1.0) -> float:
    """問い合わせごとの、いちばん大きな重みの平均。"""
    query, key = vectors(H)
    return float(softmax(scale * query @ key.T, axis=1).max(axis=1).mean())


def similarity(H: int) -> float:
    """問い合わせと鍵の、余弦の大きさの平均。"""
    query, key = vectors(H)
    unit = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in (query, key)]
    return float(abs(unit[0] @ unit[1].T).mean())


def spread(H: int) -> float:
    query, key = vectors(H)
    return float((query @ key.T).std())


REASONS = {
    "ア": Reason(
        "次元が大きいほど、問い合わせによく似た鍵が見つかる。",
        lambda: (
            f"余弦の大きさの平均は、H = {SMALL} で {similarity(SMALL):.2f}、"
            f"H = {LARGE} で {similarity(LARGE):.2f} です。似ている鍵は減ります。"
        ),
    ),
    "イ": Reason(
        "成分を足す数が増えるので、内積の広がりが √H に比例して大きくなり、softmax が一つに偏る。"
    ),
    "ウ": Reason(
        "鍵の数が多いので、softmax はいつも一つに偏る。",
        lambda: (
            f"鍵は同じ {KEYS} 個でも、H = {SMALL} では {largest(SMALL):.2f} です。"
            f"H = {LARGE} でも、内積を √H で割ると {largest(LARGE, LARGE**-0.5):.2f} です。"
        ),
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=lambda: largest(LARGE),
        reasons=REASONS,
        what="いちばん大きな重みの平均",
        rtol=0.02,
    )
    return (
        f"{said}内積の標準偏差は H = {LARGE} で {spread(LARGE):.1f} です。"
        "√H で割ると、次元によらずほぼ 1 になります。"
    )


EXERCISE = Exercise(
    title="次元を増やすと、どこを見るか",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
学習していない注意を調べます。問い合わせ {QUERIES} 本と鍵 {KEYS} 本を、成分が標準正規分布の乱数として `rng = np.random.default_rng(0)` から、問い合わせ、鍵の順に引きます（`rng.normal(size=({QUERIES}, H))`、`rng.normal(size=({KEYS}, H))`）。内積をそのまま softmax にします。

1. $H = {LARGE}$ のとき、問い合わせごとのいちばん大きな重みを平均すると、いくつでしょうか。{KEYS} 本を同じだけ見るなら {1 / KEYS} です。走らせる前に予想し、`my_prediction` に書きます。
2. 測って `my_measurement` に入れます。
3. そうなる理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 走らせる前に: いちばん大きな重みの平均
my_measurement = ...  # 測った平均
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        "独立な乱数を H 個足すと、和の広がりは H とともにどう変わりますか。",
        "`scipy.special.softmax(query @ key.T, axis=1).max(axis=1).mean()` です。",
        "H = 4 でも同じものを測り、内積を √H で割ったものとも並べます。",
    ),
    solution=f"""from scipy.special import softmax

rng = np.random.default_rng(0)
query = rng.normal(size=({QUERIES}, {LARGE}))
key = rng.normal(size=({KEYS}, {LARGE}))

my_prediction = 0.5
my_measurement = softmax(query @ key.T, axis=1).max(axis=1).mean()
my_reason = "イ"  # 内積の標準偏差は √H
""",
    compare="H を 4、16、64、256 と変えて、いちばん大きな重みを並べてみます。",
    examine=examine,
    wrong=(
        Wrong((0.5, 0.05, "イ"), "いちばん大きな重みの平均が違います。"),
        Wrong((0.5, ..., ...), "次に測ります。"),
    ),
)
