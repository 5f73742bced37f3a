"""待ち時間: 打ち切りを正しく数え、統計のライブラリと同じ値になること。"""

import numpy as np
import pytest
from scipy.stats import poisson
from statsmodels.duration.survfunc import SurvfuncRight

from rnnbook.materials.waiting import rate, survival


def waits(seed, n=200, true=0.05, end=30.0):
    t = np.random.default_rng(seed).exponential(1 / true, n)
    return np.minimum(t, end), t < end


def test_the_curve_is_that_of_statsmodels_with_ties_and_censoring():
    time, happened = waits(0)
    time = np.ceil(time)  # 同じ時刻がたくさん
    other = SurvfuncRight(time, happened.astype(int))
    t, S = survival(time, happened)
    np.testing.assert_array_equal(t, other.surv_times)
    np.testing.assert_allclose(S, other.surv_prob)


def test_the_curve_follows_the_exponential_law():
    time, happened = waits(1, n=4000)
    t, S = survival(time, happened)
    assert abs(S - np.exp(-0.05 * t)).max() < 0.03


def test_the_rate_uses_the_censored_and_throwing_them_away_is_too_fast():
    time, happened = waits(2, n=4000)
    assert rate(time, happened)[0] == pytest.approx(0.05, rel=0.06)
    kept = time[happened]
    assert rate(kept, np.ones(len(kept), bool))[0] > 0.08


def test_the_interval_is_the_exact_one_of_the_poisson_law():
    time, happened = waits(3, n=20)
    _, low, high = rate(time, happened)
    k, total = happened.sum(), time.sum()
    assert poisson.sf(k - 1, low * total) == pytest.approx(0.025)
    assert poisson.cdf(k, high * total) == pytest.approx(0.025)


def test_the_interval_holds_the_true_rate_as_often_as_it_says():
    inside = 0
    for seed in range(400):
        _, low, high = rate(*waits(seed, n=15))
        inside += low <= 0.05 <= high
    assert 0.93 <= inside / 400 <= 1.0


def test_nothing_happened_is_an_answer_too():
    value, low, high = rate([10.0, 10.0], [False, False])
    assert value == low == 0 and high == pytest.approx(3.689 / 20, rel=1e-3)
    t, S = survival([10.0, 10.0], [False, False])
    assert len(t) == len(S) == 0


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="happened は、真か偽を 2 個"):
        rate([1.0, 2.0], [1, 0])
    with pytest.raises(ValueError, match="time は 0 以上"):
        survival([-1.0, 2.0], [True, False])
