"""区間: 数えた数には、別の実装と同じウィルソンの区間が付きます。"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from rnnbook.reading.intervals import Counted


@settings(deadline=None)
@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_the_one_that_scipy_gives(counts):
    k, n = counts
    expected = binomtest(k, n).proportion_ci(method="wilson")
    assert Counted(k, n).interval == pytest.approx(expected, abs=1e-9)


def test_a_count_is_written_with_its_interval():
    assert str(Counted(8, 10)) == "8/10（95 % 区間 49〜94 %）"
    assert Counted(20, 40).short == "20/40（35〜65 %）"


def test_the_diverged_are_told_after_the_interval_and_do_not_change_it():
    assert str(Counted(3, 40, diverged=28)) == "3/40（95 % 区間 3〜20 %、発散 28）"
    assert Counted(0, 10, diverged=8).short == "0/10（0〜28 %、発散 8）"
    assert Counted(3, 40, diverged=28).interval == Counted(3, 40).interval


def test_more_solved_and_diverged_than_there_are_is_refused():
    with pytest.raises(ValueError, match=r"引数 diverged は 7 以下.*8 が渡されました"):
        Counted(3, 10, diverged=8)


@pytest.mark.parametrize(("k", "n"), [(11, 10), (-1, 10), (0, 0), (2.5, 10)])
def test_an_impossible_count_is_refused_with_the_name_of_the_argument(k, n):
    with pytest.raises(ValueError, match=r"引数 [kn] は"):
        Counted(k, n)
