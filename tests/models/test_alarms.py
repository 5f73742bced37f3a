"""警報の数え方: 始まりで数え、区間の中で始まったものだけを当たりとし、点の調整は区間を埋めること。"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from rnnbook.models import alarms

FLAGS = st.lists(st.booleans(), min_size=1, max_size=60)


@given(FLAGS, st.integers(1, 8))
def test_an_onset_is_loud_and_stands_after_quiet(flags, quiet):
    score = np.array(flags, float)
    starts = alarms.onsets(score, 0.5, quiet)
    right = [
        t
        for t in range(len(flags))
        if flags[t] and not any(flags[max(0, t - quiet) : t])
    ]
    assert starts.tolist() == right


def test_an_alarm_that_rang_before_the_window_does_not_find_the_event():
    score = np.zeros(50)
    score[15:30] = 1.0  # 区間 20〜25 の前から鳴り続ける
    starts = alarms.onsets(score, 0.5, quiet=3)
    got = alarms.outcome(starts, [(20, 25)], slice(10, 50))
    assert (got.found, got.false, got.delays) == (0, 1, (None,))
    assert alarms.ringing(score, 0.5, [(20, 25)]) == [True]


def test_alarms_outside_the_tested_part_are_not_counted():
    got = alarms.outcome(np.array([2, 12, 44]), [(10, 15)], slice(10, 40))
    assert (got.alarms, got.inside, got.found) == (1, 1, 1)


def test_two_alarms_in_one_window_find_one_event_and_are_both_right():
    got = alarms.outcome(np.array([11, 14]), [(10, 15)], slice(0, 40), [12])
    assert (got.found, got.recall, got.precision, got.delays) == (1, 1.0, 1.0, (-1.0,))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_f1_is_that_of_scikit_learn(pairs):
    loud, truth = np.array(pairs).T
    told = f1_score(truth, loud, zero_division=0)
    assert alarms.f1_points(loud, truth) == pytest.approx(told)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_point_adjustment_fills_every_window_that_was_touched(pairs):
    loud, truth = np.array(pairs).T
    told = alarms.point_adjusted(loud, truth)
    assert (told[~truth] == loud[~truth]).all() and (told >= loud).all()
    parts = np.split(np.arange(len(truth)), np.flatnonzero(np.diff(truth)) + 1)
    for part in parts:
        if truth[part[0]]:
            assert told[part].all() == loud[part].any() == told[part].any()


def test_a_list_of_marks_of_the_wrong_length_is_named():
    with pytest.raises(ValueError, match=r"引数 marks は.*2 個.*1 個"):
        alarms.outcome(np.array([1]), [(0, 2), (4, 5)], slice(0, 9), [1])
