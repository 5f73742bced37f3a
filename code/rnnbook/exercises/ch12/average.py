"""演習: バーストを平均すると、何が減って、何が残るか。"""

from __future__ import annotations

from functools import cache

import numpy as np

from rnnbook.exercises.evidence import shown
from rnnbook.exercises.exercise import Exercise, NotYet, Wrong
from rnnbook.exercises.study import Reason, examine_study, listed
from rnnbook.materials import stress_noise
from rnnbook.materials.waveforms import rms

SPECIMENS, MANY = 40, 16


@cache
def log_rms() -> np.ndarray:
    """応力 0 MPa の ln RMS (試料, バースト)。"""
    rng = np.random.default_rng(0)
    made = stress_noise.make_specimens(rng, SPECIMENS)
    of = lambda u: np.log(rms(u))  # noqa: E731
    return stress_noise.record_all(rng, made, MANY, of=of, levels=(0.0,)).u[:, 0]


def ratio() -> float:
    """MANY 回の平均の、試料どうしの散らばりと、1 回のそれとの比。"""
    L = log_rms()
    return float(L.mean(axis=1).std() / L[:, 0].std())


REASONS = {
    "ア": Reason(
        "バーストどうしが似ていて、平均しても新しいことが分からない。",
        lambda: (
            "同じ試料の、続く二つのバーストの、試料の平均からのずれの相関は "
            f"{_between_bursts():.2f} です。"
        ),
    ),
    "イ": Reason("平均で減るのは、一つの試料の中の散らばりだけで、試料の違いは残る。"),
    "ウ": Reason(
        "電圧に加わる雑音が大きく、RMS のほとんどを占める。",
        lambda: (
            f"雑音の標準偏差は {stress_noise.NOISE} で、RMS の平均は "
            f"{np.exp(log_rms()).mean():.2f} です。"
        ),
    ),
}


def _between_bursts() -> float:
    apart = log_rms() - log_rms().mean(axis=1, keepdims=True)
    return float(np.corrcoef(apart[:, :-1].ravel(), apart[:, 1:].ravel())[0, 1])


def examine(prediction: object, measurement: object, reason: object) -> str:
    if isinstance(prediction, int | float) and not 0 < prediction <= 2:
        raise NotYet(
            "予想は散らばりの比なので、0 より大きく 2 以下の数で書きます。",
            "独立な 16 回の平均なら、平均の誤差は 1/4 になります。試料の違いもそうでしょうか。",
            (
                ("渡された値", shown(prediction)),
                ("期待する値", "0 より大きく 2 以下の数"),
            ),
        )
    said = examine_study(
        prediction,
        measurement,
        reason,
        measure=ratio,
        reasons=REASONS,
        what="散らばりの比 ",
    )
    inside = log_rms().std(axis=1).mean()
    return f"{said}一つの試料の中の、1 バーストの ln RMS の標準偏差は、平均 {inside:.2f} です。"


SETUP = f"""from rnnbook.materials import stress_noise, waveforms

rng = np.random.default_rng(0)
made = stress_noise.make_specimens(rng, {SPECIMENS})
L = stress_noise.record_all(
    rng, made, {MANY}, of=lambda u: np.log(waveforms.rms(u)), levels=(0.0,)
).u[:, 0]  # (試料, バースト)
"""

EXERCISE = Exercise(
    title="16 回平均すれば、散らばりは 1/4 か",
    kind="調べる",
    difficulty=2,
    importance=2,
    minutes=15,
    text=f"""
応力 0 MPa の試料 {SPECIMENS} 個を、{MANY} 回ずつ測ります。1 バーストの $\\ln$ RMS の、試料どうしの標準偏差を 1 とすると、{MANY} 回の平均の標準偏差はいくつになるでしょうか。

1. 測る前に予想し、`my_prediction` に書きます。
2. 種 0 の乱数で測り、`my_measurement` に入れます。測り方は、一つめのヒントにあります。
3. そうなった理由を一つ選び、`my_reason` に入れます。

{listed(REASONS)}
""",
    stub="""my_prediction = ...  # 測る前に: 16 回の平均の散らばり / 1 回の散らばり
my_measurement = ...  # 測った比
my_reason = ...  # "ア"、"イ"、"ウ" のどれか
""",
    hints=(
        f"次のように測れます。\n\n```python\n{SETUP}```",
        "比は `L.mean(axis=1).std() / L[:, 0].std()` です。",
        "一つの試料の中の散らばりは `L.std(axis=1)` です。試料どうしの散らばりと比べます。",
    ),
    solution=f"""{SETUP}
my_prediction = 0.8
my_measurement = L.mean(axis=1).std() / L[:, 0].std()
my_reason = "イ"
""",
    compare="分散は、試料の違いの分と、(一つの試料の中の分散) / (回数) の和です。",
    examine=examine,
    wrong=tuple(
        Wrong((0.8, ratio(), key), "次の測定と食い違います。") for key in ("ア", "ウ")
    ),
)
