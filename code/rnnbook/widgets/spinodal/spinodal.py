"""温度の折れ線: 温度を描き、相の分かれる組織と、MLP と GRU の予測を、ページの中で計算する図（第 13 章）。"""

from __future__ import annotations

import traitlets

from rnnbook import data
from rnnbook.materials import spinodal
from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Number, Whole

LOW, HIGH = 0.55, 0.95  # 描ける温度。学習の範囲より、少し広い
SEEN = 20  # モデルに見せる画面の数


def _knot(k: int, T: float) -> Number:
    return Number(T, LOW, HIGH, f"{k} つめの点の温度 $T$", step=0.01)


class Spinodal(Figure):
    """五つの点を直線で結んだ温度のとおりに、組織が分かれます。20 枚を見た二つのモデルが、残りの 40 枚を答えます。

    模型（rnnbook.materials.spinodal）もモデルも、ページの中で動きます。モデルは 0.6 から 0.9 の温度で
    学習しました（rnnbook.experiments.spinodal_page）。

    引数:
        T1 … T5: 1、15.75、30.5、45.25、60 枚めの温度（混ざる温度を 1 とする。0.55 から 0.95）。
        frame: 見る画面（1 から 60 枚め）。
        seed: はじめのゆらぎの種（1 から 30）。

    例:
        >>> Spinodal(T1=0.6, frame=60)
        Spinodal(T1=0.6, frame=60)
    """

    T1 = _knot(1, 0.7)
    T2 = _knot(2, 0.65)
    T3 = _knot(3, 0.85)
    T4 = _knot(4, 0.85)
    T5 = _knot(5, 0.65)
    frame = Whole(40, 1, spinodal.FRAMES, "見る画面", unit="枚め")
    seed = Whole(1, 1, 30, "はじめのゆらぎの種")
    # 模型の定数、学習した温度の範囲、見せる枚数
    model = traitlets.Dict().tag(sync=True)
    # 名前 → [行の数, 列の数, float32 の base64]
    weights = traitlets.Dict().tag(sync=True)

    alt = traitlets.Unicode(
        "温度の折れ線。上は、画面ごとの温度で、五つの点を動かせます。中は、選んだ画面の組織です。"
        "下は、組織の太さの動きで、シミュレータの値と、20 枚めまでを見た MLP と GRU の予測と、"
        "変わらないとする予測を並べます。"
    ).tag(sync=True)
    _height = traitlets.List([850, 950]).tag(sync=True)

    def __init__(self, **values: object) -> None:
        names = ("N", "FRAMES", "STEPS", "DT", "KAPPA", "NOISE", "LAGS", "COLD", "HOT")
        model = {name.lower(): getattr(spinodal, name) for name in names}
        super().__init__(
            model=model | {"seen": SEEN}, weights=packed_forecasters(), **values
        )


def packed_forecasters() -> dict[str, list]:
    """公開している重み。名前 → [行の数, 列の数, float32 の base64]。

    例:
        >>> packed_forecasters()["gru.readout.weight"][:2]
        [8, 32]
    """
    return {
        row.name: [row.rows, row.columns, row.float32]
        for row in data.load("spinodal_page_weights").itertuples(index=False)
    }
