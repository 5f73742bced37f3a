"""打ち切り BPTT が、区間の境目で detach した autograd と同じであること。"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells.rnn import RNNParams, rnn_backward, rnn_forward
from rnnbook.cells.truncated import rnn_backward_truncated
from rnnbook.models.same_weights import to_torch_rnn

few = settings(max_examples=25, deadline=None)


@few
@given(
    T=st.integers(1, 12),
    k=st.integers(1, 14),
    B=st.integers(1, 3),
    seed=st.integers(0, 2**32 - 1),
)
def test_truncation_equals_detaching_the_hidden_state_in_torch(T, k, B, seed):
    rng = np.random.default_rng(seed)
    D, H = 2, 4
    params = RNNParams.random(D, H, rng, scale=1.0)
    x, dh = rng.normal(size=(B, T, D)), rng.normal(size=(B, T, H))
    h0 = rng.normal(size=(B, H))
    ours = rnn_backward_truncated(rnn_forward(x, params, h0), params, dh, k)

    rnn, loss = to_torch_rnn(params), 0
    x_torch = torch.tensor(x, requires_grad=True)
    start = torch.tensor(h0[None], requires_grad=True)
    h = start
    for first in range(0, T, k):
        out, h = rnn(x_torch[:, first : first + k], h)
        loss = loss + (out * torch.tensor(dh[:, first : first + k])).sum()
        h = h.detach()
    loss.backward()
    for mine, theirs in (
        (ours.W_xh, rnn.weight_ih_l0.grad),
        (ours.W_hh, rnn.weight_hh_l0.grad),
        (ours.b_h, rnn.bias_ih_l0.grad),
        (ours.x, x_torch.grad),
        (ours.h0, start.grad[0]),
    ):
        np.testing.assert_allclose(mine, theirs, atol=1e-12)


def test_a_window_of_the_whole_sequence_is_ordinary_backpropagation():
    rng = np.random.default_rng(0)
    params = RNNParams.random(1, 3, rng)
    trace = rnn_forward(rng.normal(size=(2, 9, 1)), params)
    dh = rng.normal(size=(2, 9, 3))
    full = rnn_backward(trace, params, dh)
    np.testing.assert_array_equal(
        rnn_backward_truncated(trace, params, dh, k=9).W_hh, full.W_hh
    )
    assert not np.allclose(
        rnn_backward_truncated(trace, params, dh, k=3).W_hh, full.W_hh
    )


def test_a_window_shorter_than_one_step_is_refused():
    params = RNNParams.random(1, 3, np.random.default_rng(0))
    trace = rnn_forward(np.zeros((1, 4, 1)), params)
    with pytest.raises(ValueError, match="引数 k は 1 以上の整数です"):
        rnn_backward_truncated(trace, params, np.zeros((1, 4, 3)), k=0)
