"""粗大化の法則の予測と、計算の記録の試験。"""

import numpy as np
import pytest

from rnnbook.materials.coarsening import CubeLaw, effective_time
from rnnbook.materials.spinodal import depth, length, mobility
from rnnbook.materials.spinodal_runs import Runs, make_runs, temperatures, windows


def scaled(R: np.ndarray, T: np.ndarray) -> np.ndarray:
    """相似則のとおりの C(r) = a(T) cos(π r / 2R) exp(−r / 4R)。"""
    x = np.arange(32) / R[..., None]
    return depth(T)[..., None] * np.cos(np.pi * x / 2) * np.exp(-x / 4)


def test_a_system_that_obeys_the_law_is_forecast_exactly():
    rng = np.random.default_rng(0)
    T = rng.uniform(0.6, 0.9, (6, 60))
    R = np.cbrt(60 + 0.9 * effective_time(T))
    C = scaled(R, T)
    model = CubeLaw(20).fit(C, T)
    assert model.b == pytest.approx(0.9, rel=0.02)
    told = model.forecast(C[:, :20], T)
    assert length(told) == pytest.approx(length(C[:, 20:]), rel=0.01)
    assert np.abs(told - C[:, 20:]).max() < 0.03


def test_the_effective_time_runs_as_mobility_times_the_root_of_the_depth():
    T = np.full((1, 3), 0.8)
    rate = mobility(0.8) * np.sqrt(depth(0.8))
    assert effective_time(T)[0] == pytest.approx(rate * 5 * np.arange(1, 4))


def test_every_temperature_stays_in_its_family():
    rng = np.random.default_rng(0)
    constant = temperatures("constant", 20, rng)
    assert (np.ptp(constant, axis=1) == 0).all()
    steps = temperatures("step", 20, rng)
    assert (np.count_nonzero(np.diff(steps, axis=1), axis=1) == 1).all()
    lines = temperatures("programme", 20, rng)
    assert ((lines >= 0.6) & (lines <= 0.9)).all()
    assert temperatures("hot", 20, rng).min() > 0.9
    with pytest.raises(ValueError, match="kind"):
        temperatures("ramp", 2, rng)


def test_runs_can_be_repeated_and_none_shares_its_noise():
    first, second = (
        make_runs("constant", 3, np.random.default_rng(5)).C for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    assert np.abs(np.corrcoef(first[:, 0, 1:]) - np.eye(3)).max() < 0.999


def test_a_window_is_a_piece_of_its_run():
    C = np.arange(2 * 10 * 3.0).reshape(2, 10, 3)
    T = np.arange(20.0).reshape(2, 10)
    cut, run = windows(Runs(T, C), width=4, stride=3)
    assert cut.T.tolist() == [[s + k for k in range(4)] for s in (0, 3, 6, 10, 13, 16)]
    np.testing.assert_array_equal(cut.C[4], C[1, 3:7])
    assert run.tolist() == [0, 0, 0, 1, 1, 1]
    with pytest.raises(ValueError, match="width"):
        windows(Runs(T, C), width=11, stride=1)
