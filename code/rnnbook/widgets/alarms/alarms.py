"""警報のしきい値: 方法、しきい値、静かな時間、見逃しの費用を選び、機械の温度の警報を見る図（第 9 章）。"""

from __future__ import annotations

import base64
import math

import numpy as np
import traitlets

from rnnbook import data
from rnnbook.datasets.machine_events import PER_DAY, MachineRecord, load_machine_minutes
from rnnbook.materials.portable_random import Portable
from rnnbook.models import charts
from rnnbook.models.alarms import Outcome, onsets, outcome
from rnnbook.models.pca import PCA
from rnnbook.models.score_bytes import EDGES, STOPS, is_over, unpack
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Measured

METHODS = {
    "band": "帯",
    "rolling": "移動 z",
    "ewma": "EWMA",
    "cusum": "CUSUM",
    "seasonal": "季節",
    "pca": "PCA",
    "ridge": "線形",
    "gru": "GRU",
    "autoencoder": "LSTM",
    "random": "乱数",
}
FITS = {"short": "5 日", "long": "22 日"}
VIEWS = {"all": "全体", "0": "停止", "1": "異常", "2": "三つめ", "3": "故障"}
# 学習のはじめ、検証のはじめ、試験のはじめ
SPLITS = {
    "short": ("2013-12-02 21:15", "2013-12-08 00:00", "2013-12-10 00:00"),
    "long": ("2013-12-18 00:00", "2014-01-09 00:00", "2014-01-17 00:00"),
}
QUIETS = (5, 30, 60, 180, 360, 720, 1440)  # 分
MISSES = (1, 2, 5, 10, 20, 50, 100, 200)
PAST, AHEAD = 48, 12  # 線形予測が見る点の数と、当てる先
WINDOW, COMPONENTS = 48, 4  # PCA の窓と成分の数
HOW = {"width": PER_DAY, "lam": 0.05, "period": PER_DAY, "ahead": AHEAD}
SEED = 1  # でたらめな点数の種
STEP = PER_DAY / 24 / 60  # 一分の点の数


