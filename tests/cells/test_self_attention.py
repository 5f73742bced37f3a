"""手で書いた自己注意が、PyTorch に一致し（値も勾配も、名前ごとに）、見てはいけない所を見ません。"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells.self_attention import (
    SelfAttentionParams,
    self_attention,
    self_attention_backward,
    visible,
)
from rnnbook.models.transformer import SelfAttention
from rnnbook.models.transformer_weights import attention_params

# B, T, heads, 一組の次元 d
SHAPES = st.tuples(*(st.integers(1, n) for n in (3, 9, 3, 4)))
SEEDS = st.integers(0, 2**31 - 1)


def draw(shape, seed):
    """入力、出力の勾配、埋めた所の印（はじめの時刻は、いつも読む）。"""
    B, T, heads, d = shape
    rng = np.random.default_rng(seed)
    real = rng.random((B, T)) < 0.7
    real[:, 0] = True
    torch.manual_seed(seed)
    return *rng.normal(size=(2, B, T, heads * d)), real


@settings(max_examples=25, deadline=None)
@given(shape=SHAPES, causal=st.booleans(), padded=st.booleans(), seed=SEEDS)
def test_self_attention_equals_pytorch_in_values_and_gradients(
    agree, float64, shape, causal, padded, seed
):
    x, dy, real = draw(shape, seed)
    real = real if padded else None
    layer = SelfAttention(shape[2] * shape[3], shape[2], causal)
    params = attention_params(layer)
    trace = self_attention(x, params, real, causal)
    grads, dx = self_attention_backward(trace, params, dy)
    leaf = torch.tensor(x, requires_grad=True)
    y = layer(leaf, None if real is None else torch.tensor(real))
    y.backward(torch.tensor(dy))
    np.testing.assert_allclose(trace.y, y.detach().numpy(), atol=1e-10)
    np.testing.assert_allclose(dx, leaf.grad.numpy(), atol=1e-10)
    agree(grads, attention_params(layer, grads=True), 1e-9)
    np.testing.assert_allclose(trace.alpha.sum(axis=3), 1)


def test_without_positions_only_the_bag_of_the_words_counts():
    rng = np.random.default_rng(3)
    params = SelfAttentionParams.random(6, 2, rng)
    x = rng.normal(size=(1, 8, 6))
    order = rng.permutation(8)
    turned = self_attention(x[:, order], params).y
    np.testing.assert_allclose(turned, self_attention(x, params).y[:, order])


def test_a_wrong_argument_is_named():
    rng = np.random.default_rng(4)
    params = SelfAttentionParams.random(6, 2, rng)
    x = rng.normal(size=(2, 3, 6))
    with pytest.raises(ValueError, match="引数 heads は E = 6 を割り切る"):
        replace(params, heads=4)
    with pytest.raises(ValueError, match=r"引数 x は形 \(B, T, 6\)"):
        self_attention(x[..., :5], params)
    with pytest.raises(ValueError, match="引数 real は、読んだ所が真"):
        self_attention(x, params, np.ones((2, 3)))
    with pytest.raises(ValueError, match="1 番目の系列の時刻 0 から"):
        visible(2, 3, np.array([[True] * 3, [False, True, True]]), causal=True)
    with pytest.raises(ValueError, match="引数 causal"):
        self_attention(x, params, causal="no")
