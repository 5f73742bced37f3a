"""実験 step_order: 格子はそろい、順が効くのは PLS だけで、マスクは低ランクに及ばないこと。"""

import numpy as np

from rnnbook.data import load
from rnnbook.experiments import step_order as experiment

TABLE = load("step_order")


def mean(split, model, steps, gap="none", fill="none"):
    rows = TABLE[(TABLE["split"] == split) & (TABLE["model"] == model)]
    rows = rows[(rows["steps"] == steps) & (rows["gap"] == gap)]
    return rows[rows["fill"] == fill]["rmse"].mean()


def test_the_grid_is_complete():
    points = TABLE[["steps", "split", "model", "seed"]].drop_duplicates()
    assert len(points) == len(experiment.EXPERIMENT.points) == 45
    assert (TABLE.groupby(["steps", "split", "model", "gap", "fill"]).size() == 5).all()


def test_a_gru_minds_the_derivative_and_not_its_place():
    told = {step: mean("random", "gru", step) for step in ("raw", "snv_d2", "d2_snv")}
    assert told["raw"] > 4 * told["d2_snv"]
    assert 0.6 < told["snv_d2"] / told["d2_snv"] < 1.4


def test_filling_at_low_rank_beats_a_mask_in_the_same_network():
    for gap in experiment.GAPS:
        where = ("random", "masked", "snv", gap)
        assert mean(*where, "mask") > mean(*where, "low_rank")


def test_snv_of_the_seen_channels_is_blind_to_the_others():
    X = np.random.default_rng(0).normal(size=(3, 20))
    gone = np.zeros(X.shape, bool)
    gone[:, 4:9] = True
    wild = np.where(gone, 1e6, X)
    told = experiment.seen_snv(X, gone), experiment.seen_snv(wild, gone)
    np.testing.assert_allclose(told[0][~gone], told[1][~gone])


def test_a_masked_network_does_not_see_what_is_gone(monkeypatch):
    monkeypatch.setattr(experiment, "EPOCHS", 1)
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 100)) + 5, rng.normal(size=20)
    model = experiment.Masked(0).fit(X, y)
    gone = experiment.holes(X.shape, "block20", rng)
    wild = np.where(gone, 99.0, X)
    np.testing.assert_allclose(model.predict(wild, gone), model.predict(X, gone))


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    wrong = {"rows": [{"gap": "none", "fill": "none", "rmse": 9.0}]}
    assert not experiment.compare([(point, wrong)])["一致"].any()
