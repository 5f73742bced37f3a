import numpy as np
import pytest
import torch

from rnnbook.tasks import copy_memory


@pytest.mark.parametrize("T", [1, 2, 50])
def test_after_the_signal_the_ten_symbols_are_written_in_order(T):
    x, y = copy_memory.batch(np.random.default_rng(0), 200, T)
    assert (x.sum(axis=2) == 1).all()
    for ids, answer in zip(x.argmax(axis=2).tolist(), y.tolist(), strict=True):
        go = ids.index(9)
        assert ids.count(9) == 1
        symbols = [k for k in ids if k < 8]
        assert ids[:10] == symbols and len(symbols) == 10
        assert answer == [8] * (go + 1) + symbols
        assert go - 10 == T - 1  # 最後の記号と合図の間の空白


def test_the_best_answer_without_memory_costs_the_baseline():
    T, B = 30, 4000
    x, y = copy_memory.batch(np.random.default_rng(0), B, T)
    after = np.cumsum(x[:, :, 9], axis=1) - x[:, :, 9] > 0  # 合図の後か
    logits = np.full((B, T + 20, copy_memory.O), -50.0)
    logits[~after, 8] = 50.0
    seen = np.bincount(y[after], minlength=8)[:8]  # 実際の割合を知っていても
    logits[after, :8] = np.log(seen / seen.sum())
    loss = torch.nn.functional.cross_entropy(
        torch.tensor(logits).flatten(0, 1), torch.tensor(y).flatten()
    )
    assert loss.item() == pytest.approx(copy_memory.baseline(T), rel=0.001)


def test_the_baseline_is_the_published_plateau():
    # Bai, Kolter & Koltun (2018) の T = 1000 の RNN の損失 0.0202-0.0204
    assert copy_memory.baseline(1000) == pytest.approx(0.0204, abs=5e-5)


def test_solved_means_nine_tenths_on_the_right_symbol():
    for T in (1, 100, 1000):
        assert copy_memory.is_solved(10 * -np.log(0.91) / (T + 20), T)
        assert not copy_memory.is_solved(10 * -np.log(0.89) / (T + 20), T)
