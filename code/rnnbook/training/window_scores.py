"""学習の要る外れの点数: 系列の窓を読む PCA、GRU の予測、LSTM オートエンコーダ（第 9 章）。

どれも fit(z, train) で学習の区間だけを読み、score(z) で系列 (n,) のすべての時刻に点数を付けます。
時刻 t の点数は、t で終わる窓から計算し、過去の足りない時刻では 0 です。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_positive_int
from rnnbook.models.autoencoder import Autoencoder
from rnnbook.models.pca import PCA
from rnnbook.models.recurrent import Recurrent
from rnnbook.training.fit import fit, predict
from rnnbook.training.seeds import seed_everything

BATCH, CHUNK = 32, 4096


def windows(z: np.ndarray, T: int) -> np.ndarray:
    """重なる窓 (n − T + 1, T)。

    例:
        >>> windows(np.arange(4.0), 3).tolist()
        [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]]
    """
    z = require_array("z", z, ("n",)).astype(float)
    T = require_positive_int("T", T)
    if len(z) < T:
        raise ValueError(
            f"引数 z は、窓の長さ {T} 点以上の系列です。{len(z)} 点が渡されました。"
        )
    return np.lib.stride_tricks.sliding_window_view(z, T)


class PCAScore:
    """主成分 K 個で戻せなかった分の、窓の平均二乗。

    例:
        >>> z = np.sin(np.arange(200) / 5)
        >>> PCAScore(T=30, K=2).fit(z, slice(0, 100)).score(z).max() < 1e-6
        np.True_
    """

    def __init__(self, T: int = 48, K: int = 4):
        self.T, self.K = T, K

    def fit(self, z: np.ndarray, train: slice) -> PCAScore:
        self.pca = PCA(self.K).fit(windows(np.asarray(z)[train], self.T))
        return self

    def score(self, z: np.ndarray) -> np.ndarray:
        x = windows(z, self.T)
        # Q_t = ‖x − x̂‖² / T
        q = ((x - self.pca.back(self.pca.scores(x))) ** 2).mean(axis=1)
        return np.concatenate([np.zeros(self.T - 1), q])


class AutoencoderScore:
    """LSTM オートエンコーダで戻せなかった分の、窓の平均二乗。

    例:
        >>> z = np.sin(np.arange(200) / 5)
        >>> AutoencoderScore(T=30, updates=5).fit(z, slice(0, 100)).score(z).shape
        (200,)
    """

    def __init__(
        self, T: int = 48, H: int = 24, K: int = 6, updates: int = 1500, seed: int = 0
    ):
        self.T, self.H, self.K, self.updates, self.seed = T, H, K, updates, seed

    def fit(self, z: np.ndarray, train: slice) -> AutoencoderScore:
        x = windows(np.asarray(z)[train], self.T)[:, :, None]
        seed_everything(self.seed)
        self.model = Autoencoder(self.H, self.K)
        _learn(self.model, x, x, self.updates, self.seed)
        return self

    def score(self, z: np.ndarray) -> np.ndarray:
        x = windows(z, self.T)[:, :, None]
        error = np.concatenate(
            [
                ((part - predict(self.model, part)) ** 2).mean(axis=(1, 2))
                for part in _parts(x)
            ]
        )
        return np.concatenate([np.zeros(self.T - 1), error])


class GRUScore:
    """GRU が、48 点を読んで ahead 点先を予測した外れ |z_t − ẑ_t|。

    例:
        >>> z = np.sin(np.arange(200) / 5)
        >>> GRUScore(T=30, updates=5).fit(z, slice(0, 100)).score(z)[:41].max()
        np.float64(0.0)
    """

    def __init__(
        self, T: int = 48, ahead: int = 12, H: int = 16, updates: int = 800, seed=0
    ):
        self.T, self.ahead, self.H = T, ahead, H
        self.updates, self.seed = updates, seed

    def fit(self, z: np.ndarray, train: slice) -> GRUScore:
        x, y = self._pairs(np.asarray(z)[train])
        seed_everything(self.seed)
        self.model = Recurrent(H=self.H, O=1, D=1, cell="gru")
        _learn(self.model, x, y, self.updates, self.seed)
        return self

    def score(self, z: np.ndarray) -> np.ndarray:
        x, y = self._pairs(z)
        told = np.concatenate([predict(self.model, part) for part in _parts(x)])
        blank = np.zeros(self.T + self.ahead - 1)
        return np.concatenate([blank, np.abs(y - told)[:, 0]])

    def _pairs(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        cut = windows(z, self.T + self.ahead)
        return cut[:, : self.T, None], cut[:, -1:]


def _learn(model, x: np.ndarray, y: np.ndarray, updates: int, seed: int) -> None:
    """窓を無作為に BATCH 個ずつ選び、updates 回更新します（Adam、学習率 0.003）。"""
    # 一エポックを updates 回の更新にするため、使う窓を選び直して並べます
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, len(x), updates * BATCH)
    fit(
        model,
        x[rows],
        y[rows],
        epochs=1,
        batch_size=BATCH,
        learning_rate=0.003,
        clip=1.0,
        seed=seed,
    )


def _parts(x: np.ndarray):
    return (x[k : k + CHUNK] for k in range(0, len(x), CHUNK))
