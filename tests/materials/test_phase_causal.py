"""その場で答える推定: 後を見ず、式の中では速く真の曲線に寄ること。"""

import numpy as np
import pytest

from rnnbook.materials import phase_fraction as physics
from rnnbook.materials.phase_causal import holt, jmak_so_far
from rnnbook.materials.phase_estimators import ema


def noisy(seed=0, runs=8, sigma=0.04):
    rng = np.random.default_rng(seed)
    truth = physics.measure(rng.random, "jmak", runs).f
    return truth, truth + rng.normal(0, sigma, truth.shape)


def test_holt_without_a_slope_is_the_moving_average():
    _, f = noisy()
    np.testing.assert_allclose(holt(f, 0.4, 0.0), ema(f, 0.4))


def test_holt_catches_up_with_a_ramp_where_the_average_lags():
    ramp = np.linspace(0, 3, 60)[None]
    assert abs(holt(ramp, 0.4, 0.2) - ramp)[0, -1] < 0.01
    # EMA の遅れは、傾き × (1 − a) / a
    lag = (ramp - ema(ramp, 0.4))[0, -1]
    assert lag == pytest.approx(3 / 59 * 0.6 / 0.4, rel=0.01)


@pytest.mark.parametrize(
    "method", [lambda f: holt(f, 0.5, 0.2), lambda f: jmak_so_far(f, 0.04)]
)
def test_the_future_does_not_change_the_answer(method):
    _, f = noisy()
    other = f.copy()
    other[:, 30:] = 0.5
    np.testing.assert_allclose(method(f)[:, :30], method(other)[:, :30])


def test_the_weighted_mean_is_that_of_a_direct_sum():
    _, f = noisy(runs=1)
    start, tau, n = np.meshgrid(
        np.linspace(0, 0.4, 21), 0.04 * 10 ** np.linspace(0, 1, 17), np.arange(2, 9) / 2
    )
    curves = [
        physics.jmak(physics.TIME - a, b, c)
        for a, b, c in zip(start.ravel(), tau.ravel(), n.ravel(), strict=True)
    ]
    loss = [((f[0, :20] - c[:20]) ** 2).sum() / (2 * 0.04**2) for c in curves]
    w = np.exp(min(loss) - np.array(loss))
    direct = (w * [c[19] for c in curves]).sum() / w.sum()
    assert jmak_so_far(f, 0.04)[0, 19] == pytest.approx(direct, rel=1e-9)


def test_inside_the_law_it_halves_the_error():
    truth, f = noisy()
    assert abs(jmak_so_far(f, 0.04) - truth).mean() < 0.5 * abs(f - truth).mean()


def test_bad_inputs_are_named():
    with pytest.raises(ValueError, match="引数 f"):
        holt(np.zeros(3), 0.5, 0.1)
    with pytest.raises(ValueError, match="引数 b"):
        holt(np.zeros((1, 3)), 0.5, 2.0)
    with pytest.raises(ValueError, match="sigma"):
        jmak_so_far(np.zeros((1, physics.FRAMES)), 0.0)
