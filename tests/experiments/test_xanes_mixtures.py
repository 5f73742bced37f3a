"""実験 xanes_mixtures: 格子はそろい、ずれを探す当てはめがいちばん正確で、割合の和は 1 であること。"""

import pytest

from rnnbook.data import load
from rnnbook.experiments import xanes_mixtures as experiment

TABLE, SERIES = load("xanes_mixtures"), load("xanes_series")


def test_the_grid_is_complete():
    assert len(TABLE) == len(experiment.EXPERIMENT.points)
    assert len(SERIES) == 8 * len(TABLE)


def test_shares_of_the_measured_series_sum_to_one():
    total = SERIES[["au3", "au1", "au0"]].sum(axis=1)
    assert total.to_numpy() == pytest.approx(1, abs=2e-3)


def test_the_shift_matters_more_than_the_model():
    moved = TABLE.groupby(["model", "trained"])["moved"].mean()
    networks = [moved[name, 0.4] for name in experiment.NETWORKS]
    assert moved["lcf_scan", 0.0] < 0.5 * moved["lcf", 0.0]
    assert moved["lcf_scan", 0.0] < min(networks)


def test_gold_is_reduced_as_time_goes_on():
    fit = SERIES[SERIES["model"] == "lcf_scan"].groupby("hour")[["au3", "au0"]].mean()
    assert fit.loc[720.0, "au3"] < 0.5 * fit.loc[2.42, "au3"]
    assert fit.loc[720.0, "au0"] > fit.loc[2.42, "au0"]


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"moved": 9.0})])["一致"].any()


def test_the_same_point_gives_the_same_result_twice():
    point = experiment._point("lcf", 0.0, 1)
    assert experiment.train(point) == experiment.train(point)
