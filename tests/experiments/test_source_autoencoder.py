"""実験 source_autoencoder: 格子はそろい、95 % 点のしきい値は、いつも同じ数の窓を鳴らすこと。"""

import numpy as np

from rnnbook.data import load
from rnnbook.experiments import source_autoencoder as experiment

TABLE = load("source_autoencoder")


def test_every_point_was_measured():
    rows = (2 + len(experiment.NEW)) * len(experiment.RULES)
    assert len(TABLE) == len(experiment.EXPERIMENT.points) * rows
    sizes = TABLE.groupby(["method", "seed"]).size()
    assert (sizes == rows).all() and len(sizes) == 15


def test_a_threshold_from_the_tested_scores_always_flags_one_in_twenty():
    rows = TABLE[TABLE["rule"] == "tested95"]
    assert ((rows["hit"] + rows["false"]) == round(0.05 * 951)).all()


def test_the_validation_threshold_does_not_know_the_tested_series():
    rows = TABLE[TABLE["rule"] == "valid_max"]
    assert (rows.groupby(["method", "seed"])["threshold"].nunique() == 1).all()


def test_the_windows_that_hold_the_fault_are_counted_from_their_lengths():
    bad = TABLE.groupby("series")["bad"].unique().map(lambda v: v.tolist())
    assert bad["fresh"] == bad["trained"] == [0]
    assert bad["as_given"] == bad["up"] == [69] and bad["spike"] == [50]


def test_the_given_series_is_the_trained_one_but_for_twenty_points(monkeypatch):
    seen = {}

    def fitted(method, x, seed):
        seen["trained"] = x.copy()

        def score(series):
            seen.setdefault("scored", []).append(series.copy())
            return np.arange(951.0)

        return score, []

    monkeypatch.setattr(experiment, "fitted", fitted)
    experiment.train({"method": "relu", "seed": 0})
    as_given = seen["scored"][1]
    changed = np.flatnonzero(as_given != seen["trained"])
    assert changed.tolist() == list(range(400, 420))
    others = [*seen["scored"][2:]]  # 新しい雑音の系列と、検証
    assert all((x != seen["trained"]).mean() > 0.9 for x in others)
