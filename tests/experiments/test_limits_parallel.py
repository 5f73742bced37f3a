"""実験 limits_parallel: 渡し方が替わっても同じ計算で、比は測り直しても同じ大きさです。"""

import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import limits_parallel as experiment

TABLE = load("limits_parallel")


def test_the_grid_is_complete():
    counts = TABLE.groupby(["T", "model", "way"]).size()
    assert (counts == len(experiment.SEEDS)).all() and len(experiment.SEEDS) >= 5
    kinds = len(experiment.MODELS) * len(experiment.WAYS)
    assert len(counts) == len(experiment.LENGTHS) * kinds
    assert (TABLE["milliseconds"] > 0).all()


@pytest.mark.parametrize("name", experiment.MODELS)
def test_word_by_word_and_at_once_give_the_same(name):
    model, x = experiment.layer(name), torch.randn(3, 9, experiment.SIZE)
    whole, steps = experiment.whole(model, x), experiment.steps(model, x)
    assert whole.shape == (3, 9, experiment.SIZE)
    torch.testing.assert_close(steps, whole, atol=1e-5, rtol=0)


def test_attention_costs_more_than_its_share_where_it_is_longer_than_twice_its_width():
    middle = TABLE.groupby(["way", "model", "T"])["milliseconds"].median()
    ratio = middle.xs("attention", level="model") / middle.xs("lstm", level="model")
    # 掛け算の数で並ぶのは、前だけを見るなら T = 4H = 256、すべてを見るなら 2H = 128
    assert ratio["whole", 32] < 1 < ratio["whole", 512]
    assert ratio["train", 32] < 1 < ratio["train", 512]


def test_a_result_of_another_size_is_seen_as_a_disagreement():
    result = {f"{m} {w}": 1.0 for m in experiment.MODELS for w in experiment.WAYS}
    result |= {f"lstm {way}": 1000.0 for way in experiment.WAYS}
    assert not experiment.compare([({"T": 128, "seed": 0}, result)])["一致"].any()
