"""実験 limits_stress: LSTM も Transformer も、作品の形容だけで答えが決まり、語の袋は逆接で半分です。"""

import numpy as np
import pytest
import torch

from rnnbook.data import load
from rnnbook.experiments import limits_stress as experiment
from rnnbook.tasks import reviews
from rnnbook.tasks.reviews import AGAINST, ALONG, ROLES

TABLE = load("limits_stress")


def stored(model, words, column):
    rows = TABLE.query("model == @model and connective in @words")
    return rows[column].to_numpy()


def test_the_grid_is_complete():
    counts = TABLE.groupby(["model", "connective"]).size()
    assert (
        len(counts) == len(experiment.MODELS) * 5
        and (counts == len(experiment.SEEDS)).all()
    )
    assert set(ROLES) < set(TABLE)


def test_the_bag_is_right_by_halves_where_the_two_words_disagree():
    assert (np.abs(stored("bag", AGAINST, "accuracy") - 0.5) < 0.1).all()
    assert (stored("bag", ALONG, "accuracy") > 0.98).all()


@pytest.mark.parametrize("model", ["pair_bag", "lstm", "transformer"])
def test_the_word_of_the_work_decides_in_every_seed(model):
    assert (stored(model, AGAINST, "accuracy") > 0.98).all()
    assert (stored(model, AGAINST, "flipped 作品の形容") > 0.9).all()
    assert (stored(model, AGAINST, "flipped 話題の形容") < 0.1).all()


def test_hiding_moves_the_bag_by_the_weight_of_the_word():
    # 語の袋は線形なので、隠したときの動きは、埋め込みの差を 9 で割った点の差です
    torch.manual_seed(0)
    model = experiment.new_model("bag")
    some = reviews.batch(np.random.default_rng(0), 50)
    with torch.no_grad():
        y = model.readout(model.embedding.weight)
        value = (y[:, 1] - y[:, 0]).numpy()  # (V,)
    at = reviews.places(some, "接続")
    words = some.ids[np.arange(50), at]
    expected = np.abs(value[words] - value[0]).mean() / reviews.T
    assert experiment.moved(model, some)["接続"] == pytest.approx(expected, rel=1e-3)


def test_a_wrong_result_is_seen_as_a_disagreement():
    found = {"accuracy": 1.0, "moved": dict.fromkeys(ROLES, 99.0), "flipped": {}}
    result = dict.fromkeys(reviews.CONNECTIVES, found)
    again = experiment.compare([({"model": "lstm", "seed": 0}, result)])
    assert not again["一致"].any()


def test_the_same_point_gives_the_same_result_twice(monkeypatch):
    monkeypatch.setattr(experiment, "UPDATES", 3)
    monkeypatch.setattr(experiment, "TEST_B", 20)
    point = {"model": "lstm", "seed": 3}
    assert experiment.train(point) == experiment.train(point)
