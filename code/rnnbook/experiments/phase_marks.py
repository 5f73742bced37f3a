"""JMAK の仲間ではない、という印: 二段めや戻りが、どれだけ大きければ見つかるか（第 11 章）。

その場 X 線回折の f(t)（参照の重ね合わせの推定）に、二つの印を付けます。

    residual  JMAK の曲線を当てはめ、平滑化した残りの大きさ
    q         第 10 章の Q: 学習の f(t) の主成分で表せない残り

しきい値は、検証の JMAK の測定の 3 % に印が付く所です。ニューラルネットワークの学習はありません。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials.phase_estimators import golay, jmak_fit, linear_combination
from rnnbook.materials.phase_fraction import measure
from rnnbook.materials.trust import Trusted, group_quantile

SEEDS = tuple(range(5))
COUNTS = (50, 150)  # フレームの計数
KNOWN, TEST = 100, 60  # 学習と検証の JMAK の測定と、試験の測定
EFFECTS = (0.05, 0.1, 0.2, 0.4)  # 二段めの割合と、戻る割合
FALSE_MARKS, COMPONENTS, WIDTH = 0.03, 6, 11


def residual(f: np.ndarray) -> np.ndarray:
    """JMAK を当てはめた残り（平滑化したもの）の、二乗平均の平方根。f (N, FRAMES) → (N,)。"""
    return np.sqrt((golay(f - jmak_fit(f), WIDTH) ** 2).mean(axis=1))


def train(point: Point) -> dict:
    """印が付いた測定の割合: [印、族、大きさ、割合] の列。"""
    rng = np.random.default_rng(point["seed"])

    def series(kinetics: str, runs: int, effect: float | None = None) -> np.ndarray:
        frames = measure(rng.random, kinetics, runs, point["counts"], effect)
        return linear_combination(frames.X)

    known, valid = series("jmak", KNOWN), series("jmak", KNOWN)
    trusted = Trusted(lambda f: f[:, -1], COMPONENTS).fit(known, known[:, -1])
    measures = {"residual": residual, "q": lambda f: trusted.distances(f).q}
    limits = {
        name: group_quantile(far(valid), 1 - FALSE_MARKS)
        for name, far in measures.items()
    }
    found = []
    for family in ("jmak", "two_step", "reversal"):
        for effect in (None,) if family == "jmak" else EFFECTS:
            f = series(family, TEST, effect)
            found += [
                [name, family, effect or 0.0, float((far(f) > limits[name]).mean())]
                for name, far in measures.items()
            ]
    return {"found": found}


COLUMNS = ("mark", "kinetics", "effect", "marked")


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """印、族、大きさごとに一行の表。"""
    rows = [
        point | dict(zip(COLUMNS, each, strict=True))
        for point, result in results
        for each in result["found"]
    ]
    return pd.DataFrame(rows)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    text = table(results).to_csv(index=False, float_format="%.4f", lineterminator="\n")
    return {"phase_marks": text}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した割合が、保存済みの平均 ± 3 標準偏差（と 0.1）に入るかの表。"""
    keys = ["counts", *COLUMNS[:3]]
    stored = data.load("phase_marks").groupby(keys)["marked"]
    rows = []
    for _, row in table(results).iterrows():
        values = stored.get_group(tuple(row[key] for key in keys))
        head = {"印": row["mark"], "族": row["kinetics"], "大きさ": row["effect"]}
        rows.append(head | beside_stored(row["marked"], values, slack=0.1))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="phase_marks",
    title="その場 X 線回折: JMAK の仲間ではないという印が、大きさごとに付く割合",
    points=tuple(
        {"counts": counts, "seed": seed} for counts in COUNTS for seed in SEEDS
    ),
    # 保存した種とは別の種で測り直します
    quick=({"counts": 150, "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
