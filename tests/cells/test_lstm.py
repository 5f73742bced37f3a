"""手で書いた LSTM が、別の実装と数値微分に一致することを確かめます。"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells.lstm import LSTMParams, lstm_backward, lstm_cell, lstm_forward
from rnnbook.models.same_weights import to_torch_lstm

SHAPES = st.tuples(  # B, T, D, H
    st.integers(1, 4), st.integers(1, 7), st.integers(1, 4), st.integers(1, 5)
)
any_problem = given(shape=SHAPES, seed=st.integers(0, 2**32 - 1))
few = settings(max_examples=25, deadline=None)


def make_problem(shape, seed):
    B, T, D, H = shape
    rng = np.random.default_rng(seed)
    params = LSTMParams.random(D, H, rng)
    params = replace(
        params, **{n: rng.normal(size=w.shape) for n, w in vars(params).items()}
    )
    x, dh = rng.normal(size=(B, T, D)), rng.normal(size=(B, T, H))
    h0, c0 = rng.normal(size=(2, B, H))
    return params, x, h0, c0, dh


@few
@any_problem
def test_forward_equals_torch(shape, seed):
    params, x, h0, c0, _ = make_problem(shape, seed)
    trace = lstm_forward(x, params, h0, c0)
    start = (torch.tensor(h0[np.newaxis]), torch.tensor(c0[np.newaxis]))
    h, (_, c_T) = to_torch_lstm(params)(torch.tensor(x), start)
    np.testing.assert_allclose(trace.h, h.detach().numpy(), atol=1e-10)
    np.testing.assert_allclose(trace.c[:, -1], c_T[0].detach().numpy(), atol=1e-10)


@few
@any_problem
def test_backward_equals_torch_autograd(shape, seed):
    params, x, h0, c0, dh = make_problem(shape, seed)
    grads = lstm_backward(lstm_forward(x, params, h0, c0), params, dh)
    lstm = to_torch_lstm(params)
    x_t, h0_t, c0_t = (
        torch.tensor(a, requires_grad=True) for a in (x, h0[np.newaxis], c0[np.newaxis])
    )
    h, _ = lstm(x_t, (h0_t, c0_t))
    (h * torch.tensor(dh)).sum().backward()
    theirs = {"x": x_t.grad, "h0": h0_t.grad[0], "c0": c0_t.grad[0]}
    for name, value in theirs.items():
        np.testing.assert_allclose(getattr(grads, name), value.numpy(), atol=1e-10)
    # PyTorch の文書の順: 入力、忘却、候補 (g)、出力
    for name, stacked in (
        ("W_x", lstm.weight_ih_l0),
        ("W_h", lstm.weight_hh_l0),
        ("b_", lstm.bias_ih_l0),
    ):
        for gate, value in zip("ifco", stacked.grad.chunk(4), strict=True):
            ours = grads.weights[f"{name}{gate}"]
            np.testing.assert_allclose(ours, value.numpy(), atol=1e-10)


@settings(max_examples=8, deadline=None)
@any_problem
def test_backward_equals_central_differences(shape, seed, central_differences):
    params, x, h0, c0, dh = make_problem(shape, seed)
    grads = lstm_backward(lstm_forward(x, params, h0, c0), params, dh)

    def loss(a):
        weights = LSTMParams(**{name: a[name] for name in vars(params)})
        return float((lstm_forward(a["x"], weights, a["h0"], a["c0"]).h * dh).sum())

    arrays = vars(params) | {"x": x, "h0": h0, "c0": c0}
    ours = grads.weights | {"x": grads.x, "h0": grads.h0, "c0": grads.c0}
    for name, numeric in central_differences(loss, arrays).items():
        np.testing.assert_allclose(
            ours[name], numeric, atol=1e-6, rtol=1e-6, err_msg=name
        )


@few
@any_problem
def test_the_gradient_of_a_cell_state_inside_equals_autograd(shape, seed):
    params, x, h0, c0, dh = make_problem(shape, seed)
    dc = np.random.default_rng(seed + 1).normal(size=dh.shape)
    grads = lstm_backward(lstm_forward(x, params, h0, c0), params, dh, dc)
    w = {name: torch.tensor(weight) for name, weight in vars(params).items()}
    h, c, nudges, loss = torch.tensor(h0), torch.tensor(c0), [], 0.0
    for t, x_t in enumerate(torch.tensor(x).unbind(1)):
        i, f, o, c_tilde = (
            x_t @ w[f"W_x{k}"].T + h @ w[f"W_h{k}"].T + w[f"b_{k}"] for k in "ifoc"
        )
        nudges.append(torch.zeros_like(c, requires_grad=True))  # c_t を動かす量
        c = f.sigmoid() * c + i.sigmoid() * c_tilde.tanh() + nudges[-1]
        h = o.sigmoid() * c.tanh()
        loss = loss + (h * torch.tensor(dh[:, t])).sum()
        loss = loss + (c * torch.tensor(dc[:, t])).sum()
    theirs = torch.stack(torch.autograd.grad(loss, nudges), dim=1)
    np.testing.assert_allclose(grads.c, theirs.numpy(), atol=1e-10)


@few
@any_problem
def test_a_gradient_into_the_last_cell_state_equals_torch_autograd(shape, seed):
    params, x, h0, c0, dh = make_problem(shape, seed)
    dc = np.zeros_like(dh)
    dc[:, -1] = dh[:, -1]
    grads = lstm_backward(
        lstm_forward(x, params, h0, c0), params, np.zeros_like(dh), dc
    )
    lstm = to_torch_lstm(params)
    leaves = [
        torch.tensor(a, requires_grad=True) for a in (x, h0[np.newaxis], c0[np.newaxis])
    ]
    _, (_, c_T) = lstm(leaves[0], tuple(leaves[1:]))
    loss = (c_T[0] * torch.tensor(dc[:, -1])).sum()
    dx, dh0, dc0, dW_hh = torch.autograd.grad(loss, [*leaves, lstm.weight_hh_l0])
    np.testing.assert_allclose(grads.x, dx.numpy(), atol=1e-10)
    np.testing.assert_allclose(grads.h0, dh0[0].numpy(), atol=1e-10)
    np.testing.assert_allclose(grads.c0, dc0[0].numpy(), atol=1e-10)
    for gate, value in zip("ifco", dW_hh.chunk(4), strict=True):
        ours = grads.weights[f"W_h{gate}"]
        np.testing.assert_allclose(ours, value.numpy(), atol=1e-10)


def test_forward_equals_keras_lstm():
    from rnnbook.models.same_weights import to_keras_lstm

    params, x, _, _, _ = make_problem((3, 6, 2, 5), seed=0)
    h = lstm_forward(x, params).h
    np.testing.assert_allclose(np.asarray(to_keras_lstm(params)(x)), h, atol=1e-10)


@few
@any_problem
def test_forward_is_the_step_repeated(shape, seed):
    params, x, h, c, _ = make_problem(shape, seed)
    trace = lstm_forward(x, params, h, c)
    for t in range(x.shape[1]):
        *_, c, h = lstm_cell(x[:, t], h, c, params)
        np.testing.assert_allclose(trace.h[:, t], h, atol=1e-14)
        np.testing.assert_allclose(trace.c[:, t], c, atol=1e-14)


@few
@any_problem
def test_the_recorded_gates_rebuild_every_state(shape, seed):
    params, x, h0, c0, _ = make_problem(shape, seed)
    trace = lstm_forward(x, params, h0, c0)
    c_previous = np.concatenate([c0[:, np.newaxis], trace.c[:, :-1]], axis=1)
    c = trace.f * c_previous + trace.i * trace.c_tilde
    np.testing.assert_allclose(trace.c, c, atol=1e-14)
    np.testing.assert_allclose(trace.h, trace.o * np.tanh(c), atol=1e-14)


def test_without_a_start_both_states_begin_at_zero():
    params, x, _, _, _ = make_problem((2, 3, 2, 4), seed=1)
    zero = np.zeros((2, 4))
    started_at_zero = lstm_forward(x, params, zero, zero)
    np.testing.assert_array_equal(lstm_forward(x, params).h, started_at_zero.h)


@pytest.mark.parametrize("forget_bias", [0.0, 1.0, 3.0])
def test_without_input_the_cell_state_decays_by_the_sigmoid_of_the_forget_bias(
    forget_bias,
):
    rng = np.random.default_rng(0)
    params = LSTMParams.random(D=1, H=3, rng=rng, forget_bias=forget_bias)
    silent = replace(params, W_hf=np.zeros((3, 3)), W_hc=np.zeros((3, 3)))
    trace = lstm_forward(np.zeros((1, 20, 1)), silent, c0=np.ones((1, 3)))
    kept = 1 / (1 + np.exp(-forget_bias))
    np.testing.assert_allclose(trace.c[0, :, 0], kept ** np.arange(1, 21), rtol=1e-12)


def test_the_random_weights_have_the_scale_of_torch():
    params = LSTMParams.random(D=50, H=100, rng=np.random.default_rng(0))
    theirs = torch.nn.LSTM(50, 100).weight_hh_l0.detach().numpy()
    ours = np.concatenate([params.W_hi, params.W_hf, params.W_ho, params.W_hc])
    assert abs(ours).max() <= 0.1  # 1/√100
    assert ours.std() == pytest.approx(theirs.std(), rel=0.02)


PARAMS = LSTMParams.random(D=2, H=3, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: lstm_forward(np.zeros((4, 5, 3)), PARAMS),
            ("x", "(B, T, 2)", "(4, 5, 3)"),
        ),
        (lambda: lstm_forward(np.zeros((4, 0, 2)), PARAMS), ("T", "1 以上", "0")),
        (
            lambda: lstm_forward(np.zeros((4, 5, 2)), PARAMS, c0=np.zeros(3)),
            ("c0", "(4, 3)", "(3,)"),
        ),
        (
            lambda: lstm_cell(np.zeros((4, 2)), np.zeros((4, 3)), np.zeros(3), PARAMS),
            ("c", "(4, 3)", "(3,)"),
        ),
        (
            lambda: lstm_backward(
                lstm_forward(np.zeros((1, 2, 2)), PARAMS), PARAMS, np.zeros((1, 3))
            ),
            ("dh", "(1, 2, 3)", "(1, 3)"),
        ),
        (
            lambda: lstm_backward(
                lstm_forward(np.zeros((1, 2, 2)), PARAMS),
                PARAMS,
                np.zeros((1, 2, 3)),
                dc=np.zeros((1, 3)),
            ),
            ("dc", "(1, 2, 3)", "(1, 3)"),
        ),
        (lambda: replace(PARAMS, W_ho=np.zeros((3, 4))), ("W_ho", "(3, 3)", "(3, 4)")),
        (
            lambda: LSTMParams.random(2, 3, np.random.default_rng(0), "one"),
            ("forget_bias", "'one'"),
        ),
    ],
)
def test_a_wrong_argument_is_named_with_what_came_and_what_is_expected(call, words):
    with pytest.raises(ValueError) as error:
        call()
    for word in words:
        assert word in str(error.value)
