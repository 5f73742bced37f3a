"""手で書いた注意が、PyTorch、Keras、数値微分に一致し、埋めた所は何にも響きません。"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells.attention import (
    AdditiveParams,
    additive_attention,
    additive_attention_backward,
    dot_attention,
    dot_attention_backward,
)

SHAPES = st.tuples(*(st.integers(1, n) for n in (3, 4, 5, 4, 4)))  # B, U, S, D, N


def make_problem(shape, seed):
    B, U, S, D, N = shape
    rng = np.random.default_rng(seed)
    query, key, value, dout = (
        rng.normal(size=size) for size in ((B, U, D), (B, S, D), (B, S, N), (B, U, N))
    )
    real = rng.random((B, S)) < 0.7
    real[:, 0] = True
    return query, key, value, real, dout


def leaves(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


@settings(max_examples=20, deadline=None)
@given(shape=SHAPES, seed=st.integers(0, 2**31 - 1))
def test_dot_attention_equals_the_function_of_torch(shape, seed):
    query, key, value, real, dout = make_problem(shape, seed)
    scale = 1 / np.sqrt(shape[3])  # PyTorch のもとの倍率
    trace = dot_attention(query, key, value, real, scale)
    grads = dot_attention_backward(trace, dout, scale)
    q, k, v = leaves(query, key, value)
    out = torch.nn.functional.scaled_dot_product_attention(
        q, k, v, attn_mask=torch.tensor(real)[:, None]
    )
    out.backward(torch.tensor(dout))
    for name, ours, theirs in (
        ("out", trace.out, out.detach()),
        ("query", grads.query, q.grad),
        ("key", grads.key, k.grad),
        ("value", grads.value, v.grad),
    ):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-12, err_msg=name)
    np.testing.assert_allclose(trace.alpha.sum(axis=2), 1)
    assert (trace.alpha[~np.broadcast_to(real[:, None], trace.alpha.shape)] == 0).all()


@settings(max_examples=20, deadline=None)
@given(shape=SHAPES, A=st.integers(1, 5), seed=st.integers(0, 2**31 - 1))
def test_additive_attention_equals_autograd_in_every_value(shape, A, seed):
    query, key, value, real, dout = make_problem(shape, seed)
    rng = np.random.default_rng(seed)
    params = AdditiveParams.random(A, shape[3], shape[3], rng)
    trace = additive_attention(query, key, value, params, real)
    grads, weights = additive_attention_backward(trace, params, dout)
    q, k, v = leaves(query, key, value)
    W_1, W_2, b, w = leaves(params.W_1, params.W_2, params.b, params.v)
    z = torch.tanh((k @ W_1.T)[:, None] + (q @ W_2.T)[:, :, None] + b)
    e = z @ w
    alpha = e.masked_fill(~torch.tensor(real)[:, None], -torch.inf).softmax(2)
    out = alpha @ v
    out.backward(torch.tensor(dout))
    for name, ours, theirs in (
        ("z", trace.z, z),
        ("e", trace.e, e),
        ("alpha", trace.alpha, alpha),
        ("out", trace.out, out),
        ("query", grads.query, q.grad),
        ("key", grads.key, k.grad),
        ("value", grads.value, v.grad),
        ("W_1", weights.W_1, W_1.grad),
        ("W_2", weights.W_2, W_2.grad),
        ("b", weights.b, b.grad),
        ("v", weights.v, w.grad),
    ):
        theirs = theirs.detach().numpy()
        np.testing.assert_allclose(ours, theirs, atol=1e-12, err_msg=name)


def test_both_equal_the_layers_of_keras():
    keras = pytest.importorskip("keras")
    query, key, value, real, _ = make_problem((2, 3, 5, 4, 6), 1)
    params = AdditiveParams.random(4, 4, 4, np.random.default_rng(2))
    query_mask = np.ones((2, 3), bool)
    # Keras の順は query、value、key
    layer = keras.layers.Attention(dtype="float64")
    theirs = layer([query, value, key], mask=[query_mask, real])
    np.testing.assert_allclose(
        dot_attention(query, key, value, real).out, np.asarray(theirs), atol=1e-12
    )
    layer = keras.layers.AdditiveAttention(dtype="float64")
    projected = [query @ params.W_2.T + params.b, value, key @ params.W_1.T]
    layer.build([each.shape for each in projected])
    layer.scale.assign(params.v)
    theirs = layer(projected, mask=[query_mask, real])
    ours = additive_attention(query, key, value, params, real).out
    np.testing.assert_allclose(ours, np.asarray(theirs), atol=1e-12)


@pytest.mark.parametrize("kind", ["dot", "additive"])
def test_backward_equals_central_differences(kind, central_differences):
    query, key, value, real, dout = make_problem((2, 3, 4, 3, 2), 3)
    params = AdditiveParams.random(4, 3, 3, np.random.default_rng(4))

    def run(a):
        if kind == "dot":
            return dot_attention(a["query"], a["key"], a["value"], real, 0.5)
        weights = AdditiveParams(a["W_1"], a["W_2"], a["b"], a["v"])
        return additive_attention(a["query"], a["key"], a["value"], weights, real)

    arrays = {"query": query, "key": key, "value": value}
    if kind == "additive":
        arrays |= {name: getattr(params, name) for name in ("W_1", "W_2", "b", "v")}
    trace = run(arrays)
    if kind == "dot":
        grads = dot_attention_backward(trace, dout, 0.5)._asdict()
    else:
        inputs, weights = additive_attention_backward(trace, params, dout)
        grads = inputs._asdict() | vars(weights)
    arrays = {name: array.copy() for name, array in arrays.items()}
    numeric = central_differences(lambda a: float((run(a).out * dout).sum()), arrays)
    for name, values in numeric.items():
        np.testing.assert_allclose(grads[name], values, atol=1e-6, err_msg=name)


def test_what_stands_in_the_padding_changes_nothing():
    query, key, value, real, _ = make_problem((2, 3, 5, 4, 6), 5)
    changed = [np.where(real[..., None], each, 99.0) for each in (key, value)]
    before = dot_attention(query, key, value, real).out
    np.testing.assert_array_equal(before, dot_attention(query, *changed, real).out)


def test_a_wrong_argument_is_named():
    query, key, value, real, _ = make_problem((2, 3, 5, 4, 6), 6)
    with pytest.raises(ValueError, match="引数 real は、見てよい所が真"):
        dot_attention(query, key, value, real[:, :4])
    with pytest.raises(ValueError, match="1 番目の系列に、見てよい所がありません"):
        dot_attention(query, key, value, np.array([[True] * 5, [False] * 5]))
    with pytest.raises(ValueError, match=r"引数 key は形 \(B, S, 4\)"):
        dot_attention(query, key[..., :3], value, real)
    with pytest.raises(ValueError, match="引数 v は形"):
        AdditiveParams(np.zeros((2, 3)), np.zeros((2, 3)), np.zeros(2), np.zeros(3))
