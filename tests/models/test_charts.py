"""管理図: 別の実装（SciPy のフィルタ、pandas、scikit-learn）と、定義から導ける値に一致すること。"""

import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter
from sklearn.linear_model import Ridge

from rnnbook.models import charts

Z = np.random.default_rng(0).normal(size=400)


@pytest.mark.parametrize("lam", [0.05, 0.3, 1.0])
def test_ewma_is_a_filter_of_the_first_order(lam):
    path = lfilter([lam], [1, lam - 1], Z)
    np.testing.assert_allclose(
        charts.ewma(Z, lam), np.abs(path) / np.sqrt(lam / (2 - lam)), atol=1e-12
    )


def test_cusum_is_the_rise_of_a_walk_above_its_lowest_point():
    k = 0.5
    # 0 で止める和は、歩みから、それまでの最低（はじめの 0 を含む）を引いたもの
    sides = []
    for side in (Z, -Z):
        walk = np.concatenate([[0], np.cumsum(side - k)])
        sides.append((walk - np.minimum.accumulate(walk))[1:])
    np.testing.assert_allclose(charts.cusum(Z, k), np.max(sides, axis=0), atol=1e-9)


def test_cusum_sees_both_directions_alike():
    np.testing.assert_allclose(charts.cusum(Z, 0.7), charts.cusum(-Z, 0.7))


def test_rolling_z_agrees_with_pandas():
    past = pd.Series(Z).rolling(50)
    told = ((Z - past.mean().shift(1)) / past.std(ddof=0).shift(1)).abs()
    np.testing.assert_allclose(charts.rolling(Z, 50)[50:], told[50:], rtol=1e-9)
    assert (charts.rolling(Z, 50)[:50] == 0).all()


def test_a_constant_past_does_not_make_the_score_infinite():
    flat = np.concatenate([np.zeros(20), [1.0]])
    assert charts.rolling(flat, 10)[-1] == pytest.approx(1 / charts.FLAT)


@pytest.mark.parametrize("ahead", [1, 12])
def test_the_forecast_is_that_of_ridge_regression(ahead):
    p, train = 8, slice(0, 300)
    weights = charts.fit_ahead(Z, train, p, ahead, penalty=2.0)
    rows = range(p + ahead - 1, 300)
    X = np.array([[Z[t - ahead - j] for j in range(p)] for t in rows])
    other = Ridge(alpha=2.0).fit(X, Z[p + ahead - 1 : 300])
    np.testing.assert_allclose(weights[:-1], other.coef_, atol=1e-9)
    assert weights[-1] == pytest.approx(other.intercept_)
    error = charts.ahead_error(Z, weights, ahead)
    told = np.abs(Z[p + ahead - 1 : 300] - other.predict(X))
    np.testing.assert_allclose(error[p + ahead - 1 : 300], told, atol=1e-9)


CHARTS = {
    "band": charts.band,
    "rolling": lambda z: charts.rolling(z, 30),
    "ewma": lambda z: charts.ewma(z, 0.05),
    "cusum": lambda z: charts.cusum(z, 0.5),
    "seasonal": lambda z: charts.seasonal(z, 24),
    "ahead": lambda z: charts.ahead_error(z, np.full(9, 0.1), 3),
}


@pytest.mark.parametrize("name", CHARTS)
def test_no_score_depends_on_what_comes_later(name):
    later = Z.copy()
    later[200:] = 9.0
    a, b = CHARTS[name](Z), CHARTS[name](later)
    np.testing.assert_array_equal(a[:200], b[:200])
    assert not np.array_equal(a, b) and a.shape == Z.shape and (a >= 0).all()


def test_the_slack_is_chosen_from_the_training_part_alone():
    later = Z.copy()
    later[200:] = 9.0
    train = slice(0, 200)
    assert charts.calm_k(Z, train) == charts.calm_k(later, train)
    k = charts.calm_k(Z, train)
    assert (charts.cusum(Z[train], k) == 0).mean() > 0.5
    assert k == 0.5 or (charts.cusum(Z[train], k - 0.5) == 0).mean() <= 0.5


def test_what_cannot_be_standardised_is_said():
    with pytest.raises(ValueError, match="引数 train は、値が二通り"):
        charts.standardise(np.ones(10), slice(0, 5))
    with pytest.raises(ValueError, match="NaN か無限大が 1 個"):
        charts.band([0.0, float("nan")])
    with pytest.raises(ValueError, match=r"20 点以上の区間です.*12 点"):
        charts.fit_ahead(Z, slice(0, 12), p=8, ahead=2)
