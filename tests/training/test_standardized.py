"""標準化を持つ回帰: 発散を黙って返さず、二つの数も一つの数と同じ式で答えること。"""

import numpy as np
import pytest
from torch import nn

from rnnbook.training.loop import Diverged
from rnnbook.training.standardized import StandardizedRegressor


class Linear(StandardizedRegressor):
    seed, learning_rate = 0, 0.03

    def _network(self, T, D, O):
        return nn.Sequential(nn.Flatten(), nn.Linear(T * D, O))

    def _settings(self, N):
        return {"epochs": 60}


def test_a_linear_network_finds_a_linear_law_in_its_own_units():
    x = 5 + 2 * np.random.default_rng(0).normal(size=(200, 3, 2))
    Y = np.stack([1e4 + 300 * x[:, 1, 0], x[:, 0, 1] - x[:, 2, 0]], axis=1)
    told = Linear().fit(x, Y).predict(x)
    assert told.shape == (200, 2)
    assert np.all(np.abs(told - Y).max(axis=0) < 0.05 * Y.std(axis=0))
    assert Linear().fit(x, Y[:, 0]).predict(x).shape == (200,)


class Exploding(Linear):
    def _network(self, T, D, O):
        network = super()._network(T, D, O)
        nn.init.constant_(network[1].weight, 1e30)  # 二乗すると float32 に収まりません
        return network


def test_a_training_that_diverges_is_not_returned():
    x = np.random.default_rng(1).normal(size=(64, 3, 2))
    with pytest.raises(Diverged):
        Exploding().fit(x, x[:, 0, 0])
