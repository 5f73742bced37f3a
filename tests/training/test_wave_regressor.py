"""波形の三つのモデル: 単位を替えても同じ答えで、順に読むものを学べること。"""

import numpy as np
import pytest

from rnnbook.training.wave_regressor import KINDS, WaveRegressor


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_a_mean_and_does_not_depend_on_the_unit(kind):
    x = np.random.default_rng(0).normal(size=(256, 8, 2))
    y = 30 * x[:, :, 0].mean(axis=1)
    model = WaveRegressor(kind, updates=400, learning_rate=0.01).fit(x[:200], y[:200])
    error = np.abs(model.predict(x[200:]) - y[200:]).mean()
    assert error < 0.5 * np.abs(y[200:]).mean()
    scaled = WaveRegressor(kind, updates=40).fit(1000 * x + 7, 5 * y)
    plain = WaveRegressor(kind, updates=40).fit(x, y)
    np.testing.assert_allclose(
        scaled.predict(1000 * x + 7), 5 * plain.predict(x), rtol=1e-3, atol=0.5
    )


def test_a_seed_decides_the_weights():
    x = np.random.default_rng(1).normal(size=(64, 8, 2))
    y = x[:, 0, 0]
    told = [WaveRegressor("gru", updates=10, seed=s).fit(x, y).predict(x) for s in (1, 1, 2)]  # fmt: skip
    np.testing.assert_array_equal(told[0], told[1])
    assert np.abs(told[0] - told[2]).max() > 1e-3


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="kind"):
        WaveRegressor("lstm")
