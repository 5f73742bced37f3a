"""GRU を、順伝播も逆伝播も手で書いたもの（第 3 章）。

    r_t = σ(W_xr x_t + W_hr h_{t-1} + b_r)                リセットゲート
    z_t = σ(W_xz x_t + W_hz h_{t-1} + b_z)                更新ゲート
    h̃_t = tanh(W_xh x_t + W_hh (r_t ⊙ h_{t-1}) + b_h)     新しい候補
    h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t                 隠れ状態

流儀が二つずつあり、重みを写すときに効きます。
- リセットの場所: 上の式は行列を掛ける前です（Cho らの論文の最終稿、Keras の reset_after=False）。
  PyTorch と Keras の既定は掛けた後で、バイアス b_hh が一本増えます（reset_after=True。
  arXiv の第 1 稿もこちらです）。
  h̃_t = tanh(W_xh x_t + b_h + r_t ⊙ (W_hh h_{t-1} + b_hh))
- 更新ゲートの向き: 上の式は Chung らの書き方です。Cho らの論文、PyTorch、Keras は
  h_t = z_t ⊙ h_{t-1} + (1 − z_t) ⊙ h̃_t と書きます。

形: x (B, T, D)、h とゲート (B, T, H)、W_x? (H, D)、W_h? (H, H)、b_? (H,)。計算は float64。
論文: Cho, K. et al. (2014). Learning phrase representations using RNN encoder-decoder
      for statistical machine translation. EMNLP 2014. arXiv:1406.1078.
      Chung, J. et al. (2014). Empirical evaluation of gated recurrent neural networks
      on sequence modeling. arXiv:1412.3555.
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
)
from rnnbook.cells.traces import require_trace

GATES = ("r", "z", "h")


@dataclass(frozen=True, eq=False)
class GRUParams:
    """GRU の重み。ゲート r, z と候補 h のそれぞれに、W_x (H, D)、W_h (H, H)、b (H,)。

    b_hh (H,) を渡すと reset_after=True の流儀になり、省くと、行列を掛ける前にリセットします。

    例:
        >>> params = GRUParams.random(D=3, H=4, rng=np.random.default_rng(0))
        >>> params.D, params.H, params.reset_after
        (3, 4, False)
    """

    W_xr: np.ndarray  # (H, D)
    W_hr: np.ndarray  # (H, H)
    b_r: np.ndarray  # (H,)
    W_xz: np.ndarray
    W_hz: np.ndarray
    b_z: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray
    b_hh: np.ndarray | None = None  # (H,)

    def __post_init__(self) -> None:
        H, D = require_array("W_xr", self.W_xr, ("H", "D")).shape
        shapes = {"b_hh": (H,)} if self.reset_after else {}
        for k in GATES:
            shapes |= {f"W_x{k}": (H, D), f"W_h{k}": (H, H), f"b_{k}": (H,)}
        for name, shape in shapes.items():
            value = require_array(name, getattr(self, name), shape)
            object.__setattr__(self, name, value.astype(np.float64))

    @property
    def D(self) -> int:
        """入力の次元。"""
        return self.W_xr.shape[1]

    @property
    def H(self) -> int:
        """隠れ次元。"""
        return self.W_xr.shape[0]

    @property
    def reset_after(self) -> bool:
        """リセットゲートを、行列 W_hh を掛けた後に効かせるか。"""
        return self.b_hh is not None

    @classmethod
    def random(
        cls, D: int, H: int, rng: np.random.Generator, reset_after: bool = False
    ) -> GRUParams:
        """重みは ±1/√H の一様乱数、バイアスは 0 です。

        例:
            >>> rng = np.random.default_rng(0)
            >>> GRUParams.random(D=1, H=2, rng=rng, reset_after=True).b_hh
            array([0., 0.])
        """
        D, H = require_positive_int("D", D), require_positive_int("H", H)
        require_generator("rng", rng)
        weights, scale = {}, 1 / np.sqrt(H)
        for k in GATES:
            weights[f"W_x{k}"] = rng.uniform(-scale, scale, (H, D))
            weights[f"W_h{k}"] = rng.uniform(-scale, scale, (H, H))
            weights[f"b_{k}"] = np.zeros(H)
        return cls(**weights, b_hh=np.zeros(H) if reset_after else None)


@dataclass(frozen=True, eq=False)
class GRUTrace:
    """順伝播が通った値の記録。逆伝播と、ゲートの図がここから始まります。"""

    x: np.ndarray  # (B, T, D) 入力
    r: np.ndarray  # (B, T, H) リセットゲート
    z: np.ndarray  # (B, T, H) 更新ゲート
    h_tilde: np.ndarray  # (B, T, H) 新しい候補
    h: np.ndarray  # (B, T, H) 隠れ状態
    h0: np.ndarray  # (B, H) はじめの隠れ状態


@dataclass(frozen=True, eq=False)
class GRUGrads:
    """損失 L の勾配。weights["W_xz"] のように、重みの勾配は重みと同じ名前で引けます。"""

    weights: dict[str, np.ndarray]  # 形は元の重みと同じ
    x: np.ndarray  # (B, T, D)
    h: np.ndarray  # (B, T, H) 途中の ∂L/∂h_t
    h0: np.ndarray  # (B, H)


class GRUStep(NamedTuple):
    """一時刻の計算で出る値。どれも (B, H)。次の時刻へ渡すのは h です。"""

    r: np.ndarray  # リセットゲート
    z: np.ndarray  # 更新ゲート
    h_tilde: np.ndarray  # 新しい候補
    h: np.ndarray  # 隠れ状態


def gru_cell(x: np.ndarray, h: np.ndarray, params: GRUParams) -> GRUStep:
    """一時刻だけ進めます。x (B, D) と一つ前の h (B, H) から、ゲートと新しい h を返します。

    例:
        >>> params = GRUParams(*([[0.0]], [[0.0]], [0.0]) * 3)  # r と z は 1/2、h̃ は 0
        >>> gru_cell(x=[[5.0]], h=[[0.8]], params=params).h
        array([[0.4]])
    """
    require_instance("params", params, GRUParams)
    x = require_array("x", x, ("B", params.D))
    h = require_array("h", h, (x.shape[0], params.H))
    p = params
    # r_t = σ(W_xr x_t + W_hr h_{t-1} + b_r)
    r = sigmoid(x @ p.W_xr.T + h @ p.W_hr.T + p.b_r)  # (B, H)
    # z_t = σ(W_xz x_t + W_hz h_{t-1} + b_z)
    z = sigmoid(x @ p.W_xz.T + h @ p.W_hz.T + p.b_z)  # (B, H)
    if p.reset_after:
        # h̃_t = tanh(W_xh x_t + b_h + r_t ⊙ (W_hh h_{t-1} + b_hh))
        h_tilde = np.tanh(x @ p.W_xh.T + p.b_h + r * (h @ p.W_hh.T + p.b_hh))
    else:
        # h̃_t = tanh(W_xh x_t + W_hh (r_t ⊙ h_{t-1}) + b_h)
        h_tilde = np.tanh(x @ p.W_xh.T + (r * h) @ p.W_hh.T + p.b_h)  # (B, H)
    # h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t
    h = (1 - z) * h + z * h_tilde
    return GRUStep(r, z, h_tilde, h)


def gru_forward(
    x: np.ndarray, params: GRUParams, h0: np.ndarray | None = None
) -> GRUTrace:
    """系列 x (B, T, D) の全時刻を順に計算します。h0 (B, H) を省くと 0 から始めます。

    例:
        >>> params = GRUParams.random(D=1, H=4, rng=np.random.default_rng(0))
        >>> gru_forward(np.zeros((2, 7, 1)), params).z.shape
        (2, 7, 4)
    """
    require_instance("params", params, GRUParams)
    x = require_array("x", x, ("B", "T", params.D)).astype(np.float64)
    B, T, H = x.shape[0], require_positive_int("T", x.shape[1]), params.H
    h0 = np.zeros((B, H)) if h0 is None else h0
    h0 = require_array("h0", h0, (B, H)).astype(np.float64)

    r, z, h_tilde, h = (np.empty((B, T, H)) for _ in range(4))
    h_t = h0
    for t in range(T):
        r[:, t], z[:, t], h_tilde[:, t], h_t = gru_cell(x[:, t], h_t, params)
        h[:, t] = h_t
    return GRUTrace(x=x, r=r, z=z, h_tilde=h_tilde, h=h, h0=h0)


def gru_backward(trace: GRUTrace, params: GRUParams, dh: np.ndarray) -> GRUGrads:
    """時間方向の誤差逆伝播（BPTT）。最後の時刻から、はじめの時刻へさかのぼります。

    dh (B, T, H) の dh[:, t] は、時刻 t の出力が h_t に直接もたらす ∂L/∂h_t です。

    例:
        >>> params = GRUParams(*([[0.0]], [[0.0]], [0.0]) * 3)  # z は 1/2
        >>> dh = np.zeros((1, 3, 1))
        >>> dh[:, -1] = 1.0
        >>> trace = gru_forward(np.zeros((1, 3, 1)), params)
        >>> gru_backward(trace, params, dh).h[0, :, 0]  # さかのぼるたびに 1 − z = 0.5 倍
        array([0.25, 0.5 , 1.  ])
    """
    require_trace(trace, GRUTrace, params, GRUParams)
    p, (B, T, H) = params, trace.h.shape
    dh = require_array("dh", dh, (B, T, H))
    grads = {n: np.zeros_like(w) for n, w in vars(p).items() if w is not None}
    dx, dh_total = np.zeros_like(trace.x), np.zeros_like(trace.h)
    dh_from_future = np.zeros((B, H))
    for t in reversed(range(T)):
        h_previous = trace.h[:, t - 1] if t > 0 else trace.h0
        r, z, h_tilde = trace.r[:, t], trace.z[:, t], trace.h_tilde[:, t]
        # ∂L/∂h_t = （時刻 t の出力から） + （未来の時刻から）
        dh_total[:, t] = dh_t = dh[:, t] + dh_from_future
        # tanh と σ に入る前の値 a の勾配。tanh' = 1 − tanh²、σ' = σ(1 − σ)
        da = {
            "h": dh_t * z * (1 - h_tilde**2),
            "z": dh_t * (h_tilde - h_previous) * z * (1 - z),
        }
        # h_{t-1} へ届く分: まず、そのまま残る (1 − z_t) の道
        dh_from_future = dh_t * (1 - z)
        if p.reset_after:
            # m = W_hh h_{t-1} + b_hh、 h̃ の中は r ⊙ m
            m, dm = h_previous @ p.W_hh.T + p.b_hh, da["h"] * r
            dr = da["h"] * m
            grads["W_hh"] += dm.T @ h_previous
            grads["b_hh"] += dm.sum(axis=0)
            dh_from_future += dm @ p.W_hh
        else:
            # q = r ⊙ h_{t-1}、 h̃ の中は W_hh q
            q, dq = r * h_previous, da["h"] @ p.W_hh
            dr = dq * h_previous
            grads["W_hh"] += da["h"].T @ q
            dh_from_future += dq * r
        da["r"] = dr * r * (1 - r)
        for k in ("r", "z"):
            grads[f"W_h{k}"] += da[k].T @ h_previous  # Σ_t da_t h_{t-1}ᵀ
            dh_from_future += da[k] @ getattr(p, f"W_h{k}")  # W_hᵀ da_t
        for k in GATES:
            grads[f"W_x{k}"] += da[k].T @ trace.x[:, t]  # Σ_t da_t x_tᵀ
            grads[f"b_{k}"] += da[k].sum(axis=0)  # Σ_t da_t
            dx[:, t] += da[k] @ getattr(p, f"W_x{k}")  # W_xᵀ da_t
    return GRUGrads(grads, x=dx, h=dh_total, h0=dh_from_future)
