"""実験 spinodal: 格子はそろい、種の分け方は重ならず、結果は本文の言うとおりであること。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import spinodal as experiment
from rnnbook.materials.spinodal_runs import Runs
from rnnbook.training import spinodal_studies as studies

TABLE = load("spinodal")


def mean(study, model, test="test", split="run", size=120, measure="rmse"):
    rows = TABLE[(TABLE["study"] == study) & (TABLE["model"] == model)]
    rows = rows[(rows["test"] == test) & (rows["split"] == split)]
    return rows[(rows["size"] == size) & (rows["measure"] == measure)]["value"].mean()


def test_every_value_was_measured_with_five_seeds():
    keys = experiment.KEYS
    assert (TABLE.groupby(keys)["seed"].nunique() == 5).all()
    points = TABLE.groupby(["study", "model", "split", "size"]).ngroups
    assert points == len(experiment.EXPERIMENT.points)


def test_the_runs_of_a_seed_are_never_on_two_sides(monkeypatch):
    n = sum(studies.SIZES.values()) + studies.WINDOW_RUNS
    fake = Runs(np.arange(n)[:, None], np.zeros((n, 1, 1)))
    monkeypatch.setattr(studies, "pool", lambda kind: fake)
    studies.runs.cache_clear()
    parts = [studies.runs(3, kind).T for kind in (*studies.SIZES, "windows")]
    studies.runs.cache_clear()
    assert sorted(np.concatenate(parts).ravel()) == list(range(n))


def test_the_nonlinear_step_beats_the_law_and_memory_does_not_pay():
    for test in ("test", "step", "constant"):
        assert mean("forecast", "mlp", test) < mean("forecast", "cube", test)
        ratio = mean("forecast", "gru", test) / mean("forecast", "mlp", test)
        assert 0.6 < ratio < 1.4


def test_the_past_pays_when_one_number_is_seen():
    assert mean("one", "gru") < 0.75 * mean("one", "mlp")
    assert mean("one", "mlp15") < 0.75 * mean("one", "mlp")
    for test in ("test", "step", "constant"):
        assert mean("one", "gru", test) < mean("one", "mlp15", test)


def test_random_windows_of_few_runs_look_better_than_new_runs():
    at = {"split": "random", "size": 12}
    assert mean("windows", "gru", "new", **at) > 2 * mean("windows", "gru", **at)
    still = mean("windows", "still", "new", **at) / mean("windows", "still", **at)
    assert still == pytest.approx(1, abs=0.25)


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    row = {"seed": 0, "test": "new", "measure": "rmse", "value": 999.0}
    assert not experiment.compare([(point, {"rows": [row]})])["一致"].any()
