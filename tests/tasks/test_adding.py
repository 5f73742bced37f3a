import numpy as np
import pytest

from rnnbook.tasks import adding


@pytest.mark.parametrize("T", [2, 3, 10, 101])
def test_the_answer_is_the_sum_of_the_marked_numbers(T):
    x, y = adding.batch(np.random.default_rng(0), 500, T)
    for series, total in zip(x, y[:, 0], strict=True):
        marked = [number for number, mark in series if mark == 1]
        assert len(marked) == 2
        assert sum(marked) == pytest.approx(total)
    assert set(np.unique(x[:, :, 1])) <= {0, 1}


def test_one_mark_falls_anywhere_in_each_half():
    T = 11
    x, _ = adding.batch(np.random.default_rng(0), 6000, T)
    counts = x[:, :, 1].sum(axis=0) / 6000
    np.testing.assert_allclose(counts, [1 / 5] * 5 + [1 / 6] * 6, atol=0.02)


def test_always_answering_one_is_the_best_constant_and_costs_one_sixth():
    _, y = adding.batch(np.random.default_rng(0), 50000, 20)
    costs = {answer: np.mean((y - answer) ** 2) for answer in (0.8, 0.9, 1.0, 1.1)}
    assert min(costs, key=costs.get) == 1.0
    assert costs[1.0] == pytest.approx(adding.baseline(20), rel=0.02)


def test_seeing_the_last_input_lowers_the_cost_only_as_the_docstring_says():
    T = 9
    x, y = adding.batch(np.random.default_rng(0), 200000, T)
    number, mark = x[:, -1].T
    answer = np.where(mark == 1, number + 1 / 2, 1.0)
    gain = adding.baseline(T) - np.mean((y[:, 0] - answer) ** 2)
    assert gain == pytest.approx(1 / (12 * (T - T // 2)), rel=0.1)


def test_the_numbers_are_uniform_between_zero_and_one():
    x, _ = adding.batch(np.random.default_rng(0), 2000, 20)
    numbers = x[:, :, 0]
    assert numbers.min() >= 0 and numbers.max() <= 1
    assert numbers.mean() == pytest.approx(1 / 2, abs=0.01)
    assert numbers.var() == pytest.approx(1 / 12, rel=0.02)