class Alarms(Figure):
    """機械の温度に、選んだ方法の警報を重ねます。しきい値は、検証の点数の最大の limit % です。

    管理図と線形予測の点数はページの中で、GRU と LSTM オートエンコーダの点数は実験 anomalies で計算しました。

    引数:
        method: 点数。"band"、"rolling"、"ewma"、"cusum"、"seasonal"、"pca"、"ridge"、"gru"、"autoencoder"、"random"。
        limit: しきい値（検証の点数の最大に対する %。25 から 400 の決まった値）。
        miss: 見逃し一つの費用（誤報の何回ぶんか。1、2、5、10、20、50、100、200）。
        quiet: 警報を別の 1 回と数えるまでの、静かな時間（分。5、30、60、180、360、720、1440）。
        fit: 学習の長さ。"short"（5 日）、"long"（22 日）。
        view: 見る所。"all"、または異常の番号 "0" から "3"。

    例:
        >>> Alarms(method="cusum", limit=150)
        Alarms(method='cusum', limit=150)
    """

    method = Choice("ewma", METHODS, "方法")
    limit = Measured(100, lambda figure: list(STOPS), "しきい値", unit="%")
    miss = Measured(20, lambda figure: list(MISSES), "見逃しの費用", unit="回")
    quiet = Measured(60, lambda figure: list(QUIETS), "静かな時間", unit="分")
    fit = Choice("short", FITS, "学習の長さ")
    view = Choice("all", VIEWS, "見る所")
    # 温度（0.01 刻みの 2 バイトの整数）、異常の区間、分け方、保存した点数、方法の定数
    series = traitlets.Unicode().tag(sync=True)
    events = traitlets.List().tag(sync=True)
    splits = traitlets.Dict().tag(sync=True)
    stored = traitlets.Dict().tag(sync=True)
    how = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "警報のしきい値。上は機械の温度の線で、異常の区間を帯で、警報の始まりを印で示します。"
        "下は選んだ方法の点数としきい値です。「費用と、ほかの方法の表」を開くと、しきい値と費用の"
        "関係の折れ線と、方法ごとの、見つけた異常、誤報、費用の表があります。"
    ).tag(sync=True)
    _height = traitlets.List([730, 1050]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        record = load_machine_minutes()
        whole = np.round(100 * record.temperature).astype("<u2")
        super().__init__(
            series=base64.b64encode(whole.tobytes()).decode("ascii"),
            events=events(record),
            splits={name: split(record, name) for name in SPLITS},
            stored=stored(),
            how=HOW | {"edges": list(EDGES), "seed": SEED},
            **values,
        )

    def _score(self, z: np.ndarray, fit: slice) -> np.ndarray:
        """ページの中で計算する方法の点数 (n,)。"""
        if self.method == "random":
            draw = Portable(SEED)
            return np.array([draw.uniform() for _ in z])
        if self.method == "pca":
            past = np.lib.stride_tricks.sliding_window_view(z, WINDOW)
            pca = PCA(COMPONENTS).fit(past[fit.start : fit.stop - WINDOW + 1])
            left = ((past - pca.back(pca.scores(past))) ** 2).mean(axis=1)
            return np.concatenate([np.zeros(WINDOW - 1), left])
        if self.method == "ridge":
            return charts.ahead_error(z, charts.fit_ahead(z, fit, PAST, AHEAD), AHEAD)
        chart = getattr(charts, self.method)
        how = {
            "rolling": lambda: PER_DAY,
            "ewma": lambda: HOW["lam"],
            "cusum": lambda: charts.calm_k(z, fit),
            "seasonal": lambda: PER_DAY,
        }
        return chart(z, *([how[self.method]()] if self.method in how else []))

    def numbers(self) -> dict[str, float]:
        """図が見せる数。

        held は検証での警報の数、alarms、found、false は試験での警報、見つけた異常、誤報の数、weekly は
        一週の誤報、cost は費用、best_limit と best_cost はいちばん安いしきい値（%）と費用、delay_k は
        異常 k（view の番号）の印からの遅れ（時間。見逃しは NaN）です。

        例:
            >>> found = Alarms(miss=10).numbers()
            >>> found["cost"] == 10 * (4 - found["found"]) + found["false"]
            True
        """
        record = load_machine_minutes()
        first, held, test = (record.at(when) for when in SPLITS[self.fit])
        n, fit, valid = len(record.time), slice(first, held), slice(held, test)
        if self.method in (kept := stored()[self.fit]):
            b = unpack(kept[self.method])
            over = {stop: is_over(b, stop) for stop in STOPS}
        else:
            score = self._score(charts.standardise(record.temperature, fit), fit)
            percent = 100 * (score / score[valid].max())
            over = {stop: percent > stop for stop in STOPS}
        quiet = round(self.quiet * STEP)
        starts = {stop: onsets(loud, 0.5, quiet) for stop, loud in over.items()}
        some = [k for k, (a, _) in enumerate(record.windows) if a >= test]
        windows, marks = (
            [each[k] for k in some] for each in (record.windows, record.marks)
        )
        found = {
            stop: outcome(at, windows, slice(test, n), marks)
            for stop, at in starts.items()
        }
        costs = {stop: self._cost(each) for stop, each in found.items()}
        here, least = found[self.limit], min(costs.values())
        # 同じ費用なら、いまのしきい値、次に検証の最大にいちばん近いもの
        cheap = [stop for stop in STOPS if costs[stop] == least]
        best = min(cheap, key=lambda s: (s != self.limit, abs(math.log(s / 100))))
        calm = n - test - sum(b - a + 1 for a, b in windows)
        at = starts[self.limit]
        counted = {
            "held": ((at >= held) & (at < test)).sum(),
            "alarms": here.alarms,
            "found": here.found,
            "false": here.false,
            "weekly": 7 * here.false / (calm / PER_DAY),
            "cost": costs[self.limit],
            "best_limit": best,
            "best_cost": least,
        }
        for k, delay in zip(some, here.delays, strict=True):
            counted[f"delay_{k}"] = math.nan if delay is None else delay / (60 * STEP)
        return {name: float(v) for name, v in counted.items()}

    def _cost(self, found: Outcome) -> int:
        """見逃した数 × 一つの見逃しの費用 + 誤報の数。"""
        return (found.events - found.found) * self.miss + found.false


def events(record: MachineRecord) -> list[dict]:
    """異常の名、区間、印。「前触れ」は、本文と同じに「三つめ」と呼びます。

    例:
        >>> events(load_machine_minutes())[2]["name"]
        '三つめ'
    """
    listed = zip(record.names, record.windows, record.marks, strict=True)
    told = {"前触れ": "三つめ"}
    return [{"name": told.get(n, n), "window": [*w], "mark": m} for n, w, m in listed]


def split(record: MachineRecord, name: str) -> dict:
    """分け方 name の番号と、学習の区間から決めた、CUSUM の k、線形予測の係数、主成分。

    例:
        >>> split(load_machine_minutes(), "short")["test"]
        2049
    """
    first, held, test = (record.at(when) for when in SPLITS[name])
    fit = slice(first, held)
    z = charts.standardise(record.temperature, fit)
    ridge = charts.fit_ahead(z, fit, PAST, AHEAD)
    past = np.lib.stride_tricks.sliding_window_view(z[fit], WINDOW)
    pca = PCA(COMPONENTS).fit(past)
    return {
        "fit": [first, held],
        "test": test,
        "k": charts.calm_k(z, fit),
        # 9 桁で、ページの受け取る量がおよそ半分になる
        "ridge": ridge.round(9).tolist(),
        "pca": {"mean": pca.mean.round(9).tolist(), "axes": pca.axes.round(9).tolist()},
    }


def stored() -> dict[str, dict[str, str]]:
    """分け方ごとの、学習したモデルの点数（種 0、1 バイト）。

    例:
        >>> sorted(stored()["long"])
        ['autoencoder', 'gru']
    """
    table = data.load("anomalies_scores").set_index(["series", "method"])["bytes"]
    return {name: table[f"machine_{name}"].to_dict() for name in SPLITS}
