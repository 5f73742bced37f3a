"""応力を答える三つのモデル: 直線は最小二乗、リッジは scikit-learn、GRU は PyTorch の答えで、重みから元に戻ること。"""

import numpy as np
import pytest
import torch
from sklearn.linear_model import RidgeCV

from rnnbook.materials.waveforms import by_window, rms
from rnnbook.models.stress_answers import SCALE, StressAnswers, features

RNG = np.random.default_rng(3)
X, Y = RNG.normal(size=(120, 1 + 32)), 100 * RNG.normal(size=120)
ANSWERS = StressAnswers().start(X, Y, seed=1)


def test_the_features_are_the_logarithm_of_rms_and_those_of_the_windows():
    u = RNG.gamma(1.0, 1.0, (3, 640))
    found = features(u)
    np.testing.assert_allclose(found[:, 0], np.log(rms(u)))
    np.testing.assert_allclose(found[:, 1:].reshape(3, 5, 4), by_window(u))


def test_the_line_is_the_least_squares_line():
    design = np.column_stack([X[:, 0], np.ones(120)])
    (a, b), *_ = np.linalg.lstsq(design, Y, rcond=None)
    np.testing.assert_allclose(ANSWERS.predict(X)[0], a * X[:, 0] + b)


def test_the_ridge_is_that_of_scikit_learn_on_standardised_features():
    Z = (X[:, 1:] - X[:, 1:].mean(axis=0)) / X[:, 1:].std(axis=0)
    model = RidgeCV(np.logspace(-3, 5, 17)).fit(Z, Y)
    np.testing.assert_allclose(ANSWERS.predict(X)[1], model.predict(Z), rtol=1e-4, atol=1e-3)  # fmt: skip


def test_the_gru_is_that_of_pytorch_reading_the_windows_in_order():
    z = (X[:, 1:] - ANSWERS.mean) / ANSWERS.std
    with torch.no_grad():
        h, _ = ANSWERS.gru.double().recurrent(torch.from_numpy(z.reshape(120, 8, 4)))
        told = SCALE * ANSWERS.gru.readout(h[:, -1]).numpy()[:, 0]
    np.testing.assert_allclose(ANSWERS.predict(X)[2], told, rtol=1e-6)


def test_the_stored_weights_give_the_same_answers():
    again = StressAnswers.read(ANSWERS.packed())
    np.testing.assert_allclose(again.predict(X), ANSWERS.predict(X), atol=2e-3)
    twice = StressAnswers.read(again.packed())
    np.testing.assert_array_equal(twice.predict(X), again.predict(X))


def test_another_number_of_features_is_refused():
    with pytest.raises(ValueError, match=r"引数 X は形 \(N, 33\)"):
        ANSWERS.predict(X[:, :20])
