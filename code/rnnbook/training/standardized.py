"""数を答えるネットワークの学習と標準化を一つにまとめ、fit と predict を PLS と同じ形にします。

    z = (x − 平均) / 標準偏差,   ŷ = 平均_y + 標準偏差_y · f(z)

平均と標準偏差は、学習の行だけから、時刻とチャンネルごとに決めます。何を読むネットワークかは、
ここから作る三つのクラス（GRURegressor、SpectrumRegressor、WaveRegressor）が決めます。
"""

from __future__ import annotations

from typing import Self

import numpy as np
from torch import nn

from rnnbook.arguments import require_array
from rnnbook.training.fit import fit, predict
from rnnbook.training.loop import Diverged
from rnnbook.training.seeds import seed_everything

TINY = 1e-12  # 変わらない値を 0 で割らないための数


class StandardizedRegressor:
    """x (N, T, D) から y (N,) か (N, O) を当てます。_network と _settings は、下のクラスが与えます。

    学習が発散すれば Diverged です。
    """

    seed: int
    learning_rate: float

    def _network(self, T: int, D: int, O: int) -> nn.Module:
        raise NotImplementedError

    def _settings(self, N: int) -> dict[str, object]:
        """学習の行が N 個のときの、fit に渡す引数。"""
        raise NotImplementedError

    def fit(self, x: np.ndarray, y: np.ndarray) -> Self:
        x = require_array("x", x, ("N", "T", "D"))
        y = require_array("y", y, (len(x), "O") if np.ndim(y) == 2 else (len(x),))
        self.flat = y.ndim == 1
        self.mean, self.std = x.mean(axis=0), x.std(axis=0) + TINY
        self.level, self.scale = y.mean(axis=0), y.std(axis=0) + TINY
        seed_everything(self.seed)
        target = ((y - self.level) / self.scale).reshape(len(y), -1)  # (N, O)
        self.model = self._network(*x.shape[1:], target.shape[1])
        history = fit(
            self.model,
            (x - self.mean) / self.std,
            target,
            learning_rate=self.learning_rate,
            clip=1.0,
            seed=self.seed,
            **self._settings(len(x)),
        )
        if history.diverged:
            raise Diverged(history.diverged)
        return self

    def predict(self, x: np.ndarray) -> np.ndarray:
        """予測。fit の y と同じ形です。"""
        y_hat = predict(self.model, (np.asarray(x) - self.mean) / self.std)  # (N, O)
        if self.flat:
            y_hat = y_hat[:, 0]
        return self.level + self.scale * y_hat.astype(float)
