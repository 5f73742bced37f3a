"""分け方: どの行も一度だけ使われ、試料も、時間の境の窓も、両側に入らないこと。"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import GroupShuffleSplit

from rnnbook.materials import splits

SHARES = (0.6, 0.2, 0.2)


def rng():
    return np.random.default_rng(0)


@settings(max_examples=25, deadline=None)
@given(n=st.integers(15, 60), seed=st.integers(0, 10**6))
def test_every_row_falls_into_exactly_one_part(n, seed):
    draw = np.random.default_rng(seed)
    groups = np.concatenate([np.arange(8), draw.integers(0, 8, n - 8)])
    y = draw.normal(size=n)
    for parts in (
        splits.at_random(n, SHARES, draw),
        splits.by_group(groups, SHARES, draw),
        splits.by_composition(y, SHARES, draw, groups),
        splits.forward_in_time(y, SHARES),
    ):
        assert sorted(np.concatenate(parts).tolist()) == list(range(n))


def test_specimens_stay_together_as_they_do_in_scikit_learn():
    groups = np.repeat(np.arange(20), 5)
    parts = splits.by_group(groups, (0.75, 0.25), rng())
    other = next(GroupShuffleSplit(1, test_size=0.25).split(groups, groups=groups))
    assert [len(p) for p in parts] == [len(p) for p in other]
    splits.require_apart(groups, *parts)
    with pytest.raises(ValueError, match="両方に入っています"):
        splits.require_apart(groups, *splits.at_random(100, (0.75, 0.25), rng()))


def test_the_test_of_a_composition_split_lies_above_all_that_was_learned():
    y = rng().normal(size=100)
    train, valid, test = splits.by_composition(y, SHARES, rng())
    assert y[test].min() > max(y[train].max(), y[valid].max())
    # 残りは無作為に分かれます
    assert y[valid].min() < y[train].max() and y[train].min() < y[valid].max()


def test_time_runs_forward_and_a_window_never_stands_on_both_sides():
    time = rng().permutation(200).astype(float)
    parts = splits.forward_in_time(time, SHARES, gap=10)
    for before, after in pairwise(parts):
        assert time[after].min() - time[before].max() > 10


def test_rows_of_one_time_are_not_divided_between_the_parts():
    time = np.array([0.0, 1.0, 1.0, 1.0, 2.0, 3.0])
    train, test = splits.forward_in_time(time, (0.5, 0.5))
    assert not set(time[train]) & set(time[test])


def test_a_measurement_that_stands_twice_gets_one_name():
    X = rng().normal(size=(6, 4))
    X[4] = X[1]
    assert splits.group_twins(X).tolist() == [0, 1, 2, 3, 1, 4]


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: splits.at_random(10, (0.5, 0.6), rng()), "shares"),
        (lambda: splits.at_random(3, (0.9, 0.05, 0.05), rng()), "空の部分"),
        (lambda: splits.at_random(10, (1.0,), rng()), "shares"),
        (lambda: splits.by_group([], SHARES, rng()), "groups"),
        (lambda: splits.by_group([1.0, np.nan] * 5, SHARES, rng()), "1 番の試料"),
        (lambda: splits.by_composition([1.0, 2.0], SHARES, rng(), ["a"]), "groups"),
        (lambda: splits.by_composition([np.nan] * 9, SHARES, rng()), "y"),
        (lambda: splits.forward_in_time(np.arange(9), SHARES, gap=50), "gap"),
        (lambda: splits.forward_in_time(np.zeros(9), SHARES), "gap"),
        (lambda: splits.by_group(list("abcdef"), SHARES, 0), "rng"),
    ],
)
def test_a_wrong_argument_is_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
