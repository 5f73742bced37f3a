"""実験 vacancies_page: 公開している数は、三つのモデルをそのまま使って得られ、区間は学習と同じ条件でだけ当たること。"""

import gzip

import numpy as np
import pytest

from rnnbook.data import DATA, load
from rnnbook.experiments import vacancies_page as experiment
from rnnbook.materials import powder
from rnnbook.models.vacancy_readers import CONDITIONS, READERS, load_vacancy_readers

TABLE = load("vacancies_page").set_index(["train", "test", "model"]).sort_index()


@pytest.mark.parametrize("train", CONDITIONS)
@pytest.mark.parametrize("test", CONDITIONS)
def test_the_stored_scores_are_those_of_the_stored_weights(train, test):
    k = 2 if test == "clean" else 3
    rng = np.random.default_rng([k, 0])
    scans = powder.measure(rng, experiment.TEST, background=test == "background")
    for name, read in load_vacancy_readers(train).items():
        row = TABLE.loc[(train, test, name)]
        error = np.abs(read(scans.counts) - scans.c)
        np.testing.assert_allclose(np.sqrt(np.mean(error**2)), row["rmse"], rtol=1e-3)
        assert abs((error <= row["radius"]).mean() - row["coverage"]) < 0.005


def test_intervals_hold_where_the_model_was_trained_and_nowhere_else():
    for train in CONDITIONS:
        for test in CONDITIONS:
            coverage = TABLE.loc[(train, test)]["coverage"]
            if train == test:
                assert coverage.between(0.84, 0.96).all()
            else:
                assert (coverage < 0.5).all()


def test_the_grid_is_complete_and_small_enough_for_a_page():
    assert len(TABLE) == 2 * 2 * len(READERS)
    files = (DATA / "results").glob("vacancies_page_*.csv")
    assert len(gzip.compress(b"".join(f.read_bytes() for f in files))) < 100_000


def test_rounding_keeps_six_digits():
    x = np.random.default_rng(0).lognormal(0, 5, 200)
    np.testing.assert_allclose(experiment.rounded(x), x, rtol=5.1e-6)


def test_a_wrong_result_is_seen_as_a_disagreement():
    score = {"model": "pls", "test": "background", "rmse": 9.0}
    point = {"train": "background", "seed": 100}
    assert not experiment.compare([(point, {"": [score]})])["一致"].any()
