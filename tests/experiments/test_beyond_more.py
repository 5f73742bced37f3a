"""実験 beyond_more: 替えたのは書いた条件だけで、学習の手順と測り方は beyond_grid と同じであること。"""

import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import beyond_grid
from rnnbook.experiments import beyond_more as experiment

TABLE = load("beyond_more")


def accuracies(task, model, times=1):
    rows = TABLE[(TABLE["task"] == task) & (TABLE["model"] == model)]
    return rows.loc[rows["length"] == times * rows["T"], "accuracy"]


def test_the_grid_is_complete():
    seeds = TABLE.groupby([*experiment.KEYS, "length"])["seed"].apply(sorted)
    assert len(seeds) == len(experiment.CHANGES) * len(experiment.TIMES)
    for where, found in seeds.items():
        updates = where[experiment.KEYS.index("updates")]
        assert found == list(experiment.SEEDS[updates])


def test_solved_is_an_accuracy_of_at_least_99_percent():
    assert ((TABLE["accuracy"] >= 0.99) == (TABLE["solved"] == 1)).all()


@pytest.mark.parametrize("task, model", [("order", "rnn"), ("parity", "mingru")])
def test_without_a_change_it_is_the_learning_of_the_grid(task, model):
    theirs, _ = beyond_grid.learn(task, model, seed=3, updates=6)
    ours = experiment.begin(task, model, "default", 3)
    experiment.learn(ours, task, 3, beyond_grid.RATE, 6)
    for a, b in zip(theirs.parameters(), ours.parameters(), strict=True):
        torch.testing.assert_close(a, b, atol=0, rtol=0)


def test_only_the_recurrent_weights_of_the_rnn_start_from_the_identity():
    plain, eye = (
        experiment.begin("order", "rnn", start, 0) for start in experiment.STARTS
    )
    for (name, a), b in zip(plain.named_parameters(), eye.parameters(), strict=True):
        same = torch.equal(a, b)
        assert same != name.endswith("weight_hh_l0"), name
        assert same or torch.equal(b, torch.eye(len(b)))


def test_a_start_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="start"):
        experiment.begin("order", "rnn", "zeros", 0)


def test_a_result_outside_the_stored_spread_is_seen():
    point = experiment.EXPERIMENT.quick[0]
    low = accuracies("order", "rnn").min()
    found = experiment.compare(
        [(point, {"accuracy": [value] * 4}) for value in (low - 0.2, low)]
    )
    assert found["一致"].tolist() == [False, True]
