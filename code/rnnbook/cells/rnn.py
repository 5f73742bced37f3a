"""単純な RNN を、順伝播も逆伝播も手で書いたもの（第 1 章）。

    a_t = W_xh x_t + W_hh h_{t-1} + b_h
    h_t = φ(a_t)

φ は活性化関数で、既定は tanh です。ReLU は IRNN（第 2・3 章）に、恒等写像は線形の場合に使います。

形: x (B, T, D)、h (B, T, H)、W_xh (H, D)、W_hh (H, H)、b_h (H,)。計算は float64 です。
論文: Elman, J. L. (1990). Finding structure in time. Cognitive Science 14, 179-211.
      Werbos, P. J. (1990). Backpropagation through time. Proc. IEEE 78, 1550-1560.
      Le, Q. V., Jaitly, N. & Hinton, G. E. (2015). arXiv:1504.00941（ReLU の RNN）。
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_choice,
    require_generator,
    require_instance,
    require_positive_int,
    require_range,
)
from rnnbook.cells.traces import require_trace

# 活性化関数の名前 → φ(a) と、a と h = φ(a) から求める傾き φ'(a)
ACTIVATIONS = {
    "tanh": (np.tanh, lambda a, h: 1 - h**2),
    "relu": (lambda a: np.maximum(a, 0.0), lambda a, h: np.where(a > 0, 1.0, 0.0)),
    "identity": (lambda a: a, lambda a, h: np.ones_like(a)),
}


@dataclass(frozen=True, eq=False)
class RNNParams:
    """単純な RNN の重み: W_xh (H, D)、W_hh (H, H)、b_h (H,)。

    activation は活性化関数 φ の名前で、"tanh"、"relu"、"identity" のどれかです。

    例:
        >>> params = RNNParams(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0])
        >>> params.D, params.H, params.activation
        (1, 1, 'tanh')
    """

    W_xh: np.ndarray  # (H, D)
    W_hh: np.ndarray  # (H, H)
    b_h: np.ndarray  # (H,)
    activation: str = "tanh"

    def __post_init__(self) -> None:
        W_xh = require_array("W_xh", self.W_xh, ("H", "D"))
        H = W_xh.shape[0]
        W_hh = require_array("W_hh", self.W_hh, (H, H))
        b_h = require_array("b_h", self.b_h, (H,))
        for name, value in (("W_xh", W_xh), ("W_hh", W_hh), ("b_h", b_h)):
            object.__setattr__(self, name, value.astype(np.float64))
        require_choice("activation", self.activation, ACTIVATIONS)

    @property
    def D(self) -> int:
        """入力の次元。"""
        return self.W_xh.shape[1]

    @property
    def H(self) -> int:
        """隠れ次元。"""
        return self.W_xh.shape[0]

    def phi(self, a: np.ndarray) -> np.ndarray:
        """活性化関数 h = φ(a)。

        例:
            >>> params = RNNParams([[1.0]], [[0.5]], [0.0], activation="relu")
            >>> params.phi(np.array([-2.0, 3.0]))
            array([0., 3.])
        """
        return ACTIVATIONS[self.activation][0](a)

    def slope(self, a: np.ndarray, h: np.ndarray) -> np.ndarray:
        """φ の傾き φ'(a)。h = φ(a) も使い、tanh では 1 − h² です。ReLU の a = 0 では 0 とします。

        例:
            >>> params = RNNParams(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0])
            >>> params.slope(a=np.arctanh(0.5), h=0.5)
            0.75
        """
        return ACTIVATIONS[self.activation][1](a, h)

    @classmethod
    def random(
        cls,
        D: int,
        H: int,
        rng: np.random.Generator,
        scale: float | None = None,
        activation: str = "tanh",
    ) -> RNNParams:
        """-scale から scale までの一様乱数で作ります。既定の scale は PyTorch と同じ 1/√H です。

        例:
            >>> RNNParams.random(D=3, H=4, rng=np.random.default_rng(0)).W_xh.shape
            (4, 3)
        """
        D, H = require_positive_int("D", D), require_positive_int("H", H)
        require_generator("rng", rng)
        scale = (
            1 / np.sqrt(H) if scale is None else require_range("scale", scale, 0.0, 1e6)
        )
        return cls(
            W_xh=rng.uniform(-scale, scale, (H, D)),
            W_hh=rng.uniform(-scale, scale, (H, H)),
            b_h=rng.uniform(-scale, scale, H),
            activation=activation,
        )


@dataclass(frozen=True, eq=False)
class RNNTrace:
    """順伝播が通った値の記録。逆伝播はここから始まります。"""

    x: np.ndarray  # (B, T, D) 入力
    a: np.ndarray  # (B, T, H) 活性化前の値
    h: np.ndarray  # (B, T, H) 隠れ状態
    h0: np.ndarray  # (B, H) はじめの隠れ状態


@dataclass(frozen=True, eq=False)
class RNNGrads:
    """損失 L を、重みと入力とはじめの隠れ状態で微分したもの。形は元の配列と同じです。"""

    W_xh: np.ndarray  # (H, D)
    W_hh: np.ndarray  # (H, H)
    b_h: np.ndarray  # (H,)
    x: np.ndarray  # (B, T, D)
    h0: np.ndarray  # (B, H)


def rnn_cell(x: np.ndarray, h: np.ndarray, params: RNNParams) -> np.ndarray:
    """一時刻だけ進めます。x (B, D) と一つ前の h (B, H) から、新しい h (B, H) を返します。

    例:
        >>> params = RNNParams(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0])
        >>> rnn_cell(x=[[2.0]], h=[[0.0]], params=params).round(3)
        array([[0.964]])
    """
    require_instance("params", params, RNNParams)
    x = require_array("x", x, ("B", params.D))
    h = require_array("h", h, (x.shape[0], params.H))
    # a_t = W_xh x_t + W_hh h_{t-1} + b_h
    a = x @ params.W_xh.T + h @ params.W_hh.T + params.b_h  # (B, H)
    # h_t = φ(a_t)。既定の φ は tanh
    return params.phi(a)  # (B, H)


def rnn_forward(
    x: np.ndarray, params: RNNParams, h0: np.ndarray | None = None
) -> RNNTrace:
    """系列 x (B, T, D) の全時刻を順に計算します。h0 (B, H) を省くと 0 から始めます。

    例:
        >>> params = RNNParams.random(D=1, H=4, rng=np.random.default_rng(0))
        >>> rnn_forward(np.zeros((2, 7, 1)), params).h.shape
        (2, 7, 4)
    """
    require_instance("params", params, RNNParams)
    x = require_array("x", x, ("B", "T", params.D)).astype(np.float64)
    B, T = x.shape[0], require_positive_int("T", x.shape[1])
    h0 = np.zeros((B, params.H)) if h0 is None else h0
    h0 = require_array("h0", h0, (B, params.H)).astype(np.float64)

    a = np.empty((B, T, params.H))
    h = np.empty((B, T, params.H))
    h_previous = h0
    for t in range(T):
        # a_t = W_xh x_t + W_hh h_{t-1} + b_h
        a[:, t] = x[:, t] @ params.W_xh.T + h_previous @ params.W_hh.T + params.b_h
        # h_t = φ(a_t)
        h[:, t] = params.phi(a[:, t])
        h_previous = h[:, t]
    return RNNTrace(x=x, a=a, h=h, h0=h0)


def rnn_backward(
    trace: RNNTrace,
    params: RNNParams,
    dh: np.ndarray,
) -> RNNGrads:
    """時間方向の誤差逆伝播（BPTT）。最後の時刻から、はじめの時刻へさかのぼります。

    dh (B, T, H) の dh[:, t] は、時刻 t の出力が h_t に直接もたらす ∂L/∂h_t です。
    最後の時刻だけが損失に入るなら、dh[:, -1] のほかは 0 です。

    例:
        >>> params = RNNParams(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0])
        >>> trace = rnn_forward(np.zeros((1, 3, 1)), params)  # a_t = 0 なので tanh' = 1
        >>> dh = np.zeros((1, 3, 1))
        >>> dh[:, -1] = 1.0
        >>> rnn_backward(trace, params, dh).x[0, :, 0]  # さかのぼるたびに W_hh = 0.5 倍
        array([0.25, 0.5 , 1.  ])
    """
    require_trace(trace, RNNTrace, params, RNNParams)
    B, T, H = trace.h.shape
    dh = require_array("dh", dh, (B, T, H))
    dW_xh, dW_hh, db_h = (
        np.zeros_like(w) for w in (params.W_xh, params.W_hh, params.b_h)
    )
    dx = np.zeros_like(trace.x)
    dh_from_future = np.zeros((B, H))
    for t in reversed(range(T)):
        h_previous = trace.h[:, t - 1] if t > 0 else trace.h0
        # ∂L/∂h_t = （時刻 t の出力から） + （未来の時刻から）
        dh_t = dh[:, t] + dh_from_future
        # ∂L/∂a_t = ∂L/∂h_t ⊙ φ'(a_t)。tanh では φ'(a_t) = 1 − h_t²
        da = dh_t * params.slope(trace.a[:, t], trace.h[:, t])  # (B, H)
        # 重みは全時刻で同じなので、勾配は時刻ごとの和になります
        dW_xh += da.T @ trace.x[:, t]  # ∂L/∂W_xh = Σ_t da_t x_tᵀ
        dW_hh += da.T @ h_previous  # ∂L/∂W_hh = Σ_t da_t h_{t-1}ᵀ
        db_h += da.sum(axis=0)  # ∂L/∂b_h = Σ_t da_t
        # ∂L/∂x_t = W_xhᵀ da_t
        dx[:, t] = da @ params.W_xh
        # h_{t-1} へ届く分 = W_hhᵀ da_t
        dh_from_future = da @ params.W_hh
    return RNNGrads(W_xh=dW_xh, W_hh=dW_hh, b_h=db_h, x=dx, h0=dh_from_future)
