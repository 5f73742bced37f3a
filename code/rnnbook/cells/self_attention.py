"""自己注意を、順伝播も逆伝播も手で書いたもの（第 16 章）。注意そのものは、第 6 章の内積の注意です。

    q_t = W_q x_t + b_q,  k_t = W_k x_t + b_k,  v_t = W_v x_t + b_v    どれも同じ x から
    α_{t,s} = softmax_s(q_t · k_s / √d)       t から見てよい s の上だけで
    a_t = Σ_s α_{t,s} v_s
    y_t = W_o [a_t の heads 組をつないだもの] + b_o

E 次元の q、k、v を heads 組に分け、組ごとに d = E / heads 次元で見比べます。
形: x と y (B, T, E)、W (E, E)、b (E,)、α (B, heads, T, T)。計算は float64 です。
論文: Vaswani, A. ほか (2017). Attention is all you need. NeurIPS 2017.
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
)
from rnnbook.cells.attention import AttentionTrace, dot_attention_backward
from rnnbook.cells.readout import readout, readout_backward


@dataclass(frozen=True, eq=False)
class SelfAttentionParams:
    """自己注意の重み。W は (E, E)、b は (E,)。heads は E を割り切ります。"""

    W_q: np.ndarray
    b_q: np.ndarray
    W_k: np.ndarray
    b_k: np.ndarray
    W_v: np.ndarray
    b_v: np.ndarray
    W_o: np.ndarray
    b_o: np.ndarray
    heads: int = 1

    def __post_init__(self) -> None:
        E = require_array("W_q", self.W_q, ("E", "D")).shape[0]
        for k in "qkvo":
            for name, shape in ((f"W_{k}", (E, E)), (f"b_{k}", (E,))):
                value = require_array(name, getattr(self, name), shape)
                object.__setattr__(self, name, value.astype(np.float64))
        if E % require_positive_int("heads", self.heads):
            raise ValueError(
                f"引数 heads は E = {E} を割り切る整数です。{self.heads} が渡されました。"
            )

    @property
    def E(self) -> int:
        """ベクトルの次元。"""
        return self.W_q.shape[0]

    @classmethod
    def random(
        cls, E: int, heads: int, rng: np.random.Generator
    ) -> SelfAttentionParams:
        """±1/√E の一様乱数です。

        例:
            >>> SelfAttentionParams.random(6, 2, np.random.default_rng(0)).W_o.shape
            (6, 6)
        """
        E = require_positive_int("E", E)
        require_generator("rng", rng)
        scale = 1 / np.sqrt(E)
        shapes = ((E, E), (E,)) * 4
        return cls(*(rng.uniform(-scale, scale, s) for s in shapes), heads=heads)


@dataclass(frozen=True, eq=False)
class SelfAttentionTrace:
    """順伝播が通った値。"""

    x: np.ndarray  # (B, T, E) 入力
    inner: AttentionTrace  # 組ごとの注意。系列と組を、一つの軸 (B · heads) に並べたもの
    joined: np.ndarray  # (B, T, E) heads 組の a_t をつないだもの
    y: np.ndarray  # (B, T, E) 出力

    @property
    def alpha(self) -> np.ndarray:
        """重み α (B, heads, T, T)。alpha[b, k, t, s] は、組 k で t が s を見る重みです。"""
        B, T, _ = self.x.shape
        return self.inner.alpha.reshape(B, -1, T, T)


def visible(
    B: int, T: int, real: np.ndarray | None = None, causal: bool = False
) -> np.ndarray:
    """時刻 t が時刻 s を見てよいかの表 (B, T, T)。[b, t, s] が真なら見えます。

    real (B, T) が偽の所（埋めた所）は、だれも見ません。causal が真なら、t は t より後ろを見ません。
    見てよい所が一つもない時刻があれば、ValueError です。

    例:
        >>> visible(1, 3, causal=True)[0].astype(int)
        array([[1, 0, 0],
               [1, 1, 0],
               [1, 1, 1]])
        >>> visible(1, 3, np.array([[True, True, False]]))[0].astype(int)
        array([[1, 1, 0],
               [1, 1, 0],
               [1, 1, 0]])
    """
    B, T = require_positive_int("B", B), require_positive_int("T", T)
    seen = np.ones((B, T, T), bool)
    if require_choice("causal", causal, (False, True)):
        # s ≤ t だけ
        seen &= np.tri(T, dtype=bool)
    if real is not None:
        real = np.asarray(real)
        if real.dtype != bool or real.shape != (B, T):
            raise ValueError(
                f"引数 real は、読んだ所が真の、形 {(B, T)} の真偽の配列です。"
                f"{real.dtype} の形 {real.shape} が渡されました。"
            )
        seen &= real[:, None, :]
    if not (some := seen.any(axis=2)).all():
        b, t = np.argwhere(~some)[0]
        raise ValueError(
            "引数 real は、どの時刻からも一つは見える並びです。"
            f"{b} 番目の系列の時刻 {t} から、見てよい所がありません。"
        )
    return seen


def self_attention(
    x: np.ndarray,
    params: SelfAttentionParams,
    real: np.ndarray | None = None,
    causal: bool = False,
) -> SelfAttentionTrace:
    """x (B, T, E) の各時刻が、同じ x の見てよい時刻を見て、y (B, T, E) を返します。

    例:
        >>> rng = np.random.default_rng(0)
        >>> params = SelfAttentionParams.random(E=4, heads=2, rng=rng)
        >>> trace = self_attention(rng.normal(size=(1, 3, 4)), params, causal=True)
        >>> trace.alpha[0, 0].round(2)  # 前だけを見る。行の和は 1
        array([[1.  , 0.  , 0.  ],
               [0.33, 0.67, 0.  ],
               [0.28, 0.24, 0.48]])
    """
    require_instance("params", params, SelfAttentionParams)
    x = require_array("x", x, ("B", "T", params.E)).astype(np.float64)
    B, T = x.shape[:2]
    seen = np.repeat(visible(B, T, real, causal), params.heads, axis=0)
    # q = W_q x + b_q。k と v も、同じ x から
    q, k, v = (
        _split(readout(x, W, b), params.heads)
        for W, b in (
            (params.W_q, params.b_q),
            (params.W_k, params.b_k),
            (params.W_v, params.b_v),
        )
    )  # (B · heads, T, d)
    # e_{t,s} = q_t · k_s / √d。見てはいけない所は −∞ で、exp が 0 になる
    e = np.where(seen, q @ k.transpose(0, 2, 1) * _scale(params), -np.inf)
    # α_{t,s} = exp(e_{t,s}) / Σ_{s'} exp(e_{t,s'})
    alpha = np.exp(e - e.max(axis=2, keepdims=True))
    alpha /= alpha.sum(axis=2, keepdims=True)
    # a_t = Σ_s α_{t,s} v_s
    inner = AttentionTrace(q, k, v, e, alpha, out=alpha @ v)
    joined = _join(inner.out, params.heads)
    # y_t = W_o [a_t] + b_o
    return SelfAttentionTrace(x, inner, joined, readout(joined, params.W_o, params.b_o))


def self_attention_backward(
    trace: SelfAttentionTrace, params: SelfAttentionParams, dy: np.ndarray
) -> tuple[SelfAttentionParams, np.ndarray]:
    """dy = ∂L/∂y (B, T, E) から、重みの勾配（重みと同じ形の組）と ∂L/∂x を返します。

    隠した所は α = 0 なので、そこへ流れる勾配も 0 です。マスクの式は要りません。

    例:
        >>> rng = np.random.default_rng(0)
        >>> params = SelfAttentionParams.random(E=4, heads=2, rng=rng)
        >>> trace = self_attention(rng.normal(size=(1, 3, 4)), params)
        >>> grads, dx = self_attention_backward(trace, params, np.ones((1, 3, 4)))
        >>> grads.W_q.shape, dx.shape, bool(abs(grads.b_k).max() < 1e-15)  # b_k は効かない
        ((4, 4), (1, 3, 4), True)
    """
    require_instance("trace", trace, SelfAttentionTrace)
    require_instance("params", params, SelfAttentionParams)
    dy = require_array("dy", dy, trace.y.shape)
    out = readout_backward(trace.joined, params.W_o, dy)
    inner = dot_attention_backward(
        trace.inner, _split(out.h, params.heads), _scale(params)
    )
    # q、k、v は同じ x から来たので、∂L/∂x は三つの道の和
    dx, grads = np.zeros_like(trace.x), {"W_o": out.W_hy, "b_o": out.b_y}
    for name, part in (("q", inner.query), ("k", inner.key), ("v", inner.value)):
        back = readout_backward(
            trace.x, getattr(params, f"W_{name}"), _join(part, params.heads)
        )
        grads |= {f"W_{name}": back.W_hy, f"b_{name}": back.b_y}
        dx += back.h
    return SelfAttentionParams(**grads, heads=params.heads), dx


def _scale(params: SelfAttentionParams) -> float:
    return 1 / np.sqrt(params.E // params.heads)  # 1/√d


def _split(x: np.ndarray, heads: int) -> np.ndarray:
    B, T, E = x.shape
    x = x.reshape(B, T, heads, E // heads).transpose(0, 2, 1, 3)  # (B, heads, T, d)
    return x.reshape(B * heads, T, E // heads)


def _join(x: np.ndarray, heads: int) -> np.ndarray:
    rows, T, d = x.shape
    x = x.reshape(rows // heads, heads, T, d).transpose(0, 2, 1, 3)  # (B, T, heads, d)
    return x.reshape(rows // heads, T, heads * d)
