"""一つのバーストから応力を答える三つのモデル: RMS の直線、窓の特徴のリッジ回帰、窓の特徴を読む GRU（第 12 章の動く図）。

どれも同じ学習の行から作ります。図が使うのは packed が返す重みで、ページの中とここで、同じ答えになります。

    RMS      σ̂ = a ln RMS + b
    リッジ   σ̂ = w · z + b          z は、窓ごとの特徴 128 個を学習の行で標準化したもの
    GRU      σ̂ = 100 (W h_32 + b)    32 個の窓を、前から順に読みます
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch

from rnnbook.arguments import require_array, require_positive_int, require_seed
from rnnbook.materials.waveforms import PER_WINDOW, by_window, rms
from rnnbook.models.baselines import Ridge
from rnnbook.models.recurrent import Recurrent

NAMES = {"rms": "RMS の直線", "ridge": "窓のリッジ", "gru": "GRU"}
H, SCALE = 16, 100.0  # 隠れ次元と、GRU の答えの単位（MPa）
D = len(PER_WINDOW)


def features(u: np.ndarray) -> np.ndarray:
    """波形 u (B, T) の ln RMS と、窓ごとの特徴 (B, 1 + 4·窓の数)。

    例:
        >>> features(np.random.default_rng(0).random((2, 512))).shape
        (2, 17)
    """
    return np.column_stack([np.log(rms(u)), by_window(u).reshape(len(u), -1)])


class StressAnswers:
    """三つのモデルの組。fit で作るか、read で重みから作ります。

    例:
        >>> rng = np.random.default_rng(0)
        >>> X, y = rng.normal(size=(80, 9)), rng.normal(size=80)
        >>> answers = StressAnswers().start(X, y)
        >>> answers.predict(X).shape
        (3, 80)
        >>> again = StressAnswers.read(answers.packed())
        >>> bool(np.allclose(again.predict(X), answers.predict(X), atol=1e-3))
        True
    """

    def start(self, X: np.ndarray, y: np.ndarray, seed: int = 0) -> StressAnswers:
        """標準化、RMS の直線、リッジを求め、GRU を種 seed の初期値にします。"""
        X = require_array("X", X, ("N", "F"))
        y = require_array("y", y, (len(X),)).astype(float)
        W = X[:, 1:]
        self.mean, self.std = W.mean(axis=0), W.std(axis=0) + 1e-6
        # 最小二乗の直線 σ̂ = a ln RMS + b
        self.line = np.polyfit(X[:, 0], y, 1)
        ridge = Ridge().fit(self._z(X), y).model
        self.ridge = np.append(ridge.coef_, ridge.intercept_)
        torch.manual_seed(require_seed("seed", seed))
        self.gru = Recurrent(H=H, O=1, D=D, cell="gru")
        return self

    def batches(
        self, X: np.ndarray, y: np.ndarray, rng: np.random.Generator, B: int = 64
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """GRU の学習のための (z (B, 窓の数, 4), y/100 (B, 1))。行を混ぜて、限りなく返します。"""
        B = require_positive_int("B", B)
        z = self._z(X).reshape(len(X), -1, D).astype(np.float32)
        target = (np.asarray(y)[:, None] / SCALE).astype(np.float32)
        while True:
            order = rng.permutation(len(z))
            for k in range(0, len(z) - B + 1, B):
                rows = order[k : k + B]
                yield z[rows], target[rows]

    def predict(self, X: np.ndarray) -> np.ndarray:
        """三つの答え (3, N)、MPa。X (N, F) は features が返すもので、順は NAMES です。"""
        X = require_array("X", X, ("N", 1 + len(self.mean)))
        z = self._z(X)
        with torch.no_grad():
            x = torch.from_numpy(z.reshape(len(z), -1, D)).double()
            read = self.gru.double()(x).numpy()[:, 0]
        return np.stack(
            [
                self.line[0] * X[:, 0] + self.line[1],
                z @ self.ridge[:-1] + self.ridge[-1],
                SCALE * read,
            ]
        )

    def packed(self) -> list[dict]:
        """重みを、一つ一行の float32（base64）にします。"""
        values = {
            name: getattr(self, name) for name in ("mean", "std", "line", "ridge")
        }
        for name, weight in self.gru.state_dict().items():
            values[f"gru.{name}"] = weight.numpy()
        rows = []
        for name, value in values.items():
            W = np.atleast_2d(value).astype("<f4")
            code = base64.b64encode(W.tobytes()).decode()
            size = {"rows": W.shape[0], "columns": W.shape[1]}
            rows.append({"name": name} | size | {"float32": code})
        return rows

    @classmethod
    def read(cls, packed: pd.DataFrame | list[dict]) -> StressAnswers:
        """packed が返した重みから作ります。"""
        rows = packed.to_dict("records") if isinstance(packed, pd.DataFrame) else packed
        self, state = cls(), {}
        self.gru = Recurrent(H=H, O=1, D=D, cell="gru")
        for row in rows:
            W = np.frombuffer(base64.b64decode(row["float32"]), "<f4")
            part, _, name = row["name"].partition(".")
            if part == "gru":
                shape = self.gru.state_dict()[name].shape
                state[name] = torch.tensor(W.reshape(shape))
            else:
                setattr(self, part, W.astype(float))
        self.gru.load_state_dict(state)
        return self

    def _z(self, X: np.ndarray) -> np.ndarray:
        return (np.asarray(X)[:, 1:] - self.mean) / self.std
