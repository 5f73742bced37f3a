"""演習: 語彙を減らし、綴りの代金を払わないと、ビット数はどうなるか。"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnbook.datasets.essays import Characters, text_of
from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed
from rnnbook.models.ngram import NGram

SMALL, LARGE, SPELLING = 200, 2048, 16.0
FOUND = -1.2917  # よくある間違いの試験に使う、差の値（読み込むたびに数えないため）


@cache
def bits(V: int = SMALL, paid: bool = False) -> float:
    """検証の文章の、3 グラムの一文字あたりのビット数。paid なら、表にない文字に 16 ビットを足します。"""
    table = Characters.most_common(text_of("train"), V)
    ids, unseen = (table.encode(text_of(part)) for part in ("train", "valid"))
    p = NGram(ids, V, 3).probabilities(unseen)
    return float(np.mean(-np.log2(p) + paid * SPELLING * (unseen == 0)))


def change() -> float:
    """語彙を LARGE から SMALL に減らしたときの、払わないビット数の増え方。"""
    return bits(SMALL) - bits(LARGE)


REASONS = {
    "ア": Reason(
        "語彙が小さいほど、文字ごとの数が増え、モデルがよく当たるようになる。",
        lambda: (
            f"表にない文字に 16 ビットを足すと、V = {LARGE} で {bits(LARGE, True):.2f}、"
            f"V = {SMALL} で {bits(SMALL, True):.2f} です。"
        ),
    ),
    "イ": Reason("表にない文字がどれも同じ一つの記号になり、当てる問題が易しくなる。"),
    "ウ": Reason(
        "検証の文章が短くなり、割る数が変わる。",
        lambda: f"文字の数は、どちらも {len(text_of('valid'))} です。",
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    if isinstance(prediction, int | float) and not -16 <= prediction <= 16:
        raise NotYet(
            "予想は、一文字あたりのビット数の差なので、−16 から 16 の数で書きます。",
            "減るなら負、増えるなら正です。まず、符号を決めます。",
            (("渡された値", shown(prediction)), ("期待する値", "−16 から 16")),
        )
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=change,
        reasons=REASONS,
        what="ビット数の差",
    )
    return (
        f"{said}代金を払えば、V = {LARGE} で {bits(LARGE, True):.2f}、V = {SMALL} で "
        f"{bits(SMALL, True):.2f} です。語彙の違うモデルのビット数は、代金を足してから比べます。"
    )


SETUP = """import numpy as np
from rnnbook.datasets.essays import Characters, text_of
from rnnbook.models.ngram import NGram


def bits(V):
    table = Characters.most_common(text_of("train"), V)
    ids = table.encode(text_of("train"))
    p = NGram(ids, V, 3).probabilities(table.encode(text_of("valid")))
    return -np.log2(p).mean()
"""

EXERCISE = Exercise(
    title="文字を知らないモデルは、よく当てるか",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
第7章の 54 編を、3 グラム（Witten–Bell）で学習します。はじめは、よく現れる {LARGE - 1} 文字を表に入れます。表にない文字は、どれも一つの記号で、それを当てれば当たりとします（代金を払わない数え方です）。

1. 表を {SMALL - 1} 文字に減らすと、検証の一文字あたりのビット数は、いくつ増えるでしょうか（減るなら負の数）。計算する前に予想し、`my_prediction` に書きます。
2. 二つの表で計算し、差（小さい表 − 大きい表）を `my_measurement` に入れます。準備は、一つめのヒントにあります。
3. 変わった理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 計算する前に: ビット数の差
my_measurement = ...  # 計算した差
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        f"次のように準備します。\n\n```python\n{SETUP}```",
        "`NGram(ids, V, 3).probabilities(番号)` が、検証の文字ごとの確率です。",
        "`bits(200) - bits(2048)` です。",
    ),
    solution=f"""{SETUP}
my_prediction = 1.0
my_measurement = bits(200) - bits(2048)
my_reason = "イ"
""",
    compare="本書の表は、どの行も、表にない文字に 16 ビットを足しています。",
    examine=examine,
    wrong=(
        Wrong((1.0, FOUND, "ア"), "16 ビットを足すと"),
        Wrong((1.0, FOUND, "ウ"), "文字の数は"),
        Wrong((1.0, FOUND, ...), "次に、理由を選びます。"),
        Wrong((1.0, -FOUND, "イ"), "が違います。"),
    ),
)
