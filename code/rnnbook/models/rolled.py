"""組織の統計の先を予測する、比べる相手（第 13 章）。

どれも fit(C, T) のあと、見た C (N, S, D) と温度 T (N, F) から、残りの (N, F − S, D) を forecast で返します。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_positive_int
from rnnbook.models.pca import PCA

LIMIT = 50.0  # 続けて予測した得点は ± 50 標準偏差で止めます


class Still:
    """見た最後の一枚が、ずっと続くと答えます。"""

    def fit(self, C: np.ndarray, T: np.ndarray) -> Still:
        return self

    def forecast(self, C: np.ndarray, T: np.ndarray) -> np.ndarray:
        return np.repeat(C[:, -1:], T.shape[1] - C.shape[1], axis=1)


class NearestRun:
    """いちばん似た学習の記録（見た最後の得点と、先の温度）の、その後の変化を写します。"""

    def __init__(self, K: int, seen: int) -> None:
        self.K, self.seen = K, seen

    def fit(self, C: np.ndarray, T: np.ndarray) -> NearestRun:
        self.pca = PCA(self.K).fit(C)
        self.C, self.T = C, T
        self.at = self._key(C[:, : self.seen], T)
        return self

    def _key(self, C: np.ndarray, T: np.ndarray) -> np.ndarray:
        z, u = self.pca.scores(C[:, -1]), (T[:, C.shape[1] :] - 0.75) / 0.1
        # 成分は分散の大きさで、温度は一枚あたりで量ります
        return np.hstack(
            [z * self.pca.scale / self.pca.scale[0], u / u.shape[1] ** 0.5]
        )

    def forecast(self, C: np.ndarray, T: np.ndarray) -> np.ndarray:
        distance = ((self._key(C, T)[:, None] - self.at) ** 2).sum(axis=-1)
        like = self.C[distance.argmin(axis=1)]
        S = self.seen
        return C[:, -1:] + like[:, S:] - like[:, S - 1 : S]


class Ridge:
    """前の p 枚の得点と、その先一枚ずつの温度から、次の変化を当てるリッジ回帰。続けて予測します。

    degree = 2 なら、いまの得点と温度の二次の項もすべて入れます。temperature が偽なら、温度を見ません。

    例:
        >>> C = np.cumsum(np.ones((4, 8, 1)), axis=1)
        >>> model = Ridge(K=1, p=2).fit(C, np.zeros((4, 8)))
        >>> model.forecast(C[:, :4], np.zeros((4, 8))).round(2)[0, :, 0].tolist()
        [5.0, 6.0, 7.0, 8.0]
    """

    def __init__(self, K: int, p: int = 1, degree: int = 1, temperature: bool = True):
        self.K, self.p = K, require_positive_int("p", p)
        self.degree, self.temperature = degree, temperature

    def fit(self, C: np.ndarray, T: np.ndarray) -> Ridge:
        from sklearn.linear_model import RidgeCV

        self.pca = PCA(self.K).fit(C)
        z, p = self.pca.scores(C), self.p
        rows = [
            (
                self._features(z[:, t - p + 1 : t + 1], T[:, t - p + 2 : t + 2]),
                z[:, t + 1] - z[:, t],
            )
            for t in range(p - 1, z.shape[1] - 1)
        ]
        x, y = (np.concatenate(part) for part in zip(*rows, strict=True))
        self.model = RidgeCV(np.logspace(-6, 2, 9)).fit(x, y)
        return self

    def _features(self, z: np.ndarray, T: np.ndarray) -> np.ndarray:
        u = (T - 0.75) / 0.1 * self.temperature  # (N, p)
        x = np.hstack([z.reshape(len(z), -1), u])
        if self.degree == 1:
            return x
        now = np.hstack([z[:, -1], u[:, -1:]])
        i, j = np.triu_indices(now.shape[1])
        return np.hstack([x, now[:, i] * now[:, j]])

    def forecast(self, C: np.ndarray, T: np.ndarray) -> np.ndarray:
        S, z = C.shape[1], list(np.moveaxis(self.pca.scores(C), 1, 0))
        for t in range(S - 1, T.shape[1] - 1):
            past = np.stack(z[-self.p :], axis=1)  # (N, p, K)
            x = self._features(past, T[:, t - self.p + 2 : t + 2])
            change = self.model.predict(x).reshape(len(x), -1)
            z.append(np.clip(z[-1] + change, -LIMIT, LIMIT))
        return self.pca.back(np.stack(z[S:], axis=1))
