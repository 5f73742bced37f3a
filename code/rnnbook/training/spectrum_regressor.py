"""スペクトルを読むネットワークの学習。標準化も中に持ち、fit と predict は PLS と同じ形です（第 11 章）。"""

from __future__ import annotations

import numpy as np
from torch.optim.lr_scheduler import CosineAnnealingLR

from rnnbook.arguments import require_array, require_positive_int
from rnnbook.models.spectrum_networks import spectrum_network
from rnnbook.training.fit import fit, predict
from rnnbook.training.loop import Diverged
from rnnbook.training.seeds import seed_everything


class SpectrumRegressor:
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

    def fit(self, X: np.ndarray, y: np.ndarray) -> SpectrumRegressor:
        X = require_array("X", X, ("N", "T"))
        y = require_array("y", y, (len(X), "O") if np.ndim(y) == 2 else (len(X),))
        self.flat, Y = y.ndim == 1, y.reshape(len(X), -1)
        self.mean, self.std = X.mean(axis=0), X.std(axis=0) + 1e-12
        self.level, self.scale = Y.mean(axis=0), Y.std(axis=0) + 1e-12
        seed_everything(self.seed)
        self.model = spectrum_network(self.kind, X.shape[1], Y.shape[1], **self.how)
        per_epoch = -(-len(X) // self.batch_size)
        epochs = max(1, round(self.updates / per_epoch))
        history = fit(
            self.model,
            ((X - self.mean) / self.std)[:, :, None],
            (Y - self.level) / self.scale,
            epochs=epochs,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            clip=1.0,
            seed=self.seed,
            schedule=lambda rule: CosineAnnealingLR(rule, epochs * per_epoch),
        )
        if history.diverged:
            raise Diverged(history.diverged)
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """予測。fit の y と同じ形です。"""
        Z = (np.asarray(X) - self.mean) / self.std
        y_hat = predict(self.model, Z[:, :, None])
        Y = self.level + self.scale * y_hat.astype(float)
        return Y[:, 0] if self.flat else Y
