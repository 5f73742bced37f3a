"""実験 beyond_grid: 格子はそろい、乱数は種と長さで決まり、結果は本文の言うとおりであること。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import beyond_grid as experiment

TABLE, CURVE = load("beyond_grid"), load("beyond_grid_curve")
AT_T = TABLE[TABLE["length"] == TABLE["T"]]


def accuracies(task, model, times=1):
    rows = TABLE[(TABLE["task"] == task) & (TABLE["model"] == model)]
    return rows.loc[rows["length"] == times * rows["T"], "accuracy"]


def test_the_grid_is_complete_and_what_is_neither_none_nor_all_has_forty_seeds():
    counts = TABLE.groupby(["task", "model", "length"])["seed"].nunique()
    assert len(counts) == len(experiment.TASKS) * len(experiment.MODELS) * 4
    for (task, model), rows in AT_T.groupby(["task", "model"]):
        first = rows.loc[rows["seed"] < experiment.FIRST, "solved"].sum()
        mixed = 0 < first < experiment.FIRST
        many = experiment.ALL if mixed else experiment.FIRST
        assert sorted(rows["seed"]) == list(range(many)), (task, model)


def test_solved_is_an_accuracy_of_at_least_99_percent():
    assert ((TABLE["accuracy"] >= 0.99) == (TABLE["solved"] == 1)).all()


def test_the_last_point_of_the_curve_is_the_accuracy_at_the_trained_length():
    last = CURVE[CURVE["update"] == experiment.UPDATES]
    keys = ["task", "model", "seed"]
    both = AT_T.merge(last, on=keys, suffixes=("", "_curve"))
    assert len(both) == len(AT_T)
    assert (both["accuracy"] == both["accuracy_curve"]).all()


@pytest.mark.parametrize("model", ["rnn", "gru", "signed"])
def test_what_can_turn_its_state_round_counts(model):
    assert (accuracies("parity", model) >= 0.99).all()


def test_the_lstm_counts_with_most_seeds_and_else_learns_something_shorter():
    here, twice = accuracies("parity", "lstm"), accuracies("parity", "lstm", 2)
    assert 0.5 < (here >= 0.99).mean() < 1
    assert (twice.to_numpy()[(here < 0.99).to_numpy()] < 0.9).all()


@pytest.mark.parametrize("model", ["mingru", "minlstm", "linear_state", "transformer"])
def test_what_cannot_does_not_and_is_at_chance_at_twice_the_length(model):
    assert (accuracies("parity", model) < 0.95).all()
    assert (accuracies("parity", model, 2) < 0.6).all()


def test_the_same_seed_and_length_give_the_same_sequences():
    for task, (_, T) in experiment.TASKS.items():
        twice = [
            experiment.new_batch(task, np.random.default_rng([3, T, 0]), 4, T)
            for _ in range(2)
        ]
        assert all(torch.equal(a, b) for a, b in zip(*twice, strict=True))


def test_parity_is_scored_at_its_last_step_only():
    class Late(torch.nn.Module):
        def forward(self, x):
            right = x[..., 1].cumsum(1).long() % 2
            told = torch.nn.functional.one_hot(right, 2).float()
            told[:, :-1] = told[:, :-1].flip(-1)  # 終わりのほかは、すべて逆
            return told

    assert experiment.accuracy(Late(), "parity", 0, 16) == 1.0


def test_a_result_outside_the_stored_spread_is_seen():
    point = {"task": "parity", "model": "signed", "seed": 100}
    low, high = ({"accuracy": [value] * 4, "curve": []} for value in (0.5, 1.0))
    found = experiment.compare([(point, low), (point, high)])
    assert found["一致"].tolist() == [False, True]
