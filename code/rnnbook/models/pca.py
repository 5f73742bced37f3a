"""主成分分析（PCA）: 統計を、少ない数に縮めて、戻します（第 13 章）。

X̄ を学習の行の平均、P を共分散の大きい向きから K 本（行が単位ベクトル）として

    t = P (x − X̄)            得点（成分 k の標準偏差が s_k）
    z = t / s                 標準化した得点
    x ≈ X̄ + Pᵀ (s z)          戻したもの
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_positive_int


class PCA:
    """(…, D) を標準化した得点 (…, K) に縮めます。

    例:
        >>> x = np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]])
        >>> pca = PCA(1).fit(x)
        >>> bool(np.allclose(pca.back(pca.scores(x)), x)), pca.share
        (True, 1.0)

    章: 13 章。
    """

    def __init__(self, K: int) -> None:
        self.K = require_positive_int("K", K)

    def fit(self, X: np.ndarray) -> PCA:
        """学習の行 (…, D) だけから、平均、向き、標準偏差を決めます。"""
        X = np.asarray(X, dtype=float).reshape(-1, np.shape(X)[-1])
        X = require_array("X", X, ("N", "D"))
        if min(X.shape[0] - 1, X.shape[1]) < self.K:
            raise ValueError(
                f"引数 K は、行の数 {len(X)} から 1 を引いたものと列の数 {X.shape[1]} の"
                f"どちらよりも大きくない整数です。{self.K} が渡されました。"
            )
        self.mean = X.mean(axis=0)
        _, s, axes = np.linalg.svd(X - self.mean, full_matrices=False)
        self.axes = axes[: self.K]  # P (K, D)
        self.scale = s[: self.K] / np.sqrt(len(X) - 1)  # s (K,)
        if self.scale[-1] <= 1e-12 * self.scale[0] or self.scale[0] == 0:
            raise ValueError(
                f"引数 K = {self.K} 本の主成分を、学習の行から決められません。行に違いがないか、本数が多すぎます。"
            )
        self.share = float((s[: self.K] ** 2).sum() / (s**2).sum())  # 説明する分散
        return self

    def scores(self, X: np.ndarray) -> np.ndarray:
        # z = P (x − X̄) / s
        return (np.asarray(X) - self.mean) @ self.axes.T / self.scale

    def back(self, z: np.ndarray) -> np.ndarray:
        # x = X̄ + Pᵀ (s z)
        return self.mean + (np.asarray(z) * self.scale) @ self.axes
