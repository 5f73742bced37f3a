"""偶奇と、選んで写す: 答えは入力から決まり、記憶なしの値は数えたものと合います。"""

import numpy as np
import pytest

from rnnbook.tasks import parity, selective_copy


def test_parity_turns_round_at_every_one_and_only_there():
    x, y = parity.batch(np.random.default_rng(0), 200, 16)
    bits = x.argmax(-1)
    turned = y[:, 1:] != y[:, :-1]
    assert (turned == (bits[:, 1:] == 1)).all() and (y[:, 0] == bits[:, 0]).all()


@pytest.mark.parametrize("T", [3, 4, 20])
def test_the_symbols_are_written_in_the_order_they_came(T):
    x, y = selective_copy.batch(np.random.default_rng(0), 300, T)
    ids = x.argmax(-1)
    assert x.shape == (300, T + selective_copy.K, selective_copy.D)
    assert (ids[:, T:] == selective_copy.GO).all()
    for row, answer in zip(ids[:, :T], y, strict=True):
        assert (row[row < selective_copy.BLANK] == answer).all()


def test_every_place_holds_a_symbol_equally_often():
    ids = selective_copy.batch(np.random.default_rng(0), 8000, 10)[0].argmax(-1)
    share = (ids[:, :10] < selective_copy.BLANK).mean(axis=0)
    # 3/10。8000 本での標準誤差は 0.005
    np.testing.assert_allclose(share, 0.3, atol=0.025)


@pytest.mark.parametrize(("task", "count"), [(parity, 2), (selective_copy, 4)])
def test_without_memory_every_answer_is_as_likely(task, count):
    x, y = task.batch(np.random.default_rng(0), 8000, 12)
    assert task.baseline(12) == 1 / count
    last = x[:, -1].argmax(-1)
    for seen in np.unique(last):
        shares = (
            np.bincount(y[last == seen, -1], minlength=count) / (last == seen).sum()
        )
        np.testing.assert_allclose(shares, 1 / count, atol=0.04)
    assert task.is_solved(0.99, 12) and not task.is_solved(0.98, 12)


@pytest.mark.parametrize(("task", "T"), [(parity, 1), (selective_copy, 2)])
def test_too_short_a_sequence_is_named(task, T):
    with pytest.raises(ValueError, match="引数 T"):
        task.batch(np.random.default_rng(0), 4, T)
