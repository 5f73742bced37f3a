"""順伝播の記録と重みが組になっていること。逆伝播は、記録を作った重みで行います（第 1〜3 章）。"""

from __future__ import annotations

from rnnbook.arguments import require_instance


def require_trace(
    trace: object, trace_kind: type, params: object, params_kind: type
) -> None:
    """記録 trace と重み params の種類が合い、大きさ D と H も同じことを確かめます。

    例:
        >>> import numpy as np
        >>> from rnnbook.cells.rnn import RNNParams, RNNTrace, rnn_forward
        >>> small, large = (RNNParams.random(1, H, np.random.default_rng(0)) for H in (2, 3))
        >>> trace = rnn_forward(np.zeros((1, 4, 1)), small)
        >>> require_trace(trace, RNNTrace, large, RNNParams)
        Traceback (most recent call last):
        ...
        ValueError: 引数 params は、記録 trace を作った D = 1、H = 2 の重みです。D = 1、H = 3 が渡されました。
    """
    require_instance("trace", trace, trace_kind)
    require_instance("params", params, params_kind)
    D, H = trace.x.shape[-1], trace.h.shape[-1]
    if (params.D, params.H) != (D, H):
        raise ValueError(
            f"引数 params は、記録 trace を作った D = {D}、H = {H} の重みです。"
            f"D = {params.D}、H = {params.H} が渡されました。"
        )
