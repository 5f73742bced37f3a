"""実験 limits_scale: 大きさの組、学習に使う文章、検証に使わない時間が、述べたとおりです。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.datasets.essays import text_of
from rnnbook.experiments import limits_scale as experiment

TABLE = load("limits_scale")


def test_the_grid_is_complete():
    counts = TABLE.groupby(["kind", "size", "data", "seed"]).size()
    assert len(counts) == len(experiment.EXPERIMENT.points)
    for point in experiment.EXPERIMENT.points:
        where = tuple(point[key] for key in counts.index.names)
        assert counts[where] == point["updates"] // experiment.EVERY


def test_every_size_is_measured_to_the_time_of_the_largest():
    found = experiment.at_seconds(TABLE)
    assert len(found) == 6 * len(experiment.SEEDS)
    assert found[list(experiment.BUDGETS)].notna().all(axis=None)


def test_the_two_kinds_have_pairs_of_nearly_one_size():
    inside = TABLE.groupby(["kind", "size"])["inside"].first()
    for size in experiment.SIZES["lstm"]:
        assert 0.6 < inside["lstm", size] / inside["transformer", size] < 1.6
    for kind in experiment.SIZES:
        assert inside[kind, "large"] > 10 * inside[kind, "small"]


def test_time_only_grows_and_the_larger_model_takes_more_of_it():
    for _, rows in TABLE.groupby(["kind", "size", "data", "seed"]):
        assert (rows.sort_values("update")["seconds"].diff().dropna() > 0).all()
    full = TABLE[(TABLE["data"] == 1) & (TABLE["update"] == experiment.SHORT)]
    spent = full.groupby(["kind", "size"])["seconds"].median()
    for kind in experiment.SIZES:
        assert spent[kind, "small"] < spent[kind, "middle"] < spent[kind, "large"]


def test_the_windows_are_the_text_and_the_text_one_later():
    table, ids, unseen = experiment.texts()
    x, y = experiment.windows(ids, np.array([0, 1000]))
    assert torch.equal(x[:, 1:], y[:, :-1]) and x.shape == (2, experiment.T)
    text = text_of("train")[1000 : 1000 + experiment.T]
    read = table.decode(x[1].numpy())
    assert all(a in (b, table.characters[0]) for a, b in zip(read, text, strict=True))
    assert len(unseen) < len(ids) / 5


@pytest.mark.parametrize("kind", experiment.SIZES)
def test_no_model_sees_the_character_it_is_asked_for(kind):
    model = experiment.new_model(kind, "small", 0)
    x = torch.randint(1, experiment.V, (2, 12))
    later = x.clone()
    later[:, 7:] = 0
    moved = (model(x) - model(later)).abs().amax(dim=(0, 2))
    assert (moved[:7] < 1e-5).all() and (moved[7:] > 1e-3).all()


def test_the_same_point_gives_the_same_losses_twice(monkeypatch):
    monkeypatch.setattr(experiment, "EVERY", 2)
    point = experiment.point_of("lstm", "small", 1 / 16, 0) | {"updates": 2}
    one, two = (experiment.train(point) for _ in range(2))
    assert (one["train"], one["valid"]) == (two["train"], two["valid"])


def test_a_wrong_loss_is_seen_as_a_disagreement():
    point = experiment.point_of("lstm", "small", 1.0, 0)
    result = {"train": [9.0], "valid": [9.0], "seconds": [1.0]}
    result |= {"inside": 1, "weights": 1}
    assert not experiment.compare([(point, result)])["一致"].any()
