"""手で書いた RNN が、別の実装と数値微分に一致することを確かめます。"""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rnnbook.cells.readout import mse, readout, readout_backward
from rnnbook.cells.rnn import RNNParams, rnn_backward, rnn_cell, rnn_forward
from rnnbook.models.same_weights import to_torch_rnn

SHAPES = st.tuples(  # B, T, D, H
    st.integers(1, 4), st.integers(1, 7), st.integers(1, 4), st.integers(1, 5)
)
any_problem = given(shape=SHAPES, seed=st.integers(0, 2**32 - 1))
few = settings(max_examples=25, deadline=None)
PHI = {"tanh": torch.tanh, "relu": torch.relu, "identity": lambda a: a}
each_activation = pytest.mark.parametrize("activation", PHI)


def make_problem(shape, seed, activation="tanh"):
    B, T, D, H = shape
    rng = np.random.default_rng(seed)
    params = RNNParams.random(D, H, rng, scale=1.0, activation=activation)
    x, h0, dh = (
        rng.normal(size=(B, T, D)),
        rng.normal(size=(B, H)),
        rng.normal(size=(B, T, H)),
    )
    return params, x, h0, dh


def torch_run(params, x, h0):
    rnn = to_torch_rnn(params)
    x = torch.tensor(x, requires_grad=True)
    h0 = torch.tensor(h0[np.newaxis], requires_grad=True)
    h, _ = rnn(x, h0)
    return rnn, x, h0, h


@few
@any_problem
def test_forward_equals_torch(shape, seed):
    params, x, h0, _ = make_problem(shape, seed)
    *_, h = torch_run(params, x, h0)
    np.testing.assert_allclose(
        rnn_forward(x, params, h0).h, h.detach().numpy(), atol=1e-10
    )


@few
@any_problem
def test_backward_equals_torch_autograd(shape, seed):
    params, x, h0, dh = make_problem(shape, seed)
    grads = rnn_backward(rnn_forward(x, params, h0), params, dh)
    rnn, x, h0, h = torch_run(params, x, h0)
    (h * torch.tensor(dh)).sum().backward()
    for ours, theirs in (
        (grads.W_xh, rnn.weight_ih_l0.grad),
        (grads.W_hh, rnn.weight_hh_l0.grad),
        (grads.b_h, rnn.bias_ih_l0.grad),
        (grads.x, x.grad),
        (grads.h0, h0.grad[0]),
    ):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-6)


@each_activation
@few
@any_problem
def test_each_activation_equals_autograd_through_the_formula(activation, shape, seed):
    params, x, h0, dh = make_problem(shape, seed, activation)
    trace = rnn_forward(x, params, h0)
    grads = rnn_backward(trace, params, dh)
    names = ("W_xh", "W_hh", "b_h")
    leaves = [torch.tensor(getattr(params, n), requires_grad=True) for n in names]
    leaves += [torch.tensor(v, requires_grad=True) for v in (x, h0)]
    W_xh, W_hh, b_h, x_t, h = leaves
    states = []
    for t in range(x.shape[1]):
        h = PHI[activation](x_t[:, t] @ W_xh.T + h @ W_hh.T + b_h)
        states.append(h)
    h_all = torch.stack(states, dim=1)
    np.testing.assert_allclose(trace.h, h_all.detach().numpy(), atol=1e-10)
    theirs = torch.autograd.grad((h_all * torch.tensor(dh)).sum(), leaves)
    for name, value in zip((*names, "x", "h0"), theirs, strict=True):
        np.testing.assert_allclose(
            getattr(grads, name), value.numpy(), rtol=1e-8, atol=1e-8
        )


@few
@any_problem
def test_the_relu_rnn_equals_the_relu_layer_of_torch(shape, seed):
    params, x, h0, _ = make_problem(shape, seed, "relu")
    *_, h = torch_run(params, x, h0)
    np.testing.assert_allclose(
        rnn_forward(x, params, h0).h, h.detach().numpy(), atol=1e-10
    )


def test_each_activation_equals_the_keras_layer():
    from rnnbook.models.same_weights import to_keras_rnn

    for activation in PHI:
        params, x, _, _ = make_problem((2, 4, 2, 3), 0, activation)
        np.testing.assert_allclose(
            np.asarray(to_keras_rnn(params)(x)), rnn_forward(x, params).h, atol=1e-10
        )


@each_activation
@settings(max_examples=10, deadline=None)
@any_problem
def test_backward_equals_central_differences(activation, shape, seed):
    params, x, h0, dh = make_problem(shape, seed, activation)
    trace = rnn_forward(x, params, h0)
    # ReLU の折れ目をまたぐ差分は、微分になりません
    assume(activation != "relu" or abs(trace.a).min() > 1e-3)
    grads = rnn_backward(trace, params, dh)
    arrays = {
        "W_xh": params.W_xh,
        "W_hh": params.W_hh,
        "b_h": params.b_h,
        "x": x,
        "h0": h0,
    }

    def loss(changed):
        weights = RNNParams(
            changed["W_xh"], changed["W_hh"], changed["b_h"], activation
        )
        return float((rnn_forward(changed["x"], weights, changed["h0"]).h * dh).sum())

    epsilon = 1e-6
    for name, array in arrays.items():
        numeric = np.empty_like(array)
        for index in np.ndindex(array.shape):
            plus, minus = array.copy(), array.copy()
            plus[index] += epsilon
            minus[index] -= epsilon
            difference = loss(arrays | {name: plus}) - loss(arrays | {name: minus})
            numeric[index] = difference / (2 * epsilon)
        np.testing.assert_allclose(getattr(grads, name), numeric, atol=1e-6, rtol=1e-5)


