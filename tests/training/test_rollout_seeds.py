"""いちどに学習した、組織の統計を先へ進めるモデルは、一つずつ学習したものと同じです。"""

import numpy as np
import pytest

from rnnbook.models.steppers import OneFrame, Remember
from rnnbook.training.forecaster import Forecaster
from rnnbook.training.rollout_seeds import fit_together

MAKE = {
    "mlp": lambda: OneFrame(2, 6),
    "mlp3": lambda: OneFrame(2, 6, lags=3),
    "rnn": lambda: Remember(2, 6, "rnn"),
    "gru": lambda: Remember(2, 6, "gru"),
    "lstm": lambda: Remember(2, 6, "lstm"),
    "encdec": lambda: Remember(2, 6, "gru", decoder=True),
}


@pytest.mark.parametrize("loss", ["rollout", "forced"])
@pytest.mark.parametrize("name", MAKE)
def test_training_together_equals_training_one_by_one(name, loss):
    if (name, loss) == ("encdec", "forced"):
        pytest.skip("教師強制では、読むセルに勾配が流れません")
    rng = np.random.default_rng(0)
    C = [0.3 * rng.normal(size=(9, 8, 4)).cumsum(axis=1) for _ in range(3)]
    T = [rng.uniform(0.6, 0.9, (9, 8)) for _ in range(3)]
    how = {"K": 2, "seen": 4, "updates": 12, "batch": 5, "loss": loss}
    how |= {"learning_rate": 0.02}
    alone = [Forecaster(MAKE[name], seed=k, **how).fit(C[k], T[k]) for k in range(3)]
    together = [Forecaster(MAKE[name], seed=k, **how) for k in range(3)]
    fit_together(together, C, T)
    for k in range(3):
        told = [f.forecast(C[k][:, :4], T[k]) for f in (alone[k], together[k])]
        still = np.abs(told[0] - C[k][:, 3:4]).max()
        assert still > 0.05  # 学習で動いた
        np.testing.assert_allclose(*told, atol=2e-4)
