"""実験 attributions_page: 公開している数は、公開しているモデルのもので、ただのモデルは平均を答えるより悪いこと。"""

import gzip

import numpy as np
import pytest

from rnnbook.data import DATA, load
from rnnbook.experiments import attributions_page as experiment
from rnnbook.materials import powder
from rnnbook.models.vacancy_readers import READERS, readers_of

TABLE = load("attributions_page").set_index(["state", "model"]).sort_index()


@pytest.mark.parametrize("state", experiment.STATES)
def test_the_stored_scores_are_those_of_the_stored_weights(state):
    test = powder.measure(np.random.default_rng([1, 0]), experiment.TEST)
    parts = ("lines", "numbers", "weights")
    tables = (load(f"attributions_page_{part}") for part in parts)
    lines, numbers, weights = (t[t["state"] == state] for t in tables)
    for name, read in readers_of(lines, numbers.iloc[0], weights).items():
        error = np.sqrt(np.mean((read(test.counts) - test.c) ** 2))
        np.testing.assert_allclose(error, TABLE.loc[(state, name), "rmse"], rtol=1e-3)
    bound = powder.best_error(test.theta)
    np.testing.assert_allclose(TABLE.loc[state]["bound"], bound, rtol=1e-4)


def test_the_trained_models_are_near_the_bound_and_the_others_know_nothing():
    spread = powder.RANGE / np.sqrt(12)  # 平均を答える誤差
    assert TABLE.loc["trained", "rmse"].between(1.1, 1.7).all()
    for state in ("untrained", "shuffled"):
        assert (TABLE.loc[state, "rmse"] > 0.95 * spread).all()


def test_the_grid_is_complete_and_small_enough_for_a_page():
    assert len(TABLE) == len(experiment.STATES) * len(READERS)
    files = (DATA / "results").glob("attributions_page_*.csv")
    assert len(gzip.compress(b"".join(f.read_bytes() for f in files))) < 100_000


def test_rounding_keeps_six_digits():
    x = np.random.default_rng(0).lognormal(0, 5, 200)
    np.testing.assert_allclose(experiment.rounded(x), x, rtol=5.1e-6)


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = {"state": "trained", "seed": 100}
    result = {"": [{"model": "pls", "rmse": 9.0}]}
    assert not experiment.compare([(point, result)])["一致"].any()
