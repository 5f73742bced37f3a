"""足し合わせの当てはめの区間と印: 約束した割合で当たり、標準物質の足りない測定を知らせること。"""

import numpy as np
import pytest

from rnnbook.materials.mixtures import combine
from rnnbook.materials.trusted_shares import TrustedShares

E = np.linspace(0.0, 40.0, 81)
S = np.array(
    [
        0.5 + np.arctan((E - c) / w) / np.pi + h * np.exp(-(((E - c - 4) / 2) ** 2))
        for c, w, h in ((14.0, 1.0, 0.2), (15.0, 1.5, 0.6), (17.0, 0.8, 0.0))
    ]
)


def mixed(rng, count):
    f = rng.dirichlet(np.ones(len(S)), count)
    return f @ S + rng.normal(0, 0.02, (count, len(E))), f


def test_all_the_shares_fall_into_the_interval_as_often_as_promised():
    rng = np.random.default_rng(0)
    reader = TrustedShares(E, S).calibrate(*mixed(rng, 400))
    told = [(reader.read(x), f) for x, f in zip(*mixed(rng, 400), strict=True)]
    inside = [((one.low <= f) & (f <= one.high)).all() for one, f in told]
    # 校正と試験の引き方で、標準偏差は 0.021
    assert np.mean(inside) == pytest.approx(0.9, abs=0.06)


def test_the_shares_are_those_of_the_plain_fit():
    reader = TrustedShares(E, S, (-0.5, 0.0, 0.5), most=2)
    x = 0.4 * S[0] + 0.6 * S[2]
    reader.calibrate(*mixed(np.random.default_rng(1), 40))
    np.testing.assert_array_equal(
        reader.read(x).told.f, combine(E, x, S, (-0.5, 0.0, 0.5), most=2).f
    )


def test_a_measurement_whose_standard_is_missing_is_marked():
    X, f = mixed(np.random.default_rng(2), 60)
    reader = TrustedShares(E, S).calibrate(X, f)
    assert reader.read(f[0] @ S).mark == "内"
    other = 0.5 + np.arctan((E - 25) / 2) / np.pi
    assert reader.read(0.5 * S[0] + 0.5 * other).mark == "外"


def test_too_few_mixtures_are_refused():
    with pytest.raises(ValueError, match="33"):
        TrustedShares(E, S).calibrate(*mixed(np.random.default_rng(3), 20))


def test_shares_in_percent_are_refused():
    X, f = mixed(np.random.default_rng(4), 40)
    with pytest.raises(ValueError, match="% なら 100 で割ります"):
        TrustedShares(E, S).calibrate(X, 100 * f)


def test_standards_of_another_shape_are_refused_by_their_name():
    with pytest.raises(ValueError, match="standards"):
        TrustedShares(E, S.T)


def test_reading_before_a_successful_calibration_is_refused():
    reader = TrustedShares(E, S)
    with pytest.raises(ValueError, match="33"):
        reader.calibrate(*mixed(np.random.default_rng(5), 20))
    with pytest.raises(ValueError, match="calibrate のあとで"):
        reader.read(S[0])
