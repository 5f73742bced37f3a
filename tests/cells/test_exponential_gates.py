"""指数のゲート: 安定にしても値は変わらず、素朴な計算があふれる所でも、重みつきの平均です。"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells.exponential_gates import exponential_average


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(0, 99))
def test_the_stabiliser_changes_no_value(T, seed):
    i, f, z = np.random.default_rng(seed).normal(size=(3, T))
    plain = exponential_average(i, f, z, stable=False)
    np.testing.assert_allclose(exponential_average(i, f, z), plain, atol=1e-10)


def test_it_is_the_weighted_mean_of_what_was_read():
    rng = np.random.default_rng(0)
    i, f, z = 50 * rng.normal(size=(3, 30))
    # 時刻 s の重み exp(ĩ_s + f̃_{s+1} + … + f̃_T)
    power = i + (f.sum() - f.cumsum())
    weights = np.exp(power - power.max())
    mean = (weights * z).sum() / weights.sum()
    assert exponential_average(i, f, z)[-1] == pytest.approx(mean)


def test_the_plain_formula_overflows_in_32_bits_and_the_stable_one_does_not():
    i = np.full(5, 100, np.float32)
    f, z = np.zeros(5, np.float32), np.ones(5, np.float32)
    with np.errstate(all="ignore"):
        assert not np.isfinite(exponential_average(i, f, z, stable=False)).any()
    np.testing.assert_allclose(exponential_average(i, f, z), 1.0)


def test_lengths_that_differ_are_named():
    with pytest.raises(ValueError, match="引数 z"):
        exponential_average(np.zeros(3), np.zeros(3), np.zeros(2))
