"""分割共形予測の幅: 保証される割合が、式のとおりに数えられること。"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.training.conformal import conformal_half_width


@given(n=st.integers(9, 40), seed=st.integers(0, 10**6))
def test_leaving_each_point_out_in_turn_covers_exactly_k_of_n_plus_one(n, seed):
    """交換可能なら、どの点が「次の一点」でも同じです。だから入る割合はちょうど k/(n + 1) です。"""
    residuals = np.random.default_rng(seed).standard_normal(n + 1)
    inside = sum(
        abs(residuals[i]) <= conformal_half_width(np.delete(residuals, i), 0.9)
        for i in range(n + 1)
    )
    assert inside == -(-9 * (n + 1) // 10)  # ⌈0.9 (n + 1)⌉


def test_the_width_is_the_quantile_that_numpy_gives_at_k_over_n():
    residuals = np.random.default_rng(0).standard_normal(35)
    expected = np.quantile(np.abs(residuals), 33 / 35, method="inverted_cdf")
    assert conformal_half_width(residuals, 0.9) == expected


@pytest.mark.parametrize(
    ("residuals", "coverage", "named"),
    [
        (np.zeros(8), 0.9, "n = 8"),
        (np.zeros((8, 1)), 0.9, "residuals"),
        (np.zeros(20), 0.0, "coverage"),
        (np.zeros(20), 90, "coverage"),
    ],
)
def test_too_few_points_or_a_wrong_share_are_named(residuals, coverage, named):
    with pytest.raises(ValueError, match=named):
        conformal_half_width(residuals, coverage)
