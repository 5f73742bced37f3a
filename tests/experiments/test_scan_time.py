"""実験 scan_time: 格子はそろい、四つの計算のしかたは同じ答えで、比は本文の言うとおりであること。"""

import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import scan_time as experiment

TABLE = load("scan_time")


def test_the_grid_is_complete():
    counts = TABLE.groupby(["T", "model"]).size()
    assert (counts == len(experiment.SEEDS)).all() and len(experiment.SEEDS) >= 5
    skipped = sum(T > experiment.LONGEST_LOOP for T in experiment.LENGTHS)
    assert len(counts) == len(experiment.LENGTHS) * len(experiment.LAYERS) - skipped
    assert (TABLE["milliseconds"] > 0).all()


@pytest.mark.parametrize("name", ["doubling", "blocks"])
def test_the_ways_timed_give_the_answer_of_the_loop(name):
    torch.manual_seed(0)
    layer, loop = experiment.layer(name, 5), experiment.layer("in_order", 5)
    loop.load_state_dict(layer.state_dict())
    x = torch.randn(2, 37, 5)
    torch.testing.assert_close(layer(x), loop(x), atol=1e-5, rtol=0)


def test_learning_fills_every_gradient():
    for name in experiment.LAYERS:
        layer = experiment.layer(name, 4)
        experiment.learn(layer, torch.randn(2, 9, 4))
        assert all(p.grad.abs().sum() > 0 for p in layer.parameters())


def test_a_result_of_another_size_is_seen_as_a_disagreement():
    result = dict.fromkeys(experiment.LAYERS, 1.0) | {"lstm": 1000.0}
    found = experiment.compare([({"T": 256, "seed": 0}, result)])
    assert found.loc[found["層"] != "lstm", "一致"].sum() == 0
