"""波形の窓の特徴から一つの数を答える CNN、GRU、双方向 LSTM。標準化も中に持ちます（第 12 章）。"""

from __future__ import annotations

from torch import nn

from rnnbook.arguments import require_choice, require_positive_int
from rnnbook.models.recurrent import Recurrent
from rnnbook.models.wave_cnn import WaveCNN
from rnnbook.training.standardized import StandardizedRegressor

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


class WaveRegressor(StandardizedRegressor):
    """系列 (N, T, D) から y (N,) を当てます。平均と標準偏差は、学習の行だけから決めます。

    例:
        >>> import numpy as np
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

    def _network(self, T: int, D: int, O: int) -> nn.Module:
        return new_wave_model(self.kind, T, D)

    def _settings(self, N: int) -> dict[str, object]:
        return {"epochs": max(1, round(self.updates * 32 / N))}
