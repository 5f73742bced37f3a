"""測った勾配が、autograd のヤコビ行列と線形代数の定義に一致することを確かめます。"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.autograd.functional import jacobian

from rnnbook.cells import gradients, initial
from rnnbook.cells.gru import GRUParams, gru_forward
from rnnbook.cells.lstm import LSTMParams, lstm_forward
from rnnbook.cells.rnn import RNNParams, rnn_backward, rnn_forward
from rnnbook.models.same_weights import to_torch_gru, to_torch_lstm, to_torch_rnn

any_problem = given(
    T=st.integers(1, 12),
    D=st.integers(1, 3),
    H=st.integers(1, 6),
    seed=st.integers(0, 2**32 - 1),
)
few = settings(max_examples=15, deadline=None)


def series(T, D, seed):
    return np.random.default_rng(seed).normal(size=(1, T, D))


def jacobians_by_autograd(layer, x, states):
    """列を t で切り、h_t から始め直した torch の層の h_T を h_t で微分します。"""
    x, found = torch.tensor(x), []
    for t in range(x.shape[1] - 1):

        def last(h_t, rest=x[:, t + 1 :]):
            return layer(rest, h_t.reshape(1, 1, -1))[0][0, -1]

        found.append(jacobian(last, torch.tensor(states[0, t])).numpy())
    return np.array([*found, np.eye(states.shape[2])])


@few
@any_problem
def test_the_rnn_jacobians_equal_autograd(T, D, H, seed):
    params = RNNParams.random(D, H, np.random.default_rng(seed), scale=1.0)
    x = series(T, D, seed)
    trace = rnn_forward(x, params)
    theirs = jacobians_by_autograd(to_torch_rnn(params), x, trace.h)
    ours = gradients.state_jacobians(trace, params)
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
@few
@any_problem
def test_the_rnn_jacobians_follow_the_activation(activation, T, D, H, seed):
    rng = np.random.default_rng(seed)
    params = RNNParams.random(D, H, rng, scale=1.0, activation=activation)
    x = series(T, D, seed)
    trace = rnn_forward(x, params)
    W_xh, W_hh, b_h = (
        torch.tensor(getattr(params, n)) for n in ("W_xh", "W_hh", "b_h")
    )
    phi = {"tanh": torch.tanh, "relu": torch.relu, "identity": lambda a: a}[activation]
    found = []
    for t in range(T):

        def last(h, rest=x[0, t + 1 :]):
            for x_t in torch.tensor(rest):
                h = phi(W_xh @ x_t + W_hh @ h + b_h)
            return h

        found.append(jacobian(last, torch.tensor(trace.h[0, t])).numpy())
    ours = gradients.state_jacobians(trace, params)
    np.testing.assert_allclose(ours, np.array(found), rtol=1e-9, atol=1e-10)


def test_a_linear_rnn_has_the_powers_of_its_matrix_as_jacobians():
    rng = np.random.default_rng(0)
    params = RNNParams.random(2, 5, rng, activation="identity")
    trace = rnn_forward(series(8, 2, 0), params)
    powers = [np.linalg.matrix_power(params.W_hh, 7 - t) for t in range(8)]
    np.testing.assert_allclose(
        gradients.state_jacobians(trace, params), powers, atol=1e-14
    )


@few
@any_problem
def test_the_product_of_jacobians_is_what_the_backward_pass_carries(T, D, H, seed):
    params = RNNParams.random(D, H, np.random.default_rng(seed), scale=1.0)
    trace = rnn_forward(series(T, D, seed), params)
    dh = np.zeros((1, T, H))
    dh[0, -1] = 1.0
    carried = rnn_backward(trace, params, dh).h0[0]
    to_h1 = gradients.state_jacobians(trace, params)[0]
    product = to_h1 @ gradients.step_jacobians(trace, params)[0]
    np.testing.assert_allclose(np.ones(H) @ product, carried, atol=1e-10)


@few
@any_problem
def test_the_gru_jacobians_equal_autograd(T, D, H, seed):
    params = GRUParams.random(D, H, np.random.default_rng(seed), reset_after=True)
    x = series(T, D, seed)
    trace = gru_forward(x, params)
    theirs = jacobians_by_autograd(to_torch_gru(params), x, trace.h)
    ours = gradients.state_jacobians(trace, params)
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


@few
@any_problem
def test_the_lstm_jacobians_equal_autograd(T, D, H, seed):
    params = LSTMParams.random(D, H, np.random.default_rng(seed), forget_bias=1.0)
    x = series(T, D, seed)
    trace = lstm_forward(x, params)
    lstm, x_t, theirs = to_torch_lstm(params), torch.tensor(x), []
    for t in range(T):

        def last(c_t, t=t):
            # c_t を動かすと h_t = o_t tanh(c_t) も動き、その (h_t, c_t) から先へ進みます
            h_t = torch.tensor(trace.o[0, t]) * torch.tanh(c_t)
            if t == T - 1:
                return h_t
            start = (h_t.reshape(1, 1, -1), c_t.reshape(1, 1, -1))
            return lstm(x_t[:, t + 1 :], start)[0][0, -1]

        theirs.append(jacobian(last, torch.tensor(trace.c[0, t])).numpy())
    ours = gradients.state_jacobians(trace, params)
    np.testing.assert_allclose(ours, np.array(theirs), atol=1e-10)


@pytest.mark.parametrize(
    ("make", "forward"),
    [(RNNParams, rnn_forward), (LSTMParams, lstm_forward), (GRUParams, gru_forward)],
)
def test_the_norm_is_the_largest_stretch_of_any_direction(make, forward):
    rng = np.random.default_rng(0)
    params = make.random(2, 5, rng)
    trace = forward(series(9, 2, 0), params)
    jacobians = gradients.state_jacobians(trace, params)
    norms = gradients.gradient_norms(trace, params)
    values = gradients.singular_values(trace, params)
    assert norms.shape == (9,) and values.shape == (9, 5)
    np.testing.assert_allclose(norms, np.linalg.norm(jacobians, 2, axis=(1, 2)))
    frobenius = np.linalg.norm(jacobians, axis=(1, 2))
    np.testing.assert_allclose(np.sqrt((values**2).sum(axis=1)), frobenius)
    directions = rng.normal(size=(500, 5))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    stretched = np.linalg.norm(jacobians @ directions.T, axis=1)  # (T, 500)
    assert (stretched.max(axis=1) <= norms * (1 + 1e-12)).all()
    assert (stretched.max(axis=1) >= 0.5 * norms).all()


@few
@given(sigma=st.floats(0.3, 1.5), seed=st.integers(0, 1000))
def test_the_rnn_norm_never_exceeds_the_power_of_the_largest_singular_value(
    sigma, seed
):
    rng = np.random.default_rng(seed)
    params = replace(
        RNNParams.random(1, 6, rng), W_hh=sigma * initial.orthogonal(6, rng)
    )
    norms = gradients.gradient_norms(rnn_forward(series(30, 1, seed), params), params)
    bound = sigma ** np.arange(29, -1, -1.0)
    assert (norms <= bound * (1 + 1e-9)).all()


def test_an_unsaturated_rnn_with_orthogonal_weights_keeps_every_singular_value():
    rng = np.random.default_rng(0)
    W_hh = initial.orthogonal(8, rng)
    params = RNNParams(W_xh=np.zeros((8, 1)), W_hh=W_hh, b_h=np.zeros(8))
    trace = rnn_forward(np.zeros((1, 100, 1)), params)  # h = 0 なので tanh' = 1
    values = gradients.singular_values(trace, params)
    np.testing.assert_allclose(values, np.ones((100, 8)), atol=1e-12)


@pytest.mark.parametrize("H", [1, 2, 7, 64])
def test_orthogonal_has_all_singular_values_one(H):
    W = initial.orthogonal(H, np.random.default_rng(H))
    np.testing.assert_allclose(np.linalg.svd(W, compute_uv=False), 1, atol=1e-12)


def test_orthogonal_matrices_are_drawn_without_a_preferred_direction():
    rng = np.random.default_rng(0)
    drawn = np.array([initial.orthogonal(3, rng) for _ in range(3000)])
    assert abs(drawn.mean(axis=0)).max() < 0.05
    assert abs(np.linalg.det(drawn).mean()) < 0.06  # 回転と鏡映が半々


def test_identity_and_gaussian_are_what_they_say():
    np.testing.assert_array_equal(initial.identity(3), np.eye(3))
    W = initial.gaussian(400, np.random.default_rng(0))
    assert W.std() == pytest.approx(1 / 20, rel=0.01)
    assert initial.spectral_radius(W) == pytest.approx(1, abs=0.1)  # 円則
    assert np.linalg.norm(W, 2) == pytest.approx(2, abs=0.1)


@few
@given(H=st.integers(1, 8), rho=st.floats(0.01, 3.0), seed=st.integers(0, 2**32 - 1))
def test_with_spectral_radius_sets_the_growth_rate_of_powers(H, rho, seed):
    W = np.random.default_rng(seed).normal(size=(H, H))
    scaled = initial.with_spectral_radius(W, rho)
    assert initial.spectral_radius(scaled) == pytest.approx(rho, rel=1e-9)
    np.testing.assert_allclose(scaled / scaled[0, 0], W / W[0, 0])
    # Gelfand の公式 ρ = lim ‖W^n‖^{1/n}
    power = np.linalg.matrix_power(scaled / rho, 2000)
    assert np.linalg.norm(power, 2) ** (1 / 2000) == pytest.approx(1, rel=0.02)


PARAMS = RNNParams.random(D=1, H=2, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: gradients.gradient_norms(
                rnn_forward(np.zeros((3, 4, 1)), PARAMS), PARAMS
            ),
            ("trace", "B = 1", "B = 3"),
        ),
        (
            lambda: initial.spectral_radius(np.zeros((2, 3))),
            ("W", "(H, H)", "(2, 3)"),
        ),
        (
            lambda: initial.with_spectral_radius(np.zeros((2, 2)), 1.0),
            ("W", "スペクトル半径"),
        ),
        (lambda: initial.with_spectral_radius(np.eye(2), -1.0), ("rho", "-1.0")),
        (lambda: initial.orthogonal(0, np.random.default_rng(0)), ("H", "1 以上")),
    ],
)
def test_a_wrong_argument_is_named_with_what_came_and_what_is_expected(call, words):
    with pytest.raises(ValueError) as error:
        call()
    for word in words:
        assert word in str(error.value)
