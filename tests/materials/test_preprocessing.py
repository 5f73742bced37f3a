"""前処理: 式と SciPy のとおりで、どの行もほかの行を見ないこと。"""

import numpy as np
import pytest
from scipy.stats import zscore

from rnnbook.materials import preprocessing as p

AXIS = np.linspace(100.0, 200.0, 60)


def spectra(n=5, seed=0):
    rng = np.random.default_rng(seed)
    center = rng.uniform(130, 170, (n, 1))
    return 3 + np.exp(-(((AXIS - center) / 8) ** 2)) + 0.01 * rng.normal(size=(n, 60))


@pytest.mark.parametrize(
    "step",
    [
        p.snv,
        lambda X: p.derivative(X, 2),
        p.subtract_line,
        p.subtract_baseline,
        lambda X: p.unit_area(AXIS, X),
        lambda X: p.resample(AXIS, X, AXIS[3:9] + 0.1),
        lambda X: p.band_pass(X, 10, 1, 3, causal=True),
    ],
)
def test_no_row_sees_another(step):
    X = spectra()
    np.testing.assert_allclose(step(X)[2:3], step(X[2:3]), atol=1e-12)


def test_snv_is_the_row_by_row_standard_score_and_forgets_gain_and_offset():
    X = spectra()
    np.testing.assert_allclose(p.snv(X), zscore(X, axis=1, ddof=1))
    np.testing.assert_allclose(p.snv(2.5 * X + 7), p.snv(X), atol=1e-9)


def test_derivatives_of_a_cubic_are_exact_and_in_units_of_the_step():
    t = 0.5 * np.arange(40)
    X = (t**3)[None]
    np.testing.assert_allclose(p.derivative(X, 1, step=0.5)[0], 3 * t**2, atol=1e-8)
    np.testing.assert_allclose(p.derivative(X, 2, step=0.5)[0], 6 * t, atol=1e-8)


def test_a_straight_line_is_taken_away_wholly():
    line = 4 - 0.02 * AXIS
    np.testing.assert_allclose(p.subtract_line([line]), 0, atol=1e-12)
    np.testing.assert_allclose(
        p.subtract_line(spectra() + line), p.subtract_line(spectra()), atol=1e-12
    )


def test_an_edge_of_known_height_is_normalised_to_one():
    E = np.arange(11700.0, 12400.0, 2.0)
    step = np.where(E > 11919, 1.0, 0.0)
    post = 1 + 2e-4 * (E - 11919) - 1e-7 * (E - 11919) ** 2
    mu = 0.3 - 1e-4 * (E - 11919) + 0.7 * step * post
    flat = p.normalise_edge(E, [mu], e0=11919)[0]
    np.testing.assert_allclose(flat[E < 11919], 0, atol=1e-9)
    np.testing.assert_allclose(flat[E > 11919], post[E > 11919], atol=1e-9)


def test_a_filter_run_both_ways_moves_before_the_step_and_a_causal_one_does_not():
    x = np.where(np.arange(400) >= 200, 1.0, 0.0)
    ahead = p.band_pass(x, rate=100, low=1, high=20, causal=True)
    both = p.band_pass(x, rate=100, low=1, high=20, causal=False)
    assert np.abs(ahead[:200]).max() < 1e-12
    assert np.abs(both[:200]).max() > 0.1


def test_windows_are_pieces_of_the_series():
    x = np.arange(24.0).reshape(12, 2)
    cut = p.cut_windows(x, T=5, step=3)
    assert cut.shape == (3, 5, 2)
    for k, window in enumerate(cut):
        np.testing.assert_array_equal(window, x[3 * k : 3 * k + 5])


FLAT = np.ones((2, 60))


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: p.snv(FLAT), "0 番の行"),
        (lambda: p.snv([[1.0, np.nan]]), r"X\[0, 1\]"),
        (lambda: p.derivative(spectra(), 2, window=10), "window"),
        (lambda: p.derivative(spectra(), 0), "order"),
        (lambda: p.derivative(spectra(), 4, degree=3), "degree"),
        (lambda: p.subtract_line(spectra(), edge=31), "edge"),
        (lambda: p.unit_area(AXIS, -spectra()), "面積"),
        (lambda: p.unit_area(AXIS[::-1], spectra()), "小さいほうから"),
        (lambda: p.unit_area(AXIS[:-1], spectra()), "axis"),
        (lambda: p.normalise_edge(AXIS, spectra(), e0=11919), "eV"),
        (lambda: p.resample(AXIS, spectra(), [99.0, 101.0]), "new_axis"),
        (lambda: p.band_pass(spectra(), 10, 3, 7, causal=True), "rate / 2"),
        (lambda: p.cut_windows(np.arange(3.0), T=4), "T"),
    ],
)
def test_a_wrong_argument_is_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
