"""打ち切り BPTT: k 時刻より前へは、勾配を遡らせません（第 2 章）。

系列を k 時刻ずつの区間に切ります。順伝播の隠れ状態は区間をまたいで渡しますが、逆伝播は区間の
はじめで止めます（PyTorch では、区間の境目で h.detach() とします）。

    区間のはじめの h_{t-1} について ∂L/∂h_{t-1} を 0 とみなす

k = T なら打ち切りのない BPTT と同じです。

論文: Williams, R. J. & Peng, J. (1990). Neural Computation 2, 490-501.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnbook.arguments import require_array, require_positive_int
from rnnbook.cells.rnn import RNNGrads, RNNParams, RNNTrace, rnn_backward
from rnnbook.cells.traces import require_trace


def rnn_backward_truncated(
    trace: RNNTrace, params: RNNParams, dh: np.ndarray, k: int
) -> RNNGrads:
    """k 時刻で打ち切った逆伝播。引数 dh (B, T, H) と戻り値は rnn_backward と同じです。

    例:
        >>> from rnnbook.cells.rnn import rnn_forward
        >>> params = RNNParams(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0])
        >>> trace = rnn_forward(np.zeros((1, 4, 1)), params)
        >>> dh = np.zeros((1, 4, 1))
        >>> dh[:, -1] = 1.0
        >>> rnn_backward_truncated(trace, params, dh, k=2).x[0, :, 0]  # 前の区間へは届かない
        array([0. , 0. , 0.5, 1. ])
    """
    require_trace(trace, RNNTrace, params, RNNParams)
    k, (B, T, H) = require_positive_int("k", k), trace.h.shape
    dh = require_array("dh", dh, (B, T, H))
    parts = []
    for first in range(0, T, k):
        cut = slice(first, first + k)
        # 区間のはじめの h は、値だけの h0 になります。勾配は、そこで止まります
        h0 = trace.h0 if first == 0 else trace.h[:, first - 1]
        x, a, h = (v[:, cut] for v in (trace.x, trace.a, trace.h))
        part = replace(trace, x=x, a=a, h=h, h0=h0)
        parts.append(rnn_backward(part, params, dh[:, cut]))
    return RNNGrads(
        W_xh=sum(p.W_xh for p in parts),
        W_hh=sum(p.W_hh for p in parts),
        b_h=sum(p.b_h for p in parts),
        x=np.concatenate([p.x for p in parts], axis=1),
        h0=parts[0].h0,
    )
