"""演習: 一つの試料を測る回数を減らすと、無作為な試験のうそはどうなるか。"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed
from rnnbook.materials import specimens, splits

SPECIMENS, MANY, FEW = 100, 10, 2


@cache
def measured(repeats: int) -> tuple[float, float]:
    """近い行を写すモデルの RMSE（%）と、試験の行のうち、同じ試料が学習にある割合。"""
    rng = np.random.default_rng(0)
    scans = specimens.measure(rng.standard_normal, SPECIMENS, repeats)
    train, test = splits.at_random(len(scans.c), (0.8, 0.2), rng)
    apart = ((scans.X[test][:, None] - scans.X[train]) ** 2).sum(axis=2)
    y_hat = scans.c[train][apart.argmin(axis=1)]
    error = float(np.sqrt(np.mean((y_hat - scans.c[test]) ** 2)))
    known = np.isin(scans.specimen[test], scans.specimen[train])
    return error, float(known.mean())


REASONS = {
    "ア": Reason(
        "測る回数が減ると、測定の雑音が大きくなる。",
        lambda: f"一本の雑音の標準偏差は、どちらも {specimens.NOISE} です。",
    ),
    "イ": Reason(
        "測る回数が減ると、学習に同じ試料の近い測定のない行が、試験に増える。"
    ),
    "ウ": Reason(
        "測る回数が減ると、試料の数が減る。",
        lambda: f"試料は、どちらも {SPECIMENS} 個です。",
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    if isinstance(prediction, int | float) and not 0 <= prediction <= 50:
        raise NotYet(
            "予想は RMSE（%）なので、0 から 50 の数で書きます。",
            "平均を答えるモデルの誤差は、およそ 5 % です。",
            (("渡された値", shown(prediction)), ("期待する値", "0 から 50")),
        )
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=lambda: measured(FEW)[0],
        reasons=REASONS,
        what="RMSE ",
    )
    many, known_many = measured(MANY)
    known_few = measured(FEW)[1]
    return (
        f"{said}{MANY} 回ずつなら {many:.2f} % です。試験の行のうち、同じ試料が学習に"
        f"ある割合は、{100 * known_many:.0f} % と {100 * known_few:.0f} % です。"
    )


SETUP = """from rnnbook.materials import specimens, splits

rng = np.random.default_rng(0)
scans = specimens.measure(rng.standard_normal, 100, 2)  # 100 試料、2 回ずつ
train, test = splits.at_random(len(scans.c), (0.8, 0.2), rng)
X, c = scans.X, scans.c
apart = ((X[test][:, None] - X[train]) ** 2).sum(axis=2)  # 距離の二乗
y_hat = c[train][apart.argmin(axis=1)]  # いちばん近い行を写す
"""

EXERCISE = Exercise(
    title="2 回ずつなら、うそは減るか",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
作り物の試料 {SPECIMENS} 個を 10 回ずつ測り、無作為に 8 割を学習、2 割を試験にします。いちばん近い学習の行の $c$ を写すモデルの RMSE は、およそ {measured(MANY)[0]:.1f} % です。

1. 2 回ずつしか測らなければ、RMSE はいくつになるでしょうか。測る前に予想し、`my_prediction` に書きます。
2. 種 0 の乱数で測り、`my_measurement` に入れます。測り方は、一つめのヒントにあります。
3. 変わった理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 測る前に: 2 回ずつ測ったときの RMSE（%）
my_measurement = ...  # 測った RMSE（%）
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        f"次のように測れます。\n\n```python\n{SETUP}```",
        "RMSE は `np.sqrt(np.mean((y_hat - c[test]) ** 2))` です。",
        "試験の行と同じ試料が学習にある割合は、`np.isin(scans.specimen[test], scans.specimen[train]).mean()` です。",
    ),
    solution=f"""{SETUP}
my_prediction = 3.0
my_measurement = np.sqrt(np.mean((y_hat - c[test]) ** 2))
my_reason = "イ"
""",
    compare="測定の数ではなく、試験の行と同じ試料が学習にどれだけあるかが、うその大きさを決めます。",
    examine=examine,
    wrong=tuple(
        Wrong((3.0, measured(FEW)[0], key), "次の測定と食い違います。")
        for key in ("ア", "ウ")
    ),
)
