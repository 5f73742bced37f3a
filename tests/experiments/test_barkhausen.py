"""実験 barkhausen: 格子はそろい、校正は自分の 0 MPa だけを引き、結果は本文の言うとおりであること。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import barkhausen as experiment
from rnnbook.materials import stress_noise

TABLE = load("barkhausen")
MAIN = TABLE[TABLE["window"].isin([0, 128])]


def mean(model, calibrated, bursts, split="honest", design="all"):
    rows = MAIN.query(
        "model == @model and calibrated == @calibrated and bursts == @bursts"
        " and split == @split and design == @design"
    )
    assert len(rows) == len(experiment.SEEDS)
    return rows["mae"].mean()


def test_the_grid_is_complete_with_five_seeds():
    keys = [c for c in TABLE.columns if c not in ("seed", "mae")]
    sizes = TABLE.groupby(keys)["seed"].nunique()
    assert (sizes == 5).all()
    assert set(TABLE["model"]) == {
        "mean", "rms", "classical", "window", *experiment.RATES,
    }  # fmt: skip


def test_the_mean_predictor_errs_by_the_mean_size_of_the_stress():
    """0 MPa のほかの六つの応力の、絶対値の平均。学習の平均はいつも 0 です。"""
    rest = [abs(s) for s in stress_noise.LEVELS if s]
    assert mean("mean", 0, 1) == pytest.approx(np.mean(rest))


def test_more_bursts_and_a_calibration_help_every_model_that_learns():
    for model in ("classical", "window", "cnn", "gru", "bilstm"):
        assert mean(model, 0, 8) < mean(model, 0, 1)
        assert mean(model, 1, 8) < 0.65 * mean(model, 0, 1)


def test_no_test_burst_was_learnt(monkeypatch):
    """バーストに番号を付けて、学習と試験の重なりを数えます。"""
    S, L, R = experiment.TRAIN + experiment.NEW, 7, experiment.FEW + experiment.TESTED
    F = np.arange(S * L * R, dtype=float).reshape(S, L, R, 1, 1)
    for design in ("all", "single"):
        made = experiment.sets(F, design, 0)
        known = set(made["x"].ravel())
        for split in ("honest", "random"):
            assert not known & set(made[split][0].ravel())
        per_specimen = L * R
        learnt = {int(v) // per_specimen for v in known}
        new = {int(v) // per_specimen for v in made["honest"][0].ravel()}
        same = {int(v) // per_specimen for v in made["random"][0].ravel()}
        assert not learnt & new and same <= learnt


def test_the_calibration_takes_away_what_only_the_specimen_has():
    S, L, R = experiment.TRAIN + experiment.NEW, 7, experiment.FEW + experiment.TESTED
    rng = np.random.default_rng(0)
    F = rng.normal(size=(S, L, R, 2, 3))
    moved = F + rng.normal(size=(S, 1, 1, 2, 3))
    for split in ("honest", "random"):
        one, other = (experiment.sets(G, "all", 1)[split][0] for G in (F, moved))
        np.testing.assert_allclose(one, other, atol=1e-12)
        assert one.shape[1] == L - 1


def test_targets_stand_beside_their_bursts():
    S, L, R = experiment.TRAIN + experiment.NEW, 7, experiment.FEW + experiment.TESTED
    stress = np.array(stress_noise.LEVELS)
    F = np.broadcast_to(stress[None, :, None, None, None], (S, L, R, 1, 1))
    for design in ("all", "single"):
        made = experiment.sets(np.array(F), design, 0)
        np.testing.assert_array_equal(made["x"].ravel(), made["y"])
        for split in ("honest", "random"):
            x, y = made[split]
            np.testing.assert_array_equal(x[:, :, 0, 0, 0], y)


def test_a_wrong_result_is_seen_as_a_disagreement():
    row = {"model": "mean", "window": 0, "design": "all", "calibrated": 0}
    row |= {"split": "honest", "bursts": 1, "mae": 50.0}
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"rows": [row]})])["一致"].any()
