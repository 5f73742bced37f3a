"""実験 barkhausen_checks: 条件を替えた測定が、本文の言うとおりで、写像は元に戻ること。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import barkhausen_checks as experiment

TABLE = load("barkhausen_checks")


def test_every_point_was_measured():
    designs, marks = 2 * len(experiment.SIZES), 2 * len(experiment.SHIFTS)
    each = 2 * len(experiment.CUTS) + 2 * 2 * 2 + designs + marks
    assert len(TABLE) == len(experiment.SEEDS) * each
    assert sorted(TABLE["seed"].unique()) == list(experiment.SEEDS)


def test_learning_from_averaged_features_helps_the_rms_most():
    keys = ["calibrated", "bursts"]
    single = load("barkhausen").query("design == 'all' and split == 'honest'")
    single = single[single["window"].isin([0, 128])].groupby(["model", *keys])["mae"]
    averaged = TABLE[TABLE["check"] == "averaged"].groupby(["case", *keys])["mae"]
    ratio = averaged.mean() / single.mean().rename_axis(["case", *keys])
    assert ratio["rms", 1, 8] < 0.85
    assert ratio["rms", 1, 8] < ratio["classical", 1, 8] < ratio["window", 1, 8] + 0.05


def test_few_specimens_lie_in_both_designs_and_many_in_neither():
    rows = TABLE[TABLE["check"].isin(["all", "single"])]
    lie = (rows["mae"] / rows["own"]).groupby([rows["check"], rows["size"]]).mean()
    for check in ("all", "single"):
        assert lie[check, 7] > 1.05
        assert lie[check, 63] == pytest.approx(1, abs=0.05)


def test_a_shifted_peak_is_missed_whether_or_not_the_stress_moves_the_peak():
    rows = TABLE[TABLE["check"] == "mark"].groupby(["case", "size"])["marked"].mean()
    for case in ("moves", "stays"):
        assert rows[case, 0.1] < 0.12 and rows[case, 0.4] > 0.8


def test_calibration_subtracts_the_zero_of_the_same_specimen_and_drops_it():
    F = np.random.default_rng(0).normal(size=(3, 7, 11, 2))
    G, stress = experiment.calibrated(F, 1)
    assert G.shape == (3, 6, 11, 2) and 0 not in stress
    own = F[2, experiment.ZERO, experiment.FEW :].mean(axis=0)
    np.testing.assert_allclose(G[2, 0], F[2, 0] - own)


def test_the_answers_are_averaged_before_the_error_is_taken():
    class Told:
        def predict(self, x):
            return x[:, 0]

    x = np.array([[[[90.0], [130.0]], [[5.0], [7.0]]]])  # (1, 応力 2, 2, 1)
    stress = np.array([100.0, 0.0])
    assert experiment.error(Told(), x, stress, 1) == pytest.approx(20)
    assert experiment.error(Told(), x, stress, 2) == pytest.approx(10)


def test_the_map_is_restored_even_when_a_measurement_fails(monkeypatch):
    was = experiment.s.PER_100["shift"]

    def fails(*_):
        assert experiment.s.PER_100["shift"] == 0
        raise RuntimeError("stop")

    monkeypatch.setattr(experiment.s, "make_specimens", fails)
    with pytest.raises(RuntimeError, match="stop"):
        experiment.marks(1, False)
    assert experiment.s.PER_100["shift"] == was


def test_a_wrong_result_is_seen_as_a_disagreement():
    row = {"check": "mark", "case": "moves", "calibrated": 0, "bursts": 1}
    row |= {"size": 0.0, "mae": 500.0}
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"rows": [row]})])["一致"].any()
