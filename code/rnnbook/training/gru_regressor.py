"""スペクトルか窓を読み、一つの数を答える GRU。標準化も中に持ちます（第 10 章）。"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_positive_int
from rnnbook.models.recurrent import Recurrent
from rnnbook.training.fit import fit, predict
from rnnbook.training.seeds import seed_everything


def tokens(X: np.ndarray, width: int) -> np.ndarray:
    """スペクトル (N, T) を、width チャンネルずつの系列 (N, T/width, width) にします。余りは捨てます。

    例:
        >>> tokens(np.arange(5.0)[None], width=2).tolist()
        [[[0.0, 1.0], [2.0, 3.0]]]
    """
    X = require_array("X", X, ("N", "T"))
    width = require_positive_int("width", width)
    steps = X.shape[1] // width
    return X[:, : steps * width].reshape(len(X), steps, width)


class GRURegressor:
    """系列 (N, T, D) から y (N,) を当てます。平均と標準偏差は、学習の行だけから決めます。

    例:
        >>> rng = np.random.default_rng(0)
        >>> x = rng.normal(size=(64, 6, 2))
        >>> model = GRURegressor(epochs=30).fit(x, x[:, -1, 0])
        >>> model.predict(x).shape
        (64,)
    """

    def __init__(
        self, H: int = 24, epochs: int = 100, learning_rate: float = 0.01, seed: int = 0
    ):
        self.H, self.epochs = H, epochs
        self.learning_rate, self.seed = learning_rate, seed

    def fit(self, x: np.ndarray, y: np.ndarray) -> GRURegressor:
        x = require_array("x", x, ("N", "T", "D"))
        y = require_array("y", y, (len(x),))
        # 学習の行の平均と標準偏差。時刻とチャンネルごと
        self.mean, self.std = x.mean(axis=0), x.std(axis=0) + 1e-12
        self.level, self.scale = y.mean(), y.std() + 1e-12
        seed_everything(self.seed)
        self.model = Recurrent(H=self.H, O=1, D=x.shape[2], cell="gru")
        fit(
            self.model,
            (x - self.mean) / self.std,
            ((y - self.level) / self.scale)[:, None],
            epochs=self.epochs,
            learning_rate=self.learning_rate,
            clip=1.0,
            seed=self.seed,
        )
        return self

    def predict(self, x: np.ndarray) -> np.ndarray:
        y_hat = predict(self.model, (np.asarray(x) - self.mean) / self.std)[:, 0]
        return self.level + self.scale * y_hat.astype(float)
