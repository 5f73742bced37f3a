"""くり返し測る粉末: 散らばりは書いたとおりで、下限は、式を知る推定が届き、最良の線形の式が破らないこと。"""

import numpy as np
import pytest

from rnnbook.materials import diffraction, powder


def test_the_specimen_keeps_its_vacancies_and_the_scan_changes_the_scale():
    scans = powder.measure(np.random.default_rng(0), 500, 2)
    first, second = scans.theta[::2], scans.theta[1::2]
    np.testing.assert_array_equal(first[:, [0, 1, 5]], second[:, [0, 1, 5]])
    assert (first[:, 2:5] != second[:, 2:5]).all()
    assert scans.c.min() >= 0 and scans.c.max() <= powder.RANGE
    assert np.log(scans.scale / diffraction.SCALE).std() == pytest.approx(0.2, rel=0.1)


def test_the_jacobian_is_the_difference():
    theta = powder.measure(np.random.default_rng(1), 3).theta
    J, step = powder.jacobian(theta), 1e-5
    for k in range(6):
        moved = [theta.copy(), theta.copy()]
        moved[0][:, k] += step
        moved[1][:, k] -= step
        up, down = (diffraction.expected(*powder.values(t)) for t in moved)
        np.testing.assert_allclose(J[:, k], (up - down) / (2 * step), atol=1e-4)


def test_the_fisher_information_is_the_variance_of_the_score():
    theta = np.zeros((1, 6))
    theta[0, 0] = 5.0
    mu = diffraction.expected(*powder.values(theta))[0]
    J = powder.jacobian(theta)[0]
    counts = np.random.default_rng(2).poisson(mu, (4000, 400))
    score = (counts - mu) / mu @ J.T
    seen = score.T @ score / len(score)
    F = powder.information(theta)[0]
    scale = np.sqrt(np.outer(np.diag(F), np.diag(F)))
    np.testing.assert_allclose(seen / scale, F / scale, atol=0.08)


@pytest.mark.parametrize("background", [True, False])
def test_the_fit_that_knows_the_formula_reaches_the_bound(background):
    scans = powder.measure(np.random.default_rng(3), 400, background=background)
    error = powder.fit_pattern(scans.counts, background) - scans.c
    best = powder.best_error(scans.theta, background)
    assert np.sqrt(np.mean(error**2)) == pytest.approx(best, rel=0.15)


def test_the_best_linear_formula_does_not_beat_the_bound():
    rng = np.random.default_rng(4)
    many, new = powder.measure(rng, 6000), powder.measure(rng, 2000)
    design = [
        np.column_stack([np.sqrt(d.counts), np.ones(len(d.c))]) for d in (many, new)
    ]
    weights = np.linalg.lstsq(design[0], many.c, rcond=None)[0]
    error = design[1] @ weights - new.c
    assert np.sqrt(np.mean(error**2)) > powder.best_error(new.theta)


def test_another_crystal_and_a_shorter_time_are_measured_when_asked():
    theta, rng = np.zeros((200, 6)), np.random.default_rng(5)
    usual = powder.observe(rng, theta).mean(axis=0)
    short = powder.observe(rng, theta, exposure=0.25).mean(axis=0)
    assert short.sum() == pytest.approx(usual.sum() / 4, rel=0.01)
    wide = powder.observe(rng, theta, lattice=3.70).mean(axis=0)
    assert diffraction.TWO_THETA[wide.argmax()] < diffraction.TWO_THETA[usual.argmax()]


def test_a_wrong_theta_is_named():
    with pytest.raises(ValueError, match="theta"):
        powder.values(np.zeros((3, 5)))
    with pytest.raises(ValueError, match="counts"):
        powder.fit_pattern(np.full((1, 400), np.nan))


def test_a_rough_record_of_the_scale_helps_less():
    theta = powder.measure(np.random.default_rng(2), 100).theta
    exact = powder.best_error(theta, scale=True)
    rough = [powder.best_error(theta, scale=True, scale_error=e) for e in (0.01, 0.05)]
    assert exact < rough[0] < rough[1] < powder.best_error(theta)


@pytest.mark.parametrize("counts", [-np.ones((1, 400)), np.zeros((1, 400))])
def test_counts_that_cannot_be_are_refused(counts):
    with pytest.raises(ValueError, match="counts"):
        powder.fit_pattern(counts)
