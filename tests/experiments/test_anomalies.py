"""実験 anomalies: しきい値は検証だけから決まり、格子はそろい、でたらめの成績が理論と合うこと。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import anomalies as experiment
from rnnbook.models.score_bytes import is_over, unpack

TABLE, EVENTS = load("anomalies"), load("anomalies_events")
AT_MAX = TABLE[(TABLE["rule"] == "max") & (TABLE["factor"] == 1)]


def test_every_point_was_measured():
    points = TABLE[["series", "method", "seed"]].drop_duplicates()
    assert len(points) == len(experiment.EXPERIMENT.points)
    per = len(experiment.FACTORS) + 2
    assert (TABLE.groupby(["series", "method", "seed"]).size() == per).all()


def test_the_threshold_reads_the_validation_part_and_nothing_else():
    rng = np.random.default_rng(0)
    score = rng.random(100)
    valid = slice(40, 60)
    other = np.where((np.arange(100) >= 40) & (np.arange(100) < 60), score, 9.0)
    assert experiment.thresholds(score, valid) == experiment.thresholds(other, valid)


@pytest.mark.parametrize("series", experiment.SERIES)
def test_training_validation_and_test_do_not_overlap(series):
    p = experiment.problem(series)
    assert p.train.stop <= p.valid.start and p.valid.stop <= p.test.start
    assert all(p.test.start <= a < b < p.test.stop for a, b in p.windows)
    # 学習の区間だけで標準化されています
    usual = p.z[p.train]
    assert usual.mean() == pytest.approx(0, abs=1e-9)
    assert usual.std() == pytest.approx(1)


def test_counts_agree_with_the_events_one_by_one():
    found = EVENTS.groupby(["series", "method", "seed"])[["found", "ringing"]].sum()
    rows = AT_MAX.set_index(["series", "method", "seed"])[["found", "ringing"]]
    assert (found.sort_index() == rows.sort_index()).all().all()
    assert (rows["found"] <= rows["ringing"]).all()


def test_a_random_score_finds_a_window_as_often_as_its_length_says():
    rows = TABLE[(TABLE["method"] == "random") & (TABLE["rule"] == "q99")]
    short = rows[rows["series"] == "machine_short"]
    # 1 − 0.99^567 ≈ 0.997
    assert short["ringing"].sum() / short["events"].sum() > 0.95
    # 1 週間に 2016 点。互いに 1 時間あく 1 % の点は、およそ 2016 × 0.01 × 0.99^12 回鳴り始めます
    assert short["per_unit"].mean() == pytest.approx(20.16 * 0.99**12, rel=0.25)


def test_more_alarms_do_not_come_from_a_higher_threshold():
    keys = ["series", "method", "seed"]
    rows = TABLE[TABLE["rule"] == "max"].sort_values([*keys, "factor"])
    falls = rows.groupby(keys)["ringing"].diff().dropna()
    assert (falls <= 0).all()


def test_the_stored_scores_ring_where_the_table_says():
    stored = load("anomalies_scores").set_index(["series", "method"])
    assert len(stored) == 4
    for (series, method), row in stored.iterrows():
        p = experiment.problem(series)
        loud = is_over(unpack(row["bytes"]), 100)
        assert len(loud) == len(p.z) and not loud[p.valid].any()
        rang = sum(bool(loud[a : b + 1].any()) for a, b in p.windows)
        one = AT_MAX[(AT_MAX["series"] == series) & (AT_MAX["method"] == method)]
        assert rang == one[one["seed"] == row["seed"]]["ringing"].item()


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = {"series": "stream", "method": "ewma", "seed": 100}
    row = {"rule": "max", "factor": 1.0, "found": 99}
    assert not experiment.compare([(point, {"rows": [row]})])["一致"].any()
