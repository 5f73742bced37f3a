"""スペクトルを読むネットワークの学習。標準化も中に持ち、fit と predict は PLS と同じ形です（第 11 章）。"""

from __future__ import annotations

import numpy as np
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR

from rnnbook.arguments import require_array, require_positive_int
from rnnbook.models.spectrum_networks import spectrum_network
from rnnbook.training.standardized import StandardizedRegressor


class SpectrumRegressor(StandardizedRegressor):
    """X (N, T) から y (N,) か (N, O) を当てます。学習率は余弦で 0 まで下げます。

    平均と標準偏差は学習の行だけから、チャンネルごとに決めます。

    例:
        >>> rng = np.random.default_rng(0)
        >>> X = rng.normal(size=(64, 40))
        >>> model = SpectrumRegressor("mlp", updates=60).fit(X, X[:, 0])
        >>> model.predict(X).shape
        (64,)
    """

    def __init__(
        self,
        kind: str,
        updates: int = 1500,
        learning_rate: float = 0.003,
        seed: int = 0,
        batch_size: int = 32,
        **how: object,
    ):
        self.kind, self.learning_rate, self.seed, self.how = (
            kind,
            learning_rate,
            seed,
            how,
        )
        self.updates = require_positive_int("updates", updates)
        self.batch_size = require_positive_int("batch_size", batch_size)

    def _network(self, T: int, D: int, O: int) -> nn.Module:
        return spectrum_network(self.kind, T, O, **self.how)

    def _settings(self, N: int) -> dict[str, object]:
        per_epoch = -(-N // self.batch_size)
        epochs = max(1, round(self.updates / per_epoch))
        return {
            "epochs": epochs,
            "batch_size": self.batch_size,
            "schedule": lambda rule: CosineAnnealingLR(rule, epochs * per_epoch),
        }

    def fit(self, X: np.ndarray, y: np.ndarray) -> SpectrumRegressor:
        return super().fit(require_array("X", X, ("N", "T"))[:, :, None], y)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """予測。fit の y と同じ形です。"""
        return super().predict(np.asarray(X)[:, :, None])
