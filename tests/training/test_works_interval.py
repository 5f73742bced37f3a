"""作品についての区間: 平均は文字数で重み付けされ、区間は正規近似と合い、差の区間は狭い。"""

import numpy as np
import pytest

from rnnbook.training.works_interval import over_works

RNG = np.random.default_rng(0)
HARD = RNG.normal(4.6, 0.3, 40)
SAME = np.full(40, 1000)


def test_the_mean_counts_characters_not_works():
    assert over_works(np.array([4.0, 5.0]), np.array([10, 30])).mean == 4.75


def test_the_interval_is_that_of_the_normal_law_for_works_of_one_length():
    found = over_works(HARD, SAME, draws=20_000)
    se = HARD.std() / np.sqrt(len(HARD))
    assert found.low == pytest.approx(HARD.mean() - 1.96 * se, abs=0.2 * se)
    assert found.high == pytest.approx(HARD.mean() + 1.96 * se, abs=0.2 * se)


def test_the_difference_of_two_readers_of_the_same_works_is_known_better():
    other = HARD - 0.05 + RNG.normal(0, 0.01, 40)
    difference = over_works(other - HARD, SAME)
    assert difference.high < 0
    assert difference.high - difference.low < 0.1 * np.ptp(over_works(HARD, SAME)[1:])


def test_values_and_characters_of_different_length_are_refused():
    with pytest.raises(ValueError, match="characters"):
        over_works(HARD, SAME[1:])
