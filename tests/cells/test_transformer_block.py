"""手で書いた Transformer の層が、PyTorch と数値微分に一致し、後ろと埋めた所を見ません。"""

from dataclasses import replace

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells.layer_norm import NormParams
from rnnbook.cells.transformer_block import (
    BlockParams,
    block_backward,
    block_forward,
    gelu,
    gelu_slope,
)
from rnnbook.models.transformer import Block
from rnnbook.models.transformer_weights import block_params

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
def test_a_block_equals_pytorch_in_values_and_gradients(
    agree, float64, shape, causal, padded, seed
):
    x, dy, real = draw(shape, seed)
    real = real if padded else None
    layer = Block(shape[2] * shape[3], shape[2], causal)
    for norm in (layer.norm_1, layer.norm_2):  # 1 と 0 のままでは、g も b も試せない
        torch.nn.init.normal_(norm.weight)
        torch.nn.init.normal_(norm.bias)
    params = block_params(layer)
    trace = block_forward(x, params, real, causal)
    grads, dx = block_backward(trace, params, dy)
    leaf = torch.tensor(x, requires_grad=True)
    y = layer(leaf, None if real is None else torch.tensor(real))
    y.backward(torch.tensor(dy))
    np.testing.assert_allclose(trace.y, y.detach().numpy(), atol=1e-8)
    np.testing.assert_allclose(dx, leaf.grad.numpy(), atol=1e-6)
    agree(grads, block_params(layer, grads=True), 1e-6)


def test_the_backward_of_a_block_equals_central_differences(central_differences):
    rng = np.random.default_rng(0)
    params = BlockParams.random(4, 2, rng)
    x, dy = rng.normal(size=(2, 2, 3, 4))
    real = np.array([[True, True, False], [True, True, True]])

    def run(a):
        attention = replace(params.attention, W_k=a["W_k"], b_q=a["b_q"])
        changed = replace(
            params,
            attention=attention,
            norm_1=NormParams(a["g"], params.norm_1.b),
            W_1=a["W_1"],
        )
        return block_forward(a["x"], changed, real, causal=True)

    arrays = {
        "x": x,
        "W_k": params.attention.W_k,
        "b_q": params.attention.b_q,
        "g": params.norm_1.g,
        "W_1": params.W_1,
    }
    grads, dx = block_backward(run(arrays), params, dy)
    found = {
        "x": dx,
        "W_k": grads.attention.W_k,
        "b_q": grads.attention.b_q,
        "g": grads.norm_1.g,
        "W_1": grads.W_1,
    }
    numeric = central_differences(lambda a: float((run(a).y * dy).sum()), arrays)
    for name, values in numeric.items():
        np.testing.assert_allclose(found[name], values, atol=1e-6, err_msg=name)


def test_gelu_and_its_slope_equal_those_of_pytorch(float64):
    a = torch.linspace(-6, 6, 49, requires_grad=True)
    expected = torch.nn.functional.gelu(a)
    expected.sum().backward()
    values = a.detach().numpy()
    np.testing.assert_allclose(gelu(values), expected.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(gelu_slope(values), a.grad.numpy(), atol=1e-12)


def test_what_stands_later_or_in_the_padding_changes_nothing():
    rng = np.random.default_rng(2)
    params = BlockParams.random(6, 3, rng)
    x = rng.normal(size=(2, 7, 6))
    real = np.arange(7) < np.array([[7], [4]])
    later, padding = x.copy(), np.where(real[..., None], x, 99.0)
    later[:, 5:] = 99.0
    before = block_forward(x, params, causal=True).y
    np.testing.assert_array_equal(
        before[:, :5], block_forward(later, params, causal=True).y[:, :5]
    )
    before = block_forward(x, params, real).y[real]
    np.testing.assert_array_equal(before, block_forward(padding, params, real).y[real])
