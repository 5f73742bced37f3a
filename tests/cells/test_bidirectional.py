"""手で書いた双方向のセルが、PyTorch、Keras、数値微分に一致し、埋めた所を読まないことを確かめます。"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnnbook.cells.bidirectional import bidirectional_backward, bidirectional_forward
from rnnbook.cells.gru import GRUParams
from rnnbook.cells.lstm import LSTMParams
from rnnbook.cells.rnn import RNNParams
from rnnbook.models.same_weights import to_keras_bidirectional, to_torch_bidirectional

KINDS = [RNNParams, LSTMParams, GRUParams]
SHAPES = st.tuples(  # B, T, D, H
    st.integers(1, 4), st.integers(1, 7), st.integers(1, 4), st.integers(1, 4)
)


def make_problem(kind, shape, seed):
    B, T, D, H = shape
    rng = np.random.default_rng(seed)
    more = {"reset_after": True} if kind is GRUParams else {}
    params = [kind.random(D, H, rng, **more) for _ in range(2)]
    lengths = rng.integers(1, T + 1, B)
    return *params, rng.normal(size=(B, T, D)), lengths, rng.normal(size=(B, T, 2 * H))


def in_torch(params, params_back, x, lengths):
    """bidirectional=True の層に、詰めた系列を読ませたもの。"""
    T = x.shape[1]
    both = to_torch_bidirectional(params, params_back)
    packed = pack_padded_sequence(x, torch.tensor(lengths), True, enforce_sorted=False)
    h, last = both(packed)
    last = last[0] if isinstance(last, tuple) else last
    return both, pad_packed_sequence(h, True, total_length=T)[0], last


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from(KINDS), shape=SHAPES, seed=st.integers(0, 2**32 - 1))
def test_forward_and_backward_equal_torch_on_padded_series(kind, shape, seed):
    params, back, x, lengths, dh = make_problem(kind, shape, seed)
    trace = bidirectional_forward(x, params, back, lengths)
    grads = bidirectional_backward(trace, params, back, dh)
    x_t = torch.tensor(x, requires_grad=True)
    both, h, last = in_torch(params, back, x_t, lengths)
    np.testing.assert_allclose(trace.h, h.detach().numpy(), atol=1e-10)
    np.testing.assert_allclose(
        trace.last, last.transpose(0, 1).reshape(len(x), -1).detach(), atol=1e-10
    )
    (h * torch.tensor(dh)).sum().backward()
    np.testing.assert_allclose(grads.x, x_t.grad.numpy(), atol=1e-10)
    # 向きごとの b の勾配。PyTorch の GRU は z の向きが逆なので、b_r を比べる
    ours = {
        RNNParams: lambda g: g.b_h,
        LSTMParams: lambda g: g.weights["b_i"],
        GRUParams: lambda g: g.weights["b_r"],
    }[kind]
    H = params.H
    for found, theirs in (
        (grads.ahead, both.bias_ih_l0),
        (grads.back, both.bias_ih_l0_reverse),
    ):
        np.testing.assert_allclose(ours(found), theirs.grad[:H], atol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_the_backward_pass_equals_central_differences(kind, central_differences):
    params, back, x, lengths, dh = make_problem(kind, (2, 4, 2, 3), seed=7)
    trace = bidirectional_forward(x, params, back, lengths)
    grads = bidirectional_backward(trace, params, back, dh)
    names = [n for n, w in vars(params).items() if isinstance(w, np.ndarray)]
    arrays = {"x": x}
    arrays |= {f"ahead.{n}": getattr(params, n) for n in names}
    arrays |= {f"back.{n}": getattr(back, n) for n in names}

    def loss(a):
        changed = [kind(**{n: a[f"{way}.{n}"] for n in names}) for way in WAYS]
        return float((bidirectional_forward(a["x"], *changed, lengths).h * dh).sum())

    for name, numeric in central_differences(loss, arrays).items():
        way, _, weight = name.partition(".")
        found = getattr(grads, way)
        if weight:
            found = getattr(found, "weights", None) or vars(found)
            found = found[weight]
        np.testing.assert_allclose(found, numeric, atol=1e-6, rtol=1e-6, err_msg=name)


WAYS = ("ahead", "back")


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_equals_keras(kind):
    params, back, x, _, _ = make_problem(kind, (3, 6, 2, 4), seed=3)
    theirs = to_keras_bidirectional(params, back)(x).numpy()
    np.testing.assert_allclose(
        bidirectional_forward(x, params, back).h, theirs, atol=1e-10
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_in_the_padding_changes_nothing(kind):
    params, back, x, lengths, dh = make_problem(kind, (4, 7, 2, 3), seed=5)
    padded = np.arange(7) >= lengths[:, None]
    assert padded.any()
    other = np.where(padded[..., None], 1e3, x)
    first, second = (
        bidirectional_forward(v, params, back, lengths) for v in (x, other)
    )
    np.testing.assert_array_equal(first.h, second.h)
    grads = bidirectional_backward(first, params, back, dh)
    assert (grads.x[padded] == 0).all()


def test_without_the_lengths_the_back_direction_starts_in_the_padding():
    params, back, x, lengths, _ = make_problem(LSTMParams, (4, 7, 2, 3), seed=5)
    short = lengths < 7
    right, wrong = (
        bidirectional_forward(x, params, back, n).h for n in (lengths, None)
    )
    H = params.H
    assert np.allclose(right[short, 0, :H], wrong[short, 0, :H])
    assert not np.allclose(right[short, 0, H:], wrong[short, 0, H:])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lengths": [1, 9]}, "引数 lengths は 1 以上 T = 4 以下の整数 B = 2 個です。"),
        ({"lengths": [0, 1]}, "引数 lengths は 1 以上 T = 4"),
        ({"lengths": [1.0, 2.0]}, "引数 lengths は 1 以上 T = 4"),
        ({"x": np.zeros((2, 4, 3))}, r"引数 x は形 \(B, T, 2\) の配列です。"),
        ({"params_back": 3}, "引数 params_back は LSTMParams です。int"),
        ({"params": 3}, "引数 params は LSTMParams です。int"),
    ],
)
def test_a_wrong_argument_is_named_in_japanese(change, message):
    params, back, x, lengths, _ = make_problem(LSTMParams, (2, 4, 2, 3), seed=1)
    given = {"x": x, "params": params, "params_back": back, "lengths": lengths}
    with pytest.raises(ValueError, match=message):
        bidirectional_forward(**(given | change))


def test_directions_of_different_sizes_are_refused():
    params, back = (LSTMParams.random(2, H, np.random.default_rng(0)) for H in (3, 4))
    with pytest.raises(
        ValueError, match="引数 params_back は、params と同じ D = 2、H = 3"
    ):
        bidirectional_forward(np.zeros((1, 4, 2)), params, back)
