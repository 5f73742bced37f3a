"""実験 limits_order: 語順のないモデルは半分、LSTM と位置のある注意は新しい組も読みます。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import limits_order as experiment
from rnnbook.tasks import word_order

TABLE = load("limits_order")


def stored(model, sentences, order):
    rows = TABLE.query("model == @model and sentences == @sentences")
    return rows[order].to_numpy()


def test_the_grid_is_complete():
    counts = TABLE.groupby(["model", "sentences"]).size()
    assert len(counts) == 8 and (counts == len(experiment.SEEDS)).all()
    assert len(experiment.SEEDS) >= 10


@pytest.mark.parametrize("model", ["bag", "unordered"])
def test_no_seed_passes_the_half_without_order(model):
    both = [stored(model, "both", order) for order in ("straight", "scrambled")]
    assert (np.mean(both, axis=0) <= 0.5 + 1e-4).all()  # 小数 4 桁に丸めてあります


@pytest.mark.parametrize("model", ["pair_bag", "lstm", "transformer"])
def test_order_and_particles_are_read_in_pairs_never_trained(model):
    for order in ("straight", "scrambled"):
        assert (stored(model, "both", order) > 0.98).all()


@pytest.mark.parametrize("name", ["bag", "unordered"])
def test_a_model_without_order_gives_one_answer_to_all_orders(name):
    torch.manual_seed(0)
    model = experiment.new_model(name).eval()
    four = word_order.every_sentence("test").ids[[0, 1]]  # 同じ語で、二つの並び
    assert sorted(four[0]) == sorted(four[1]) and (four[0] != four[1]).any()
    with torch.no_grad():
        one, two = model(torch.from_numpy(four))
    torch.testing.assert_close(one, two, atol=1e-5, rtol=0)


def test_the_plain_training_has_no_scrambled_sentence():
    ids, y = next(experiment.stream(np.random.default_rng(0), "plain"))
    assert (ids[:, 1] == word_order.GA).all()
    np.testing.assert_array_equal(ids[:, 0], y)


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = {"model": "lstm", "sentences": "both", "seed": 0}
    result = {"straight": 0.5, "scrambled": 0.5}
    assert not experiment.compare([(point, result)])["一致"].any()


def test_the_same_point_gives_the_same_result_twice(monkeypatch):
    monkeypatch.setattr(experiment, "UPDATES", 3)
    point = {"model": "transformer", "sentences": "plain", "seed": 3}
    assert experiment.train(point) == experiment.train(point)
