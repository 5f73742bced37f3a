"""実験 coverage_draws: 試料ごとの区間は約束を守り、無作為な試験は、守らない区間を見逃すこと。"""

import numpy as np
import pytest

from rnnbook.data import load
from rnnbook.experiments import coverage_draws as experiment

TABLE = load("coverage_draws")
MEAN = TABLE.groupby(["split", "size"])[["coverage", "coverage_new"]].mean()


def test_a_hundred_draws_stand_for_every_case():
    assert (TABLE.groupby(["size", "split"]).size() == 100).all()


def test_the_promise_holds_for_new_specimens_if_specimens_were_counted():
    # 100 回の平均の標準誤差は、0.01 より小さい
    assert (MEAN.loc["specimen", "coverage_new"] > 0.89).all()


def test_the_random_test_does_not_see_what_new_specimens_show():
    random = MEAN.loc["random"]
    assert random["coverage"].between(0.88, 0.92).all()
    assert (random["coverage_new"] < 0.89).all() and random["coverage_new"][48] < 0.6


def test_eighty_specimens_spread_as_the_beta_law_says():
    from scipy.stats import beta

    rows = TABLE[(TABLE["split"] == "specimen") & (TABLE["size"] == 400)]
    # 新しい試料は 300 個なので、二項分布のばらつきも加わります
    k = int(np.ceil(0.9 * 81))
    law = beta(k, 81 - k).std() ** 2 + 0.9 * 0.1 / experiment.NEW
    assert rows["coverage_new"].std() == pytest.approx(np.sqrt(law), rel=0.4)


def test_specimens_are_kept_apart_in_a_draw(monkeypatch):
    seen = []
    real = experiment.splits.by_group

    def spy(groups, shares, rng):
        parts = real(groups, shares, rng)
        experiment.splits.require_apart(groups, *parts)
        seen.append(groups)
        return parts

    monkeypatch.setattr(experiment.splits, "by_group", spy)
    monkeypatch.setattr(experiment, "NEW", 5)
    experiment.one_draw(48, "specimen", np.random.default_rng(0))
    experiment.one_draw(48, "random", np.random.default_rng(0))
    assert len(seen) == 1


def test_a_wrong_result_is_seen_as_a_disagreement():
    point = experiment.EXPERIMENT.quick[0]
    wrong = {"draws": [{"coverage_new": 0.2}]}
    assert not experiment.compare([(point, wrong)])["一致"].any()
