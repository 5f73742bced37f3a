"""続けて予測した誤差での学習の試験。"""

import numpy as np
import pytest

from rnnbook.models.steppers import OneFrame, Remember
from rnnbook.training.forecaster import Forecaster
from rnnbook.training.rollout import fit_rollout, forecast


def decays(n: int, seed: int):
    """z_{t+1} = z_t + 0.2 (u_{t+1} − z_t): 記憶の要らない線形の系。"""
    rng = np.random.default_rng(seed)
    u = np.repeat(rng.uniform(-1, 1, (n, 1, 1)), 16, axis=1)
    z = [rng.uniform(-1, 1, (n, 1))]
    for t in range(1, 16):
        z.append(z[-1] + 0.2 * (u[:, t] - z[-1]))
    return np.stack(z, axis=1), u


@pytest.mark.parametrize("loss", ["rollout", "forced"])
def test_a_network_learns_a_system_whose_answer_is_known(loss):
    z, u = decays(60, 0)
    model = OneFrame(1, 16)
    fit_rollout(model, z, u, 4, updates=250, loss=loss, learning_rate=0.02)
    new, path = decays(40, 1)
    told = forecast(model, new[:, :4], path)
    assert np.sqrt(((told - new[:, 4:]) ** 2).mean()) < 0.1 * new.std()


def test_a_component_of_weight_zero_is_not_learnt():
    z, u = decays(20, 0)
    both = np.concatenate([z, -z], axis=-1)
    model = OneFrame(2, 8)
    w = np.array([1.0, 0.0])
    fit_rollout(model, both, u, 4, updates=40, loss="forced", weights=w)
    told = forecast(model, both[:, :4], u)
    assert np.ptp(told[:, :, 1], axis=1).max() == 0.0
    assert np.ptp(told[:, :, 0], axis=1).max() > 0.0


def test_the_forecaster_gives_the_same_answer_twice_and_hides_the_temperature():
    C = np.random.default_rng(0).normal(size=(12, 8, 4))
    T = np.random.default_rng(1).uniform(0.6, 0.9, (12, 8))
    how = {"K": 2, "seen": 4, "updates": 10, "seed": 3}
    first, second = (
        Forecaster(lambda: Remember(2, 8), **how).fit(C, T).forecast(C[:, :4], T)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    blind = Forecaster(lambda: Remember(2, 8), temperature=False, **how).fit(C, T)
    np.testing.assert_array_equal(
        blind.forecast(C[:, :4], T), blind.forecast(C[:, :4], 0 * T)
    )


@pytest.mark.parametrize(
    ("how", "words"),
    [({"loss": "teacher"}, "loss"), ({"seen": 16}, "seen"), ({"seen": 0}, "seen")],
)
def test_a_wrong_argument_is_named(how, words):
    z, u = decays(4, 0)
    with pytest.raises(ValueError, match=words):
        fit_rollout(OneFrame(1, 4), z, u, **{"seen": 4} | how)
