"""実験 attention_cost: 残す量は、数えられる大きさで、表は T × T です。"""

import torch

from rnnbook.data import load
from rnnbook.experiments import attention_cost as experiment

TABLE = load("attention_cost")


def test_the_grid_is_complete():
    counts = TABLE.groupby(["kind", "measure", "T"])["seed"].nunique()
    assert len(counts) == 3 * len(experiment.MEASURES) * len(experiment.LENGTHS)
    assert (counts == len(experiment.SEEDS)).all()


def test_the_two_ways_of_attending_give_the_same_values():
    x = torch.randn(1, 12, experiment.H)
    torch.testing.assert_close(experiment.dot(x), experiment.fused(x))


def test_what_is_kept_is_a_table_of_weights_and_parts_that_grow_with_the_length():
    size = 4  # float32
    x = torch.randn(1, 64, experiment.H, requires_grad=True)
    kept = experiment.saved_bytes(experiment.dot, x)
    assert kept >= size * 64 * 64
    saved = TABLE[TABLE["measure"] == "saved"].groupby(["kind", "T"])["double"].median()
    assert saved["dot"].between(3.5, 4.01).all()
    assert saved["fused"].between(1.8, 2.01).all()


def test_another_ratio_is_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    wrong = {name: (1.0, 9.0) for name in experiment.MEASURES}
    again = experiment.compare([(point, {kind: wrong for kind in experiment.acts()})])
    assert not again["一致"].any()
