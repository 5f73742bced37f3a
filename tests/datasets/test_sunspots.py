import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.datasets.sunspots import Sunspots, load_sunspots, split_by_time, windows

SUNSPOTS = load_sunspots()


def test_the_series_is_the_measured_one():
    number = dict(zip(SUNSPOTS.year.tolist(), SUNSPOTS.number.tolist(), strict=True))
    # 国際相対黒点数（旧バージョン）の公表値: 極大 1957 年 190.2、1778 年 154.4、極小 1913 年 1.4
    assert (number[1957], number[1778], number[1913]) == (190.2, 154.4, 1.4)
    assert SUNSPOTS.year.tolist() == list(range(1700, 2009))


@settings(max_examples=30, deadline=None)
@given(n=st.integers(2, 60), p=st.integers(1, 59))
def test_each_window_is_followed_by_its_target(n, p):
    if p >= n:
        with pytest.raises(ValueError, match="引数 p"):
            windows(np.arange(float(n)), p)
        return
    x, y = windows(np.arange(float(n)), p)
    assert x.shape == (n - p, p, 1) and y.shape == (n - p, 1)
    for k in range(n - p):
        assert x[k, :, 0].tolist() == list(range(k, k + p)) and y[k, 0] == k + p


@pytest.mark.parametrize("p", [1, 11, 32])
def test_the_target_years_are_disjoint_in_time_order_and_complete(p):
    splits = split_by_time(SUNSPOTS, p)
    years = [part.year.tolist() for part in (splits.train, splits.valid, splits.test)]
    assert years[0] + years[1] + years[2] == list(range(1700 + p, 2009))
    assert (years[0][-1], years[1][-1]) == (1920, 1955)


def test_windows_end_the_year_before_their_target():
    numbered = Sunspots(
        SUNSPOTS.year, SUNSPOTS.year.astype(float)
    )  # 値が年そのものの系列
    splits = split_by_time(numbered, p=5)
    for part in (splits.train, splits.valid, splits.test):
        np.testing.assert_allclose(splits.to_number(part.y)[:, 0], part.year)
        np.testing.assert_allclose(splits.to_number(part.x)[:, -1, 0], part.year - 1)


def test_the_future_changes_neither_the_scaling_nor_the_training_windows():
    before = split_by_time(SUNSPOTS, p=11)
    changed = np.where(SUNSPOTS.year > 1920, 1e6, SUNSPOTS.number)
    after = split_by_time(Sunspots(SUNSPOTS.year, changed), p=11)
    assert (before.mean, before.std) == (after.mean, after.std)
    np.testing.assert_array_equal(before.train.x, after.train.x)


def test_years_out_of_order_are_named():
    with pytest.raises(
        ValueError, match=r"train_last_year と valid_last_year.*1955 と 1920"
    ):
        split_by_time(SUNSPOTS, p=11, train_last_year=1955, valid_last_year=1920)
