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


@pytest.mark.parametrize(("k", "n"), [(11, 10), (-1, 10), (0, 0), (2.5, 10)])
def test_an_impossible_count_is_refused_with_the_name_of_the_argument(k, n):
    with pytest.raises(ValueError, match=r"引数 [kn] は"):
        Counted(k, n)
