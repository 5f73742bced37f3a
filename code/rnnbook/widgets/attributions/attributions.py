"""地図と物差し: 空孔を答えるモデルを説明する地図を、物理と、ただのネットワークに照らす図（第 15 章）。"""

from __future__ import annotations

import traitlets

from rnnbook import data
from rnnbook.models.vacancy_readers import NETWORKS
from rnnbook.widgets.diffraction.crystal import crystal
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Number, Whole

METHODS = {"saliency": "勾配", "integrated": "積分した勾配", "masking": "隠す"}
UNITS = {"root": "√計数", "standard": "標準偏差", "count": "計数"}
BASELINES = {"mean": "平均", "zero": "0 計数", "perfect": "完全な結晶"}
MODELS = {"pls": "PLS", "cnn": "CNN", "bilstm": "双方向 LSTM"}
STATES = {"trained": "学習した", "untrained": "学習前", "shuffled": "正解を混ぜた"}


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


def trained() -> dict[str, object]:
    """状態ごとの、モデルの重みと、試験の誤差（%）とその下限。"""
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
