"""実験 xanes_misfit: 残りは測定と同じ大きさと滑らかさで、当てはめが先にいること。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import xanes_misfit as experiment

TABLE = load("xanes_misfit")


def test_the_grid_is_complete():
    assert len(TABLE) == len(experiment.EXPERIMENT.points) == 15


def test_the_leftover_has_the_size_and_the_smoothness_of_the_measured_one():
    e = experiment.leftover(np.random.default_rng(1), 2000, 103)
    assert e.std() == pytest.approx(0.0033, rel=0.03)
    near = np.corrcoef(e[:, 1:].ravel(), e[:, :-1].ravel())[0, 1]
    assert near == pytest.approx(0.92, abs=0.01)


def test_the_leftover_hurts_the_fit_most_but_the_fit_stays_ahead():
    mean = TABLE.groupby("model")[["exact", "misfit"]].mean()
    assert mean.loc["lcf_scan", "misfit"] > 3 * mean.loc["lcf_scan", "exact"]
    networks = mean.loc[["mlp", "cnn", "bigru"], "misfit"]
    assert networks.min() > 1.5 * mean.loc["lcf_scan", "misfit"]


def test_the_same_point_gives_the_same_result_twice():
    point = {"model": "lcf_scan", "seed": 7}
    assert experiment.train(point) == experiment.train(point)


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"misfit": 9.0})])["一致"].any()
