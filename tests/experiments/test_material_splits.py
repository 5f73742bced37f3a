"""実験 material_splits: 格子はそろい、正直な分け方は試料を分けず、結果は本文の言うとおりであること。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import material_splits as experiment
from rnnbook.materials import specimens

TABLE = load("material_splits")


def mean(data, split, model, size=0, column="rmse"):
    rows = TABLE[(TABLE["data"] == data) & (TABLE["size"] == size)]
    return rows[(rows["split"] == split) & (rows["model"] == model)][column].mean()


def test_the_grid_is_complete_with_at_least_five_seeds_for_what_is_random():
    keys = ["data", "size", "split", "model"]
    assert len(TABLE) == len(experiment.EXPERIMENT.points)
    for (_, _, split, model), rows in TABLE.groupby(keys):
        fixed = experiment.boundary(split) is not None and model != "gru"
        assert len(rows) == 1 if fixed else len(rows) >= 5


def test_only_a_leak_beats_the_bound():
    best = specimens.best_error()
    rows = TABLE[(TABLE["data"] == "specimens") & (TABLE["model"] == "pls")]
    loose = rows[(rows["split"] == "random") & (rows["size"] == 12)]
    assert (loose["rmse"] < best).all()
    # 300 個の新しい試料での標準誤差は 1/√600 ほど
    assert (rows["rmse_new"] > best * (1 - 3 / np.sqrt(600))).all()


def test_the_ranking_turns_round_between_the_random_and_the_honest_split():
    assert mean("machine", "random", "gru") < mean("machine", "random", "last")
    for start in experiment.STARTS:
        honest = f"forward_{start}"
        assert mean("machine", honest, "gru") > mean("machine", honest, "last")
    assert mean("fermentation", "random", "gru") < mean("fermentation", "random", "pls")
    for stop in experiment.STOPS:
        honest = f"forward_{stop}"
        assert mean("fermentation", honest, "gru") > mean("fermentation", honest, "pls")


def test_an_answer_below_the_limit_of_the_assay_is_no_error_beyond_the_limit(
    monkeypatch,
):
    class Emptied:
        """何を読んでも、測れる下限より小さい値を答えるモデル。"""

        def __init__(self, answer):
            self.answer = answer

        def fit(self, x, y):
            return self

        def predict(self, x):
            return np.full(len(x), self.answer)

    found = []
    for answer in (-20.0, 0.0, experiment.LIMIT, experiment.LIMIT + 1):
        monkeypatch.setattr(
            experiment, "PLS", lambda answer=answer, **how: Emptied(answer)
        )
        point = experiment._point("fermentation", 0, "forward_17", "pls", 0)
        found.append(experiment.train(point)["rmse"])
    assert found[0] == found[1] == found[2] != found[3]


@pytest.mark.parametrize("start", experiment.STARTS)
def test_the_machine_is_tested_on_a_fifth_that_follows_all_it_has_learned(
    start, monkeypatch
):
    seen = {}

    def spy(model, X, y, train, held, test, groups=None):
        seen.update(n=len(y), train=train, held=held, test=test)
        return {"rmse": 0.0}

    monkeypatch.setattr(experiment, "scored", spy)
    experiment.train(experiment._point("machine", 0, f"forward_{start}", "last", 0))
    gap = experiment.WINDOW + experiment.AHEAD
    assert seen["train"].max() + gap < seen["held"].min()
    assert seen["held"].max() + gap < seen["test"].min()
    assert abs(seen["test"].min() / seen["n"] - start / 100) < 0.05
    assert abs(seen["test"].max() / seen["n"] - (start + 20) / 100) < 0.01


def test_a_model_that_sees_no_spectrum_wins_the_random_test_of_the_fermentation():
    clock = mean("fermentation", "random", "clock")
    assert clock < 0.2 * mean("fermentation", "random", "gru")


@pytest.mark.parametrize("split", ["random", "blocks", "forward_15"])
def test_no_window_of_the_fermentation_stands_on_both_sides_when_time_is_divided(
    split, monkeypatch
):
    seen = {}

    class Spy:
        def __init__(self, **how):
            pass

        def fit(self, x, y):
            seen["train"] = y
            return self

        def predict(self, x):
            seen["test"] = len(x)
            return np.zeros(len(x))

    monkeypatch.setattr(experiment, "PLS", Spy)
    point = experiment._point("fermentation", 0, split, "pls", 2)
    experiment.train(point)
    assert len(seen["train"]) + seen["test"] <= 170


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    assert not experiment.compare([(point, {"rmse": 9.0})])["一致"].any()


def test_the_same_point_gives_the_same_result_twice():
    point = experiment._point("specimens", 12, "random", "nearest", 3)
    assert experiment.train(point) == experiment.train(point)
