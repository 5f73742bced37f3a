"""実験 lj_precursor: 格子はそろい、軌跡は分けられ、しきい値は検証で決まり、区間は軌跡を引き直すこと。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import lj_precursor as experiment
from rnnbook.materials.precursor import HORIZON, NAMES, NEVER, Windows

TABLE, ALARMS = load("lj_precursor"), load("lj_precursor_alarms")
KEYS = ["event", "size", "split", "model"]
MEAN = TABLE.groupby(KEYS)["auc"].mean()


def test_five_seeds_stand_for_every_case():
    assert len(TABLE) == len(experiment.EXPERIMENT.points)
    assert (TABLE.groupby(KEYS).size() == 5).all()
    assert len(ALARMS) == len(TABLE) * len(experiment.RATES)


def test_an_interval_contains_its_value():
    assert (TABLE["low"] < TABLE["auc"]).all() and (TABLE["auc"] < TABLE["high"]).all()
    rows = TABLE[TABLE["model"] == "Q6"]
    assert (rows["diff"] == 0).all()


def test_the_last_Q6_stands_far_above_the_clock_and_the_thermometer():
    case = MEAN["order", 160, "trajectory"]
    assert case["Q6"] > 0.85
    assert case["Q6"] > case["clock"] + 0.1 and case["Q6"] > case["cold"] + 0.1


def test_no_trained_model_is_far_above_the_last_Q6_when_runs_are_apart():
    case = MEAN["order", 160, "trajectory"]
    for model in experiment.TRAINED:
        assert case[model] < case["Q6"] + 0.03


def test_the_lie_of_random_windows_is_larger_with_few_runs():
    for model in ("trees", "gru"):
        lie = {
            size: MEAN["order", size, "random", model]
            - MEAN["order", size, "trajectory", model]
            for size in experiment.SIZES
        }
        assert lie[26] > 0.02 and lie[26] > lie[160]


def synthetic():
    """軌跡 20 本。十本が、窓の終わりから数コマ後に結晶になります。"""
    rng = np.random.default_rng(0)
    run, t = np.repeat(np.arange(20), 30), np.tile(np.arange(19, 49), 20)
    event = np.where(run < 10, 49, NEVER)
    y = ((event < NEVER) & (event <= t + HORIZON)).astype(int)
    x = rng.normal(size=(len(run), 20, len(NAMES)))
    return Windows(x, y, run, t, event)


@pytest.mark.parametrize("split", ["random", "trajectory"])
def test_every_window_is_tested_once_and_never_learnt_from(split):
    w, tested = synthetic(), []
    for rows, held, test in experiment.folds(w, split, seed=0):
        assert not set(rows) & set(test) and not set(held) & set(test)
        assert not set(rows) & set(held)
        if split == "trajectory":
            assert not set(w.run[rows]) & set(w.run[test])
        tested += list(test)
    assert sorted(tested) == list(range(len(w.y)))


def test_the_threshold_lets_through_no_more_than_was_asked_on_validation():
    rng = np.random.default_rng(1)
    score, y = rng.normal(size=5000), np.zeros(5000, int)
    for rate in experiment.RATES:
        level = experiment.threshold(score, y, rate)
        assert rate * 5 - 1 <= (score > level).sum() <= rate * 5


def test_a_lead_is_counted_from_the_first_alarm_within_the_horizon():
    w = synthetic()
    score = np.zeros(len(w.y))
    score[(w.run == 0) & (w.t == 45)] = 1  # 4 コマ前
    score[(w.run == 1) & (w.t >= 40)] = 1  # 9 コマ前から
    score[(w.run == 2) & (w.t == 20)] = 1  # 早すぎる警報は、誤報
    score[(w.run == 15) & (w.t == 30)] = 1  # 結晶にならない軌跡での誤報
    found = experiment.alarms(w, score > 0.5)
    assert found["found"] == 2 and found["events"] == 10
    leads = [4, 9, *[0] * 8]
    assert found["lead_75"] == np.quantile(leads, 0.75) == 0
    assert found["false"] == 2 and found["liquid"] == int((w.y == 0).sum())
    every = experiment.alarms(w, np.ones(len(w.y), bool))
    assert every["lead_50"] == HORIZON and every["false"] == every["liquid"]


def test_the_page_reads_the_weights_that_were_stored():
    from rnnbook.models.eight_bits import unpack
    from rnnbook.models.recurrent import Recurrent

    model = Recurrent(H=16, O=2, D=len(NAMES), cell="gru")
    unpack(model, load("lj_precursor_weights"))
    scale, unseen = load("lj_precursor_page"), load("lj_precursor_unseen")
    assert scale["column"].tolist() == list(NAMES) and (scale["std"] > 0).all()
    assert unseen["run"].between(0, 159).all() and len(unseen) >= 20


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"auc": 0.2})])["一致"].any()
