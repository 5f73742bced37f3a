"""実験 both_cost: 数えられる比は理屈のとおりで、測り直しも同じ数になります。"""

import pytest
import torch
from torch import nn

from rnnbook.data import load
from rnnbook.experiments import both_cost as experiment

TABLE = load("both_cost")


def test_the_grid_is_complete():
    counts = TABLE.groupby(["T", "measure"]).size()
    assert (counts == len(experiment.SEEDS)).all()
    assert len(counts) == len(experiment.LENGTHS) * len(experiment.MEASURES)


def test_two_directions_have_twice_the_weights():
    assert (TABLE.query("measure == 'weights'")["ratio"] == 2).all()


def test_what_is_kept_for_the_backward_pass_is_counted_again():
    models = [nn.LSTM(24, 32, batch_first=True, bidirectional=b) for b in (False, True)]
    x = torch.randn(32, 16, 24)
    one, two = (experiment.saved_bytes(model, x) for model in models)
    stored = TABLE.query("measure == 'saved' and T == 16")["ratio"].median()
    assert two / one == pytest.approx(stored, rel=0.05)
    # 少なくとも、全時刻の出力 (B, T, H) を float32 で残します
    assert one >= 32 * 16 * 32 * 4


def test_a_result_of_another_size_is_seen_as_a_disagreement():
    result = dict.fromkeys(experiment.MEASURES, 40.0)
    again = experiment.compare([({"T": 16, "seed": 0}, result)])
    assert not again["一致"].any()
