"""実験 doublets: 片側から読むモデルは左のピークで 1/2 のまわり、両側から読むモデルは両方で当てます。"""

import numpy as np

from rnnbook.data import load
from rnnbook.experiments import doublets as experiment

TABLE = load("doublets")


def stored(model, part):
    return TABLE.query("model == @model")[part].to_numpy()


def test_the_grid_is_complete():
    counts = TABLE.groupby("model").size()
    assert sorted(counts.index) == sorted(experiment.MODELS)
    assert (counts == len(experiment.SEEDS)).all() and len(experiment.SEEDS) >= 10


def test_from_the_left_the_lower_peak_is_a_guess():
    # 二つの名前は半々なので、試験 2000 本の左のピークで当たるのは 1/2 のまわり
    half = 1.96 * np.sqrt(0.25 / experiment.TEST_B)
    assert (stored("forward", "lower") < 0.5 + 3 * half).all()
    assert (stored("both", "lower") > 0.5 + 10 * half).all()


def test_a_turned_array_is_turned_for_the_backward_model_alone():
    x = np.arange(6).reshape(1, 6)
    assert experiment.turn("backward", x).tolist() == [[5, 4, 3, 2, 1, 0]]
    assert experiment.turn("forward", x) is x and experiment.turn("both", x) is x


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = {"model": "both", "seed": 0}
    wrong = {"lower": 0.3, "higher": 0.3, "background": 0.3}
    assert not experiment.compare([(point, wrong)])["一致"].any()


def test_the_same_point_gives_the_same_result_twice(monkeypatch):
    monkeypatch.setattr(experiment, "UPDATES", 3)
    monkeypatch.setattr(experiment, "TEST_B", 20)
    point = {"model": "backward", "seed": 2}
    assert experiment.train(point) == experiment.train(point)
