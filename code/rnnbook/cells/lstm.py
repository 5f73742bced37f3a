"""LSTM を、順伝播も逆伝播も手で書いたもの（第 3 章）。

    i_t = σ(W_xi x_t + W_hi h_{t-1} + b_i)       入力ゲート
    f_t = σ(W_xf x_t + W_hf h_{t-1} + b_f)       忘却ゲート
    o_t = σ(W_xo x_t + W_ho h_{t-1} + b_o)       出力ゲート
    c̃_t = tanh(W_xc x_t + W_hc h_{t-1} + b_c)    書き込む候補
    c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t              セル状態
    h_t = o_t ⊙ tanh(c_t)                        隠れ状態

形: x (B, T, D)、h と c とゲート (B, T, H)、W_x? (H, D)、W_h? (H, H)、b_? (H,)。
計算は float64 です。
論文: Hochreiter, S. & Schmidhuber, J. (1997). Long short-term memory.
      Neural Computation 9, 1735-1780（忘却ゲートはまだありません）。
      Gers, F. A., Schmidhuber, J. & Cummins, F. (2000). Learning to forget.
      Neural Computation 12, 2451-2471（忘却ゲートを加えた論文）。
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import expit as sigmoid  # σ(a) = 1 / (1 + e^{-a})

from rnnbook.arguments import (
    require_array,
    require_generator,
    require_instance,
    require_positive_int,
    require_range,
)
from rnnbook.cells.traces import require_trace

GATES = ("i", "f", "o", "c")


@dataclass(frozen=True, eq=False)
class LSTMParams:
    """LSTM の重み。ゲート i, f, o と候補 c のそれぞれに、W_x (H, D)、W_h (H, H)、b (H,)。

    例:
        >>> params = LSTMParams.random(D=3, H=4, rng=np.random.default_rng(0))
        >>> params.D, params.H
        (3, 4)
        >>> sum(getattr(params, n).size for n in vars(params))  # 4 (H D + H H + H)
        128
    """

    W_xi: np.ndarray  # (H, D)
    W_hi: np.ndarray  # (H, H)
    b_i: np.ndarray  # (H,)
    W_xf: np.ndarray
    W_hf: np.ndarray
    b_f: np.ndarray
    W_xo: np.ndarray
    W_ho: np.ndarray
    b_o: np.ndarray
    W_xc: np.ndarray
    W_hc: np.ndarray
    b_c: np.ndarray

    def __post_init__(self) -> None:
        H, D = require_array("W_xi", self.W_xi, ("H", "D")).shape
        for k in GATES:
            for name, shape in (
                (f"W_x{k}", (H, D)),
                (f"W_h{k}", (H, H)),
                (f"b_{k}", (H,)),
            ):
                value = require_array(name, getattr(self, name), shape)
                object.__setattr__(self, name, value.astype(np.float64))

    @property
    def D(self) -> int:
        """入力の次元。"""
        return self.W_xi.shape[1]

    @property
    def H(self) -> int:
        """隠れ次元。"""
        return self.W_xi.shape[0]

    @classmethod
    def random(
        cls, D: int, H: int, rng: np.random.Generator, forget_bias: float = 0.0
    ) -> LSTMParams:
        """重みは ±1/√H の一様乱数。バイアスは b_f が forget_bias、ほかは 0 です。

        入力も隠れ状態も 0 なら f_t = σ(forget_bias) で、c は一歩ごとにその倍率で残ります。

        例:
            >>> params = LSTMParams.random(1, 2, np.random.default_rng(0), forget_bias=1)
            >>> params.b_f, params.b_i
            (array([1., 1.]), array([0., 0.]))
        """
        D, H = require_positive_int("D", D), require_positive_int("H", H)
        require_generator("rng", rng)
        biases = dict.fromkeys(GATES, 0.0)
        biases["f"] = require_range("forget_bias", forget_bias, -1e3, 1e3)
        weights, scale = {}, 1 / np.sqrt(H)
        for k in GATES:
            weights[f"W_x{k}"] = rng.uniform(-scale, scale, (H, D))
            weights[f"W_h{k}"] = rng.uniform(-scale, scale, (H, H))
            weights[f"b_{k}"] = np.full(H, biases[k])
        return cls(**weights)


@dataclass(frozen=True, eq=False)
class LSTMTrace:
    """順伝播が通った値の記録。逆伝播と、ゲートの図がここから始まります。"""

    x: np.ndarray  # (B, T, D) 入力
    i: np.ndarray  # (B, T, H) 入力ゲート
    f: np.ndarray  # (B, T, H) 忘却ゲート
    o: np.ndarray  # (B, T, H) 出力ゲート
    c_tilde: np.ndarray  # (B, T, H) 書き込む候補
    c: np.ndarray  # (B, T, H) セル状態
    h: np.ndarray  # (B, T, H) 隠れ状態
    h0: np.ndarray  # (B, H) はじめの隠れ状態
    c0: np.ndarray  # (B, H) はじめのセル状態


@dataclass(frozen=True, eq=False)
class LSTMGrads:
    """損失 L の勾配。weights["W_xf"] のように、重みの勾配は重みと同じ名前で引けます。"""

    weights: dict[str, np.ndarray]  # 形は元の重みと同じ
    x: np.ndarray  # (B, T, D)
    c: np.ndarray  # (B, T, H) 途中の ∂L/∂c_t
    h0: np.ndarray  # (B, H)
    c0: np.ndarray  # (B, H)


class LSTMStep(NamedTuple):
    """一時刻の計算で出る値。どれも (B, H)。次の時刻へ渡すのは c と h です。"""

    i: np.ndarray  # 入力ゲート
    f: np.ndarray  # 忘却ゲート
    o: np.ndarray  # 出力ゲート
    c_tilde: np.ndarray  # 書き込む候補
    c: np.ndarray  # セル状態
    h: np.ndarray  # 隠れ状態


def lstm_cell(
    x: np.ndarray, h: np.ndarray, c: np.ndarray, params: LSTMParams
) -> LSTMStep:
    """一時刻だけ進めます。x (B, D) と一つ前の h, c (B, H) から、ゲートと新しい c, h を返します。

    例:
        >>> params = LSTMParams(*([[0.0]], [[0.0]], [0.0]) * 4)  # どのゲートも 1/2
        >>> step = lstm_cell(x=[[5.0]], h=[[0.0]], c=[[8.0]], params=params)
        >>> step.f, step.c  # 半分だけ残る
        (array([[0.5]]), array([[4.]]))
    """
    require_instance("params", params, LSTMParams)
    x = require_array("x", x, ("B", params.D))
    h = require_array("h", h, (x.shape[0], params.H))
    c = require_array("c", c, (x.shape[0], params.H))
    p = params
    # i_t = σ(W_xi x_t + W_hi h_{t-1} + b_i)
    i = sigmoid(x @ p.W_xi.T + h @ p.W_hi.T + p.b_i)  # (B, H)
    # f_t = σ(W_xf x_t + W_hf h_{t-1} + b_f)
    f = sigmoid(x @ p.W_xf.T + h @ p.W_hf.T + p.b_f)  # (B, H)
    # o_t = σ(W_xo x_t + W_ho h_{t-1} + b_o)
    o = sigmoid(x @ p.W_xo.T + h @ p.W_ho.T + p.b_o)  # (B, H)
    # c̃_t = tanh(W_xc x_t + W_hc h_{t-1} + b_c)
    c_tilde = np.tanh(x @ p.W_xc.T + h @ p.W_hc.T + p.b_c)  # (B, H)
    # c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t
    c = f * c + i * c_tilde
    # h_t = o_t ⊙ tanh(c_t)
    h = o * np.tanh(c)
    return LSTMStep(i, f, o, c_tilde, c, h)


def lstm_forward(
    x: np.ndarray,
    params: LSTMParams,
    h0: np.ndarray | None = None,
    c0: np.ndarray | None = None,
) -> LSTMTrace:
    """系列 x (B, T, D) の全時刻を順に計算します。h0 と c0 (B, H) を省くと 0 から始めます。

    例:
        >>> params = LSTMParams.random(D=1, H=4, rng=np.random.default_rng(0))
        >>> lstm_forward(np.zeros((2, 7, 1)), params).c.shape
        (2, 7, 4)
    """
    require_instance("params", params, LSTMParams)
    x = require_array("x", x, ("B", "T", params.D)).astype(np.float64)
    B, T, H = x.shape[0], require_positive_int("T", x.shape[1]), params.H
    h0 = np.zeros((B, H)) if h0 is None else h0
    c0 = np.zeros((B, H)) if c0 is None else c0
    h0 = require_array("h0", h0, (B, H)).astype(np.float64)
    c0 = require_array("c0", c0, (B, H)).astype(np.float64)

    i, f, o, c_tilde, c, h = (np.empty((B, T, H)) for _ in range(6))
    h_t, c_t = h0, c0
    for t in range(T):
        i[:, t], f[:, t], o[:, t], c_tilde[:, t], c_t, h_t = lstm_cell(
            x[:, t], h_t, c_t, params
        )
        c[:, t], h[:, t] = c_t, h_t
    return LSTMTrace(x=x, i=i, f=f, o=o, c_tilde=c_tilde, c=c, h=h, h0=h0, c0=c0)


def lstm_backward(
    trace: LSTMTrace,
    params: LSTMParams,
    dh: np.ndarray,
    dc: np.ndarray | None = None,
) -> LSTMGrads:
    """時間方向の誤差逆伝播（BPTT）。最後の時刻から、はじめの時刻へさかのぼります。

    dh (B, T, H) の dh[:, t] は、時刻 t の出力が h_t に直接もたらす ∂L/∂h_t です。
    dc (B, T, H) は、同じく c_t に直接入る ∂L/∂c_t です。省くと 0 で、ふつうの損失はこれです。
    dc[:, -1] だけを入れると、∂c_T/∂c_t が測れます。
    返す c (B, T, H) は ∂L/∂c_t で、c_t だけを動かしたときの L の変化です
    （h_t もその後も c_t につれて変わります）。

    例:
        >>> params = LSTMParams(*([[0.0]], [[0.0]], [0.0]) * 4)  # どのゲートも 1/2
        >>> trace = lstm_forward(np.zeros((1, 3, 1)), params)
        >>> dh = np.zeros((1, 3, 1))
        >>> dh[:, -1] = 1.0
        >>> lstm_backward(trace, params, dh).c[0, :, 0]  # さかのぼるたびに f = 0.5 倍
        array([0.125, 0.25 , 0.5  ])
        >>> lstm_backward(trace, params, dh=np.zeros((1, 3, 1)), dc=dh).c[0, :, 0]
        array([0.25, 0.5 , 1.  ])
    """
    require_trace(trace, LSTMTrace, params, LSTMParams)
    p, (B, T, H) = params, trace.h.shape
    dh = require_array("dh", dh, (B, T, H))
    dc = require_array("dc", np.zeros((B, T, H)) if dc is None else dc, (B, T, H))
    grads = {name: np.zeros_like(getattr(p, name)) for name in vars(p)}
    dx, dc_total = np.zeros_like(trace.x), np.zeros_like(trace.c)
    dh_from_future, dc_from_future = np.zeros((B, H)), np.zeros((B, H))
    for t in reversed(range(T)):
        h_previous = trace.h[:, t - 1] if t > 0 else trace.h0
        c_previous = trace.c[:, t - 1] if t > 0 else trace.c0
        i, f, o, c_tilde = (
            gate[:, t] for gate in (trace.i, trace.f, trace.o, trace.c_tilde)
        )
        tanh_c = np.tanh(trace.c[:, t])
        # ∂L/∂h_t = （時刻 t の出力から） + （未来の時刻から）
        dh_t = dh[:, t] + dh_from_future
        # ∂L/∂c_t = ∂L/∂h_t ⊙ o_t ⊙ (1 − tanh² c_t) + （直接） + （未来の時刻から）
        dc_total[:, t] = dc_t = dh_t * o * (1 - tanh_c**2) + dc[:, t] + dc_from_future
        # ゲートに入る前の値 a の勾配。σ' = σ(1 − σ)、tanh' = 1 − tanh²
        da = {
            "i": dc_t * c_tilde * i * (1 - i),
            "f": dc_t * c_previous * f * (1 - f),
            "o": dh_t * tanh_c * o * (1 - o),
            "c": dc_t * i * (1 - c_tilde**2),
        }
        dh_from_future = np.zeros((B, H))
        for k in GATES:
            grads[f"W_x{k}"] += da[k].T @ trace.x[:, t]  # Σ_t da_t x_tᵀ
            grads[f"W_h{k}"] += da[k].T @ h_previous  # Σ_t da_t h_{t-1}ᵀ
            grads[f"b_{k}"] += da[k].sum(axis=0)  # Σ_t da_t
            dx[:, t] += da[k] @ getattr(p, f"W_x{k}")  # W_xᵀ da_t
            dh_from_future += da[k] @ getattr(p, f"W_h{k}")  # W_hᵀ da_t
        # c_{t-1} へ届く分 = f_t ⊙ ∂L/∂c_t。行列も tanh' も掛かりません
        dc_from_future = f * dc_t
    return LSTMGrads(grads, x=dx, c=dc_total, h0=dh_from_future, c0=dc_from_future)
