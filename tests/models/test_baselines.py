"""比べる相手: 手で計算した値と、scikit-learn の 1 近傍のとおりであること。"""

import numpy as np
from sklearn.neighbors import KNeighborsRegressor

from rnnbook.models.baselines import Last, Mean, Nearest, Ridge

rng = np.random.default_rng(0)
X, y, NEW = rng.normal(size=(40, 6)), rng.normal(size=40), rng.normal(size=(9, 6))


def test_mean_and_last_look_at_nothing_else():
    assert Mean().fit(X, y).predict(NEW).tolist() == [y.mean()] * 9
    assert Last().fit(X, y).predict(NEW).tolist() == NEW[:, -1].tolist()


def test_nearest_copies_the_answer_of_the_nearest_row():
    other = KNeighborsRegressor(1).fit(X, y)
    np.testing.assert_array_equal(Nearest().fit(X, y).predict(NEW), other.predict(NEW))


def test_ridge_finds_a_linear_law():
    w = np.array([1.0, -2.0, 0.5, 0.0, 0.0, 3.0])
    model = Ridge().fit(X, X @ w + 4)
    np.testing.assert_allclose(model.predict(NEW), NEW @ w + 4, atol=0.01)
