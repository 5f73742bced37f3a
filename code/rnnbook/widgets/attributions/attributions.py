"""地図と物差し: 空孔を答えるモデルを説明する地図を、物理と、ただのネットワークに照らす図（第 15 章）。"""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch
import traitlets

from rnnbook import data
from rnnbook.materials import attribution, diffraction, powder, yardsticks
from rnnbook.materials.portable_counts import mulberry_poisson
from rnnbook.models.eight_bits import unpack
from rnnbook.models.explained import Forecast, linear_forecast, network_forecast
from rnnbook.models.vacancy_readers import NETWORKS, new_network
from rnnbook.widgets.diffraction.crystal import crystal
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Number, Whole

METHODS = {"saliency": "勾配", "integrated": "積分した勾配", "masking": "隠す"}
UNITS = {"root": "√計数", "standard": "標準偏差", "count": "計数"}
BASELINES = {"mean": "平均", "zero": "0 計数", "perfect": "完全な結晶"}
MODELS = {"pls": "PLS", "cnn": "CNN", "bilstm": "双方向 LSTM"}
STATES = {"trained": "学習した", "untrained": "学習前", "shuffled": "正解を混ぜた"}
STEPS, PATCH = 32, 8  # 積分の点と、一度に隠す点
MIDDLE = (5.0, 0.6, 1.0)  # w* を求める試料の c、B、背景


