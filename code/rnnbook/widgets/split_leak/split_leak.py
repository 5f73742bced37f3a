"""分け方とうそ: 作り物の試料を測り、分け方と前処理を選び、試験の誤差と新しい試料での誤差を比べる図（第 10 章）。"""

from __future__ import annotations

import numpy as np
import traitlets

from rnnbook.materials import specimens
from rnnbook.materials.portable_random import Portable
from rnnbook.materials.steps import STEPS as PREPARE
from rnnbook.models.pls import pls_path
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Choice, Whole

SPLITS = {
    "scans": "測定ごと（無作為）",
    "specimens": "試料ごと",
    "composition": "組成（上の 1/5）",
}
STEPS = {
    "raw": "なし",
    "d1": "一階微分",
    "d2": "二階微分",
    "snv": "SNV",
    "snv_d2": "SNV → 二階微分",
    "d2_snv": "二階微分 → SNV",
}
REPEATS = 10  # 一つの試料を測る回数
NEW, FRESH = 200, 1000  # 新しい試料の数と、その種のはじめ


class SplitLeak(Figure):
    """試料 size 個を 10 回ずつ測った作り物のスペクトルを分け、PLS で成分を当てます。

    模型（rnnbook.materials.specimens）も PLS も、ページの中で動きます。

    引数:
        split: 分け方。"scans"、"specimens"、"composition"。
        steps: 前処理。"raw"、"d1"、"d2"、"snv"、"snv_d2"、"d2_snv"。
        size: 試料の数（6 から 96）。
        components: PLS の成分の数（1 から 20）。
        seed: 試料を引く種（1 から 30）。

    例:
        >>> SplitLeak(split="specimens", size=48)
        SplitLeak(split='specimens', size=48)
    """

    split = Choice("scans", SPLITS, "分け方")
    steps = Choice("raw", STEPS, "前処理")
    size = Whole(12, 6, 96, "試料の数", stops=(6, 12, 24, 48, 96), unit="個")
    components = Whole(12, 1, 20, "PLS の成分の数 $A$", unit="本")
    seed = Whole(1, 1, 30, "試料を引く種")
    # 模型の定数と、どんなモデルも下回れない誤差（%）
    model = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "分け方とうそ。上は、PLS の予測と本当の値の点で、分けた試験の測定と、新しい試料 200 個を並べます。"
        "下は、PLS の成分の数と誤差の関係を、試験と新しい試料について示し、どんなモデルも新しい試料では"
        "下回れない誤差を破線で、学習の平均を答える誤差を細い線で示します。"
    ).tag(sync=True)
    _height = traitlets.List([720, 890]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        p, phi = specimens.bands()
        constants = ("MEAN", "SPREAD", "MATRIX", "FINE", "GAIN", "OFFSET", "SLOPE")
        model = {name.lower(): getattr(specimens, name) for name in constants}
        model |= {"noise": specimens.NOISE, "p": p.tolist(), "phi": phi.tolist()}
        model |= {"best": specimens.best_error()}
        super().__init__(model=model, **values)

    def _tested(self, scans: specimens.Scans) -> np.ndarray:
        """試験にする行 (N,) の真偽。ページと同じに、並べたものの終わりの 2 割です。"""
        each = np.arange(len(scans.c)) if self.split == "scans" else scans.specimen
        units = list(range(each[-1] + 1))
        if self.split == "composition":
            units.sort(key=scans.c[::REPEATS].__getitem__)
        else:
            draw = Portable(self.seed)
            for k in range(len(units) - 1, 0, -1):
                other = int(draw.uniform() * (k + 1))
                units[k], units[other] = units[other], units[k]
        return np.isin(each, units[round(0.8 * len(units)) :])

    def numbers(self) -> dict[str, float]:
        """図が見せる数（%）: 試験の誤差 rmse_test、新しい試料での誤差 rmse_new、下回れない誤差 best、学習の平均を答える誤差 rmse_mean。

        例:
            >>> found = SplitLeak().numbers()   # 測定ごとに分けると、漏れます
            >>> found["rmse_test"] < found["best"] < found["rmse_new"]
            True
        """
        scans, new = (
            specimens.measure(specimens.mulberry_normals(seed), *many)
            for seed, many in (
                (self.seed, (self.size, REPEATS)),
                (FRESH + self.seed, (NEW, 1)),
            )
        )
        tested = self._tested(scans)
        X, Z = (PREPARE[self.steps](each.X) for each in (scans, new))
        train, level = X[~tested], scans.c[~tested].mean()
        b = pls_path(train, scans.c[~tested], self.components)[-1]
        test, fresh = (
            level + (each - train.mean(axis=0)) @ b for each in (X[tested], Z)
        )
        return {
            "rmse_test": rmse(test, scans.c[tested]),
            "rmse_new": rmse(fresh, new.c),
            "best": specimens.best_error(),
            "rmse_mean": rmse(level, new.c),
        }


def rmse(told: np.ndarray | float, truth: np.ndarray) -> float:
    """誤差の二乗の平均の平方根。

    例:
        >>> rmse(0.0, np.array([3.0, -3.0]))
        3.0
    """
    return float(np.sqrt(np.mean((told - truth) ** 2)))
