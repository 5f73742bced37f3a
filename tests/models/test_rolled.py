"""組織の統計の先を予測する、比べる相手の試験。"""

import numpy as np
import pytest

from rnnbook.models.rolled import LIMIT, NearestRun, Ridge, Still


def oscillation(n: int, F: int = 20):
    """記憶が二枚要る、減衰しない振動。温度は効きません。"""
    phase = np.random.default_rng(0).uniform(0, 6.28, (n, 1))
    C = np.cos(0.3 * np.arange(F) + phase)[..., None]
    return C, np.full((n, F), 0.7)


def test_an_oscillation_is_forecast_from_two_frames_and_not_from_one():
    C, T = oscillation(30)
    error = {
        p: np.abs(Ridge(1, p).fit(C, T).forecast(C[:, :8], T) - C[:, 8:]).max()
        for p in (1, 2)
    }
    assert error[2] < 1e-2
    assert error[1] > 0.3


def test_the_quadratic_fit_knows_the_logistic_map_and_explodes_beyond_it():
    rng = np.random.default_rng(0)
    C = [rng.uniform(0.1, 0.9, (40, 1))]
    for _ in range(7):
        C.append(2.5 * C[-1] * (1 - C[-1]))
    C = np.stack(C, axis=1)
    T = np.full(C.shape[:2], 0.7)
    model = Ridge(1, degree=2).fit(C, T)
    np.testing.assert_allclose(model.forecast(C[:, :3], T), C[:, 3:], atol=1e-3)
    far = model.forecast(np.full((1, 3, 1), 3.0), T[:1])
    assert np.abs(model.pca.scores(far)).max() == pytest.approx(LIMIT)


def test_a_blind_ridge_does_not_see_the_temperature():
    C, T = oscillation(10)
    model = Ridge(1, 2, temperature=False).fit(C, T)
    np.testing.assert_array_equal(
        model.forecast(C[:, :8], T), model.forecast(C[:, :8], 0 * T)
    )


def test_the_nearest_run_is_the_run_itself_when_it_was_learnt():
    C, T = oscillation(10)
    model = NearestRun(1, 8).fit(C, T)
    np.testing.assert_allclose(model.forecast(C[:, :8], T), C[:, 8:], atol=1e-12)


def test_still_repeats_the_last_frame():
    C, T = oscillation(2)
    told = Still().fit(C, T).forecast(C[:, :8], T)
    assert told.shape == (2, 12, 1)
    assert (told == C[:, 7:8]).all()
