"""読者の系列: 単位を替えても予測は変わらず、区間と印が付き、足りないときは断ること。"""

import numpy as np
import pytest

from rnnbook.materials.own_forecast import in_training_units, rows_of, trust_last
from rnnbook.models.rolled import Ridge

SEEN = 6


def sample(n=60):
    rng = np.random.default_rng(0)
    T = np.repeat(rng.uniform(0.6, 0.9, (n, 1)), 12, axis=1)
    start = rng.normal(size=(n, 1, 2))
    X = start + T[:, :, None] * np.arange(12)[None, :, None]
    return X + 0.01 * rng.normal(size=X.shape), T


def test_the_units_of_the_columns_and_of_the_temperature_do_not_matter():
    X, T = sample()
    train = np.arange(30)
    mine = in_training_units(X, T, train)
    other = in_training_units(X * [1000.0, 0.1], 1000 * T - 273, train)
    np.testing.assert_allclose(mine.X, other.X)
    np.testing.assert_allclose(mine.T, other.T)
    assert mine.T[train].min() == pytest.approx(0.6)
    assert mine.T[train].max() == pytest.approx(0.9)


def test_without_a_temperature_or_with_a_constant_one_every_frame_is_at_the_middle():
    X, T = sample()
    for heat in (None, np.full_like(T, 700.0)):
        assert (in_training_units(X, heat, np.arange(30)).T == 0.75).all()


def test_a_statistic_that_never_changes_is_refused():
    X, T = sample()
    X[..., 1] = 4.0
    with pytest.raises(ValueError, match="2 つめの統計"):
        in_training_units(X, T, np.arange(30))


def test_the_last_frame_is_inside_its_interval_and_a_strange_specimen_is_marked():
    X, T = sample()
    train, held, new = np.arange(30), np.arange(30, 50), np.arange(50, 60)
    ready = in_training_units(X, T, train)
    model = Ridge(2, p=2).fit(ready.X[train], ready.T[train])
    mine = trust_last(model, ready, train, held, SEEN, components=3)
    rows = rows_of(ready.X[new], ready.T[new], SEEN)
    told = mine.predict(rows)
    truth = ready.X[new][:, -1, 0]
    assert ((told["low"] <= truth) & (truth <= told["high"])).mean() >= 0.7
    rows[0, -1] += 50
    assert mine.predict(rows)["mark"][0] == "外"


def test_too_few_specimens_for_an_interval_are_refused():
    X, T = sample()
    ready = in_training_units(X, T, np.arange(30))
    with pytest.raises(ValueError, match="9 個以上"):
        trust_last(None, ready, np.arange(30), np.arange(30, 38), SEEN)
