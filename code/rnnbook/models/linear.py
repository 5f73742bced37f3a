"""学習の要らない予測と、線形の予測。RNN と並べる公平な相手です（第 1 章）。

どれも predict(x) に窓 x (N, p, 1) を渡すと、次の値 (N, 1) を返します。
"""

from __future__ import annotations

import numpy as np

from rnnbook.arguments import require_array, require_positive_int


def last_value(x: np.ndarray) -> np.ndarray:
    """次の値は、いまの値と同じだと予測します: ŷ = x_T。

    例:
        >>> last_value(np.array([[[1.0], [2.0]]]))
        array([[2.]])
    """
    return require_array("x", x, ("N", "p", 1))[:, -1]


def seasonal_naive(x: np.ndarray, period: int = 11) -> np.ndarray:
    """次の値は、一周期前の値と同じだと予測します: ŷ = x_{T+1−period}。

    例:
        >>> seasonal_naive(np.array([[[1.0], [2.0], [3.0]]]), period=3)
        array([[1.]])
    """
    x = require_array("x", x, ("N", "p", 1))
    period = require_positive_int("period", period)
    if period > x.shape[1]:
        raise ValueError(
            f"引数 period は窓の長さ {x.shape[1]} 以下の整数です。{period} が渡されました。"
        )
    return x[:, -period]


class LinearAR:
    """線形自己回帰 AR(p): ŷ = Σ_k w_k x_{T+1−k} + b。係数は最小二乗で決めます。

    例:
        >>> from rnnbook.tasks.sine import sine_wave
        >>> x, y = sine_wave(n=100, T=50, rng=np.random.default_rng(0))
        >>> ar = LinearAR(p=2).fit(x, y)
        >>> ar.weights.round(4).tolist()  # x_{t+1} = 2 cos(0.1) x_t − x_{t−1}
        [1.99, -1.0]
    """

    def __init__(self, p: int) -> None:
        self.p = require_positive_int("p", p)
        self.weights = self.bias = None  # fit が決めます

    def fit(self, x: np.ndarray, y: np.ndarray) -> LinearAR:
        """窓 x (N, T, 1) の新しいほうから p 点と、次の値 y (N, 1) から係数を決めます。"""
        design = self._design(x)
        y = require_array("y", y, (len(design), 1))
        # min_w ‖ X w − y ‖²
        solution, *_ = np.linalg.lstsq(design, y[:, 0], rcond=None)
        self.weights, self.bias = (
            solution[:-1],
            float(solution[-1]),
        )  # weights[0] が直前の値
        return self

    def predict(self, x: np.ndarray) -> np.ndarray:
        """次の値 ŷ (N, 1) を返します。先に fit を呼びます。"""
        if self.weights is None:
            raise ValueError(
                "この LinearAR には、まだ係数がありません。先に fit(x, y) を呼びます。"
            )
        return self._design(x) @ np.append(self.weights, self.bias)[:, np.newaxis]

    def _design(self, x: np.ndarray) -> np.ndarray:
        x = require_array("x", x, ("N", "T", 1))
        if x.shape[1] < self.p:
            raise ValueError(
                f"引数 x の窓は p = {self.p} 点以上です。{x.shape[1]} 点が渡されました。"
            )
        newest_first = x[:, ::-1, 0][:, : self.p]  # (N, p)
        return np.column_stack([newest_first, np.ones(len(x))])  # (N, p + 1)
