"""実験 vacancies: 格子はそろい、下限は破られず、尺度の記録がモデルより効くこと。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import vacancies as experiment
from rnnbook.materials import powder

TABLE = load("vacancies")
STATIC = TABLE[(TABLE["part"] == "static") & (TABLE["size"] == 640)]


def scores(train, column="rmse"):
    rows = STATIC[STATIC["train"] == train]
    return rows.pivot_table(index="seed", columns="model", values=column)


def test_the_grid_is_complete_with_five_seeds():
    assert len(TABLE) == len(experiment.EXPERIMENT.points)
    counts = TABLE.groupby(["part", "train", "size", "model"]).size()
    assert (counts.drop(2560, level="size") == 5).all()
    assert (counts.xs(2560, level="size") == 3).all()


@pytest.mark.parametrize("train", ["clean", "background"])
def test_nothing_that_does_not_know_the_scale_beats_the_bound(train):
    theta = powder.measure(np.random.default_rng(0), 1000).theta
    best = powder.best_error(theta, train == "background")
    # 600 試料の二乗平均の標準誤差は、およそ 1/√1200
    table = scores(train).drop(columns="pls_monitor")
    assert (table > best * (1 - 4 / np.sqrt(1200))).to_numpy().all()


def test_the_recorded_scale_is_worth_more_than_any_network():
    table = scores("background")
    assert (table["pls_monitor"] < 0.5 * table[["cnn", "bilstm"]].min(axis=1)).all()
    assert (table["pls"] < table["bilstm"]).all()


def test_a_model_of_clean_patterns_is_worse_than_the_mean_with_a_background():
    other = scores("clean", "rmse_other")
    names = ["pls", "pls_area", "cnn", "bilstm", "fit"]
    assert (other[names].min(axis=1) > other["mean"]).all()


def test_the_honest_split_keeps_every_specimen_on_one_side(monkeypatch):
    seen = []
    apart = experiment.splits.require_apart
    monkeypatch.setattr(
        experiment.splits, "require_apart", lambda *parts: seen.append(apart(*parts))
    )
    experiment.train(experiment._point("repeats", "specimen", 15, "pls", 3))
    assert len(seen) == 1


def test_the_same_point_gives_the_same_result_twice():
    point = experiment._point("static", "background", 640, "pls", 3)
    assert experiment.train(point) == experiment.train(point)


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"rmse": 9.0})])["一致"].any()