def test_forward_equals_keras_simple_rnn():
    from rnnbook.models.same_weights import to_keras_rnn

    params, x, _, _ = make_problem((3, 6, 2, 5), seed=0)
    h = rnn_forward(x, params).h
    np.testing.assert_allclose(np.asarray(to_keras_rnn(params)(x)), h, atol=1e-10)


@few
@any_problem
def test_forward_is_the_step_repeated(shape, seed):
    params, x, h, _ = make_problem(shape, seed)
    trace = rnn_forward(x, params, h)
    for t in range(x.shape[1]):
        h = rnn_cell(x[:, t], h, params)
        np.testing.assert_allclose(trace.h[:, t], h, atol=1e-14)
        np.testing.assert_allclose(np.tanh(trace.a[:, t]), h, atol=1e-14)


def test_without_h0_the_hidden_state_starts_at_zero():
    params, x, _, _ = make_problem((2, 3, 2, 4), seed=1)
    started_at_zero = rnn_forward(x, params, np.zeros((2, 4)))
    np.testing.assert_array_equal(rnn_forward(x, params).h, started_at_zero.h)


def test_the_default_scale_is_that_of_torch():
    params = RNNParams.random(D=50, H=100, rng=np.random.default_rng(0))
    theirs = torch.nn.RNN(50, 100).weight_hh_l0.detach().numpy()
    assert abs(params.W_hh).max() <= 0.1  # 1/√100
    assert params.W_hh.std() == pytest.approx(theirs.std(), rel=0.02)


@few
@given(
    shape=st.lists(st.integers(1, 3), min_size=1, max_size=2),
    H=st.integers(1, 4),
    O=st.integers(1, 3),
    seed=st.integers(0, 1000),
)
def test_readout_and_mse_equal_torch(shape, H, O, seed):
    rng = np.random.default_rng(seed)
    h, y = rng.normal(size=(*shape, H)), rng.normal(size=(*shape, O))
    W_hy, b_y = rng.normal(size=(O, H)), rng.normal(size=O)
    y_hat = readout(h, W_hy, b_y)
    loss, dy_hat = mse(y, y_hat)
    grads = readout_backward(h, W_hy, dy_hat)

    h_t, W_t, b_t = (torch.tensor(a, requires_grad=True) for a in (h, W_hy, b_y))
    y_hat_t = torch.nn.functional.linear(h_t, W_t, b_t)
    loss_t = torch.nn.functional.mse_loss(y_hat_t, torch.tensor(y))
    loss_t.backward()
    np.testing.assert_allclose(y_hat, y_hat_t.detach().numpy(), atol=1e-10)
    assert loss == pytest.approx(loss_t.item(), abs=1e-10)
    for ours, theirs in ((grads.W_hy, W_t), (grads.b_y, b_t), (grads.h, h_t)):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=1e-10)


PARAMS = RNNParams.random(D=2, H=3, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: rnn_forward(np.zeros((4, 5, 3)), PARAMS),
            ("x", "(B, T, 2)", "(4, 5, 3)"),
        ),
        (lambda: rnn_forward(np.zeros((4, 0, 2)), PARAMS), ("T", "1 以上", "0")),
        (lambda: rnn_forward(np.full((1, 1, 2), np.nan), PARAMS), ("x", "NaN", "2 個")),
        (
            lambda: rnn_forward(np.zeros((4, 5, 2)), PARAMS, np.zeros(3)),
            ("h0", "(4, 3)", "(3,)"),
        ),
        (
            lambda: rnn_cell(np.zeros((4, 2)), np.zeros((5, 3)), PARAMS),
            ("h", "(4, 3)", "(5, 3)"),
        ),
        (lambda: rnn_cell("abc", np.zeros((5, 3)), PARAMS), ("x", "実数の配列", "str")),
        (
            lambda: rnn_backward(
                rnn_forward(np.zeros((1, 2, 2)), PARAMS), PARAMS, np.zeros((1, 3))
            ),
            ("dh", "(1, 2, 3)", "(1, 3)"),
        ),
        (
            lambda: RNNParams(np.zeros((3, 2)), np.zeros((3, 4)), np.zeros(3)),
            ("W_hh", "(3, 3)", "(3, 4)"),
        ),
        (
            lambda: RNNParams.random(0, 3, np.random.default_rng(0)),
            ("D", "1 以上", "0"),
        ),
        (
            lambda: RNNParams([[1.0]], [[1.0]], [0.0], activation="sigmoid"),
            ("activation", "'tanh', 'relu', 'identity'", "'sigmoid'"),
        ),
        (
            lambda: to_torch_rnn(
                RNNParams([[1.0]], [[1.0]], [0.0], activation="identity")
            ),
            ("params", "恒等写像", "PyTorch"),
        ),
        (lambda: mse(np.zeros((3, 1)), np.zeros(3)), ("y_hat", "(3, 1)", "(3,)")),
        (
            lambda: readout(np.zeros((2, 4)), np.zeros((1, 3)), np.zeros(1)),
            ("h", "(…, 3)", "(2, 4)"),
        ),
    ],
)
def test_a_wrong_argument_is_named_with_what_came_and_what_is_expected(call, words):
    with pytest.raises(ValueError) as error:
        call()
    for word in words:
        assert word in str(error.value)
