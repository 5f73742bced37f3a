"""異常検知の比べ: 二つの系列、十一の点数、しきい値は検証だけから（第 9 章）。

    machine_short   機械の温度。5 日で学習、2 日で検証、異常 4 個
    machine_long    機械の温度。22 日で学習、8 日で検証、異常 2 個
    stream          周期ごとの磁気雑音（作り物）。150 周期で学習、50 周期で検証、異常 16 個。種ごとに別の系列

しきい値は、検証の点数の最大の factor 倍（rule = "max"）か、検証の点数の 95 %、99 % 点です。警報は始まりで
数え、quiet 点の静けさのあとを新しい警報とします（機械は 1 時間、stream は一周期）。ringing は、前から鳴って
いたものも入れて、区間の中で越えていた異常の数です。f1 は時刻ごとの F1、f1_adjusted は点の調整のあとの F1
です。機械の、学習のない点数には乱数がないので、種は 0 だけです。
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.datasets.machine_events import PER_HOUR, load_machine_minutes
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import burst_stream
from rnnbook.models import alarms, charts
from rnnbook.models.score_bytes import pack
from rnnbook.training.window_scores import AutoencoderScore, GRUScore, PCAScore

CUTS = {
    "machine_short": ("2013-12-02", "2013-12-08", "2013-12-10"),
    "machine_long": ("2013-12-18", "2014-01-09", "2014-01-17"),
}
SERIES = (*CUTS, "stream")
CHARTS = ("band", "rolling", "ewma", "cusum", "seasonal", "pca", "ar1", "ar12")
NETWORKS = ("gru", "autoencoder")
METHODS = (*CHARTS, *NETWORKS, "random")
SEEDS, STREAMS, RANDOM = range(5), range(10), range(20)
FACTORS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 3.0)
LAMBDA, WINDOW, COMPONENTS, AHEAD = 0.05, 48, 4, 12


class Problem(NamedTuple):
    """一つの系列と、分け方と、異常。"""

    z: np.ndarray  # (n,) 標準化した系列
    train: slice
    valid: slice
    test: slice
    windows: tuple[tuple[int, int], ...]
    marks: tuple[int, ...]
    names: tuple[str, ...]
    period: int  # 季節の周期（点）
    quiet: int
    unit: int  # 誤報を数える単位の点の数（機械は 1 週間、stream は 100 周期）


def problem(series: str, seed: int = 0) -> Problem:
    """系列を作り、学習の区間だけで標準化します。"""
    if series == "stream":
        x, faults = burst_stream.with_faults(np.random.default_rng(seed))
        P = burst_stream.P
        a = burst_stream.TRAIN * P
        b = a + burst_stream.VALID * P
        z = burst_stream.by_phase(x, slice(0, a))
        windows = tuple(fault.window for fault in faults)
        marks, names = [w[0] for w in windows], [fault.kind for fault in faults]
        how = (P, P, 100 * P)
        start = 0
    else:
        record = load_machine_minutes()
        start, a, b = (record.at(when) for when in CUTS[series])
        z = charts.standardise(record.temperature, slice(start, a))
        some = [k for k, window in enumerate(record.windows) if window[0] >= b]
        windows = tuple(record.windows[k] for k in some)
        marks = [record.marks[k] for k in some]
        names = [record.names[k] for k in some]
        how = (24 * PER_HOUR, PER_HOUR, 7 * 24 * PER_HOUR)
    parts = (slice(start, a), slice(a, b), slice(b, len(z)))
    return Problem(z, *parts, windows, tuple(marks), tuple(names), *how)


def score_of(method: str, p: Problem, seed: int) -> np.ndarray:
    """方法の点数 (n,)。"""
    z = p.z
    if method == "random":
        return np.random.default_rng([seed, 9]).random(len(z))
    if method == "band":
        return charts.band(z)
    if method == "rolling":
        return charts.rolling(z, p.period)
    if method == "ewma":
        return charts.ewma(z, LAMBDA)
    if method == "cusum":
        return charts.cusum(z, charts.calm_k(z, p.train))
    if method == "seasonal":
        return charts.seasonal(z, p.period)
    if method.startswith("ar"):
        ahead = int(method[2:])
        weights = charts.fit_ahead(z, p.train, WINDOW, ahead)
        return charts.ahead_error(z, weights, ahead)
    made = {
        "pca": lambda: PCAScore(WINDOW, COMPONENTS),
        "gru": lambda: GRUScore(WINDOW, AHEAD, seed=seed),
        "autoencoder": lambda: AutoencoderScore(WINDOW, seed=seed),
    }[method]()
    return made.fit(z, p.train).score(z)


def thresholds(score: np.ndarray, valid: slice) -> list[tuple[str, float, float]]:
    """(決め方、倍率、しきい値) の並び。検証の区間だけを読みます。"""
    held = score[valid]
    rows = [("max", factor, float(factor * held.max())) for factor in FACTORS]
    return rows + [(f"q{q}", 1.0, float(np.percentile(held, q))) for q in (95, 99)]


def measured(score: np.ndarray, p: Problem) -> dict:
    """一つの点数の成績: しきい値ごとの行と、異常ごとの行。"""
    truth = np.zeros(len(score), bool)
    for a, b in p.windows:
        truth[a : b + 1] = True
    normal = (~truth[p.test]).sum() / p.unit  # 異常の区間の外の、単位の数
    rows, events = [], []
    for rule, factor, level in thresholds(score, p.valid):
        starts = alarms.onsets(score, level, p.quiet)
        got = alarms.outcome(starts, p.windows, p.test, p.marks)
        rung = alarms.ringing(score, level, p.windows)
        loud, bad = score[p.test] > level, truth[p.test]
        row = {"rule": rule, "factor": factor, "threshold": level}
        row |= {"alarms": got.alarms, "inside": got.inside, "found": got.found}
        row |= {"ringing": sum(rung), "events": got.events}
        row |= {"per_unit": got.alarms / ((p.test.stop - p.test.start) / p.unit)}
        row |= {"false_per_unit": got.false / normal}
        row["f1"] = alarms.f1_points(loud, bad)
        row["f1_adjusted"] = alarms.f1_points(alarms.point_adjusted(loud, bad), bad)
        rows.append(row)
        if (rule, factor) == ("max", 1.0):
            for name, delay, rang in zip(p.names, got.delays, rung, strict=True):
                event = {"event": name, "found": int(delay is not None)}
                events.append(event | {"ringing": int(rang), "delay": delay})
    return {"rows": rows, "events": events}


def train(point: Point) -> dict:
    """一点の成績。図が使う点数は、1 バイトずつ残します（models/score_bytes）。"""
    p = problem(point["series"], point["seed"])
    score = score_of(point["method"], p, point["seed"])
    result = measured(score, p)
    if is_kept(point):
        most = float(score[p.valid].max())
        result["kept"] = {"most": most, "bytes": pack(score, most)}
    return result


def is_kept(point: Point) -> bool:
    return (
        point["series"] != "stream"
        and point["method"] in NETWORKS
        and point["seed"] == 0
    )


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    rows = [point | row for point, result in results for row in result["rows"]]
    events = [point | row for point, result in results for row in result["events"]]
    kept = [point | result["kept"] for point, result in results if "kept" in result]
    how = {"index": False, "lineterminator": "\n", "float_format": "%.5g"}
    return {
        "anomalies": pd.DataFrame(rows).to_csv(**how),
        "anomalies_events": pd.DataFrame(events).to_csv(**how),
        "anomalies_scores": pd.DataFrame(kept).to_csv(**how),
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した、見つけた数が、保存済みの平均 ± 3 標準偏差（と 1）に入るかの表。"""
    stored = data.load("anomalies").query("rule == 'max' and factor == 1")
    stored = stored.groupby(["series", "method"])["found"]
    rows = []
    for point, result in results:
        (row,) = (r for r in result["rows"] if r["rule"] == "max" and r["factor"] == 1)
        values = stored.get_group((point["series"], point["method"]))
        names = {"系列": point["series"], "方法": point["method"]}
        rows.append(names | beside_stored(row["found"], values, slack=1.0))
    return pd.DataFrame(rows)


def seeds_of(series: str, method: str) -> range:
    if method == "random":
        return RANDOM
    if series == "stream":
        return STREAMS
    return SEEDS if method in NETWORKS else range(1)


EXPERIMENT = Experiment(
    name="anomalies",
    title="異常検知: 管理図、予測、オートエンコーダ、でたらめな点数（第 9 章）",
    points=tuple(
        {"series": series, "method": method, "seed": seed}
        for series in SERIES
        for method in METHODS
        for seed in seeds_of(series, method)
    ),
    # 乱数のない管理図は同じ値になり、stream は別の種で測り直します
    quick=(
        {"series": "machine_long", "method": "ewma", "seed": 0},
        {"series": "stream", "method": "ewma", "seed": 100},
    ),
    train=train,
    tables=tables,
    compare=compare,
    empty=("delay",),
)
