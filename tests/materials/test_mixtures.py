"""線形結合の当てはめ: 割合とずれを取り戻し、SciPy の非負最小二乗と同じ答えになること。"""

import numpy as np
import pytest
from scipy.optimize import lsq_linear

from rnnbook.materials import mixtures

E = np.linspace(0.0, 40.0, 161)
S = np.array(
    [
        0.5 + np.arctan((E - c) / w) / np.pi + h * np.exp(-(((E - c - 4) / 2) ** 2))
        for c, w, h in ((14.0, 1.0, 0.2), (15.0, 1.5, 0.6), (17.0, 0.8, 0.0))
    ]
)


def test_shares_and_shift_come_back():
    f = np.array([0.2, 0.5, 0.3])
    mu = 1.03 * f @ mixtures.shifted(E, S, 0.25)
    told = mixtures.combine(E, mu, S, shifts=np.linspace(-0.5, 0.5, 21))
    np.testing.assert_allclose(told.f, f, atol=1e-6)
    assert told.shift == pytest.approx(0.25)
    assert told.total == pytest.approx(1.03)
    assert told.R < 1e-12


def test_without_a_shift_it_is_the_bounded_least_squares_of_scipy():
    mu = np.array([0.7, 0.0, 0.4]) @ S + 0.02 * np.random.default_rng(0).normal(
        size=161
    )
    other = lsq_linear(S.T, mu, bounds=(0, np.inf), tol=1e-12).x
    told = mixtures.combine(E, mu, S)
    np.testing.assert_allclose(told.f, other / other.sum(), atol=1e-5)


def test_at_most_two_standards_means_the_best_pair():
    mu = np.array([0.5, 0.3, 0.2]) @ S
    told = mixtures.combine(E, mu, S, most=2)
    R = []
    for pair in ([0, 1], [0, 2], [1, 2]):
        w = lsq_linear(S[pair].T, mu, bounds=(0, np.inf), tol=1e-12).x
        R.append(((mu - w @ S[pair]) ** 2).sum() / (mu**2).sum())
    assert (told.f > 0).sum() <= 2
    least = min(R)
    assert pytest.approx(least, rel=1e-4) == told.R


def test_mixtures_have_at_most_three_parts_and_carry_the_noise_that_was_asked():
    rng = np.random.default_rng(1)
    X, f = mixtures.mix(rng, E, S, 300, shift=0.0, scale=0.0, noise=0.01)
    assert ((f > 0).sum(axis=1) <= 3).all()
    np.testing.assert_allclose(f.sum(axis=1), 1)
    assert (X - f @ S).std() == pytest.approx(0.01, rel=0.05)


def test_a_spectrum_of_another_length_is_named():
    with pytest.raises(ValueError, match="mu"):
        mixtures.combine(E, np.zeros(5), S)


def test_an_axis_in_falling_order_an_empty_search_and_nothing_to_fit_are_refused():
    E, S = np.arange(5.0), np.eye(5)[:2] + 0.1
    with pytest.raises(ValueError, match="小さい順"):
        mixtures.combine(E[::-1], S[0], S)
    with pytest.raises(ValueError, match="shifts"):
        mixtures.combine(E, S[0], S, shifts=())
    with pytest.raises(ValueError, match="どの標準物質とも"):
        mixtures.combine(E, -S[0], S)
