"""波形の窓の特徴から一つの数を答える CNN、GRU、双方向 LSTM。標準化も中に持ちます（第 12 章）。"""

from __future__ import annotations

import numpy as np
from torch import nn

from rnnbook.arguments import require_array, require_choice, require_positive_int
from rnnbook.models.recurrent import Recurrent
from rnnbook.models.wave_cnn import WaveCNN
from rnnbook.training.fit import fit, predict
from rnnbook.training.seeds import seed_everything

KINDS = ("cnn", "gru", "bilstm")
H = {"gru": 24, "bilstm": 16}


def new_wave_model(kind: str, T: int, D: int) -> nn.Module:
    """まだ学習していないモデル。

    例:
        >>> new_wave_model("gru", T=32, D=4).cell
        'gru'
    """
    require_choice("kind", kind, KINDS)
    if kind == "cnn":
        return WaveCNN(T=T, D=D)
    cell = "gru" if kind == "gru" else "lstm"
    return Recurrent(H=H[kind], O=1, D=D, cell=cell, bidirectional=kind == "bilstm")


class WaveRegressor:
    """系列 (N, T, D) から y (N,) を当てます。平均と標準偏差は、学習の行だけから決めます。

    例:
        >>> x = np.random.default_rng(0).normal(size=(64, 8, 2))
        >>> WaveRegressor("cnn", updates=20).fit(x, x[:, -1, 0]).predict(x).shape
        (64,)
    """

    def __init__(
        self,
        kind: str,
        updates: int = 1600,
        learning_rate: float = 0.005,
        seed: int = 0,
    ):
        self.kind = require_choice("kind", kind, KINDS)
        self.updates = require_positive_int("updates", updates)
        self.learning_rate, self.seed = learning_rate, seed

    def fit(self, x: np.ndarray, y: np.ndarray) -> WaveRegressor:
        x = require_array("x", x, ("N", "T", "D"))
        y = require_array("y", y, (len(x),))
        # 学習の行の平均と標準偏差。時刻と特徴ごと
        self.mean, self.std = x.mean(axis=0), x.std(axis=0) + 1e-12
        self.level, self.scale = float(y.mean()), float(y.std()) + 1e-12
        seed_everything(self.seed)
        self.model = new_wave_model(self.kind, *x.shape[1:])
        fit(
            self.model,
            (x - self.mean) / self.std,
            ((y - self.level) / self.scale)[:, None],
            epochs=max(1, round(self.updates * 32 / len(x))),
            learning_rate=self.learning_rate,
            clip=1.0,
            seed=self.seed,
        )
        return self

    def predict(self, x: np.ndarray) -> np.ndarray:
        y_hat = predict(self.model, (np.asarray(x) - self.mean) / self.std)[:, 0]
        return self.level + self.scale * y_hat.astype(float)
