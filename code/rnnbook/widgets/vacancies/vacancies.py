"""空孔と、それに似たもの: 空孔、温度因子、背景、計数を替えて、三つのモデルの答えを見比べる図（第 11 章）。"""

from __future__ import annotations

import numpy as np
import traitlets

from rnnbook import data
from rnnbook.materials import diffraction, powder
from rnnbook.materials.portable_counts import mulberry_poisson
from rnnbook.models.vacancy_readers import (
    AXES,
    CONDITIONS,
    NETWORKS,
    load_vacancy_readers,
    stored_tables,
)
from rnnbook.widgets.diffraction.crystal import crystal
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Number, Whole

COUNTS = (250, 500, 1000, 2000, 3000, 4000, 5000, 6000, 8000)
TRAINED = {"clean": "背景なし", "background": "背景あり"}


class Vacancies(Figure):
    """空孔のある銅のナノ結晶の回折を一度測り、PLS、CNN、双方向 LSTM に、空孔の割合を答えさせます。

    デバイの散乱式も、学習した三つのモデルも、ページの中で動きます。

    引数:
        train: モデルを学習した条件。"clean"（背景なし）か "background"（背景あり）。
        c: 本当の空孔の割合（0 から 15 %。学習は 10 % まで）。
        B: 温度因子（0.2 から 1.6 Å²。学習の中央は 0.6）。
        ground: 背景（学習した背景の中央の何倍か。0 から 3）。
        scale: 計数の尺度（完全な結晶の最も高いピークの計数。学習の中央は 4000）。
        seed: 計数の揺らぎの種（1 から 30）。

    例:
        >>> Vacancies(train="clean", ground=1.0)
        Vacancies(train='clean')
    """

    train = Choice("background", TRAINED, "モデルを学習した条件")
    c = Number(5.0, 0, 15, "空孔 $c$（%）", step=0.5)
    B = Number(0.6, 0.2, 1.6, "温度因子 $B$（Å²）", step=0.05)
    ground = Number(1.0, 0, 3, "背景（倍）", step=0.1)
    scale = Whole(4000, 250, 8000, "計数の尺度", stops=COUNTS)
    seed = Whole(1, 1, 30, "揺らぎの種")
    # 結晶の殻と定数、学習した条件ごとのモデル
    crystal = traitlets.Dict().tag(sync=True)
    trained = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "空孔と、それに似たもの。上は、三つのモデルが答えた空孔の割合と 90 パーセント区間を、本当の値の縦の線と"
        "並べます。下は、測った回折図形の計数の点と、その平均の線、背景のない平均の破線です。"
    ).tag(sync=True)
    _height = traitlets.List([690, 910]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        super().__init__(crystal=crystal(), trained=trained(), **values)

    def numbers(self) -> dict[str, float]:
        """図が見せる数: モデルの答え pls、cnn、bilstm（%）と、その 90 % 区間の半幅 _radius、学習の範囲からの隔たり far。

        far は、印の元になる、T² と Q の隔たりのうち最大のものです。border を超えると「境」、limit を超えると「外」です。

        例:
            >>> found = Vacancies(train="clean", ground=3.0).numbers()
            >>> found["far"] > found["limit"]
            True
        """
        levels = self.ground * powder.LEVELS
        mean = diffraction.expected(self.c / 100, self.B, self.scale, levels)
        counts = mulberry_poisson(self.seed)(mean)[None]
        scores = data.load("vacancies_page").set_index(["train", "test", "model"])
        found = {}
        for name, read in load_vacancy_readers(self.train).items():
            found[name] = read(counts)[0]
            found[f"{name}_radius"] = scores.loc[
                (self.train, self.train, name), "radius"
            ]
        lines, n, _ = stored_tables(self.train)
        axes = lines[[f"axis{a + 1}" for a in range(AXES)]].to_numpy().T
        spreads = n[[f"spread{a + 1}" for a in range(AXES)]].to_numpy(float)
        x = np.sqrt(counts[0]) - lines["mean"].to_numpy()
        t = axes @ x
        # T² = Σ t² / s²、Q = Σ e²（e = x − Pᵀ t）
        t2, q = ((t / spreads) ** 2).sum(), ((x - t @ axes) ** 2).sum()
        far_t = (np.cbrt(t2) - n["t2"]) / n["t2_spread"]
        far_q = (np.cbrt(q) - n["q"]) / n["q_spread"]
        found |= {"far": max(far_t, abs(far_q))}
        found |= {name: n[name] for name in ("border", "limit")}
        return {name: float(v) for name, v in found.items()}


def trained() -> dict[str, object]:
    """学習した条件ごとの、モデル、区間の半幅、印のしきい値。"""
    tables = {
        "lines": data.load("vacancies_page_lines"),
        "numbers": data.load("vacancies_page_numbers"),
        "weights": data.load("vacancies_page_weights"),
    }
    scores = data.load("vacancies_page")
    found = {}
    for condition in CONDITIONS:
        lines, numbers, weights = (
            table[table["train"] == condition].drop(columns="train")
            for table in tables.values()
        )
        own = scores[(scores["train"] == condition) & (scores["test"] == condition)]
        axes = [f"axis{a + 1}" for a in range(AXES)]
        spreads = [f"spread{a + 1}" for a in range(AXES)]
        found[condition] = {
            "lines": {name: lines[name].tolist() for name in ("mean", "std", "pls")}
            | {"axes": lines[axes].to_numpy().T.tolist()},
            "numbers": numbers.drop(columns=spreads).iloc[0].to_dict()
            | {"spreads": numbers[spreads].iloc[0].tolist()},
            "weights": {
                kind: weights[weights["model"] == kind]
                .drop(columns="model")
                .to_dict("records")
                for kind in NETWORKS
            },
            "radius": dict(zip(own["model"], own["radius"], strict=True)),
        }
    return found
