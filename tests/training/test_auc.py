"""AUC: scikit-learn と同じで、区間は軌跡を引き直すこと。"""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from rnnbook.training.auc import Ranked, auc, draws_by_group


def test_it_is_the_area_of_scikit_learn_with_ties_and_weights():
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=300)
    score = np.round(y + rng.normal(size=300), 1)  # 同点がたくさん
    weight = rng.integers(0, 4, size=300).astype(float)
    assert auc(y, score) == pytest.approx(roc_auc_score(y, score))
    expected = roc_auc_score(y, score, sample_weight=weight)
    assert Ranked(y, score).auc(weight) == pytest.approx(expected)


def test_only_the_order_of_the_scores_counts():
    rng = np.random.default_rng(1)
    y, score = rng.integers(2, size=100), rng.normal(size=100)
    assert auc(y, np.exp(3 * score)) == auc(y, score)
    assert auc(y, -score) == pytest.approx(1 - auc(y, score))


def test_windows_of_one_run_count_as_one():
    """同じ窓を 10 回ずつ写しても、軌跡で引き直した幅は変わりません。"""
    rng = np.random.default_rng(2)
    y, score = np.tile([0, 1], 40), rng.normal(size=80) + np.tile([0, 1], 40)
    run = np.arange(80) // 2
    once = draws_by_group(y, [score], run, 400, np.random.default_rng(3))
    copies = [np.repeat(a, 10) for a in (y, score, run)]
    many = draws_by_group(
        copies[0], [copies[1]], copies[2], 400, np.random.default_rng(3)
    )
    np.testing.assert_allclose(once, many)


def test_the_spread_is_that_of_new_samples():
    def sample(seed):
        rng = np.random.default_rng(seed)
        y = np.tile([0, 1], 60)
        run = np.arange(120) // 2
        return y, y + rng.normal(size=120), run

    new = [auc(*sample(seed)[:2]) for seed in range(300)]
    y, score, run = sample(1000)
    drawn = draws_by_group(y, [score], run, 400, np.random.default_rng(0))
    assert drawn.std() == pytest.approx(np.std(new), rel=0.35)


def test_two_scores_are_compared_on_the_same_runs():
    rng = np.random.default_rng(4)
    y = np.tile([0, 1], 50)
    score = y + rng.normal(size=100)
    found = draws_by_group(y, [score, score], np.arange(100) // 2, 50, rng)
    np.testing.assert_array_equal(found[:, 0], found[:, 1])


def test_one_kind_of_answer_is_an_error():
    with pytest.raises(ValueError, match="すべて 1 です"):
        auc([1, 1], [0.2, 0.3])
    with pytest.raises(ValueError, match="0 か 1"):
        auc([1, 2], [0.2, 0.3])
