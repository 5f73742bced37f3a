"""勾配が過去へどれだけ届くかを、逆伝播そのもので測ります（第 2・3 章）。

単純な RNN では、ひとつ前の隠れ状態への微分が行列になります。

    J_t = ∂h_t/∂h_{t-1} = diag(φ'(a_t)) W_hh        tanh では φ'(a_t) = 1 − h_t²
    ∂h_T/∂h_t = J_T J_{T-1} … J_{t+1}

この積の特異値が、h_t を少し動かしたときに h_T が動く倍率で、最大のものがスペクトルノルムです。
tanh でも ReLU でも φ' ≤ 1 なので ‖∂h_T/∂h_t‖ ≤ ‖W_hh‖^{T−t}。W_hh の最大の特異値が 1 より小さければ
勾配は必ず消えますが、スペクトル半径 ρ(W_hh) が 1 を超えても、爆発するとは限りません。

論文: Bengio, Y., Simard, P. & Frasconi, P. (1994). IEEE Trans. Neural Networks 5, 157-166.
      Pascanu, R., Mikolov, T. & Bengio, Y. (2013). ICML 2013.
"""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from rnnbook.cells.gru import GRUParams, GRUTrace, gru_backward
from rnnbook.cells.lstm import LSTMParams, LSTMTrace, lstm_backward
from rnnbook.cells.rnn import RNNParams, RNNTrace
from rnnbook.cells.traces import require_trace

Trace = RNNTrace | LSTMTrace | GRUTrace
Params = RNNParams | LSTMParams | GRUParams


def step_jacobians(trace: RNNTrace, params: RNNParams) -> np.ndarray:
    """単純な RNN の J_t = ∂h_t/∂h_{t-1} を、系列一本の全時刻について (T, H, H) で返します。

    例:
        >>> from rnnbook.cells.rnn import rnn_forward
        >>> params = RNNParams(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0])
        >>> step_jacobians(rnn_forward(np.zeros((1, 2, 1)), params), params).ravel()
        array([0.5, 0.5])
    """
    _one_series(trace)
    require_trace(trace, RNNTrace, params, RNNParams)
    # J_t = diag(φ'(a_t)) W_hh
    slope = params.slope(trace.a[0], trace.h[0])  # (T, H)
    return slope[:, :, np.newaxis] * params.W_hh  # (T, H, H)


def state_jacobians(trace: Trace, params: Params) -> np.ndarray:
    """系列一本について、最後の隠れ状態を途中の状態で微分した行列 (T, H, H) を返します。

    t 番目は、RNN と GRU では ∂h_T/∂h_t、LSTM では ∂h_T/∂c_t です（記憶を運ぶのが c なので）。
    LSTM と GRU は、手で書いた逆伝播を h_T の成分ごとに一度ずつ行った結果です。
    ∂h_T/∂h_T は単位行列、∂h_T/∂c_T は diag(o_T (1 − tanh² c_T)) です。

    例:
        >>> from rnnbook.cells.rnn import rnn_forward
        >>> params = RNNParams(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0])
        >>> trace = rnn_forward(np.zeros((1, 4, 1)), params)  # a_t = 0 なので tanh' = 1
        >>> state_jacobians(trace, params).ravel()
        array([0.125, 0.25 , 0.5  , 1.   ])
    """
    _one_series(trace)
    _, T, H = trace.h.shape
    if isinstance(trace, RNNTrace):
        jacobians = np.empty((T, H, H))
        jacobians[-1] = np.eye(H)
        steps = step_jacobians(trace, params)
        for t in reversed(range(T - 1)):
            # ∂h_T/∂h_t = (∂h_T/∂h_{t+1}) J_{t+1}
            jacobians[t] = jacobians[t + 1] @ steps[t + 1]
        return jacobians
    # 同じ系列を H 本に増やし、k 本目では h_T の k 番目の成分だけを微分します
    copies = replace(
        trace,
        **{f.name: np.repeat(getattr(trace, f.name), H, 0) for f in fields(trace)},
    )
    dh = np.zeros((H, T, H))
    dh[:, -1] = np.eye(H)
    if isinstance(trace, LSTMTrace):
        rows = lstm_backward(copies, params, dh).c  # (H, T, H): [k, t] = ∂h_T[k]/∂c_t
    else:
        rows = gru_backward(copies, params, dh).h  # (H, T, H): [k, t] = ∂h_T[k]/∂h_t
    return rows.swapaxes(0, 1)  # (T, H, H)


def singular_values(trace: Trace, params: Params) -> np.ndarray:
    """state_jacobians の各行列の特異値 (T, H)。大きい順です。

    最大の特異値の 1e-16 倍より小さいものは、計算の丸めに埋もれています。
    """
    return np.linalg.svd(state_jacobians(trace, params), compute_uv=False)


def gradient_norms(trace: Trace, params: Params) -> np.ndarray:
    """state_jacobians の各行列のスペクトルノルム（最大の特異値）(T,)。

    例:
        >>> from rnnbook.cells.lstm import lstm_forward
        >>> params = LSTMParams(*([[0.0]], [[0.0]], [0.0]) * 4)  # どのゲートも 1/2
        >>> gradient_norms(lstm_forward(np.zeros((1, 4, 1)), params), params)
        array([0.0625, 0.125 , 0.25  , 0.5   ])
    """
    return singular_values(trace, params)[:, 0]


def _one_series(trace: Trace) -> None:
    if not isinstance(trace, Trace):
        raise ValueError(
            "引数 trace は rnn_forward、lstm_forward、gru_forward のどれかの記録です。"
            f"{type(trace).__name__} が渡されました。"
        )
    if len(trace.x) != 1:
        raise ValueError(
            f"引数 trace は系列一本（B = 1）の記録です。B = {len(trace.x)} が渡されました。"
        )
