"""層正規化を、順伝播も逆伝播も手で書いたもの（第 16 章）。

    m = mean(x),  s² = mean((x − m)²)         時刻ごとに、E 個の成分の上で
    n = (x − m) / √(s² + ε)
    y = g ⊙ n + b

形: x、n、y (…, E)、g と b (E,)。ε は 10⁻⁵ です（PyTorch と同じ）。
論文: Ba, J. L., Kiros, J. R. & Hinton, G. E. (2016). Layer normalization. arXiv:1607.06450.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnbook.arguments import require_array, require_instance

EPSILON = 1e-5


@dataclass(frozen=True, eq=False)
class NormParams:
    """倍率 g (E,) とずらし b (E,)。学習の前は、1 と 0 です。

    例:
        >>> NormParams.fresh(3)
        NormParams(g=array([1., 1., 1.]), b=array([0., 0., 0.]))
    """

    g: np.ndarray
    b: np.ndarray

    def __post_init__(self) -> None:
        E = require_array("g", self.g, ("E",)).shape[0]
        for name in ("g", "b"):
            value = require_array(name, getattr(self, name), (E,))
            object.__setattr__(self, name, value.astype(np.float64))

    @classmethod
    def fresh(cls, E: int) -> NormParams:
        """g = 1、b = 0。"""
        return cls(np.ones(E), np.zeros(E))


@dataclass(frozen=True, eq=False)
class NormTrace:
    """順伝播が通った値。"""

    n: np.ndarray  # (…, E) 平均 0、分散 1 にした値
    spread: np.ndarray  # (…, 1) √(s² + ε)
    y: np.ndarray  # (…, E) 出力


def layer_norm(x: np.ndarray, params: NormParams) -> NormTrace:
    """x (…, E) を、最後の軸で平均 0、分散 1 にしてから、g を掛け、b を足します。

    例:
        >>> layer_norm(np.array([[1.0, 3.0], [10.0, 30.0]]), NormParams.fresh(2)).y.round(3)
        array([[-1.,  1.],
               [-1.,  1.]])
    """
    require_instance("params", params, NormParams)
    x = require_array("x", x, (..., len(params.g)))
    # n = (x − m) / √(s² + ε)
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    n = centred / spread
    # y = g ⊙ n + b
    return NormTrace(n, spread, params.g * n + params.b)


def layer_norm_backward(
    trace: NormTrace, params: NormParams, dy: np.ndarray
) -> tuple[NormParams, np.ndarray]:
    """dy = ∂L/∂y (…, E) から、g と b の勾配と ∂L/∂x を返します。

    例:
        >>> params = NormParams.fresh(3)
        >>> trace = layer_norm(np.array([[1.0, 2.0, 6.0]]), params)
        >>> _, dx = layer_norm_backward(trace, params, np.array([[1.0, 0.0, 0.0]]))
        >>> bool(abs(dx.sum()) < 1e-12)  # すべてを同じだけずらしても、y は変わらない
        True
    """
    require_instance("trace", trace, NormTrace)
    require_instance("params", params, NormParams)
    dy = require_array("dy", dy, trace.y.shape)
    rows = tuple(range(dy.ndim - 1))
    grads = NormParams((dy * trace.n).sum(axis=rows), dy.sum(axis=rows))
    # ∂L/∂n = g ⊙ ∂L/∂y
    dn = params.g * dy
    # ∂L/∂x = (∂L/∂n − mean(∂L/∂n) − n mean(n ∂L/∂n)) / √(s² + ε)
    along = (trace.n * dn).mean(axis=-1, keepdims=True)
    dx = (dn - dn.mean(axis=-1, keepdims=True) - trace.n * along) / trace.spread
    return grads, dx
