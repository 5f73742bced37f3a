"""分け方とうそ: 作り物の試料を測り、分け方と前処理を選び、試験の誤差と新しい試料での誤差を比べる図（第 10 章）。"""

from __future__ import annotations

import traitlets

from rnnbook.materials import specimens
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
