"""窓を読み、起きる確率を答える GRU。標準化も中に持ちます（第 14 章）。"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_positive_int
from rnnbook.models.recurrent import Recurrent
from rnnbook.training.fit import fit, predict
from rnnbook.training.seeds import seed_everything


class GRUClassifier:
    """系列 (N, T, D) から、y = 1 の確率 (N,) を当てます。平均と標準偏差は、学習の窓だけから決めます。

    学習は、ほぼ updates 回の更新です。検証の窓の交差エントロピーが最も小さかったエポックの重みを使います。

    例:
        >>> rng = np.random.default_rng(0)
        >>> x = rng.normal(size=(128, 6, 2))
        >>> y = (x[:, -1, 0] > 0).astype(int)
        >>> model = GRUClassifier(updates=60).fit(x, y, valid=(x, y))
        >>> model.predict(x).shape
        (128,)
    """

    def __init__(
        self,
        H: int = 16,
        updates: int = 300,
        batch_size: int = 128,
        learning_rate: float = 0.01,
        seed: int = 0,
    ):
        self.H, self.updates = H, require_positive_int("updates", updates)
        self.batch_size, self.learning_rate = batch_size, learning_rate
        self.seed = seed

    def fit(self, x: np.ndarray, y: np.ndarray, valid: tuple) -> GRUClassifier:
        x = require_array("x", x, ("N", "T", "D"))
        y = require_array("y", y, (len(x),)).astype(int)
        # 列ごとの平均と標準偏差。学習の窓のすべての時刻から
        self.mean, self.std = x.mean(axis=(0, 1)), x.std(axis=(0, 1)) + 1e-12
        seed_everything(self.seed)
        self.model = Recurrent(H=self.H, O=2, D=x.shape[2], cell="gru")
        each = -(-len(x) // self.batch_size)  # 一エポックの更新の回数
        self.history = fit(
            self.model,
            self._scaled(x),
            y,
            epochs=max(1, round(self.updates / each)),
            batch_size=self.batch_size,
            loss="cross_entropy",
            learning_rate=self.learning_rate,
            clip=1.0,
            valid=(self._scaled(valid[0]), np.asarray(valid[1], int)),
            seed=self.seed,
        )
        return self

    def predict(self, x: np.ndarray) -> np.ndarray:
        scores = predict(self.model, self._scaled(x)).astype(float)  # (N, 2)
        # p = 1 / (1 + e^(−(s_1 − s_0)))
        return 1 / (1 + np.exp(scores[:, 0] - scores[:, 1]))

    def _scaled(self, x: np.ndarray) -> np.ndarray:
        return ((np.asarray(x) - self.mean) / self.std).astype(np.float32)
