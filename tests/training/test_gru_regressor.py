"""数を答える GRU: 標準化は学習の行だけで決まり、覚えられる問題を覚えること。"""

import numpy as np
import pytest

from rnnbook.training.gru_regressor import GRURegressor, tokens


def test_it_learns_the_last_value_in_its_own_units():
    rng = np.random.default_rng(0)
    x = 50 + 3 * rng.normal(size=(200, 5, 1))
    model = GRURegressor(H=8, epochs=40).fit(x[:150], x[:150, -1, 0])
    error = np.sqrt(np.mean((model.predict(x[150:]) - x[150:, -1, 0]) ** 2))
    assert error < 1.0  # いつも平均なら 3


def test_rows_to_predict_do_not_change_one_another():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(40, 4, 2))
    model = GRURegressor(H=4, epochs=2).fit(x, x[:, 0, 0])
    np.testing.assert_allclose(
        model.predict(x)[:3], model.predict(x[:3]), rtol=1e-5, atol=1e-6
    )


def test_the_same_seed_gives_the_same_model():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(30, 4, 1)), rng.normal(size=30)
    one, two = (GRURegressor(H=4, epochs=2, seed=3).fit(x, y).predict(x) for _ in "ab")
    np.testing.assert_array_equal(one, two)


def test_tokens_keep_the_order_of_the_channels():
    X = np.arange(22.0).reshape(2, 11)
    cut = tokens(X, 5)
    assert cut.shape == (2, 2, 5)
    np.testing.assert_array_equal(cut.reshape(2, 10), X[:, :10])
    with pytest.raises(ValueError, match="width"):
        tokens(X, 0)
