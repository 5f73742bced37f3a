"""ページの中と同じ乱数: 一つの一様乱数と、その上の正規、ガンマ、ポアソンの引き方（第 12 章）。

NumPy の乱数は、JavaScript に写せません。同じ波形を Python とページの両方で作るには、
一様乱数の作り方だけでなく、分布の引き方と、一様乱数を使う順も、同じでなければなりません。

    一様      mulberry32（第 10 章の mulberry_normals と同じ並び）
    正規      √(−2 ln(1 − u₁)) cos(2π u₂)                 Box–Muller 法。u₁、u₂ の順
    ガンマ    d = a − 1/3、w = (1 + x / √(9d))³ として、d w を、次のとき受け入れます
              ln(1 − u) < x²/2 + d − d w + d ln w           Marsaglia–Tsang 法。x、u の順
              a < 1 なら、Γ(a + 1) を引いたあとで、(1 − u)^(1/a) を掛けます
    ポアソン  (1 − u₁)(1 − u₂)… が e^(−λ) 以下になるまでの個数 − 1。λ > 500 は、500 ずつ足します

poisson、standard_gamma、standard_normal は NumPy の Generator と同じ名前なので、barkhausen.abbm に、どちらも渡せます。
"""

from __future__ import annotations

import math

import numpy as np

from rnnbook.arguments import require_array, require_seed

CHUNK = 500.0  # e^(−λ) が 0 に丸められないように、λ を分ける大きさ


class Portable:
    """種 seed から、ページの中と同じ乱数を順に返します。一つずつ引くので、NumPy より遅いです。

    例:
        >>> draw = Portable(1)
        >>> round(draw.uniform(), 6), round(draw.normal(), 6)
        (0.627074, -0.072922)
        >>> draw.poisson([0.0, 3.0, 700.0]).shape, bool(draw.standard_gamma(0.3)[()] > 0)
        ((3,), True)

    論文: Marsaglia, Tsang (2000)（ガンマ）。章: 12 章。
    """

    def __init__(self, seed: int) -> None:
        self.state = require_seed("seed", seed)

    def uniform(self) -> float:
        """0 以上 1 未満の一様乱数。"""
        self.state = (self.state + 0x6D2B79F5) & 0xFFFFFFFF
        a = self.state
        z = ((a ^ (a >> 15)) * (a | 1)) & 0xFFFFFFFF
        z ^= (z + ((z ^ (z >> 7)) * (z | 61))) & 0xFFFFFFFF
        return (z ^ (z >> 14)) / 2**32

    def normal(self) -> float:
        """標準正規乱数。"""
        # √(−2 ln(1 − u₁)) cos(2π u₂)
        size = math.sqrt(-2 * math.log(1 - self.uniform()))
        return size * math.cos(2 * math.pi * self.uniform())

    def standard_normal(self, n: int) -> np.ndarray:
        """標準正規乱数 n 個 (n,)。"""
        return np.array([self.normal() for _ in range(n)])

    def poisson(self, lam: object) -> np.ndarray:
        """平均 lam のポアソン乱数。形は lam と同じです。"""
        return self._each(self._poisson, "lam", lam, 0.0)

    def standard_gamma(self, shape: object) -> np.ndarray:
        """形 shape、尺度 1 のガンマ乱数。形は shape と同じです。"""
        return self._each(self._gamma, "shape", shape, 1e-3)

    def _each(self, one, name: str, values: object, low: float) -> np.ndarray:
        values = require_array(name, values, (...,))
        if values.min() < low:
            raise ValueError(
                f"引数 {name} は {low:g} 以上の数です。{values.min():g} が渡されました。"
            )
        drawn = [one(float(v)) for v in values.ravel()]
        return np.array(drawn).reshape(values.shape)

    def _gamma(self, a: float) -> float:
        if a < 1:
            x = self._gamma(a + 1)
            return x * (1 - self.uniform()) ** (1 / a)
        d = a - 1 / 3
        scale = 1 / math.sqrt(9 * d)
        while True:
            x = self.normal()
            w = 1 + scale * x
            if w <= 0:
                continue
            w = w * w * w
            u = self.uniform()
            # ln(1 − u) < x²/2 + d − d w + d ln w
            if math.log(1 - u) < x * x / 2 + d - d * w + d * math.log(w):
                return d * w

    def _poisson(self, lam: float) -> int:
        count = 0
        while lam > CHUNK:
            count += self._count(CHUNK)
            lam -= CHUNK
        return count + self._count(lam)

    def _count(self, lam: float) -> int:
        """(1 − u₁)(1 − u₂)… が e^(−λ) 以下になるまでの個数 − 1。"""
        floor, product, count = math.exp(-lam), 1.0, -1
        while True:
            product *= 1 - self.uniform()
            count += 1
            if product <= floor:
                return count
