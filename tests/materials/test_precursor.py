"""前触れの問題: 窓は結晶になる前に終わり、打ち切られた窓は入らないこと。"""

import numpy as np
import pytest

from rnnbook.materials import precursor as p

Q6, ENERGY = p.NAMES.index("Q6"), p.NAMES.index("energy")


def runs(frames=120):
    """40 コマで結晶になる軌跡、一瞬だけ Q6 が上がる軌跡、何も起きない軌跡。"""
    series = np.zeros((3, frames, len(p.NAMES)))
    series[:, :, Q6], series[:, :, ENERGY] = 0.06, -5.1
    series[0, 40:, Q6], series[0, 43:, ENERGY] = 0.35, -5.4
    series[1, 70:74, Q6] = 0.3
    series[:, :, 2] = np.arange(frames)  # 列の一つに、コマの番号を入れておきます
    return series, np.full(3, 0.6)


def test_only_a_lasting_rise_is_a_crystal():
    series, T = runs()
    assert p.events(series, T).tolist() == [40, p.NEVER, p.NEVER]
    assert p.events(series, T, by="energy").tolist() == [43, p.NEVER, p.NEVER]


def test_eight_of_ten_frames_are_enough_and_seven_are_not():
    above = np.zeros((2, 40), bool)
    above[0, 10:20], above[1, 10:20] = True, True
    above[0, [12, 15]], above[1, [12, 15, 17]] = False, False
    assert p.first_sustained(above).tolist() == [10, p.NEVER]


def test_windows_end_before_the_crystal_and_know_their_answer():
    series, T = runs()
    w = p.windows(series, p.events(series, T))
    assert (w.t < w.event).all() and w.x.shape[1:] == (p.WIDTH, len(p.NAMES))
    # 窓の終わりは t、始まりは t − 19
    np.testing.assert_array_equal(w.x[:, -1, 2], w.t)
    np.testing.assert_array_equal(w.x[:, 0, 2], w.t - p.WIDTH + 1)
    first = w.run == 0
    np.testing.assert_array_equal(w.y[first], w.t[first] >= 40 - p.HORIZON)
    assert w.y[~first].sum() == 0


def test_a_window_whose_future_is_not_recorded_is_left_out():
    series, T = runs(frames=100)
    w = p.windows(series, p.events(series, T))
    # e は 100 − 10 コマまで決まるので、t + 20 ≤ 90
    assert w.t[w.run == 1].max() == 70 and w.t[w.run == 1].min() == p.WIDTH - 1


def test_the_slope_of_the_summary_is_the_one_of_polyfit():
    x = np.random.default_rng(0).normal(size=(5, 20, 8))
    found = p.summary(x)
    np.testing.assert_array_equal(found[:, :8], x[:, -1])
    np.testing.assert_allclose(found[:, 8:16], x.mean(axis=1))
    line = np.polyfit(np.arange(20), x[2], 1)[0]
    np.testing.assert_allclose(found[2, 16:], line, atol=1e-12)


def test_wrong_arguments_are_named():
    series, T = runs()
    with pytest.raises(ValueError, match="by は 'order', 'energy'"):
        p.events(series, T, by="Q6")
    with pytest.raises(ValueError, match="series は形"):
        p.windows(series[:, :, :5], [1, 2, 3])
