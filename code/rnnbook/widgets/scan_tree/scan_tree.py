"""並列スキャンの木: 順に求める鎖と、組をつなぐ木を並べ、段と回数と値を見る図（第 16 章）。"""

from __future__ import annotations

import numpy as np
import traitlets
from scipy.special import expit

from rnnbook.cells.scan import doubling_steps, scan_in_order, work_and_depth
from rnnbook.materials.portable_random import Portable
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

    def _pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """ページと同じ乱数の、minGRU の組 a と b。どちらも (T,)。"""
        drawn = Portable(self.seed).standard_normal(2 * self.T)
        k, v = self.bias + drawn[::2], drawn[1::2]
        # a = 1 − σ(k)、b = σ(k) g(v)。g はいつも正
        return expit(-k), expit(k) * np.where(v >= 0, v + 0.5, expit(v))

    def numbers(self) -> dict[str, float]:
        """図が見せる数: 見ている時刻の a_t、b_t、h_t と、鎖と木の、つなぐ回数 joins と段の数 depth。

        log10_chain_error と log10_tree_error は、32 ビットで求めた差の常用対数です。対数の上で求めた差は、
        exp と log の丸めで変わるので、ここにはありません。

        例:
            >>> ScanTree(T=64).numbers()["tree_joins"]
            321.0
        """
        a, b = self._pairs()
        h, t = scan_in_order(a, b), self.t - 1
        found = {"a_t": a[t], "b_t": b[t], "h_t": h[t]}
        for name, way in {"chain": "in_order", "tree": "doubling"}.items():
            joins, depth = work_and_depth(self.T)[way]
            found |= {f"{name}_joins": joins, f"{name}_depth": depth}
        single = a.astype(np.float32), b.astype(np.float32)
        chain, (_, tree) = scan_in_order(*single), doubling_steps(*single)[-1]
        with np.errstate(divide="ignore"):
            for name, value in {"chain": chain, "tree": tree}.items():
                error = np.abs(value.astype(float) - h) / h
                found[f"log10_{name}_error"] = np.log10(error.max())
        return {name: float(value) for name, value in found.items()}
