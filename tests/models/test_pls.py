"""PLS: scikit-learn と同じ係数で、成分の数は学習の行だけから、試料を分けずに選ばれること。"""

import numpy as np
import pytest
from sklearn.cross_decomposition import PLSRegression

from rnnbook.models.pls import PLS, pls_path


def data(n=60, T=20, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 6)) @ rng.normal(size=(6, T)) + 0.1 * rng.normal(
        size=(n, T)
    )
    return X, X[:, 3] - 2 * X[:, -1] + 0.05 * rng.normal(size=n) + 7


@pytest.mark.parametrize("A", [1, 3, 8])
def test_the_coefficients_are_those_of_scikit_learn(A):
    X, y = data()
    other = PLSRegression(A, scale=False).fit(X, y)
    path = pls_path(X, y, 8)
    np.testing.assert_allclose(path[A - 1], other.coef_.ravel(), rtol=1e-6, atol=1e-9)
    told = y.mean() + (X - X.mean(axis=0)) @ path[A - 1]
    np.testing.assert_allclose(told, other.predict(X).ravel(), rtol=1e-6)


def test_with_all_components_it_is_least_squares():
    X, y = data(T=5)
    expected = np.linalg.lstsq(X - X.mean(axis=0), y - y.mean(), rcond=None)[0]
    np.testing.assert_allclose(pls_path(X, y, 5)[-1], expected, rtol=1e-6)


def test_noise_alone_gets_few_components():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(80, 30)), rng.normal(size=80)
    assert PLS(most=10).fit(X, y).components <= 2


def test_specimens_are_not_divided_when_the_components_are_chosen():
    """指紋だけが答えを教えるなら、測定で選ぶと多く、試料で選ぶと少なくなります。"""
    rng = np.random.default_rng(2)
    names = np.repeat(np.arange(12), 10)
    own, y = rng.normal(size=(12, 40)), rng.normal(size=12)
    X = own[names] + 0.1 * rng.normal(size=(120, 40))
    loose = PLS(most=10).fit(X, y[names]).components
    strict = PLS(most=10).fit(X, y[names], names).components
    assert loose > 5 > strict


def test_too_few_rows_are_named():
    with pytest.raises(ValueError, match="交差検証"):
        PLS().fit(np.eye(2), np.ones(2))
    with pytest.raises(ValueError, match="most"):
        PLS(most=0)
