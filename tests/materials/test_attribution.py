"""地図: 勾配、積分した勾配、隠す地図、測り直した勾配を、手で書ける関数と autograd に照らします。"""

import numpy as np
import pytest
import torch

from rnnbook.materials import attribution as maps
from rnnbook.models.spectrum_networks import spectrum_network

rng = np.random.default_rng(0)
X = rng.normal(size=(3, 16))
B = torch.from_numpy(rng.normal(size=16))


def linear(x):
    return 2 + x @ B


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    model = spectrum_network("bilstm", T=16, O=1, H=4, width=4).double()
    return lambda x: model(x[:, :, None])[:, 0]


def test_the_saliency_of_a_linear_model_is_its_weights_in_the_unit_asked_for():
    np.testing.assert_allclose(maps.saliency(linear, X), np.tile(B, (3, 1)))
    scale = np.abs(X)
    np.testing.assert_allclose(maps.saliency(linear, X, scale), scale * B.numpy())


def test_the_gradient_of_a_recurrent_network_is_that_of_a_small_step(network):
    h, k = 1e-6, 5
    step = h * np.eye(16)[k]
    slope = (maps.answers(network, X + step) - maps.answers(network, X - step)) / 2 / h
    np.testing.assert_allclose(maps.gradients(network, X)[:, k], slope, rtol=1e-6)


def test_rows_are_explained_one_by_one(network):
    together = maps.gradients(network, X)
    alone = np.concatenate([maps.gradients(network, X[n : n + 1]) for n in range(3)])
    np.testing.assert_allclose(together, alone, atol=1e-14)


def test_integrated_gradients_add_up_to_the_change_of_the_answer(network):
    A = maps.integrated_gradients(network, X, 0.5, steps=200)
    change = maps.answers(network, X) - maps.answers(network, np.full_like(X, 0.5))
    np.testing.assert_allclose(A.sum(axis=1), change, atol=1e-6)


def test_integrated_gradients_of_a_product_share_it_equally():
    # 直線の道で積分すると、x₀ x₁ は半分ずつに分かれる
    A = maps.integrated_gradients(lambda x: x[:, 0] * x[:, 1], [[3.0, 4.0]], 0.0)
    np.testing.assert_allclose(A, [[6.0, 6.0]])


def test_integrated_gradients_equal_those_of_captum(network):
    attr = pytest.importorskip("captum.attr")
    x = torch.from_numpy(X)
    told = attr.IntegratedGradients(network).attribute(
        x, torch.full_like(x, 0.5), n_steps=200, method="riemann_middle"
    )
    mine = maps.integrated_gradients(network, X, 0.5, steps=200)
    np.testing.assert_allclose(mine, told.detach(), atol=1e-8)


def test_masking_equals_integrated_gradients_for_a_linear_model_point_by_point():
    hidden = maps.masking(linear, X, 0.3, width=1)
    np.testing.assert_allclose(hidden, maps.integrated_gradients(linear, X, 0.3))


def test_masking_writes_one_change_on_every_point_of_a_patch():
    hidden = maps.masking(linear, X, 0.0, width=5)  # 16 = 5 + 5 + 5 + 1
    told = (X * B.numpy())[:, :5].sum(axis=1)
    np.testing.assert_allclose(hidden[:, :5], np.tile(told, (5, 1)).T)
    np.testing.assert_allclose(hidden[:, 15], X[:, 15] * B.numpy()[15])


def test_the_rescaled_saliency_is_a_time_factor_times_a_point_factor():
    # ŷ = Σ a x²: 勾配は 2 a x なので、点 i を 0 にすると、地図は 2 |a_i x_i| だけ変わる
    a = np.abs(B.numpy())
    square = lambda x: x**2 @ torch.from_numpy(a)  # noqa: E731
    told = maps.rescaled_saliency(square, X, 0.0, width=4)
    own = 2 * a * np.abs(X)
    by_step = own.reshape(3, 4, 4).sum(axis=2)
    np.testing.assert_allclose(told, np.repeat(by_step, 4, axis=1) * own)


def test_a_linear_model_has_no_rescaled_saliency():
    assert np.abs(maps.rescaled_saliency(linear, X, 0.0, width=4)).max() == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: maps.saliency(linear, X[0]), "引数 x"),
        (lambda: maps.saliency(linear, np.full((1, 16), np.nan)), "引数 x"),
        (lambda: maps.saliency(linear, X, np.ones(3)), "引数 unit"),
        (lambda: maps.saliency(lambda x: x, X), "引数 forecast"),
        (lambda: maps.saliency(lambda x: np.ones(3), X), "ndarray"),
        (lambda: maps.saliency(lambda x: linear(x).detach(), X), "微分できません"),
        (lambda: maps.answers(lambda x: linear(x) * np.nan, X), "有限でない"),
        (lambda: maps.masking(linear, X, np.inf), "引数 baseline"),
        (lambda: maps.masking(linear, X, 0.0, width=17), "引数 width"),
        (lambda: maps.integrated_gradients(linear, X, 0.0, steps=0), "引数 steps"),
    ],
)
def test_a_wrong_argument_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
