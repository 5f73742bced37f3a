"""手で書いた GRU が、二つの流儀のどちらでも、別の実装と数値微分に一致することを確かめます。"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells.gru import GRUParams, gru_backward, gru_cell, gru_forward
from rnnbook.models.same_weights import to_torch_gru

SHAPES = st.tuples(  # B, T, D, H
    st.integers(1, 4), st.integers(1, 7), st.integers(1, 4), st.integers(1, 5)
)
any_problem = given(
    shape=SHAPES, seed=st.integers(0, 2**32 - 1), reset_after=st.booleans()
)
few = settings(max_examples=30, deadline=None)


def make_problem(shape, seed, reset_after):
    B, T, D, H = shape
    rng = np.random.default_rng(seed)
    params = GRUParams.random(D, H, rng, reset_after=reset_after)
    weights = {n: w for n, w in vars(params).items() if w is not None}
    params = replace(
        params, **{n: rng.normal(size=w.shape) for n, w in weights.items()}
    )
    x, h0, dh = (rng.normal(size=s) for s in ((B, T, D), (B, H), (B, T, H)))
    return params, x, h0, dh


def gru_in_torch(x, h, w, reset_after):
    """定義どおりの GRU を autograd のテンソルで書いたもの（重みは辞書 w）。"""
    states = []
    for x_t in x.unbind(1):
        r = torch.sigmoid(x_t @ w["W_xr"].T + h @ w["W_hr"].T + w["b_r"])
        z = torch.sigmoid(x_t @ w["W_xz"].T + h @ w["W_hz"].T + w["b_z"])
        if reset_after:
            recurrent = r * (h @ w["W_hh"].T + w["b_hh"])
        else:
            recurrent = (r * h) @ w["W_hh"].T
        h_tilde = torch.tanh(x_t @ w["W_xh"].T + w["b_h"] + recurrent)
        h = h + z * (h_tilde - h)
        states.append(h)
    return torch.stack(states, dim=1)


@few
@given(shape=SHAPES, seed=st.integers(0, 2**32 - 1))
def test_reset_after_equals_torch_gru_forward_and_backward(shape, seed):
    params, x, h0, dh = make_problem(shape, seed, reset_after=True)
    trace = gru_forward(x, params, h0)
    grads = gru_backward(trace, params, dh)
    gru = to_torch_gru(params)
    x_t = torch.tensor(x, requires_grad=True)
    h0_t = torch.tensor(h0[np.newaxis], requires_grad=True)
    h, _ = gru(x_t, h0_t)
    np.testing.assert_allclose(trace.h, h.detach().numpy(), atol=1e-10)

    (h * torch.tensor(dh)).sum().backward()
    np.testing.assert_allclose(grads.x, x_t.grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(grads.h0, h0_t.grad[0].numpy(), atol=1e-10)
    # PyTorch の文書の順: リセット、更新 (向きが逆なので勾配の符号も逆)、候補
    for name, stacked in (
        ("W_x", gru.weight_ih_l0),
        ("W_h", gru.weight_hh_l0),
        ("b_", gru.bias_ih_l0),
    ):
        for k, sign, theirs in zip(
            "rzh", (1, -1, 1), stacked.grad.chunk(3), strict=True
        ):
            ours = grads.weights[f"{name}{k}"]
            np.testing.assert_allclose(ours, sign * theirs.numpy(), atol=1e-10)
    b_hh = gru.bias_hh_l0.grad.chunk(3)[2]
    np.testing.assert_allclose(grads.weights["b_hh"], b_hh.numpy(), atol=1e-10)


@few
@any_problem
def test_forward_and_backward_equal_autograd(shape, seed, reset_after):
    params, x, h0, dh = make_problem(shape, seed, reset_after)
    trace = gru_forward(x, params, h0)
    grads = gru_backward(trace, params, dh)
    weights = {n: w for n, w in vars(params).items() if w is not None}
    tensors = {
        name: torch.tensor(array, requires_grad=True)
        for name, array in (weights | {"x": x, "h0": h0}).items()
    }
    h = gru_in_torch(tensors["x"], tensors["h0"], tensors, reset_after)
    np.testing.assert_allclose(trace.h, h.detach().numpy(), atol=1e-10)
    (h * torch.tensor(dh)).sum().backward()
    ours = grads.weights | {"x": grads.x, "h0": grads.h0}
    assert ours.keys() == tensors.keys()
    for name, tensor in tensors.items():
        np.testing.assert_allclose(
            ours[name], tensor.grad.numpy(), atol=1e-10, err_msg=name
        )


@settings(max_examples=10, deadline=None)
@any_problem
def test_backward_equals_central_differences(
    shape, seed, reset_after, central_differences
):
    params, x, h0, dh = make_problem(shape, seed, reset_after)
    grads = gru_backward(gru_forward(x, params, h0), params, dh)
    weights = {n: w for n, w in vars(params).items() if w is not None}

    def loss(a):
        changed = GRUParams(**{name: a[name] for name in weights})
        return float((gru_forward(a["x"], changed, a["h0"]).h * dh).sum())

    ours = grads.weights | {"x": grads.x, "h0": grads.h0}
    arrays = weights | {"x": x, "h0": h0}
    for name, numeric in central_differences(loss, arrays).items():
        np.testing.assert_allclose(
            ours[name], numeric, atol=1e-6, rtol=1e-6, err_msg=name
        )


@pytest.mark.parametrize("reset_after", [False, True])
def test_both_conventions_equal_keras_gru(reset_after):
    from rnnbook.models.same_weights import to_keras_gru

    params, x, _, _ = make_problem((3, 6, 2, 5), 0, reset_after)
    h = gru_forward(x, params).h
    np.testing.assert_allclose(np.asarray(to_keras_gru(params)(x)), h, atol=1e-10)


def test_the_two_conventions_differ_on_the_same_weights():
    params, x, h0, _ = make_problem((3, 6, 2, 5), 0, reset_after=False)
    after = replace(params, b_hh=np.zeros(5))
    gap = abs(gru_forward(x, params, h0).h - gru_forward(x, after, h0).h).max()
    assert gap > 0.1


@few
@any_problem
def test_forward_is_the_step_repeated(shape, seed, reset_after):
    params, x, h, _ = make_problem(shape, seed, reset_after)
    trace = gru_forward(x, params, h)
    for t in range(x.shape[1]):
        h_previous, h = h, gru_cell(x[:, t], h, params).h
        np.testing.assert_allclose(trace.h[:, t], h, atol=1e-14)
        z = trace.z[:, t]
        mixed = (1 - z) * h_previous + z * trace.h_tilde[:, t]
        np.testing.assert_allclose(mixed, h, atol=1e-14)


@pytest.mark.parametrize(
    ("z", "expected"), [(-40.0, "the old state"), (40.0, "the candidate")]
)
def test_the_update_gate_chooses_between_the_old_state_and_the_candidate(z, expected):
    params, x, h0, _ = make_problem((2, 4, 2, 3), 0, reset_after=False)
    fixed = replace(
        params, W_xz=np.zeros((3, 2)), W_hz=np.zeros((3, 3)), b_z=np.full(3, z)
    )
    trace = gru_forward(x, fixed, h0)
    kept = np.repeat(h0[:, np.newaxis], 4, axis=1)
    want = kept if expected == "the old state" else trace.h_tilde
    np.testing.assert_allclose(trace.h, want, atol=1e-12)


def test_the_random_weights_have_the_scale_of_torch():
    params = GRUParams.random(D=50, H=100, rng=np.random.default_rng(0))
    theirs = torch.nn.GRU(50, 100).weight_hh_l0.detach().numpy()
    ours = np.concatenate([params.W_hr, params.W_hz, params.W_hh])
    assert abs(ours).max() <= 0.1  # 1/√100
    assert ours.std() == pytest.approx(theirs.std(), rel=0.02)


PARAMS = GRUParams.random(D=2, H=3, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: gru_forward(np.zeros((4, 5, 3)), PARAMS),
            ("x", "(B, T, 2)", "(4, 5, 3)"),
        ),
        (lambda: gru_forward(np.zeros((4, 0, 2)), PARAMS), ("T", "1 以上", "0")),
        (
            lambda: gru_cell(np.zeros((4, 2)), np.zeros((5, 3)), PARAMS),
            ("h", "(4, 3)", "(5, 3)"),
        ),
        (
            lambda: gru_backward(
                gru_forward(np.zeros((1, 2, 2)), PARAMS), PARAMS, np.zeros((1, 3))
            ),
            ("dh", "(1, 2, 3)", "(1, 3)"),
        ),
        (lambda: replace(PARAMS, b_hh=np.zeros(4)), ("b_hh", "(3,)", "(4,)")),
        (lambda: replace(PARAMS, W_hz=np.zeros((3, 4))), ("W_hz", "(3, 3)", "(3, 4)")),
    ],
)
def test_a_wrong_argument_is_named_with_what_came_and_what_is_expected(call, words):
    with pytest.raises(ValueError) as error:
        call()
    for word in words:
        assert word in str(error.value)
