"""統計 → 主成分 → ネットワークで先へ → 統計、を一つにまとめたもの（第 13 章）。"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from torch import nn

from rnnbook.models.pca import PCA
from rnnbook.training.rollout import fit_rollout, forecast
from rnnbook.training.seeds import seed_everything


class Forecaster:
    """make() が作るネットワークで、統計 C (N, F, D) の先を予測します。

    主成分は学習の計算だけから決め、損失は、成分の分散で量ります（統計の二乗誤差とほぼ同じです）。
    temperature が偽なら、どの温度も同じ値に見せます。残りの引数 how は fit_rollout と同じです。

    例:
        >>> from rnnbook.models.steppers import OneFrame
        >>> C = np.random.default_rng(0).normal(size=(8, 6, 3))
        >>> T = np.full((8, 6), 0.7)
        >>> model = Forecaster(lambda: OneFrame(2, 8), K=2, seen=3, updates=5)
        >>> model.fit(C, T).forecast(C[:, :3], T).shape
        (8, 3, 3)
    """

    def __init__(
        self,
        make: Callable[[], nn.Module],
        K: int,
        seen: int,
        *,
        temperature: bool = True,
        seed: int = 0,
        **how: object,
    ):
        self.make, self.K, self.seen = make, K, seen
        self.temperature, self.seed, self.how = temperature, seed, how

    def fit(self, C: np.ndarray, T: np.ndarray) -> Forecaster:
        self.prepare(C)
        seed_everything(self.seed)
        self.model = self.make()
        self.history = fit_rollout(
            self.model,
            self.pca.scores(C),
            self.inputs(T),
            self.seen,
            weights=self.weights,
            seed=self.seed,
            **self.how,
        )
        return self

    def prepare(self, C: np.ndarray) -> None:
        """主成分と、損失の重み w_k = s_k² / Σ s² を決めます。"""
        self.pca = PCA(self.K).fit(C)
        self.weights = self.pca.scale**2 / (self.pca.scale**2).sum()

    def forecast(self, C: np.ndarray, T: np.ndarray) -> np.ndarray:
        """見た C (N, S, D) と温度 T (N, F) から、残りの統計 (N, F − S, D)。"""
        return self.pca.back(forecast(self.model, self.pca.scores(C), self.inputs(T)))

    def inputs(self, T: np.ndarray) -> np.ndarray:
        """温度 (N, F) を、ネットワークの入力 (N, F, 1) にします。"""
        # u = (T − 0.75) / 0.1
        return ((np.asarray(T) - 0.75) / 0.1 * self.temperature)[..., None]
