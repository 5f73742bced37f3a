"""手で書いた小さな Transformer が、同じ重みの PyTorch のものに一致します（値も勾配も、名前ごとに）。"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells.small_transformer import (
    positions,
    transformer_backward,
    transformer_forward,
)
from rnnbook.models.transformer import Transformer, sinusoids
from rnnbook.models.transformer_weights import transformer_params

# B, T, heads, 一組の次元 d
SHAPES = st.tuples(*(st.integers(1, n) for n in (3, 9, 3, 4)))
SEEDS = st.integers(0, 2**31 - 1)


@settings(max_examples=15, deadline=None)
@given(
    shape=SHAPES,
    layers=st.integers(1, 3),
    causal=st.booleans(),
    with_positions=st.booleans(),
    seed=SEEDS,
)
def test_the_whole_transformer_equals_pytorch_in_values_and_gradients(
    agree, float64, shape, layers, causal, with_positions, seed
):
    B, T, heads, _ = shape
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    model = Transformer(
        3,
        V=5,
        E=2 * heads,
        heads=heads,
        layers=layers,
        causal=causal,
        positions=with_positions,
        every_step=True,
    )
    params = transformer_params(model)
    ids, lengths = rng.integers(0, 5, (B, T)), rng.integers(1, T + 1, B)
    real = np.arange(T) < lengths[:, None]
    # 埋めた所の答えは使わない
    dy_hat = rng.normal(size=(B, T, 3)) * real[..., None]
    trace = transformer_forward(ids, params, real, causal, with_positions)
    y_hat = model(torch.tensor(ids), lengths)
    y_hat.backward(torch.tensor(dy_hat))
    np.testing.assert_allclose(trace.y_hat, y_hat.detach().numpy(), atol=1e-6)
    grads = transformer_backward(trace, params, dy_hat)
    agree(grads, transformer_params(model, grads=True), 1e-6)


@pytest.mark.parametrize("E", [1, 2, 5, 8])
def test_the_positions_are_those_of_the_pytorch_model(float64, E):
    if E > 1:
        np.testing.assert_allclose(positions(40, E), sinusoids(40, E), atol=1e-12)
    assert positions(40, E).shape == (40, E)


def test_a_word_outside_the_vocabulary_is_named():
    small = transformer_params(Transformer(3, V=5, E=6, heads=2))
    with pytest.raises(ValueError, match="引数 ids は 0 以上 5 未満"):
        transformer_forward(np.array([[0, 5]]), small)
