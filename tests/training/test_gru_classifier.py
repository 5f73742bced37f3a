"""GRU の分類器: 確率を答え、検証でエポックを選び、標準化は学習の窓だけから決めること。"""

import numpy as np
import pytest

from rnnbook.training.auc import auc
from rnnbook.training.gru_classifier import GRUClassifier


def problem(seed, n=400):
    """はじめの値が正なら 1。最後の値だけからは分かりません。"""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 8, 2))
    return x, (x[:, 0, 0] > 0).astype(int)


@pytest.fixture(scope="module")
def model():
    return GRUClassifier(updates=200, learning_rate=0.02).fit(
        *problem(0), valid=problem(1)
    )


def test_it_remembers_what_stood_at_the_beginning(model):
    x, y = problem(2)
    p = model.predict(x)
    assert ((p > 0) & (p < 1)).all() and auc(y, p) > 0.9


def test_the_epoch_is_the_one_of_the_smallest_validation_loss(model):
    losses = model.history.valid_loss
    assert model.history.best_epoch == int(np.argmin(losses)) + 1


def test_units_do_not_matter(model):
    (x, y), (held, answers) = problem(0), problem(1)
    unit = np.array([1000.0, 0.001])
    other = GRUClassifier(updates=200, learning_rate=0.02)
    other.fit(x * unit + 5, y, valid=(held * unit + 5, answers))
    found, new = problem(2)[0], problem(2)[0] * unit + 5
    np.testing.assert_allclose(other.predict(new), model.predict(found), atol=0.02)


def test_the_number_of_updates_does_not_depend_on_the_number_of_windows():
    for n in (100, 1000):
        model = GRUClassifier(updates=40, batch_size=50).fit(
            *problem(0, n), valid=problem(1, 50)
        )
        assert len(model.history.train_loss) == 40 * 50 / n
