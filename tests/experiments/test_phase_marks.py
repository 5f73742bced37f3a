"""実験 phase_marks: 格子はそろい、JMAK への印は決めた割合ほどで、大きい効果ほど見つかること。"""

import numpy as np

from rnnbook.data import load
from rnnbook.experiments import phase_marks as experiment

TABLE = load("phase_marks")


def share(mark, kinetics, effect, counts=150):
    rows = TABLE[(TABLE["mark"] == mark) & (TABLE["counts"] == counts)]
    return rows[(rows["kinetics"] == kinetics) & (rows["effect"] == effect)]["marked"]


def test_the_grid_is_complete():
    effects = 1 + 2 * len(experiment.EFFECTS)
    seeds, counts = len(experiment.SEEDS), len(experiment.COUNTS)
    assert len(TABLE) == 2 * effects * seeds * counts and seeds >= 5


def test_false_marks_are_about_as_many_as_were_asked_for():
    for mark in ("residual", "q"):
        for counts in experiment.COUNTS:
            # 5 つの種の 300 回。割合 3 % なら、9 回 ± 3 標準偏差（しきい値の揺らぎも足す）
            assert share(mark, "jmak", 0.0, counts).mean() < 0.08


def test_a_larger_effect_is_found_more_often():
    for kinetics in ("two_step", "reversal"):
        found = [
            share("residual", kinetics, effect).mean() for effect in experiment.EFFECTS
        ]
        assert (np.diff(found) > -0.05).all() and found[-1] > found[0] + 0.3


def test_the_residual_of_the_law_finds_more_than_principal_components():
    for kinetics in ("two_step", "reversal"):
        residual, q = (
            np.mean([share(m, kinetics, e).mean() for e in experiment.EFFECTS])
            for m in ("residual", "q")
        )
        assert residual > q


def test_a_small_second_step_cannot_be_seen():
    assert share("residual", "two_step", 0.05).mean() < 0.5


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    found = [["residual", "reversal", 0.4, 0.0]]
    assert not experiment.compare([(point, {"found": found})])["一致"].any()
