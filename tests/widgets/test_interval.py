"""ページの中で計算する区間は、statsmodels の区間です。"""

import pytest
from statsmodels.stats.proportion import proportion_confint

from rnnbook.reading.intervals import Counted

COUNTS = [(0, 10), (1, 10), (8, 10), (10, 10), (0, 40), (20, 40), (39, 40), (7, 24)]


@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_the_interval_of_the_page_is_that_of_statsmodels(call, k, n):
    expected = proportion_confint(k, n, method="wilson")
    assert call("kit/interval.js", "wilson", k, n) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_the_page_and_the_chapter_write_the_interval_alike(call, k, n):
    assert call("kit/interval.js", "writeInterval", k, n) in str(Counted(k, n))
