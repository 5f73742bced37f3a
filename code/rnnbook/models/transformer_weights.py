"""PyTorch の Transformer の重みを、手で書いた NumPy の Transformer へ写します（第 16 章）。

    query_key_value の行   0 … E−1 が W_q、E … 2E−1 が W_k、2E … 3E−1 が W_v
    mix = W_o、 widen = W_1、 narrow = W_2、 norm の weight = g、bias = b

勾配も、同じ並びで写せます（grads=True）。二つの逆伝播を、名前ごとに比べるためです。
"""

from __future__ import annotations

import numpy as np
from torch import nn

from rnnbook.arguments import require_instance
from rnnbook.cells.layer_norm import NormParams
from rnnbook.cells.self_attention import SelfAttentionParams
from rnnbook.cells.small_transformer import TransformerParams
from rnnbook.cells.transformer_block import BlockParams
from rnnbook.models.transformer import Block, SelfAttention, Transformer


def attention_params(layer: SelfAttention, grads: bool = False) -> SelfAttentionParams:
    """自己注意の重み。grads が真なら、backward のあとの勾配。

    例:
        >>> attention_params(SelfAttention(E=6, heads=2)).W_k.shape
        (6, 6)
    """
    require_instance("layer", layer, SelfAttention)
    W, b = _linear(layer.query_key_value, grads)
    (W_q, W_k, W_v), (b_q, b_k, b_v) = np.split(W, 3), np.split(b, 3)
    pairs = (W_q, b_q, W_k, b_k, W_v, b_v, *_linear(layer.mix, grads))
    return SelfAttentionParams(*pairs, heads=layer.heads)


def block_params(layer: Block, grads: bool = False) -> BlockParams:
    """一つの層の重み。grads が真なら、backward のあとの勾配。

    例:
        >>> block_params(Block(E=6, heads=2)).W_1.shape
        (24, 6)
    """
    require_instance("layer", layer, Block)
    return BlockParams(
        NormParams(*_linear(layer.norm_1, grads)),
        attention_params(layer.attention, grads),
        NormParams(*_linear(layer.norm_2, grads)),
        *_linear(layer.widen, grads),
        *_linear(layer.narrow, grads),
    )


def transformer_params(model: Transformer, grads: bool = False) -> TransformerParams:
    """Transformer の重み。grads が真なら、backward のあとの勾配。

    例:
        >>> params = transformer_params(Transformer(3, V=14, E=8, layers=2))
        >>> params.W_e.shape, len(params.blocks), params.W_hy.shape
        ((14, 8), 2, (3, 8))
    """
    require_instance("model", model, Transformer)
    return TransformerParams(
        _array(model.embedding.weight, grads),
        tuple(block_params(block, grads) for block in model.blocks),
        NormParams(*_linear(model.norm, grads)),
        *_linear(model.readout, grads),
    )


def _linear(layer: nn.Module, grads: bool) -> tuple[np.ndarray, np.ndarray]:
    return _array(layer.weight, grads), _array(layer.bias, grads)


def _array(weight: nn.Parameter, grads: bool) -> np.ndarray:
    if grads and weight.grad is None:
        raise ValueError(
            "引数 grads は、backward のあとで真にします。この重みには、まだ勾配がありません。"
        )
    return (weight.grad if grads else weight).detach().cpu().numpy().astype(np.float64)
