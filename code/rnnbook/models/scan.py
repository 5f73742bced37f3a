"""並列スキャン h_t = a_t h_{t-1} + b_t を、PyTorch で。勾配も、同じスキャンで求めます（第 16 章）。

rnnbook.cells.scan の式を、バッチのある形 (B, T, H) で書いたものです。二つの方法があります。

- doubling: つなぐ幅を 1, 2, 4, … と倍にする。段は ⌈log₂ T⌉、つなぐ回数は T log₂ T ほど。
- blocks: √T 個のかたまりに切り、かたまりの中を順に、かたまりどうしを順につなぐ。段は 2√T ほど、
  つなぐ回数は 2T ほど。

a と b の符号は問いません。logarithmic は、対数の上で求める公開された方法です（a も b も正に限ります）。
論文: Feng, L. ほか (2024). Were RNNs All We Needed? arXiv:2410.01201（対数の上のスキャン）。
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.autograd import Function

from rnnbook.arguments import require_choice

METHODS = ("doubling", "blocks", "in_order")


def scan(a: Tensor, b: Tensor, method: str = "doubling") -> Tensor:
    """h (B, T, H)。a と b は同じ形 (B, T, H) で、h_0 = 0 です。

    例:
        >>> a, b = torch.full((1, 3, 1), 0.5), torch.ones(1, 3, 1)
        >>> scan(a, b).flatten().tolist()
        [1.0, 1.5, 1.75]
    """
    require_choice("method", method, METHODS)
    for name, value in (("a", a), ("b", b)):
        if not isinstance(value, Tensor) or value.dim() != 3 or 0 in value.shape:
            raise ValueError(
                f"引数 {name} は、どの長さも 1 以上のテンソル (B, T, H) です。"
                f"{getattr(value, 'shape', type(value).__name__)} が渡されました。"
            )
    if a.shape != b.shape:
        raise ValueError(
            "引数 a と b は同じ形です。"
            f"形 {tuple(a.shape)} と {tuple(b.shape)} が渡されました。"
        )
    return in_order(a, b) if method == "in_order" else _Scan.apply(a, b, method)


def in_order(a: Tensor, b: Tensor) -> Tensor:
    """時刻の順に、Python のループで。勾配は autograd が求めます。"""
    h, found = torch.zeros_like(b[:, 0]), []
    for t in range(b.shape[1]):
        # h_t = a_t h_{t-1} + b_t
        h = a[:, t] * h + b[:, t]
        found.append(h)
    return torch.stack(found, 1)


class _Scan(Function):
    """順伝播も逆伝播も、途中の段を残さないスキャンです。"""

    @staticmethod
    def forward(ctx, a: Tensor, b: Tensor, method: str) -> Tensor:
        h = _FORWARD[method](a, b)
        ctx.save_for_backward(a, h)
        ctx.method = method
        return h

    @staticmethod
    def backward(ctx, dh: Tensor):
        a, h = ctx.saved_tensors
        # g_t = dh_t + a_{t+1} g_{t+1}: 後ろから前への同じスキャン
        later = torch.zeros_like(a)
        later[:, 1:] = a[:, 1:].flip(1)
        g = _FORWARD[ctx.method](later, dh.flip(1)).flip(1)
        # ∂L/∂a_t = g_t h_{t-1}、∂L/∂b_t = g_t
        da = torch.zeros_like(a)
        torch.mul(g[:, 1:], h[:, :-1], out=da[:, 1:])
        return da, g, None


def _doubling(a: Tensor, b: Tensor) -> Tensor:
    A, h, d = a.clone(), b.clone(), 1
    while d < b.shape[1]:
        # 位置 t（d 以上）: (A_t, h_t) ← (A_t A_{t-d}, A_t h_{t-d} + h_t)
        h[:, d:] += A[:, d:] * h[:, :-d]
        A[:, d:] = (
            A[:, d:] * A[:, :-d]
        )  # 右辺は新しい置き場なので、書き換えと重ならない
        d *= 2
    return h


def _blocks(a: Tensor, b: Tensor) -> Tensor:
    B, T, H = b.shape
    n = math.isqrt(T - 1) + 1  # ⌈√T⌉ 個のかたまり
    m = -(-T // n)  # かたまりの長さ
    if n * m > T:  # 余りは、何もしない一歩 (1, 0) で埋める
        a = torch.cat([a, a.new_ones(B, n * m - T, H)], 1)
        b = torch.cat([b, b.new_zeros(B, n * m - T, H)], 1)
    A, h = (x.reshape(B, n, m, H).clone() for x in (a, b))
    for j in range(1, m):  # すべてのかたまりを、いちどに一歩進める
        h[:, :, j] += A[:, :, j] * h[:, :, j - 1]
        A[:, :, j] *= A[:, :, j - 1]
    start = torch.zeros_like(h[:, :, 0])  # かたまりに入る前の h
    for k in range(1, n):
        start[:, k] = A[:, k - 1, -1] * start[:, k - 1] + h[:, k - 1, -1]
    # かたまりの中の h に、入る前の h を A 倍して足す
    h.addcmul_(A, start[:, :, None])
    return h.view(B, n * m, H)[:, :T]


_FORWARD = {"doubling": _doubling, "blocks": _blocks}


def logarithmic(log_a: Tensor, log_b: Tensor) -> Tensor:
    """対数の上のスキャン。log a と log b (B, T, H) から h。a も b も正に限ります。

    log h_t = A_t + logΣexp_{s ≤ t} (log b_s − A_s),   A_t = Σ_{s ≤ t} log a_s

    例:
        >>> a, b = torch.full((1, 3, 1), 0.5), torch.ones(1, 3, 1)
        >>> [round(h, 4) for h in logarithmic(a.log(), b.log()).flatten().tolist()]
        [1.0, 1.5, 1.75]
    """
    A = log_a.cumsum(1)
    return (A + torch.logcumsumexp(log_b - A, 1)).exp()
