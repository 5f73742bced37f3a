"""小さな Transformer を、順伝播も逆伝播も手で書いたもの（第 16 章）。

    x_t = （W_e の、語 t の行） + p_t             埋め込みに、位置を足す
    p_{t,2i} = sin(t / 10000^{2i/E}),  p_{t,2i+1} = cos(t / 10000^{2i/E})
    x ← 層_1(x), 層_2(x), …                     transformer_block.py
    h = Norm(x),  ŷ_t = W_hy h_t + b_y

形: 語の番号 (B, T)、W_e (V, E)、p (T, E)、h (B, T, E)、ŷ (B, T, O)。
rnnbook.models.transformer の Transformer と、同じ重みで同じ値になります。
論文: Vaswani, A. ほか (2017). Attention is all you need. NeurIPS 2017.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_ids,
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
from rnnbook.cells.transformer_block import (
    BlockParams,
    BlockTrace,
    block_backward,
    block_forward,
)


@dataclass(frozen=True, eq=False)
class TransformerParams:
    """埋め込み W_e (V, E)、層 blocks、正規化 norm、出力 W_hy (O, E) と b_y (O,)。"""

    W_e: np.ndarray
    blocks: tuple[BlockParams, ...]
    norm: NormParams
    W_hy: np.ndarray
    b_y: np.ndarray

    def __post_init__(self) -> None:
        E = require_array("W_e", self.W_e, ("V", "E")).shape[1]
        O = require_array("W_hy", self.W_hy, ("O", E)).shape[0]
        require_array("b_y", self.b_y, (O,))
        for k, block in enumerate(self.blocks):
            require_instance(f"blocks[{k}]", block, BlockParams)
            require_array(f"blocks[{k}].W_1", block.W_1, ("F", E))
        require_instance("norm", self.norm, NormParams)


@dataclass(frozen=True, eq=False)
class TransformerTrace:
    """順伝播が通った値。"""

    ids: np.ndarray  # (B, T) 語の番号
    blocks: tuple[BlockTrace, ...]
    norm: NormTrace
    y_hat: np.ndarray  # (B, T, O)


def positions(T: int, E: int) -> np.ndarray:
    """位置のベクトル p (T, E)。行 t が、時刻 t に足すベクトルです。

    例:
        >>> positions(T=2, E=4).round(3)
        array([[0.   , 1.   , 0.   , 1.   ],
               [0.841, 0.54 , 0.01 , 1.   ]])
    """
    T, E = require_positive_int("T", T), require_positive_int("E", E)
    i = np.arange(E) // 2
    # t / 10000^{2i/E}
    angle = np.arange(T)[:, None] / 10_000 ** (2 * i / E)  # (T, E)
    return np.where(np.arange(E) % 2, np.cos(angle), np.sin(angle))


def transformer_forward(
    ids: np.ndarray,
    params: TransformerParams,
    real: np.ndarray | None = None,
    causal: bool = False,
    with_positions: bool = True,
) -> TransformerTrace:
    """語の番号 ids (B, T) を読み、全時刻の ŷ (B, T, O) を返します。

    real と causal は self_attention と同じです。with_positions を偽にすると、位置を足しません。

    例:
        >>> rng = np.random.default_rng(0)
        >>> block = BlockParams.random(E=4, heads=2, rng=rng)
        >>> W_e, W_hy = rng.normal(size=(5, 4)), rng.normal(size=(3, 4))
        >>> params = TransformerParams(W_e, (block,), NormParams.fresh(4), W_hy, np.zeros(3))
        >>> transformer_forward([[0, 3, 1]], params).y_hat.shape
        (1, 3, 3)
    """
    require_instance("params", params, TransformerParams)
    ids = require_array("ids", ids, ("B", "T"))
    V, E = params.W_e.shape
    require_ids("ids", ids.ravel(), V)
    # x_t = （W_e の、語 t の行） + p_t
    x = params.W_e[ids]  # (B, T, E)
    if with_positions:
        x = x + positions(ids.shape[1], E)
    blocks = []
    for block in params.blocks:
        blocks.append(block_forward(x, block, real, causal))
        x = blocks[-1].y
    # h = Norm(x)、ŷ_t = W_hy h_t + b_y
    norm = layer_norm(x, params.norm)
    y_hat = readout(norm.y, params.W_hy, params.b_y)
    return TransformerTrace(ids, tuple(blocks), norm, y_hat)


def transformer_backward(
    trace: TransformerTrace, params: TransformerParams, dy_hat: np.ndarray
) -> TransformerParams:
    """dy_hat = ∂L/∂ŷ (B, T, O) から、重みの勾配を、重みと同じ形の組で返します。

    最後の時刻だけで答えるなら、ほかの時刻の dy_hat を 0 にします。

    例:
        >>> rng = np.random.default_rng(0)
        >>> block = BlockParams.random(E=4, heads=2, rng=rng)
        >>> W_e, W_hy = rng.normal(size=(5, 4)), rng.normal(size=(3, 4))
        >>> params = TransformerParams(W_e, (block,), NormParams.fresh(4), W_hy, np.zeros(3))
        >>> trace = transformer_forward([[0, 3, 1]], params)
        >>> grads = transformer_backward(trace, params, np.ones((1, 3, 3)))
        >>> abs(grads.W_e).sum(axis=1) > 0  # 読んだ語 0、1、3 の行だけに、勾配がある
        array([ True,  True, False,  True, False])
    """
    require_instance("trace", trace, TransformerTrace)
    require_instance("params", params, TransformerParams)
    dy_hat = require_array("dy_hat", dy_hat, trace.y_hat.shape)
    out = readout_backward(trace.norm.y, params.W_hy, dy_hat)
    norm, dx = layer_norm_backward(trace.norm, params.norm, out.h)
    blocks = []
    for step, block in zip(trace.blocks[::-1], params.blocks[::-1], strict=True):
        grads, dx = block_backward(step, block, dx)
        blocks.append(grads)
    # ∂L/∂W_e: 同じ語は同じ行を使ったので、足し合わせる。位置 p_t は決めた値で、学習しない
    dW_e = np.zeros_like(params.W_e, dtype=np.float64)
    np.add.at(dW_e, trace.ids, dx)
    return TransformerParams(dW_e, tuple(blocks[::-1]), norm, out.W_hy, out.b_y)
