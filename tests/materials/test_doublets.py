"""光電子スペクトルの二本組が、物理のとおりの強さ、間隔、幅、揺らぎを持つことを確かめます。"""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import poisson

from rnnbook.materials import doublets


def test_a_peak_has_its_width_at_half_of_its_height():
    at_half = doublets.peak(np.array([-1, 1]) * doublets.WIDTH / 2, 0.0, 10.0)
    np.testing.assert_allclose(at_half, 5.0)
    # ガウス形の面積 = 高さ · w · √(π / (4 ln 2))
    area, _ = quad(lambda E: doublets.peak(E, 0.0, 10.0), -20, 20)
    expected = 10 * doublets.WIDTH * np.sqrt(np.pi / (4 * np.log(2)))
    assert area == pytest.approx(expected)


def areas(counts, center):
    """中心から 2 eV までの、背景を引いた計数。"""
    E = doublets.STEP * np.arange(doublets.T)
    near = np.abs(E - center[:, None]) < 2.0
    return ((counts - doublets.BACKGROUND) * near).sum(axis=1)


def test_the_two_of_a_p_level_are_two_to_one_and_delta_apart():
    s = doublets.batch(np.random.default_rng(0), 6000)
    double = (s.y == 2).any(axis=1)
    gap = np.diff(s.centers, axis=1)[:, 0]
    np.testing.assert_allclose(gap[double], doublets.DELTA)
    lower, higher = (areas(s.counts, s.centers[:, k])[double].sum() for k in (0, 1))
    # 2j + 1 は、3/2 で 4、1/2 で 2
    assert lower / higher == pytest.approx(4 / 2, rel=0.02)


def test_the_two_s_levels_are_never_delta_apart():
    s = doublets.batch(np.random.default_rng(1), 6000)
    gap = np.diff(s.centers, axis=1)[(s.y == 1).any(axis=1), 0]
    assert gap.min() >= doublets.APART[0] and gap.max() <= doublets.APART[1]
    assert np.abs(gap - doublets.DELTA).min() >= doublets.AVOID - 1e-9


def test_half_are_doublets_and_the_lower_peak_does_not_tell_which():
    s = doublets.batch(np.random.default_rng(2), 20_000)
    double = (s.y == 2).any(axis=1)
    assert double.mean() == pytest.approx(0.5, abs=0.015)
    first = areas(s.counts, s.centers[:, 0])
    # 低いほうのピークの面積と位置の平均は、二つの場合で同じ（標準誤差の 4 倍まで）
    for value in (first, s.centers[:, 0]):
        one, two = value[double], value[~double]
        error = np.sqrt(one.var() / len(one) + two.var() / len(two))
        assert abs(one.mean() - two.mean()) < 4 * error


def test_counts_scatter_as_poisson_counts_do():
    s = doublets.batch(np.random.default_rng(3), 4000)
    E = doublets.STEP * np.arange(doublets.T)
    far = np.abs(E - s.centers[:, :, None]).min(axis=1) > 3.0
    background = s.counts[far]
    assert background.mean() == pytest.approx(doublets.BACKGROUND, rel=0.01)
    assert background.var() == pytest.approx(background.mean(), rel=0.03)
    expected = poisson(doublets.BACKGROUND).ppf([0.05, 0.95])
    np.testing.assert_allclose(np.quantile(background, [0.05, 0.95]), expected, atol=1)


def test_only_channels_inside_half_of_the_width_are_named():
    s = doublets.batch(np.random.default_rng(4), 200)
    E = doublets.STEP * np.arange(doublets.T)
    inside = np.abs(E - s.centers[:, :, None]).min(axis=1) <= doublets.WIDTH / 2
    np.testing.assert_array_equal(s.y > 0, inside)
