"""結晶の前触れ: 20 コマのうちに結晶になるかを、窓から当てます（第 14 章）。

窓と答えは materials/precursor.py、軌跡は実験 lj_crystals の 160 本です。五つに分け、試験の点数を合わせます。

    random      窓を無作為に分けます。同じ軌跡の重なる窓が、学習と試験に入ります
    trajectory  軌跡ごとに分けます

学習しない点数（Q6、Q6_5、cluster_5、energy_5、cold、clock）は、分け方に関わりません。学習するものは、
学習の窓の 1/5 を検証に取り分け、GRU はそこでエポックを選びます。警報のしきい値は、どの点数でも、検証の窓の
y = 0 のうち 1000 に 1、3、10 が越える所に置き、試験の軌跡で、見つけた数と早さと、実際の誤報を数えます。

AUC の区間は、軌跡を引き直したもの（ブートストラップ）です。diff は、同じ窓の Q6 の AUC との差です。
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnbook import data
from rnnbook.experiments import lj_crystals
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import splits
from rnnbook.materials.precursor import (
    HORIZON,
    NAMES,
    NEVER,
    Windows,
    events,
    summary,
    windows,
)
from rnnbook.models.eight_bits import pack
from rnnbook.training.auc import Ranked, draws_by_group
from rnnbook.training.gru_classifier import GRUClassifier

SEEDS, SIZES = tuple(range(5)), (26, 60, 160)
FOLDS, DRAWS = 5, 400
RATES = (1, 3, 10)  # y = 0 の窓 1000 あたりの誤報
LAST = {"Q6": ("Q6", 1, 1), "Q6_5": ("Q6", 5, 1), "cluster_5": ("cluster", 5, 1)}
LAST |= {"energy_5": ("energy", 5, -1)}
UNTRAINED = (*LAST, "cold", "clock")
TRAINED = ("logistic", "logistic_24", "trees", "gru")


def problem(event: str, size: int, seed: int) -> tuple[Windows, np.ndarray]:
    """size 本の軌跡の窓と、窓ごとの温度。size が 160 より小さければ、種ごとに選び直します。"""
    table = data.load("lj_crystals")
    series, T = lj_crystals.read(table), table["temperature"].to_numpy()
    when = events(series, T, by=event)
    rng = np.random.default_rng([seed, size])
    chosen = np.sort(rng.permutation(len(series))[:size])
    w = windows(series[chosen], when[chosen])
    return w, T[chosen][w.run]


def untrained(name: str, w: Windows, T: np.ndarray) -> np.ndarray:
    """学習の要らない点数 (N,)。大きいほど、結晶になりそうです。"""
    if name == "cold":
        return -T
    if name == "clock":
        return w.t.astype(float)
    column, frames, sign = LAST[name]
    return sign * w.x[:, -frames:, NAMES.index(column)].mean(axis=1)


def fitted(name: str, w: Windows, train: np.ndarray, held: np.ndarray, seed: int):
    """学習したモデルと、窓を点数にする関数。"""
    if name == "gru":
        model = GRUClassifier(seed=seed)
        model.fit(w.x[train], w.y[train], (w.x[held], w.y[held]))
        return model, model.predict
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    features = summary if name != "logistic" else lambda x: x[:, -1]
    if name == "trees":
        model = ExtraTreesClassifier(60, random_state=seed)
    else:
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    model.fit(features(w.x[train]), w.y[train])
    return model, lambda x: model.predict_proba(features(x))[:, 1]


def folds(w: Windows, split: str, seed: int):
    """(学習、検証、試験) の窓を、FOLDS 回。検証は、学習の側の 1/5 です。"""
    rng = np.random.default_rng([seed, 7])
    unit = w.run if split == "trajectory" else np.arange(len(w.y))
    places = rng.permutation(np.unique(unit))
    for part in np.array_split(places, FOLDS):
        test = np.isin(unit, part)
        rest = np.flatnonzero(~test)
        inner = splits.by_group(unit[rest], (0.8, 0.2), rng)
        train, held = rest[inner[0]], rest[inner[1]]
        if split == "trajectory":
            splits.require_apart(w.run, train, held, np.flatnonzero(test))
        yield train, held, np.flatnonzero(test)


def threshold(score: np.ndarray, y: np.ndarray, rate: float) -> float:
    """y = 0 の窓のうち、これを越えるものが 1000 に rate を超えない、いちばん低いしきい値。"""
    liquid = np.sort(score[y == 0])[::-1]
    return float(liquid[int(rate * len(liquid) / 1000)])


def alarms(w: Windows, loud: np.ndarray) -> dict:
    """警報 loud (N,) の成績: 見つけた軌跡、早さ（コマ）、y = 0 の窓での誤報。

    早さは、結晶になる前の 20 コマのうちの、はじめの警報からのコマの数です。なければ 0 とします。
    """
    leads = []
    for run in np.unique(w.run[w.event < NEVER]):
        rows = (w.run == run) & (w.t >= w.event - HORIZON)
        heard = w.t[rows & loud]
        leads.append(int(w.event[rows][0] - heard.min()) if len(heard) else 0)
    quarter, half, most = np.quantile(leads, (0.25, 0.5, 0.75)).tolist()
    result = {"found": sum(lead > 0 for lead in leads), "events": len(leads)}
    result |= {"lead_25": quarter, "lead_50": half, "lead_75": most}
    liquid = w.y == 0
    return result | {"false": int((loud & liquid).sum()), "liquid": int(liquid.sum())}


def train(point: Point) -> dict:
    """一点を測り、AUC とその区間、警報の成績を返します。図が使う GRU は、重みも返します。"""
    name, seed = point["model"], point["seed"]
    w, T = problem(point["event"], point["size"], seed)
    score, page = np.full(len(w.y), np.nan), {}
    loud = {rate: np.zeros(len(w.y), bool) for rate in RATES}
    for k, (rows, held, test) in enumerate(folds(w, point["split"], seed)):
        if name in UNTRAINED:
            told = untrained(name, w, T)
        else:
            model, predict = fitted(name, w, rows, held, seed)
            told = np.full(len(w.y), np.nan)
            told[held], told[test] = predict(w.x[held]), predict(w.x[test])
            if point == PAGE and k == 0:
                page = shown(model, w, test)
        score[test] = told[test]
        for rate in RATES:
            level = threshold(told[held], w.y[held], rate)
            loud[rate][test] = told[test] > level
    Q6, runs = untrained("Q6", w, T), np.unique(w.run)
    rng = np.random.default_rng(seed)
    both = draws_by_group(w.y, [score, Q6], w.run, DRAWS, rng)
    ends = np.nanquantile(both[:, 0], (0.025, 0.975))
    apart = np.nanquantile(both[:, 0] - both[:, 1], (0.025, 0.975))
    value = Ranked(w.y, score).auc()
    result = {"auc": value, "low": ends[0], "high": ends[1]}
    result |= {"diff": value - Ranked(w.y, Q6).auc(), "diff_low": apart[0]}
    result |= {"diff_high": apart[1], "windows": len(w.y), "positive": int(w.y.sum())}
    result |= {"runs": len(runs), "events": len(np.unique(w.run[w.event < NEVER]))}
    result = {key: v if isinstance(v, int) else float(v) for key, v in result.items()}
    heard = {str(rate): alarms(w, one) for rate, one in loud.items()}
    return result | {"alarms": heard} | page


def shown(model: GRUClassifier, w: Windows, test: np.ndarray) -> dict:
    """図が使うもの: GRU の 8 ビットの重みと、標準化と、学習に使わなかった軌跡の番号。"""
    scale = {"mean": model.mean.tolist(), "std": model.std.tolist()}
    return {
        "weights": pack(model.model),
        "scale": scale,
        "test": np.unique(w.run[test]).tolist(),
    }


SCORES = ("auc", "low", "high", "diff", "diff_low", "diff_high")
COUNTS = ("windows", "positive", "runs", "events")


def table(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """一点を一行にした、AUC の表。"""
    rows = [point | {c: r[c] for c in (*SCORES, *COUNTS)} for point, r in results]
    return pd.DataFrame(rows)


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    heard = [
        point | {"rate": int(rate)} | row
        for point, result in results
        for rate, row in result["alarms"].items()
    ]
    page = next(result for point, result in results if point == PAGE)
    weights = pd.DataFrame(page["weights"])
    how = {"index": False, "lineterminator": "\n"}
    return {
        "lj_precursor": table(results).to_csv(float_format="%.4f", **how),
        "lj_precursor_alarms": pd.DataFrame(heard).to_csv(float_format="%.2f", **how),
        "lj_precursor_weights": weights.to_csv(**how),
        "lj_precursor_page": pd.DataFrame({"column": NAMES} | page["scale"]).to_csv(
            float_format="%.8g", **how
        ),
        "lj_precursor_unseen": pd.DataFrame({"run": page["test"]}).to_csv(**how),
    }


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した AUC が、保存済みの平均 ± 3 標準偏差（と 0.02）に入るかの表。"""
    keys = ["event", "size", "split", "model"]
    stored = data.load("lj_precursor").groupby(keys)["auc"]
    rows = []
    for point, result in results:
        values = stored.get_group(tuple(point[key] for key in keys))
        row = {
            "本数": point["size"],
            "分け方": point["split"],
            "モデル": point["model"],
        }
        rows.append(row | beside_stored(result["auc"], values, slack=0.02))
    return pd.DataFrame(rows)


def _point(event, size, split, model, seed) -> Point:
    return {"event": event, "size": size, "split": split, "model": model, "seed": seed}


PAGE = _point("order", 160, "trajectory", "gru", 0)
CASES = [("order", size, "trajectory", UNTRAINED + TRAINED) for size in SIZES]
CASES += [("order", size, "random", TRAINED) for size in SIZES]
CASES += [("energy", 160, "trajectory", UNTRAINED + TRAINED)]

EXPERIMENT = Experiment(
    name="lj_precursor",
    title="結晶の前触れ: 無作為な窓と軌跡ごとの分け方、軌跡の本数、警報の早さと誤報",
    points=tuple(
        _point(event, size, split, model, seed)
        for event, size, split, models in CASES
        for model in models
        for seed in SEEDS
    ),
    # 保存した種とは別の種で測り直します
    quick=(
        _point("order", 160, "trajectory", "logistic", 100),
        _point("order", 26, "random", "trees", 100),
    ),
    train=train,
    tables=tables,
    compare=compare,
)
