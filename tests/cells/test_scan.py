"""並列スキャン（NumPy）: 組をつなぐ順によらず、順に求めた値と同じで、勾配は差分と合います。"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells.scan import (
    combine,
    doubling_steps,
    scan_backward,
    scan_doubling,
    scan_in_order,
    work_and_depth,
)


def pairs(T, seed, *rest):
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (T, *rest)), rng.normal(size=(T, *rest))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 600), st.integers(0, 99))
def test_doubling_gives_what_going_in_order_gives(T, seed):
    (a, b), h0 = pairs(T, seed, 3), np.array([1.0, -2.0, 0.0])
    one_by_one = scan_in_order(a, b, h0)
    np.testing.assert_allclose(scan_doubling(a, b, h0), one_by_one, atol=1e-12)


def test_joining_is_associative_but_not_commutative():
    p, q, r = ((2.0, 1.0), (-3.0, 5.0), (0.5, -1.0))
    assert combine(combine(p, q), r) == combine(p, combine(q, r))
    assert combine(p, q) != combine(q, p)


def test_a_stage_holds_the_product_of_as_many_steps_as_its_width():
    a, b = pairs(11, 0)
    for stage, (A, _) in enumerate(doubling_steps(a, b)):
        for t in range(11):
            first = max(0, t + 1 - 2**stage)
            assert A[t] == pytest.approx(np.prod(a[first : t + 1]))


def test_complex_numbers_turn():
    a = np.full(8, np.exp(0.5j * np.pi))
    b = np.zeros(8, complex)
    np.testing.assert_allclose(scan_doubling(a, b, 1.0)[3], 1.0, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40), st.integers(0, 99))
def test_gradients_are_those_of_central_differences(T, seed):
    (a, b), rng = pairs(T, seed), np.random.default_rng(seed + 1)
    dh, h0 = rng.normal(size=T), 0.7
    grads = scan_backward(a, scan_in_order(a, b, h0), dh, h0)

    def loss(a, b, h0):
        return (dh * scan_in_order(a, b, h0)).sum()

    step, t = 1e-6, int(rng.integers(T))
    nudge = np.zeros(T)
    nudge[t] = step
    up, down = loss(a + nudge, b, h0), loss(a - nudge, b, h0)
    assert grads.a[t] == pytest.approx((up - down) / (2 * step), abs=1e-6)
    up, down = loss(a, b + nudge, h0), loss(a, b - nudge, h0)
    assert grads.b[t] == pytest.approx((up - down) / (2 * step), abs=1e-6)
    up, down = loss(a, b, h0 + step), loss(a, b, h0 - step)
    assert grads.h0 == pytest.approx((up - down) / (2 * step), abs=1e-6)


@pytest.mark.parametrize("T", [1, 2, 3, 7, 8, 9, 100])
def test_work_and_depth_are_those_of_the_joins_made(T):
    a, b = pairs(T, 0)
    stages = len(doubling_steps(a, b)) - 1
    joins = sum(T - 2**k for k in range(stages))
    found = work_and_depth(T)
    assert found == {"in_order": (T - 1, T - 1), "doubling": (joins, stages)}


@pytest.mark.parametrize(
    ("a", "b"), [(np.ones(3), np.ones(4)), (np.ones(0), np.ones(0)), ([1.0], [1.0])]
)
def test_pairs_that_do_not_fit_are_named(a, b):
    with pytest.raises(ValueError, match="引数 a と b"):
        scan_doubling(a, b)
