"""読者のモデルの確かめ: 知らないモデルは一歩に応えず、まちがった引数は名前で止まること。"""

import numpy as np
import pytest

from rnnbook.training import own_maps

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 16))
Y = 2 * X[:, 3] - X[:, 4]
STEP = {"三番": (X[:8] + np.eye(16)[3], 1.0)}


def report(kind, **how):
    states = own_maps.three_states(kind, X, Y, **how)
    given = X.mean(axis=0), X.std(axis=0)
    return own_maps.check_maps(states, X[:8], *given, STEP, width=4)


def test_only_the_trained_network_answers_the_step():
    steps = report("mlp", updates=300, learning_rate=0.01).steps["三番"]
    assert steps["学習"] == pytest.approx(2, abs=0.3)
    assert abs(steps["学習前"]) < 0.7
    assert abs(steps["正解を混ぜた"]) < 0.7


def test_a_pls_has_no_state_before_training_and_no_rescaled_map():
    told = report("pls")
    assert list(told.steps.index) == ["学習", "正解を混ぜた"]
    assert told.steps.loc["学習", "三番"] == pytest.approx(2, abs=0.05)
    assert np.isnan(told.maps.loc["測り直した勾配"].iloc[0])


def test_the_gap_of_the_integral_of_a_linear_model_is_nothing():
    assert report("pls").gap < 1e-9


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"states": {"学習": lambda x: x[:, 0]}}, "引数 states"),
        ({"x": X[0]}, "引数 x"),
        ({"moved": {"三番": (X[:3], 1.0)}}, "moved の 三番"),
        ({"moved": {"三番": (X[:8], 0)}}, "引数 size"),
        ({"unit": np.full(16, np.nan)}, "引数 unit"),
        ({"baseline": np.zeros(5)}, "引数 baseline"),
    ],
)
def test_a_wrong_argument_is_named(change, words):
    states = own_maps.three_states("pls", X, Y)
    given = {"states": states, "x": X[:8], "baseline": 0.0, "unit": 1.0, "moved": STEP}
    with pytest.raises(ValueError, match=words):
        own_maps.check_maps(**(given | change), width=4)


def test_a_constant_target_is_refused():
    with pytest.raises(ValueError, match="引数 y"):
        own_maps.three_states("pls", X, np.ones(200))
