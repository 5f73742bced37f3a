"""演習: 記録を短くすると、結晶になった軌跡だけの待ち時間はどうなるか。"""

from __future__ import annotations

from base64 import b64decode
from functools import cache

import numpy as np

from rnnbook.data import load
from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed
from rnnbook.materials.crystallisation import COLUMNS, FRAME_TIME
from rnnbook.materials.precursor import CRYSTAL, NEVER, first_sustained

SHORT = 25.0  # τ


@cache
def waits() -> tuple[np.ndarray, np.ndarray]:
    """結晶になった軌跡の待ち時間（τ）と、その温度。"""
    runs = load("lj_crystals")
    T = runs["temperature"].to_numpy()
    low, step = COLUMNS["Q6"]
    k = np.stack([np.frombuffer(b64decode(q), np.uint8) for q in runs["Q6"]])
    event = first_sustained(low + step * k > CRYSTAL)
    there = event < NEVER
    return event[there] * FRAME_TIME, T[there]


def measured() -> float:
    time, _ = waits()
    return float(time[time <= SHORT].mean())


def colder() -> str:
    time, T = waits()
    return (
        f"25 τ までに結晶になった軌跡の温度の平均は {T[time <= SHORT].mean():.3f}、"
        f"あとのものは {T[time > SHORT].mean():.3f} です。一つの温度 0.56 だけで比べても、"
        f"平均は {time[T == 0.56].mean():.1f} τ から "
        f"{time[(T == 0.56) & (time <= SHORT)].mean():.1f} τ に縮みます。"
    )


REASONS = {
    "ア": Reason("25 τ までに結晶になったのは、温度の低い軌跡だけだから。", colder),
    "イ": Reason("25 τ より長く待った軌跡が、平均から落ちるから。"),
    "ウ": Reason(
        "記録が短いと、結晶になったコマを早く数えるから。",
        lambda: (
            "結晶になったコマは、軌跡ごとに一つに決まっていて、記録を切っても動きません。"
        ),
    ),
}


def examine(prediction: object, measurement: object, reason: object) -> str:
    if isinstance(prediction, int | float) and not 0 <= prediction <= 60:
        raise NotYet(
            "予想は待ち時間（τ）なので、0 から 60 の数で書きます。",
            "25 τ より長く待った軌跡は、平均に入りません。",
            (("渡された値", shown(prediction)), ("期待する値", "0 から 60")),
        )
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=measured,
        reasons=REASONS,
        what="待ち時間の平均（τ）",
    )
    return (
        f"{said}60 τ の記録では {waits()[0].mean():.1f} τ です。結晶になった軌跡だけの平均は、"
        "記録の長さで決まり、待ち時間の性質ではありません。"
    )


SETUP = """from rnnbook.data import load
from rnnbook.experiments.lj_crystals import read
from rnnbook.materials.crystallisation import FRAME_TIME
from rnnbook.materials.precursor import NEVER, events

runs = load("lj_crystals")
event = events(read(runs), runs["temperature"].to_numpy())
time = event[event < NEVER] * FRAME_TIME  # 結晶になった軌跡の待ち時間（τ）
"""

EXERCISE = Exercise(
    title="記録を短くすると",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=10,
    text=f"""
60 τ の記録のうちに結晶になった軌跡の待ち時間の平均は、{waits()[0].mean():.1f} τ です。記録を 25 τ で止めたとします。そのうちに結晶になった軌跡だけで平均すると、何 τ になるでしょうか。

1. 測る前に予想し、`my_prediction` に書きます。
2. 測り、`my_measurement` に入れます。測り方は、一つめのヒントにあります。
3. 変わった理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 測る前に: 25 τ で止めたときの平均（τ）
my_measurement = ...  # 測った平均（τ）
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        f"次のように測れます。\n\n```python\n{SETUP}```",
        "平均は `time[time <= 25].mean()` です。",
        "一つの温度だけで比べても縮むなら、温度のせいではありません。",
    ),
    solution=f"""{SETUP}
my_prediction = 20.0
my_measurement = time[time <= 25].mean()
my_reason = "イ"
""",
    compare="打ち切りも数える速さ $\\lambda$ なら、25 τ で止めても、こういう縮み方はしません（区間は広がります）。",
    examine=examine,
    wrong=tuple(
        Wrong((20.0, measured(), key), "次の測定と食い違います。")
        for key in ("ア", "ウ")
    ),
)
