"""実験 barkhausen_trust: 被覆率は交換可能なときだけ 90 % で、印は本文の言うものを見て、見ないこと。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import barkhausen_trust as experiment

TABLE = load("barkhausen_trust")
COVER = TABLE[TABLE["kind"] == "coverage"]
MARKS = TABLE[TABLE["kind"] != "coverage"].groupby(["kind", "noise", "size"])


def test_every_point_was_measured():
    draws = len(experiment.SIZES) * experiment.DRAWS * 2
    changes = sum(map(len, experiment.CHANGES.values())) * len(experiment.NOISES)
    assert len(TABLE) == len(experiment.SEEDS) * (draws + changes)


def test_new_specimens_give_the_promised_coverage():
    """校正が 80 個なら、被覆率の平均は、約束の 73/81（≈ 0.901）です。"""
    honest = COVER[COVER["split"] == "honest"].groupby("size")["coverage"].mean()
    assert honest.to_numpy() == pytest.approx(np.full(2, 73 / 81), abs=0.02)


def test_a_few_known_specimens_promise_too_much_and_look_better_than_they_are():
    random = COVER[COVER["split"] == "random"].groupby("size")
    assert random["coverage"].mean()[21] < 0.875
    lie = random["mae"].mean() / random["mae_own"].mean()
    assert lie[21] > 1.08 > lie[84]


def test_an_unchanged_wave_is_marked_about_as_often_as_was_chosen():
    unchanged = {
        "hum": 0.0, "clip": 99.0, "hiss": 1.0, "disorder": 1.0, "back": 1.0,
        "shift": 0.0, "gain": 1.0,
    }  # fmt: skip
    marked = MARKS["marked"].mean()
    for noise in experiment.NOISES:
        rates = [marked[kind, noise, size] for kind, size in unchanged.items()]
        # 7 × 5 × 42 本。試料ごとに似るので、広めに取ります
        assert np.mean(rates) == pytest.approx(0.03, abs=0.025)


def test_noise_is_seen_and_a_shifted_peak_is_not():
    marked, mae = MARKS["marked"].mean(), MARKS["mae"].mean()
    for noise in experiment.NOISES:
        assert marked["hiss", noise, 4.0] > 0.95
        assert marked["shift", noise, 0.1] < 0.15
        assert mae["shift", noise, 0.1] > 1.2 * mae["shift", noise, 0.0]


def test_each_change_changes_only_what_it_says(monkeypatch):
    seen = {}

    def record(rng, made, stress, noise, k):
        seen.update(made._asdict(), noise=noise, k=k)
        return np.ones((len(stress), experiment.s.T))

    monkeypatch.setattr(experiment.s, "record", record)
    one = experiment.s.make_specimens
    for kind, size, name in (
        ("disorder", 2.0, "D"),
        ("gain", 3.0, "G"),
        ("back", 1.5, "C"),
    ):
        plain = one(np.random.default_rng(0), experiment.NEW)._asdict()
        experiment.changed(np.random.default_rng(0), kind, size, 0.1)
        for field, values in plain.items():
            times = size if field == name else 1.0
            np.testing.assert_allclose(seen[field], times * values)
        assert seen["k"] == (size if kind == "back" else 1.0)


def test_a_wrong_result_is_seen_as_a_disagreement():
    row = {"kind": "hiss", "noise": 0.1, "size": 4.0, "marked": 0.0}
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"rows": [row]})])["一致"].any()
