"""注意機構を、順伝播も逆伝播も手で書いたもの（第 6 章）。

問い合わせ（query）ごとに、すべての鍵（key）と見比べ、値（value）の重みつきの平均を返します。

    e_{u,s} = scale · query_u · key_s                       内積
            = v · tanh(W_1 key_s + W_2 query_u + b)         加法
    α_{u,s} = exp(e_{u,s}) / Σ_{s'} exp(e_{u,s'})           見てよい s の上だけで
    out_u   = Σ_s α_{u,s} value_s

Seq2Seq では、query がデコーダの状態 s_u、key と value がどちらもエンコーダの状態 h_s、out が h̄_u です。
自己注意では、三つとも同じ系列から作ります。

形: query (B, U, D)、key (B, S, D)、value (B, S, N)、e と α (B, U, S)、out (B, U, N)。
論文: Bahdanau, D., Cho, K. & Bengio, Y. (2015). ICLR 2015（加法）。
      Luong, M.-T., Pham, H. & Manning, C. D. (2015). EMNLP 2015（内積）。
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import (
    require_array,
    require_generator,
    require_instance,
    require_number,
)


@dataclass(frozen=True, eq=False)
class AttentionTrace:
    """順伝播が通った値。"""

    query: np.ndarray  # (B, U, D)
    key: np.ndarray  # (B, S, D)
    value: np.ndarray  # (B, S, N)
    e: np.ndarray  # (B, U, S) 見比べた点
    alpha: np.ndarray  # (B, U, S) 重み。行の和は 1
    out: np.ndarray  # (B, U, N) 重みつきの平均
    z: np.ndarray | None = None  # (B, U, S, A) 加法の、tanh のあとの値


class AttentionGrads(NamedTuple):
    """∂L/∂query、∂L/∂key、∂L/∂value。"""

    query: np.ndarray
    key: np.ndarray
    value: np.ndarray


@dataclass(frozen=True, eq=False)
class AdditiveParams:
    """加法の見比べ方の重み。W_1 (A, D_key)、W_2 (A, D_query)、b (A,)、v (A,)。"""

    W_1: np.ndarray
    W_2: np.ndarray
    b: np.ndarray
    v: np.ndarray

    def __post_init__(self) -> None:
        A = require_array("W_1", self.W_1, ("A", "D_key")).shape[0]
        require_array("W_2", self.W_2, (A, "D_query"))
        require_array("b", self.b, (A,))
        require_array("v", self.v, (A,))

    @classmethod
    def random(
        cls, A: int, D_query: int, D_key: int, rng: np.random.Generator
    ) -> AdditiveParams:
        """±1/√A の一様乱数です。

        例:
            >>> AdditiveParams.random(3, 4, 5, np.random.default_rng(0)).W_1.shape
            (3, 5)
        """
        require_generator("rng", rng)
        shapes = ((A, D_key), (A, D_query), (A,), (A,))
        scale = 1 / np.sqrt(A)
        return cls(*(rng.uniform(-scale, scale, shape) for shape in shapes))


def masked_softmax(e: np.ndarray, real: np.ndarray | None = None) -> np.ndarray:
    """点 e (B, U, S) を、最後の軸（読む側）で、和が 1 の重みにします。real (B, S) が偽の所は 0 です。

    例:
        >>> masked_softmax(np.zeros((1, 1, 3)), np.array([[True, True, False]]))
        array([[[0.5, 0.5, 0. ]]])
    """
    e = require_array("e", e, ("B", "U", "S"))
    if real is not None:
        real = _seen(real, (e.shape[0], e.shape[2]))
        # 見てはいけない所の点を −∞ にすると、exp が 0 になります
        e = np.where(real[:, None], e, -np.inf)
    # α_{u,s} = exp(e_{u,s}) / Σ_{s'} exp(e_{u,s'})
    weight = np.exp(e - e.max(axis=2, keepdims=True))
    return weight / weight.sum(axis=2, keepdims=True)


def dot_attention(
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    real: np.ndarray | None = None,
    scale: float = 1.0,
) -> AttentionTrace:
    """内積で見比べる注意。real (B, S) が偽の所は見ません。

    例:
        >>> h = np.eye(3)[None]  # 三つの状態
        >>> trace = dot_attention(5 * h[:, :1], h, h)
        >>> trace.alpha.round(2), trace.out.round(2)
        (array([[[0.99, 0.01, 0.01]]]), array([[[0.99, 0.01, 0.01]]]))
    """
    query, key, value = _three(query, key, value)
    require_array("key", key, ("B", "S", query.shape[2]))
    scale = require_number("scale", scale)
    # e_{u,s} = scale · query_u · key_s
    e = scale * query @ key.transpose(0, 2, 1)  # (B, U, S)
    alpha = masked_softmax(e, real)
    # out_u = Σ_s α_{u,s} value_s
    return AttentionTrace(query, key, value, e, alpha, out=alpha @ value)


def additive_attention(
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    params: AdditiveParams,
    real: np.ndarray | None = None,
) -> AttentionTrace:
    """小さなネットワークで見比べる注意。

    例:
        >>> rng = np.random.default_rng(0)
        >>> params = AdditiveParams.random(5, D_query=3, D_key=4, rng=rng)
        >>> s, h = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 7, 4))
        >>> trace = additive_attention(s, h, h, params)
        >>> trace.z.shape, trace.alpha.shape, trace.out.shape
        ((2, 6, 7, 5), (2, 6, 7), (2, 6, 4))
    """
    require_instance("params", params, AdditiveParams)
    query, key, value = _three(query, key, value)
    require_array("query", query, ("B", "U", params.W_2.shape[1]))
    require_array("key", key, ("B", "S", params.W_1.shape[1]))
    # z_{u,s} = tanh(W_1 key_s + W_2 query_u + b)
    from_key, from_query = key @ params.W_1.T, query @ params.W_2.T
    z = np.tanh(from_key[:, None] + from_query[:, :, None] + params.b)  # (B, U, S, A)
    # e_{u,s} = v · z_{u,s}
    e = z @ params.v
    alpha = masked_softmax(e, real)
    return AttentionTrace(query, key, value, e, alpha, out=alpha @ value, z=z)


def weights_backward(trace: AttentionTrace, dout: np.ndarray) -> tuple:
    """∂L/∂out (B, U, N) から、∂L/∂e (B, U, S) と ∂L/∂value (B, S, N) を求めます。

    例:
        >>> h = np.eye(3)[None]
        >>> de, dvalue = weights_backward(dot_attention(h, h, h), np.ones((1, 3, 3)))
        >>> de.shape, float(abs(de.sum(axis=2)).max()) < 1e-15  # 行の和は 0
        ((1, 3, 3), True)
    """
    require_instance("trace", trace, AttentionTrace)
    dout = require_array("dout", dout, trace.out.shape)
    alpha = trace.alpha
    # ∂L/∂value_s = Σ_u α_{u,s} ∂L/∂out_u
    dvalue = alpha.transpose(0, 2, 1) @ dout
    # ∂L/∂α_{u,s} = value_s · ∂L/∂out_u
    dalpha = dout @ trace.value.transpose(0, 2, 1)
    # ∂L/∂e_{u,s} = α_{u,s} (∂L/∂α_{u,s} − Σ_{s'} α_{u,s'} ∂L/∂α_{u,s'})
    de = alpha * (dalpha - (alpha * dalpha).sum(axis=2, keepdims=True))
    return de, dvalue


def dot_attention_backward(
    trace: AttentionTrace, dout: np.ndarray, scale: float = 1.0
) -> AttentionGrads:
    """内積の注意の逆伝播。scale は順伝播と同じものです。

    例:
        >>> h = np.eye(3)[None]
        >>> grads = dot_attention_backward(dot_attention(h, h, h), np.ones((1, 3, 3)))
        >>> grads.value.sum()  # 重みの和は 1 なので、勾配の量は変わらない
        np.float64(9.0)
    """
    de, dvalue = weights_backward(trace, dout)
    # ∂L/∂query_u = scale Σ_s ∂L/∂e_{u,s} key_s、∂L/∂key_s = scale Σ_u ∂L/∂e_{u,s} query_u
    dquery = scale * de @ trace.key
    dkey = scale * de.transpose(0, 2, 1) @ trace.query
    return AttentionGrads(dquery, dkey, dvalue)


def additive_attention_backward(
    trace: AttentionTrace, params: AdditiveParams, dout: np.ndarray
) -> tuple[AttentionGrads, AdditiveParams]:
    """加法の注意の逆伝播。入力の勾配と、重みの勾配（AdditiveParams の形）を返します。

    例:
        >>> rng = np.random.default_rng(0)
        >>> params = AdditiveParams.random(5, D_query=3, D_key=4, rng=rng)
        >>> s, h = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 7, 4))
        >>> trace = additive_attention(s, h, h, params)
        >>> grads, weights = additive_attention_backward(trace, params, trace.out)
        >>> grads.key.shape, weights.W_2.shape
        ((2, 7, 4), (5, 3))
    """
    require_instance("params", params, AdditiveParams)
    de, dvalue = weights_backward(trace, dout)
    # tanh の中の和 W_1 key_s + W_2 query_u + b への勾配
    dz = de[..., None] * params.v * (1 - trace.z**2)  # (B, U, S, A)
    from_key, from_query = dz.sum(axis=1), dz.sum(axis=2)  # (B, S, A)、(B, U, A)
    weights = AdditiveParams(
        W_1=np.einsum("bsa,bsd->ad", from_key, trace.key),
        W_2=np.einsum("bua,bud->ad", from_query, trace.query),
        b=dz.sum(axis=(0, 1, 2)),
        v=np.einsum("bus,busa->a", de, trace.z),
    )
    grads = AttentionGrads(from_query @ params.W_2, from_key @ params.W_1, dvalue)
    return grads, weights


def _three(query: object, key: object, value: object) -> tuple[np.ndarray, ...]:
    query = require_array("query", query, ("B", "U", "D"))
    key = require_array("key", key, (query.shape[0], "S", "D"))
    value = require_array("value", value, (*key.shape[:2], "N"))
    return query, key, value


def _seen(real: object, shape: tuple[int, int]) -> np.ndarray:
    real = np.asarray(real)
    if real.dtype != bool or real.shape != shape:
        raise ValueError(
            f"引数 real は、見てよい所が真の、形 {shape} の真偽の配列です。"
            f"{real.dtype} の形 {real.shape} が渡されました。"
        )
    if not real.any(axis=1).all():
        raise ValueError(
            "引数 real は、系列ごとに一つは真です。"
            f"{int((~real.any(axis=1)).argmax())} 番目の系列に、見てよい所がありません。"
        )
    return real
