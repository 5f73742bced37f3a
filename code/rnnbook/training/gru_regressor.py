"""スペクトルか窓を読み、一つの数を答える GRU。標準化も中に持ちます（第 10 章）。"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_positive_int
from rnnbook.models.recurrent import Recurrent
from rnnbook.training.standardized import StandardizedRegressor


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


class GRURegressor(StandardizedRegressor):
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

    def _network(self, T: int, D: int, O: int) -> Recurrent:
        return Recurrent(H=self.H, O=O, D=D, cell="gru")

    def _settings(self, N: int) -> dict[str, object]:
        return {"epochs": self.epochs}
