"""学習の要らない相分率の推定: 雑音が消えれば真値に届き、後を見ない推定は後を見ないこと。"""

import numpy as np
import pytest

from rnnbook.materials import phase_estimators as e
from rnnbook.materials import phase_fraction as p


def clean_frames(f: np.ndarray, strain: float = 0.0) -> np.ndarray:
    """雑音のない図形（背景は平ら）。"""
    gamma, alpha = (p.UNIT * p.powder(phase, strain) for phase in ("fcc", "bcc"))
    mixed = (1 - f)[..., None] * gamma + f[..., None] * alpha
    return 150 * mixed + 2.0


@pytest.mark.parametrize("strain", [0.0, 0.003, -0.004])
def test_without_noise_the_fraction_and_the_strain_are_exact(strain):
    f = np.linspace(0, 1, 60)[None]
    told = e.linear_combination(clean_frames(f, strain))
    np.testing.assert_allclose(told, f, atol=1e-6)


def test_a_lattice_that_is_not_refined_costs_accuracy():
    f = np.linspace(0, 1, 60)[None]
    told = e.linear_combination(clean_frames(f, 0.003), strains=(0.0,))
    assert np.abs(told - f).mean() > 0.01


def test_the_linear_combination_does_not_look_ahead():
    runs = p.measure(np.random.default_rng(0).random, "jmak", 2)
    whole = e.linear_combination(runs.X)
    cut = e.linear_combination(runs.X[:, :40])
    np.testing.assert_array_equal(cut, whole[:, :40])


def test_the_moving_average_is_the_sum_of_its_weights():
    f = np.random.default_rng(1).random((3, 40))
    a, s = 0.3, e.ema(f, 0.3)
    # s_T = (1 − a)^T f_0 + Σ a (1 − a)^(T − t) f_t
    weight = a * (1 - a) ** np.arange(39, -1, -1)
    weight[0] = (1 - a) ** 39
    np.testing.assert_allclose(s[:, -1], f @ weight)
    np.testing.assert_allclose(e.ema(f[:, :20], a), s[:, :20])


def test_the_fit_finds_the_law_under_noise_and_breaks_on_another_law():
    rng = np.random.default_rng(2)
    errors = {}
    for kinetics in ("jmak", "reversal"):
        f = p.fractions(kinetics, rng.random((100, 8)))
        told = e.jmak_fit(f + rng.normal(0, 0.04, f.shape))
        errors[kinetics] = np.abs(told - f).mean()
    assert errors["jmak"] < 0.02 < 0.1 < errors["reversal"]


def test_windows_hold_only_the_past():
    X = np.random.default_rng(3).random((2, 10, 4))
    windows = e.past(X, 3).reshape(2, 10, 3, 4)
    for t in range(10):
        for k in range(3):
            np.testing.assert_array_equal(windows[:, t, k], X[:, max(0, t - 2 + k)])


def test_wrong_shapes_are_named():
    with pytest.raises(ValueError, match="引数 X"):
        e.linear_combination(np.ones((2, 60, 79)))
    with pytest.raises(ValueError, match="引数 f"):
        e.jmak_fit(np.ones((2, 59)))
