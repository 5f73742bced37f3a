"""速くした学習プログラムは、元の書き方と同じ仕事をします。"""

import pytest

from rnnbook.training import programs


def test_the_fast_program_trains_the_same_network_on_the_same_batches():
    slow = programs.if_then_sentence_by_sentence(seed=0, epochs=1)
    fast = programs.if_then(seed=0, epochs=1)
    assert slow == pytest.approx(fast, abs=0.02)


def test_every_sentence_keeps_its_condition_and_its_twenty_fillers():
    x, y = programs.encode(programs.sentences(50, seed=1))
    assert tuple(x.shape) == (50, 24)
    assert [programs.WORDS[k] for k in x[:, 1]] == [programs.CONDITIONS[k] for k in y]
    assert {programs.WORDS[k] for k in x[:, 2:22].flatten()} <= set(programs.FILLERS)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_the_sine_program_learns_with_every_cell_and_seed(cell):
    # 最後の値をそのまま答えると、平均二乗誤差はおよそ 0.005 です
    test, valid = programs.sine(cell, range(2), epochs=10)
    assert max(test) < 0.005
    assert [len(valid), len(valid[0])] == [10, 2]
