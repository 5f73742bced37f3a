"""実験 trajectory_page: しきい値は検証で決まり、公開している表は、公開しているモデルから得られること。"""

import gzip

import numpy as np
import pytest

from rnnbook.data import DATA, load
from rnnbook.experiments import lj_precursor
from rnnbook.experiments import trajectory_page as experiment

TABLE = load("trajectory_page").set_index(["model", "rate"])
W, T = lj_precursor.problem("order", 160, 0)
ROWS, HELD, TEST = next(lj_precursor.folds(W, "trajectory", 0))


def score_of(name: str) -> np.ndarray:
    if name == "gru":
        return experiment.stored_gru().predict(W.x)
    return lj_precursor.untrained(name, W, T)


@pytest.mark.parametrize("name", ["Q6", "Q6_5", "gru"])
def test_a_threshold_lets_no_more_validation_frames_through_than_it_says(name):
    liquid = score_of(name)[HELD][W.y[HELD] == 0]
    for rate in experiment.RATES:
        level, allowed = TABLE.loc[(name, rate), "threshold"], rate * len(liquid) / 1000
        assert (liquid > level).sum() <= allowed
        # 次に高い液体のコマの値を、しきい値にする
        assert (liquid > level - 2 * experiment.MARGIN).sum() + 1 > int(allowed)


@pytest.mark.parametrize("name", ["Q6", "Q6_5", "gru"])
def test_the_stored_counts_are_those_of_the_trajectories_nobody_trained_on(name):
    score, unseen = score_of(name), load("lj_precursor_unseen")["run"].tolist()
    assert np.unique(W.run[TEST]).tolist() == unseen
    for rate in experiment.RATES:
        row, found, false = TABLE.loc[(name, rate)], 0, 0
        for run in unseen:
            mine = (W.run == run) & (score > row["threshold"])
            found += bool((mine & (W.y == 1)).any())
            false += int((mine & (W.y == 0)).sum())
        assert (found, false) == (row["found"], row["false"])


def test_the_thresholds_fall_and_the_leads_grow_with_the_allowed_false_alarms():
    for name in ("Q6", "Q6_5", "logistic", "gru"):
        own = TABLE.loc[name].sort_index()
        assert (np.diff(own["threshold"]) <= 0).all()
        assert (np.diff(own["lead_50"]) >= 0).all() and (
            np.diff(own["false"]) >= 0
        ).all()


def test_the_held_frames_are_counted_and_the_page_stays_small():
    held = load("trajectory_page_held").iloc[0]
    assert held["liquid"] == (W.y[HELD] == 0).sum()
    assert held["runs"] == len(np.unique(W.run[HELD]))
    names = (
        "trajectory_page*.csv",
        "lj_precursor_weights.csv",
        "lj_precursor_page.csv",
    )
    files = [f for name in names for f in (DATA / "results").glob(name)]
    assert len(gzip.compress(b"".join(f.read_bytes() for f in files))) < 60_000


def test_a_wrong_result_is_seen_as_a_disagreement():
    row = {"model": "Q6", "rate": 10, "threshold": 0.4}
    assert not experiment.compare([({"seed": 100}, {"found": [row]})])["一致"].any()
