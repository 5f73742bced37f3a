"""スペクトルのネットワーク: 形と、読む向きと、学習できること。"""

import numpy as np
import pytest
import torch

from rnnbook.models.spectrum_networks import KINDS, SpectrumRNN, spectrum_network
from rnnbook.training.spectrum_regressor import SpectrumRegressor


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_answers_one_row_for_each_spectrum(kind):
    model = spectrum_network(kind, T=40, O=3)
    assert model(torch.zeros(5, 40, 1)).shape == (5, 3)


def test_the_recurrent_network_reads_neighbouring_channels_together():
    torch.manual_seed(0)
    model = SpectrumRNN(O=1, cell="gru", width=4)
    x = torch.randn(2, 43, 1)
    steps = x[:, :40, 0].reshape(2, 10, 4)
    torch.testing.assert_close(model(x), model.reader(steps))


@pytest.mark.parametrize("kind", KINDS)
def test_a_linear_target_is_learnt(kind):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 24))
    y = 50 + 3 * X[:, 5]
    model = SpectrumRegressor(kind, updates=400, learning_rate=0.01).fit(X, y)
    assert np.std(model.predict(X) - y) < 1.0


def test_the_scaling_is_decided_by_the_training_rows():
    X = np.random.default_rng(1).normal(size=(64, 16)) + 7
    model = SpectrumRegressor("mlp", updates=20).fit(
        X, np.column_stack([X[:, 0], X[:, 1]])
    )
    np.testing.assert_allclose(model.mean[:, 0], X.mean(axis=0))
    assert model.predict(X + 100).shape == (64, 2)


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="kind"):
        spectrum_network("transformer", T=40, O=1)
