"""動く図「バルクハウゼン雑音」の三つのモデル: 学習と、新しい試料での誤差（第 12 章）。

一つの点が一つの種です。種ごとに、新しい試料を 160 個、七つの応力で 3 回ずつ測って学習し、別の新しい
試料 40 個を 8 回ずつ測って、答えの絶対誤差の平均（MPa）を求めます。

    bursts      平均する答えの数（1 か 8）
    calibrated  同じ試料の 0 MPa での答えを引いたか。引くときは、0 MPa を試験に数えません

図が使う重みは、GRU の誤差が中央の種のものです。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials.stress_noise import Bursts, make_specimens, record_all
from rnnbook.models.stress_answers import NAMES, StressAnswers, features
from rnnbook.training.annealed import fit_annealed

SEEDS = tuple(range(5))
LEARN, REPEATS = 160, 3  # 学習の試料と、一つの応力でのバースト
TEST, BURSTS = 40, 8
UPDATES, LEARNING_RATE, CLIP = 2000, 5e-3, 1.0


def fit(seed: int, updates: int = UPDATES, learn: int = LEARN) -> StressAnswers:
    """種 seed の試料と初期値で、三つのモデルを作ります。"""
    rng = np.random.default_rng([12, seed])
    bursts = record_all(rng, make_specimens(rng, learn), REPEATS, of=features)
    X = bursts.u.reshape(-1, bursts.u.shape[-1])
    y = np.broadcast_to(bursts.stress[None, :, None], bursts.u.shape[:3]).ravel()
    answers = StressAnswers().start(X, y, seed)
    fit_annealed(
        answers.gru,
        answers.batches(X, y, rng),
        updates=updates,
        every=min(500, updates),
        until=updates,
        learning_rate=LEARNING_RATE,
        clip=CLIP,
    )
    return answers


def unseen(seed: int, specimens: int = TEST) -> Bursts:
    """試験の試料を、BURSTS 回ずつ。学習の試料とは別のものです。"""
    rng = np.random.default_rng([1200, seed])
    return record_all(rng, make_specimens(rng, specimens), BURSTS, of=features)


def errors(told: np.ndarray, stress: np.ndarray) -> dict[tuple[int, bool], float]:
    """答え told (S, L, R) の絶対誤差の平均を、(平均する数, 校正の有無) ごとに。

    例:
        >>> told = np.array([[[10.0, 12.0], [60.0, 64.0]]])
        >>> errors(told, np.array([0.0, 50.0]))[2, True]
        1.0
    """
    found, zero = {}, int(np.flatnonzero(stress == 0)[0])
    for n in (1, told.shape[2]):
        # はじめから n 個ずつの平均 (S, L, R/n)
        mean = told.reshape(*told.shape[:2], -1, n).mean(axis=3)
        error = np.abs(mean - stress[:, None])
        found[n, False] = float(error.mean())
        # 同じ回の、同じ試料の 0 MPa の答えを引きます
        error = np.abs(mean - mean[:, [zero]] - stress[:, None])
        found[n, True] = float(error[:, stress != 0].mean())
    return found


def train(point: Point) -> dict:
    """一つの種の誤差と、重みを返します。"""
    answers, bursts = fit(point["seed"]), unseen(point["seed"])
    told = answers.predict(bursts.u.reshape(-1, bursts.u.shape[-1]))
    rows = []
    for name, values in zip(NAMES, told, strict=True):
        found = errors(values.reshape(bursts.u.shape[:3]), bursts.stress)
        for (n, calibrated), mae in found.items():
            row = {"model": name, "bursts": n, "calibrated": int(calibrated)}
            rows.append(row | {"mae": mae})
    return {"rows": rows, "weights": answers.packed()}


def error_table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """種、モデル、平均する数、校正の有無ごとに一行。"""
    return pd.DataFrame(
        [point | row for point, result in results for row in result["rows"]]
    )


def weight_table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """GRU の一つのバーストでの誤差が、中央の種の重み。"""

    def of_gru(result: dict) -> float:
        return next(row["mae"] for row in result["rows"] if row["model"] == "gru")

    ranked = sorted((result for _, result in results), key=of_gru)
    return pd.DataFrame(ranked[(len(ranked) - 1) // 2]["weights"])


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    errors_text = error_table(results).to_csv(
        index=False, float_format="%.3f", lineterminator="\n"
    )
    weights = weight_table(results).to_csv(index=False, lineterminator="\n")
    return {"barkhausen_page": errors_text, "barkhausen_page_weights": weights}


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した誤差が、保存済みの平均 ± 3 標準偏差（と 5 MPa）に入るかの表。"""
    keys = ["model", "bursts", "calibrated"]
    stored = data.load("barkhausen_page").groupby(keys)["mae"]
    rows = []
    for row in error_table(results).to_dict("records"):
        values = stored.get_group(tuple(row[key] for key in keys))
        named = {"モデル": NAMES[row["model"]], "平均": row["bursts"]}
        named["校正"] = row["calibrated"]
        rows.append(named | beside_stored(row["mae"], values, slack=5.0))
    return pd.DataFrame(rows)


EXPERIMENT = Experiment(
    name="barkhausen_page",
    title="動く図の三つのモデル（RMS、窓のリッジ、GRU）: 応力の誤差と重み",
    points=tuple({"seed": seed} for seed in SEEDS),
    # 保存した種とは別の種で測り直します
    quick=({"seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
)
