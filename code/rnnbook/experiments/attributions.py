"""地図の物差し: 空孔の割合を答えるモデルを、四つの方法で説明し、物理と、ただのネットワークに照らす（第 15 章）。

モデルは PLS、畳み込み、双方向 LSTM を、学習した（trained）、学習前（untrained）、正解を混ぜて学習した（shuffled）
の三通りと、最適な線形の重み（optimal。学習しません）です。

    responses  物理の一歩への応え。c は +1 %、ほかは標準偏差一つあたりの、答えの増え方（%）
    maps       地図の大きさと、物差しの大きさの、順位の相関 rho と上位 1 割の重なり top
               _jac は計数のヤコビ行列 ∂μ/∂c、_best は同じ方法を最適な線形の重みに掛けた地図
    seeds      同じ 40 試料の、標準化した入力についての勾配の平均。種どうしを比べます
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from rnnbook import data
from rnnbook.lab.engine import Experiment, Point
from rnnbook.lab.spread import beside_stored
from rnnbook.materials import attribution, powder, yardsticks
from rnnbook.materials.diffraction import expected
from rnnbook.models.explained import linear_forecast, network_forecast
from rnnbook.models.pls import PLS
from rnnbook.models.spectrum_networks import spectrum_network
from rnnbook.training.metrics import rmse
from rnnbook.training.seeds import seed_everything
from rnnbook.training.spectrum_regressor import SpectrumRegressor

SEEDS = tuple(range(5))
TRAIN, TEST = 640, 600
EXPLAINED, RESCALED = 40, 10  # 説明する試料と、測り直した勾配の試料
STEPS = 32  # 積分の点
UPDATES, RATES = 1000, {"cnn": 0.001, "bilstm": 0.003}  # 第 11 章と同じ
QUANTITIES = ("c", "B", "scale", "flat", "air", "hump")
STEP = np.array([1.0, 0.1, 0.1, 0.1, 0.1, 0.1])  # θ の一歩


def moved(scans: powder.Scans, which: int) -> np.ndarray:
    """計数の揺らぎはそのままに、θ の which 番目だけを STEP 動かした √計数。"""
    ahead = scans.theta.copy()
    ahead[:, which] += STEP[which]
    change = expected(*powder.values(ahead)) - expected(*powder.values(scans.theta))
    return np.sqrt(np.maximum(scans.counts + change, 0))


def make(point: Point, known: powder.Scans):
    """説明されるモデルの関数。"""
    name, state, seed = point["model"], point["state"], point["seed"]
    X, y = np.sqrt(known.counts), known.c
    if state == "shuffled":
        y = np.random.default_rng([9, seed]).permutation(y)
    if name == "pls":
        pls = PLS(most=20).fit(X, y)
        return linear_forecast(pls.coefficients, pls.mean, pls.level)
    parts = X.mean(axis=0), X.std(axis=0) + 1e-12, y.mean(), y.std()
    if state == "untrained":
        seed_everything(seed)
        return network_forecast(spectrum_network(name, T=400, O=1), *parts)
    updates = point.get("updates", UPDATES)
    how = {"updates": updates, "learning_rate": RATES[name], "seed": seed}
    return network_forecast(SpectrumRegressor(name, **how).fit(X, y).model, *parts)


def best_reader(theta: np.ndarray):
    """θ の典型（0）での最適な線形の重みを、計数に掛ける関数。入力は √計数です。"""
    middle = np.array([[powder.RANGE / 2, 0, 0, 0, 0, 0]])
    J, mu = powder.jacobian(middle)[0], expected(*powder.values(middle))[0]
    w = torch.from_numpy(yardsticks.optimal_weights(J, mu, powder.PRIOR))
    mu = torch.from_numpy(mu)
    # ŷ = 5 + w* · (n − μ)
    return lambda x: powder.RANGE / 2 + (x**2 - mu) @ w


def maps_of(forecast, scans: powder.Scans, known: powder.Scans) -> dict:
    """方法ごとの地図 (N, 400)。入力は √計数です。"""
    x = np.sqrt(scans.counts)
    X = np.sqrt(known.counts)
    mean, std = X.mean(axis=0), X.std(axis=0)
    perfect = np.sqrt(expected(*powder.values(np.zeros((1, 6)))))[0]  # 空孔なし
    slope = attribution.gradients(forecast, x)
    found = {
        "saliency_count": slope / (2 * np.maximum(x, 1)),
        "saliency_root": slope,
        "saliency_std": slope * std,
    }
    for name, x0 in (("zero", 0.0), ("mean", mean), ("perfect", perfect)):
        A = attribution.integrated_gradients(forecast, x, x0, STEPS)
        found[f"integrated_{name}"] = A
    for width in (1, 8, 40):
        found[f"mask_{width}"] = attribution.masking(forecast, x, mean, width)
    found["rescaled"] = attribution.rescaled_saliency(
        forecast, x[:RESCALED], mean, 8, std
    )
    return found


def train(point: Point) -> dict:
    """一つのモデルの、一歩への応えと、地図の一致。"""
    draw = (np.random.default_rng([k, point["seed"]]) for k in range(2))
    known, test = (
        powder.measure(rng, n) for rng, n in zip(draw, (TRAIN, TEST), strict=True)
    )
    best = best_reader(known.theta)
    forecast = best if point["model"] == "optimal" else make(point, known)
    x = np.sqrt(test.counts)
    answer = attribution.answers(forecast, x)
    steps = {
        f"step_{name}": float(
            yardsticks.response(forecast, x, moved(test, k), STEP[k]).mean()
        )
        for k, name in enumerate(QUANTITIES)
    }
    scans = powder.Scans(*(part[:EXPLAINED] for part in test))
    J = powder.jacobian(scans.theta)[:, 0]
    own, told = maps_of(forecast, scans, known), maps_of(best, scans, known)
    told["rescaled"] = told["saliency_std"][:RESCALED]
    rows = []
    for method, one in own.items():
        if np.ptp(np.abs(one), axis=1).min() <= 1e-12:  # 地図がない（線形の測り直し）
            rows.append({"method": method})
            continue
        pairs = [yardsticks.agreement(one, t) for t in (J[: len(one)], told[method])]
        cosine = np.sum(one * told[method], axis=1) / (
            np.linalg.norm(one, axis=1) * np.linalg.norm(told[method], axis=1)
        )
        rows.append(
            {
                "method": method,
                "rho_jac": pairs[0][0],
                "top_jac": pairs[0][1],
                "rho_best": pairs[1][0],
                "top_best": pairs[1][1],
                "cosine_best": float(cosine.mean()),
            }
        )
    # 入力と予測の共分散: モデルの地図ではなく、データの地図
    shared = (x - x.mean(axis=0)).T @ (answer - answer.mean())
    change = powder.jacobian(test.theta)[:, 0].mean(axis=0) / (2 * x.mean(axis=0))
    cosine = shared @ change / np.linalg.norm(shared) / np.linalg.norm(change)
    score = {
        "rmse": rmse(test.c, answer),
        "bound": powder.best_error(test.theta),
        "covariance": float(cosine),
    }
    result = {"": [score | steps], "_maps": rows}
    if point["state"] == "trained":  # どの種も、同じ試料の地図
        same = powder.measure(np.random.default_rng(77), EXPLAINED)
        slope = attribution.gradients(forecast, np.sqrt(same.counts)).mean(axis=0)
        std = np.sqrt(known.counts).std(axis=0)
        result["_seeds"] = [float(f"{v:.4g}") for v in slope * std]
    return result


def tables(results: list[tuple[Point, dict]]) -> dict[str, str]:
    """data/results/ に書く CSV の中身。"""
    found = {}
    for part in ("", "_maps"):
        rows = [point | row for point, result in results for row in result[part]]
        text = pd.DataFrame(rows).to_csv(
            index=False, float_format="%.4f", lineterminator="\n"
        )
        found[f"attributions{part}"] = text
    lines = {
        f"{point['model']}{point['seed']}": result["_seeds"]
        for point, result in results
        if "_seeds" in result
    }
    found["attributions_seeds"] = pd.DataFrame(lines).to_csv(
        index=False, float_format="%.4g", lineterminator="\n"
    )
    return found


def compare(results: list[tuple[Point, dict]]) -> pd.DataFrame:
    """測り直した一歩への応えが、保存済みの平均 ± 3 標準偏差（と 0.05）に入るかの表。"""
    stored = data.load("attributions").groupby(["model", "state"])["step_c"]
    rows = []
    for point, result in results:
        values = stored.get_group((point["model"], point["state"]))
        row = {"モデル": point["model"], "状態": point["state"]}
        value = result[""][0]["step_c"]
        rows.append(row | beside_stored(value, values, slack=0.05))
    return pd.DataFrame(rows)


CASES = [
    ("optimal", "exact"),
    ("pls", "trained"),
    ("pls", "shuffled"),
    *((m, s) for m in RATES for s in ("trained", "untrained", "shuffled")),
]

EXPERIMENT = Experiment(
    name="attributions",
    title="地図の物差し: 四つの方法を、物理の一歩、最適な重み、ただのネットワークに照らす",
    points=tuple(
        {"model": model, "state": state, "seed": seed}
        for seed in SEEDS
        for model, state in CASES
    ),
    # 保存した種とは別の種で測り直します
    quick=({"model": "pls", "state": "trained", "seed": 100},),
    train=train,
    tables=tables,
    compare=compare,
    empty=("rho_jac", "top_jac", "rho_best", "top_best", "cosine_best"),
)
