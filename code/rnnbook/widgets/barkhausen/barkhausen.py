"""バルクハウゼン雑音: 応力と雑音を選び、波形、雪崩の大きさの分布、三つのモデルの答えを見る図（第 12 章）。"""

from __future__ import annotations

import numpy as np
import traitlets

from rnnbook import data
from rnnbook.materials import stress_noise
from rnnbook.materials.barkhausen import abbm, avalanches, fit_exponent, size_exponent
from rnnbook.materials.portable_random import Portable
from rnnbook.materials.waveforms import WINDOW
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Number, Whole

BURSTS = {"one": "1 回", "eight": "8 回"}
ZERO = {"keep": "しない", "minus": "する"}
# 雪崩を数える記録: 速さの山に対する割合、本数、間隔、種のはじめ
SHARE, ROWS, DT, STEADY = 0.3, 8, 0.01, 1000
LOW, HIGH, FEWEST = 0.005, 0.5, 10  # 指数を測る大きさと、いちばん少ない雪崩の数


class Barkhausen(Figure):
    """作り物の試料を一つ測り、三つのモデルの答えと、雪崩の大きさの分布を見ます。

    模型（rnnbook.materials.stress_noise）も、学習したモデル（rnnbook.models.stress_answers）も、ページの中で動きます。

    引数:
        stress: 応力（MPa、−200 から 200、引張りが正）。学習したのは −150 から 150 です。
        noise: 電圧に加わる雑音の標準偏差（0 から 0.2）。学習したのは 0.1 です。
        bursts: 平均する答え。"one"（1 回のバースト）、"eight"（8 回の平均）。
        zero: 零点合わせ。"keep"（しない）、"minus"（同じ試料の 0 MPa での答えを引く）。
        seed: 試料を引く種（1 から 30）。

    例:
        >>> Barkhausen(stress=-50, bursts="eight")
        Barkhausen(stress=-50.0, bursts='eight')
    """

    stress = Number(100, -200, 200, "応力 $σ$（MPa）", step=10)
    noise = Number(0.1, 0, 0.2, "雑音の標準偏差", step=0.02)
    bursts = Choice("one", BURSTS, "平均するバースト")
    zero = Choice("keep", ZERO, "0 MPa での零点合わせ")
    seed = Whole(1, 1, 30, "試料を引く種")
    # 模型の定数と、三つのモデルの重み
    model = traitlets.Dict().tag(sync=True)
    weights = traitlets.List().tag(sync=True)

    alt = traitlets.Unicode(
        "バルクハウゼン雑音。上は、三つのモデルが答えた応力の点で、縦の線が本当の応力です。"
        "中は、磁場の速さを一定にして測り続けたときの雪崩の大きさの分布で、"
        "理論の指数の直線を重ねます。下は、一つめのバーストの波形です。"
    ).tag(sync=True)
    _height = traitlets.List([820, 950]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        packed = data.load("barkhausen_page_weights").to_dict("records")
        super().__init__(model=constants(), weights=packed, **values)

    def _answers(self) -> np.ndarray:
        """三つのモデルの答え (3,) MPa。"""
        from rnnbook.models.stress_answers import StressAnswers, features

        n, draws = {"one": 1, "eight": 8}[self.bursts], Portable(self.seed)
        one = stress_noise.make_specimens(draws, 1)
        stresses = [self.stress] * n + [0.0] * (n if self.zero == "minus" else 0)
        many = one.take([0] * len(stresses))
        u = stress_noise.record(draws, many, stresses, self.noise)
        models = StressAnswers.read(data.load("barkhausen_page_weights"))
        told = models.predict(features(u))
        zero = told[:, n:].mean(axis=1) if self.zero == "minus" else 0.0
        return told[:, :n].mean(axis=1) - zero

    def numbers(self) -> dict[str, float]:
        """図が見せる数: モデルの答え rms、ridge、gru（MPa）と、雪崩の指数 tau、標準誤差 tau_error、理論 tau_theory。

        ページと同じ乱数を一つずつ引くので、数秒かかります。

        例:
            >>> found = Barkhausen(noise=0).numbers()
            >>> abs(found["tau"] - found["tau_theory"]) < 3 * found["tau_error"]
            True
        """
        specimen = stress_noise.make_specimens(Portable(self.seed), 1)
        s = self.stress / 100
        c = SHARE * specimen.C[0] * np.exp(stress_noise.PER_100["drive"] * s)
        D, draws = specimen.D[0], Portable(STEADY + self.seed)
        v = abbm(draws, np.full(ROWS, c), D=D, dt=DT, T=stress_noise.T)
        u = v + self.noise * draws.standard_normal(v.size).reshape(v.shape)
        size = avalanches(u, max(0.01, 4 * self.noise), DT).size
        x = np.log(size[(size >= LOW) & (size <= HIGH)])
        enough = len(x) >= FEWEST
        # τ の標準誤差は 1/√(n Var x)
        error = 1 / np.sqrt(len(x) * x.var()) if enough else np.nan
        tau = fit_exponent(size, LOW, HIGH) if enough else np.nan
        names = ("rms", "ridge", "gru", "tau", "tau_error", "tau_theory")
        values = (*self._answers(), tau, error, size_exponent(c, D))
        return {name: float(v) for name, v in zip(names, values, strict=True)}


def constants() -> dict:
    """ページに渡す、模型の定数。

    例:
        >>> constants()["T"]
        4096
    """
    return {
        "T": stress_noise.T,
        "dt": stress_noise.DT,
        "floor": stress_noise.FLOOR,
        "middle": stress_noise.MIDDLE,
        "spread": stress_noise.SPREAD,
        "usual": stress_noise.NOISE,
        "window": WINDOW,
        "learned": [min(stress_noise.LEVELS), max(stress_noise.LEVELS)],
    } | stress_noise.PER_100
