"""部分的最小二乗（PLS）: スペクトルの線形モデルの定番（第 10 章）。

成分 a = 1 … A について、いまの X と y（平均を引いたもの）から

    w = Xᵀ y / ‖Xᵀ y‖      y と最も共に動く向き
    t = X w                 その向きの得点 (N,)
    p = Xᵀ t / tᵀ t、q = yᵀ t / tᵀ t
    X ← X − t pᵀ、y ← y − q t

とし、ŷ = ȳ + (x − x̄) · b、b = W (Pᵀ W)⁻¹ q です。A は、学習の行の中の交差検証で選びます。
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnbook.arguments import require_array, require_positive_int


def pls_path(X: np.ndarray, y: np.ndarray, most: int) -> np.ndarray:
    """成分 1 本から most 本までの係数 b (most, T)。X (N, T) と y (N,) は平均を引いてから使います。

    例:
        >>> X = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 1.0]])
        >>> pls_path(X, X @ [2.0, -1.0], most=2)[-1].round(6).tolist()
        [2.0, -1.0]

    論文: Wold, Sjöström, Eriksson (2001)。章: 10 章。
    """
    X = X - X.mean(axis=0)
    y = y - y.mean()
    W, P, Q, path = [], [], [], []
    for _ in range(most):
        w = X.T @ y
        w = w / max(np.linalg.norm(w), 1e-300)
        t = X @ w  # (N,)
        tt = max(t @ t, 1e-300)
        p, q = X.T @ t / tt, y @ t / tt
        X, y = X - np.outer(t, p), y - q * t
        W, P, Q = [*W, w], [*P, p], [*Q, q]
        # b = W (Pᵀ W)⁻¹ q
        inner = np.array(P) @ np.array(W).T  # Pᵀ W (A, A)
        path.append(np.linalg.lstsq(inner, Q, rcond=None)[0] @ W)
    return np.array(path)


class PLS:
    """成分の数を、学習の行の中の 5 分割交差検証で選ぶ PLS。

    groups (N,) を渡すと、一つの試料を二つの組に分けずに選びます（外の分け方と同じにします）。

    例:
        >>> rng = np.random.default_rng(0)
        >>> X = rng.normal(size=(60, 8))
        >>> model = PLS(most=5).fit(X, 3 + X[:, 0])
        >>> bool(abs(model.predict(X) - 3 - X[:, 0]).max() < 0.01)
        True
    """

    def __init__(self, most: int = 16, folds: int = 5):
        self.most = require_positive_int("most", most)
        self.folds = require_positive_int("folds", folds, minimum=2)

    def fit(
        self, X: np.ndarray, y: np.ndarray, groups: Sequence[object] | None = None
    ) -> PLS:
        """成分の数 components を選び、すべての行で係数を決めます。"""
        X = require_array("X", X, ("N", "T")).astype(float)
        y = require_array("y", y, (len(X),)).astype(float)
        names = np.arange(len(X)) if groups is None else np.asarray(groups)
        _, label = np.unique(names, return_inverse=True)
        # 試料の順を混ぜて、組 0 … folds − 1 に配ります（種はいつも同じ）
        fold = np.random.default_rng(0).permutation(label.max() + 1)[label] % self.folds
        smallest = min((fold != k).sum() for k in range(self.folds))
        most = min(self.most, X.shape[1], smallest - 1)
        if most < 1:
            raise ValueError(
                f"引数 X の行（試料）が少なすぎて、{self.folds} 組の交差検証ができません。"
            )
        errors = np.zeros(most)
        for k in range(self.folds):
            inside, out = fold != k, fold == k
            b = pls_path(X[inside], y[inside], most)
            ahead = y[inside].mean() + (X[out] - X[inside].mean(axis=0)) @ b.T
            errors += ((ahead - y[out, None]) ** 2).sum(axis=0)
        self.components = int(errors.argmin()) + 1
        self.mean, self.level = X.mean(axis=0), y.mean()
        self.coefficients = pls_path(X, y, self.components)[-1]
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """予測 ŷ (N,)。"""
        X = require_array("X", X, ("N", len(self.mean)))
        return self.level + (X - self.mean) @ self.coefficients
