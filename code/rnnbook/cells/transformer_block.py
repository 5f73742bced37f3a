"""Transformer の一つの層を、順伝播も逆伝播も手で書いたもの（第 16 章）。

    u = x + Attention(Norm_1(x))                       残差の一つめ: 自己注意
    y = u + W_2 GELU(W_1 Norm_2(u) + b_1) + b_2        残差の二つめ: 時刻ごとの全結合
    GELU(a) = a Φ(a)                                   Φ は標準正規分布の累積

形: x、u、y (B, T, E)、W_1 (F, E)、W_2 (E, F)。論文では F = 4E です。
論文: Vaswani ほか (2017)。正規化を前に置く形は Xiong, R. ほか (2020). ICML 2020.
      Hendrycks, D. & Gimpel, K. (2016). arXiv:1606.08415（GELU）。
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr  # Φ

from rnnbook.arguments import (
    require_array,
    require_generator,
    require_instance,
    require_positive_int,
)
from rnnbook.cells.layer_norm import (
    NormParams,
    NormTrace,
    layer_norm,
    layer_norm_backward,
)
from rnnbook.cells.readout import readout, readout_backward
from rnnbook.cells.self_attention import (
    SelfAttentionParams,
    SelfAttentionTrace,
    self_attention,
    self_attention_backward,
)


@dataclass(frozen=True, eq=False)
class BlockParams:
    """一つの層の重み。勾配も、同じ形の組です。"""

    norm_1: NormParams
    attention: SelfAttentionParams
    norm_2: NormParams
    W_1: np.ndarray  # (F, E)
    b_1: np.ndarray  # (F,)
    W_2: np.ndarray  # (E, F)
    b_2: np.ndarray  # (E,)

    def __post_init__(self) -> None:
        require_instance("attention", self.attention, SelfAttentionParams)
        E = self.attention.E
        for name in ("norm_1", "norm_2"):
            require_instance(name, norm := getattr(self, name), NormParams)
            require_array(f"{name}.g", norm.g, (E,))
        F = require_array("W_1", self.W_1, ("F", E)).shape[0]
        for name, shape in (
            ("W_1", (F, E)),
            ("b_1", (F,)),
            ("W_2", (E, F)),
            ("b_2", (E,)),
        ):
            value = require_array(name, getattr(self, name), shape)
            object.__setattr__(self, name, value.astype(np.float64))

    @classmethod
    def random(cls, E: int, heads: int, rng: np.random.Generator) -> BlockParams:
        """全結合の重みは、入る数を D として ±1/√D の一様乱数、F = 4E です。

        例:
            >>> BlockParams.random(4, 2, np.random.default_rng(0)).W_1.shape
            (16, 4)
        """
        E = require_positive_int("E", E)
        require_generator("rng", rng)
        F = 4 * E
        attention = SelfAttentionParams.random(E, heads, rng)
        parts = [
            rng.uniform(-1, 1, shape) / np.sqrt(D)
            for shape, D in (((F, E), E), (F, E), ((E, F), F), (E, F))
        ]
        return cls(NormParams.fresh(E), attention, NormParams.fresh(E), *parts)


@dataclass(frozen=True, eq=False)
class BlockTrace:
    """順伝播が通った値。"""

    norm_1: NormTrace
    attention: SelfAttentionTrace
    u: np.ndarray  # (B, T, E) 自己注意を足した値
    norm_2: NormTrace
    a: np.ndarray  # (B, T, F) W_1 Norm_2(u) + b_1
    y: np.ndarray  # (B, T, E) 出力


def gelu(a: np.ndarray) -> np.ndarray:
    """GELU(a) = a Φ(a)。ReLU の角を丸めたものです。

    例:
        >>> gelu(np.array([-2.0, 0.0, 2.0])).round(3)
        array([-0.046,  0.   ,  1.954])
    """
    return a * ndtr(a)


def gelu_slope(a: np.ndarray) -> np.ndarray:
    """GELU'(a) = Φ(a) + a φ(a)。φ は標準正規分布の密度です。

    例:
        >>> gelu_slope(np.array([0.0]))
        array([0.5])
    """
    return ndtr(a) + a * np.exp(-(a**2) / 2) / np.sqrt(2 * np.pi)


def block_forward(
    x: np.ndarray,
    params: BlockParams,
    real: np.ndarray | None = None,
    causal: bool = False,
) -> BlockTrace:
    """x (B, T, E) を一つの層に通します。real と causal は self_attention と同じです。

    例:
        >>> rng = np.random.default_rng(0)
        >>> params = BlockParams.random(E=4, heads=2, rng=rng)
        >>> block_forward(rng.normal(size=(2, 5, 4)), params).y.shape
        (2, 5, 4)
    """
    require_instance("params", params, BlockParams)
    x = require_array("x", x, ("B", "T", params.attention.E)).astype(np.float64)
    # u = x + Attention(Norm_1(x))
    norm_1 = layer_norm(x, params.norm_1)
    attention = self_attention(norm_1.y, params.attention, real, causal)
    u = x + attention.y
    # y = u + W_2 GELU(W_1 Norm_2(u) + b_1) + b_2
    norm_2 = layer_norm(u, params.norm_2)
    a = readout(norm_2.y, params.W_1, params.b_1)  # (B, T, F)
    y = u + readout(gelu(a), params.W_2, params.b_2)
    return BlockTrace(norm_1, attention, u, norm_2, a, y)


def block_backward(
    trace: BlockTrace, params: BlockParams, dy: np.ndarray
) -> tuple[BlockParams, np.ndarray]:
    """dy = ∂L/∂y (B, T, E) から、重みの勾配と ∂L/∂x を返します。

    足し算の逆伝播は、勾配をそのまま両方へ渡すことです。dy は、層を素通りして x にも届きます。

    例:
        >>> rng = np.random.default_rng(0)
        >>> params = BlockParams.random(E=4, heads=2, rng=rng)
        >>> trace = block_forward(rng.normal(size=(2, 5, 4)), params)
        >>> grads, dx = block_backward(trace, params, np.ones((2, 5, 4)))
        >>> grads.W_1.shape, dx.shape
        ((16, 4), (2, 5, 4))
    """
    require_instance("trace", trace, BlockTrace)
    require_instance("params", params, BlockParams)
    dy = require_array("dy", dy, trace.y.shape)
    # 全結合: y = u + W_2 GELU(a) + b_2
    out = readout_backward(gelu(trace.a), params.W_2, dy)
    # ∂L/∂a = GELU'(a) ⊙ W_2ᵀ ∂L/∂y
    da = gelu_slope(trace.a) * out.h
    wide = readout_backward(trace.norm_2.y, params.W_1, da)
    norm_2, du = layer_norm_backward(trace.norm_2, params.norm_2, wide.h)
    # ∂L/∂u は、素通りした dy と、全結合を通った勾配の和
    du = dy + du
    # 自己注意: u = x + Attention(Norm_1(x))
    attention, dn = self_attention_backward(trace.attention, params.attention, du)
    norm_1, dx = layer_norm_backward(trace.norm_1, params.norm_1, dn)
    grads = BlockParams(
        norm_1, attention, norm_2, wide.W_hy, wide.b_y, out.W_hy, out.b_y
    )
    return grads, du + dx