class Attributions(Figure):
    """空孔のある銅のナノ結晶の回折を一度測り、モデルの答えに、図形のどこが効いたかの地図を描きます。

    モデルも、その傾きも、物理の物差し（最適な重み w*、平均の計数の傾き ∂μ/∂c）も、ページの中で計算します。

    引数:
        method: 地図の描き方。"saliency"（勾配）、"integrated"（積分した勾配）、"masking"（8 点ずつ隠す）。
        model: 説明するモデル。"pls"、"cnn"、"bilstm"。
        state: モデルの学習。"trained"（正しい正解で）、"untrained"（学習前。PLS は乱数の係数）、
            "shuffled"（正解を試料の間で混ぜて）。
        unit: 勾配の目盛り。"root"（√計数あたり）、"standard"（学習の標準偏差あたり）、"count"（計数あたり）。
        baseline: 積分した勾配と隠す方法の基準。"mean"（学習の平均）、"zero"（0 計数）、
            "perfect"（空孔のない結晶）。
        c: 本当の空孔の割合（0 から 10 %）。
        B: 温度因子（0.3 から 1.2 Å²）。
        ground: 背景（学習した背景の中央の何倍か。0.4 から 2）。
        seed: 計数の揺らぎの種（1 から 30）。

    例:
        >>> Attributions(method="integrated", model="bilstm")
        Attributions(method='integrated', model='bilstm')
    """

    method = Choice("saliency", METHODS, "方法")
    model = Choice("cnn", MODELS, "モデル")
    state = Choice("trained", STATES, "学習")
    unit = Choice("root", UNITS, "目盛り", when=("method", "saliency"))
    baseline = Choice("mean", BASELINES, "基準")
    c = Number(5.0, 0, 10, "空孔 $c$（%）", step=0.5)
    B = Number(0.6, 0.3, 1.2, "温度因子 $B$（Å²）", step=0.05)
    ground = Number(1.0, 0.4, 2, "背景（倍）", step=0.1)
    seed = Whole(1, 1, 30, "揺らぎの種")
    # 結晶の殻と定数、状態ごとのモデル
    crystal = traitlets.Dict().tag(sync=True)
    trained = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "地図と物差し。上は、測った回折図形と、その下に 2θ をそろえた三つの列です。説明するモデルの地図、"
        "同じ方法を最適な線形の重みに掛けた地図、空孔が増えたときの平均の計数の傾きを、それぞれの最大で割って"
        "並べます。下は、物理の一歩（空孔、温度因子、背景）への、モデルと最適な重みの応えです。"
    ).tag(sync=True)
    _height = traitlets.List([820, 1140]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        super().__init__(crystal=crystal(), trained=trained(), **values)

    def numbers(self) -> dict[str, float]:
        """図が見せる数。

        answer は答え、rmse と bound は誤差とその目安（%）、rho_w と rho_slope は、地図の大きさの、w* の地図と
        ∂μ/∂c との順位の相関です。by_c、by_B、by_ground は、物理の一歩（空孔 +1 %、B +0.15 Å²、背景 +20 %）への
        モデルの応え、w_by_c などは w* の応え（%）です。積分した勾配では、地図の和 total、答えの差 change、
        モデルなしの地図の相関 rho_bare を加えます。

        例:
            >>> found = Attributions(method="integrated", model="pls").numbers()
            >>> abs(found["total"] - found["change"]) < 1e-6   # 線形なら、和は差に等しい
            True
        """
        here = (self.c, self.B, self.ground)
        counts = mulberry_poisson(self.seed)(mean(*here))
        x = np.sqrt(counts)[None]
        own, best = forecast(self.state, self.model), optimal_forecast()
        base = self._baseline(len(counts))
        maps = [self._map(f, x, base) for f in (own, best)]
        slope = powder.jacobian(theta(*here))[:, 0]
        told = [attribution.answers(own, each)[0] for each in (x, base[None])]
        scores = data.load("attributions_page").set_index(["state", "model"])
        score = scores.loc[(self.state, self.model)]
        found = {"answer": told[0], "rmse": score["rmse"], "bound": score["bound"]}
        found["rho_w"], _ = yardsticks.agreement(maps[0], maps[1])
        found["rho_slope"], _ = yardsticks.agreement(maps[0], slope)
        moves = {
            "c": (self.c + 1, self.B, self.ground),
            "B": (self.c, self.B + 0.15, self.ground),
            "ground": (self.c, self.B, 1.2 * self.ground),
        }
        for start, f in (("", own), ("w_", best)):
            for name, there in moves.items():
                moved = np.sqrt(np.maximum(0, counts + mean(*there) - mean(*here)))
                found[f"{start}by_{name}"] = yardsticks.response(f, x, moved[None])[0]
        if self.method == "integrated":
            bare, _ = yardsticks.agreement(x - base, maps[1])
            total, change = maps[0].sum(), told[0] - told[1]
            found |= {"total": total, "change": change, "rho_bare": bare}
        return {name: float(v) for name, v in found.items()}

    def _baseline(self, T: int) -> np.ndarray:
        """基準 x' (T,)。"""
        if self.baseline == "zero":
            return np.zeros(T)
        if self.baseline == "perfect":
            return np.sqrt(mean(0.0, *MIDDLE[1:]))
        return tables(self.state)["lines"]["mean"].to_numpy()

    def _map(self, f: Forecast, x: np.ndarray, base: np.ndarray) -> np.ndarray:
        """選んだ方法の地図 (1, T)。"""
        if self.method == "integrated":
            return attribution.integrated_gradients(f, x, base, STEPS)
        if self.method == "masking":
            return attribution.masking(f, x, base, PATCH)
        units = {
            "root": lambda: 1.0,
            "standard": lambda: tables(self.state)["lines"]["std"].to_numpy(),
            "count": lambda: 1 / (2 * np.maximum(x, 1)),
        }
        return attribution.saliency(f, x, units[self.unit]())


def mean(c: float, B: float, ground: float) -> np.ndarray:
    """計数の平均 μ (400,)。"""
    return diffraction.expected(c / 100, B, levels=ground * powder.LEVELS)


def theta(c: float, B: float, ground: float) -> np.ndarray:
    """試料の θ (1, 6)（rnnbook.materials.powder）。

    例:
        >>> theta(*MIDDLE).tolist()
        [[5.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
    """
    z = np.log(B / powder.B_MIDDLE) / powder.B_SPREAD
    b = np.log(ground) / powder.SPREAD
    return np.array([[c, z, 0.0, b, b, b]])


def tables(state: str) -> dict[str, pd.DataFrame]:
    """公開している表の、状態 state の行。"""
    parts = ("lines", "numbers", "weights")
    every = {part: data.load(f"attributions_page_{part}") for part in parts}
    return {part: table[table["state"] == state] for part, table in every.items()}


def forecast(state: str, model: str) -> Forecast:
    """状態 state のモデルの、微分できる関数。

    例:
        >>> x = np.sqrt(mean(5.0, 0.6, 1.0))[None]
        >>> bool(abs(attribution.answers(forecast("trained", "pls"), x)[0] - 5) < 3)
        True
    """
    own = tables(state)
    center, std, b = (own["lines"][name].to_numpy() for name in ("mean", "std", "pls"))
    level, scale = (float(own["numbers"][name].iloc[0]) for name in ("level", "scale"))
    if model == "pls":
        return linear_forecast(b, center, level)
    network = new_network(model)
    unpack(network, own["weights"][own["weights"]["model"] == model])
    return network_forecast(network, center, std, level, scale)


def optimal_forecast() -> Forecast:
    """最適な線形の重み w* の推定 ŷ = c + w* · (n − μ)、n = x²。"""
    mu, J = mean(*MIDDLE), powder.jacobian(theta(*MIDDLE))[0]
    w = yardsticks.optimal_weights(J, mu, powder.PRIOR)
    w, mu = torch.from_numpy(w), torch.from_numpy(mu)
    return lambda x: MIDDLE[0] + (x**2 - mu) @ w


def trained() -> dict[str, object]:
    """状態ごとの、モデルの重みと、試験の誤差（%）とその目安。"""
    scores = data.load("attributions_page")
    lines = data.load("attributions_page_lines")
    numbers = data.load("attributions_page_numbers")
    weights = data.load("attributions_page_weights")
    found = {}
    for state in STATES:
        own, score, line = (
            table[table["state"] == state].drop(columns="state")
            for table in (weights, scores, lines)
        )
        found[state] = {name: line[name].tolist() for name in ("mean", "std", "pls")}
        number = numbers[numbers["state"] == state].iloc[0]
        found[state] |= {name: float(number[name]) for name in ("level", "scale")}
        found[state] |= {
            "weights": {
                kind: own[own["model"] == kind].drop(columns="model").to_dict("records")
                for kind in NETWORKS
            },
            "rmse": dict(zip(score["model"], score["rmse"], strict=True)),
            "bound": float(score["bound"].iloc[0]),
        }
    return found
