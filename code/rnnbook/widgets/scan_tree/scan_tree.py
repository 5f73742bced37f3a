"""並列スキャンの木: 順に求める鎖と、組をつなぐ木を並べ、段と回数と値を見る図（第 16 章）。"""

from __future__ import annotations

import traitlets

from rnnbook.widgets.kit.figure import Figure
from rnnbook.widgets.kit.properties import Whole


class ScanTree(Figure):
    """h_t = a_t h_{t-1} + b_t を、幅を倍にしながら組をつないで求める木と、順に求める鎖。

    a_t = 1 − σ(k_t)、b_t = σ(k_t) g(v_t) は、第 16 章の minGRU のゲートと候補です。k_t は平均 bias、
    v_t は平均 0 の、分散 1 の正規乱数です。計算（rnnbook.cells.scan と同じ式）は、ページの中でします。
    文が述べる差は、32 ビットで求めた h の、64 ビットで順に求めた h との相対的な差の、時刻についての最大です。

    引数:
        T: 系列長（1 から 64）。
        t: 見る時刻（1 から T）。
        bias: ゲートの中の値 k_t の平均（−4 から 8）。大きいほど、a_t が 0 に近づきます。
        seed: 値を引く種（1 から 30）。

    例:
        >>> ScanTree(T=16, t=11)
        ScanTree(T=16, t=11)
    """

    T = Whole(8, 1, 64, "系列長 $T$", unit="歩")
    t = Whole(7, 1, 64, "見る時刻 $t$", most="T")
    bias = Whole(0, -4, 8, "ゲートの中の値の平均", stops=(-4, 0, 4, 8))
    seed = Whole(1, 1, 30, "値を引く種")

    alt = traitlets.Unicode(
        "並列スキャンの木。上の木は、横が時刻、縦が段で、一段ごとに、つなぐ幅が 1、2、4 と倍になります。"
        "選んだ時刻の値に使った組と線が太くなります。下の鎖は、同じ値を時刻の順に求めるもので、段の数が時刻の数だけあります。"
        "その下に、つなぐ回数と段の数、32 ビットで求めたときの差を言う文と、二つの求め方の式が続きます。"
    ).tag(sync=True)
    _height = traitlets.List([800, 970]).tag(sync=True)
