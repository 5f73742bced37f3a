"""双方向の RNN、LSTM、GRU を、順伝播も逆伝播も手で書いたもの（第 4 章）。

    →h_t = セル(x_t, →h_{t-1}; →W)    t = 1 … L
    ←h_t = セル(x_t, ←h_{t+1}; ←W)    t = L … 1
    h_t  = [→h_t ; ←h_t]

L は、埋める前の本当の長さです。後ろからの状態は L で 0 から始まり、埋めた所は読みません。
埋めた所の h_t は 0 です（PyTorch の pack_padded_sequence と同じ）。

形: x (B, T, D)、h (B, T, 2H)。前半の H 個が前から、後半の H 個が後ろからの状態です。
論文: Schuster, M. & Paliwal, K. K. (1997). Bidirectional recurrent neural networks.
      IEEE Trans. Signal Processing 45, 2673-2681.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnbook.arguments import require_array, require_instance
from rnnbook.cells.gru import GRUGrads, GRUParams, GRUTrace, gru_backward, gru_forward
from rnnbook.cells.lstm import (
    LSTMGrads,
    LSTMParams,
    LSTMTrace,
    lstm_backward,
    lstm_forward,
)
from rnnbook.cells.rnn import RNNGrads, RNNParams, RNNTrace, rnn_backward, rnn_forward

Params = RNNParams | LSTMParams | GRUParams
# 重みの種類 → 系列全体の順伝播と逆伝播
CELLS = {
    RNNParams: (rnn_forward, rnn_backward),
    LSTMParams: (lstm_forward, lstm_backward),
    GRUParams: (gru_forward, gru_backward),
}


@dataclass(frozen=True, eq=False)
class BidirectionalTrace:
    """二つの向きの記録。ahead は前から、back は後ろから読んだ順に並びます。"""

    ahead: RNNTrace | LSTMTrace | GRUTrace
    back: RNNTrace | LSTMTrace | GRUTrace
    lengths: np.ndarray  # (B,) 本当の長さ
    h: np.ndarray  # (B, T, 2H) つなげた隠れ状態

    @property
    def last(self) -> np.ndarray:
        """それぞれの向きが読み終えた状態 [→h_L ; ←h_1] (B, 2H)。文全体に一つ答えるときに使います。

        例:
            >>> params = RNNParams(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0])
            >>> bidirectional_forward(np.zeros((2, 4, 1)), params, params).last.shape
            (2, 2)
        """
        H = self.h.shape[2] // 2
        end = self.h[np.arange(len(self.h)), self.lengths - 1, :H]
        return np.concatenate([end, self.h[:, 0, H:]], axis=1)


@dataclass(frozen=True, eq=False)
class BidirectionalGrads:
    """二つの向きの重みの勾配と、両方から届く x の勾配。"""

    ahead: RNNGrads | LSTMGrads | GRUGrads
    back: RNNGrads | LSTMGrads | GRUGrads
    x: np.ndarray  # (B, T, D)


def reverse_padded(values: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """本当の長さの中だけを逆順にします。埋めた所は動きません。二度使うと、もとに戻ります。

    例:
        >>> x = np.array([[[1], [2], [3], [0]], [[5], [6], [7], [8]]])
        >>> reverse_padded(x, np.array([3, 4]))[..., 0]
        array([[3, 2, 1, 0],
               [8, 7, 6, 5]])
    """
    values = require_array("values", values, ("B", "T", "K"))
    lengths = _lengths(lengths, values)
    t = np.arange(values.shape[1])
    # t < L なら L − 1 − t、埋めた所なら t のまま
    order = np.where(t < lengths[:, None], lengths[:, None] - 1 - t, t)  # (B, T)
    return np.take_along_axis(values, order[:, :, None], axis=1)


def bidirectional_forward(
    x: np.ndarray, params: Params, params_back: Params, lengths: object = None
) -> BidirectionalTrace:
    """系列 x (B, T, D) を両側から読みます。params は前から、params_back は後ろからの重みです。

    lengths (B,) は埋める前の長さで、省くと、どれも T です。

    例:
        >>> params = RNNParams(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0])
        >>> x = np.array([[[0.0], [1.0], [0.0]]])
        >>> bidirectional_forward(x, params, params).h[0].round(2)  # 左端が知るのは ← だけ
        array([[0.  , 0.36],
               [0.76, 0.76],
               [0.36, 0.  ]])
    """
    forward, _ = _cell(params, params_back)
    x = require_array("x", x, ("B", "T", params.D))
    lengths = _lengths(lengths, x)
    # →h_t = セル(x_t, →h_{t-1}; →W)
    ahead = forward(x, params)
    # ←h_t = セル(x_t, ←h_{t+1}; ←W)。逆順に並べて、前から読みます
    back = forward(reverse_padded(x, lengths), params_back)
    # h_t = [→h_t ; ←h_t]
    h = np.concatenate([ahead.h, reverse_padded(back.h, lengths)], axis=2)
    h *= _inside(h, lengths)
    return BidirectionalTrace(ahead, back, lengths, h)  # h (B, T, 2H)


def bidirectional_backward(
    trace: BidirectionalTrace, params: Params, params_back: Params, dh: np.ndarray
) -> BidirectionalGrads:
    """dh (B, T, 2H) を二つに分け、それぞれの向きの BPTT に渡します。x の勾配は足します。

    二つの向きは途中で混ざらないので、新しい式は要りません。

    例:
        >>> params = RNNParams(W_xh=[[1.0]], W_hh=[[0.5]], b_h=[0.0])
        >>> trace = bidirectional_forward(np.zeros((1, 3, 1)), params, params)
        >>> dh = np.zeros((1, 3, 2))
        >>> dh[0, 1] = 1.0  # 真ん中の出力は、どの入力からも動きます
        >>> bidirectional_backward(trace, params, params, dh).x[0, :, 0]
        array([0.5, 2. , 0.5])
    """
    require_instance("trace", trace, BidirectionalTrace)
    _, backward = _cell(params, params_back)
    dh = require_array("dh", dh, trace.h.shape) * _inside(trace.h, trace.lengths)
    dh_ahead, dh_back = np.split(dh, 2, axis=2)
    ahead = backward(trace.ahead, params, dh_ahead)
    back = backward(trace.back, params_back, reverse_padded(dh_back, trace.lengths))
    # ∂L/∂x_t = （前からの向き） + （後ろからの向き）
    return BidirectionalGrads(
        ahead, back, x=ahead.x + reverse_padded(back.x, trace.lengths)
    )


def _cell(params: Params, params_back: Params) -> tuple:
    """二つの向きの重みが、同じ種類で同じ大きさであることを確かめます。"""
    if type(params) not in CELLS:
        require_instance("params", params, LSTMParams)
    require_instance("params_back", params_back, type(params))
    if (params.D, params.H) != (params_back.D, params_back.H):
        raise ValueError(
            f"引数 params_back は、params と同じ D = {params.D}、H = {params.H} の重みです。"
            f"D = {params_back.D}、H = {params_back.H} が渡されました。"
        )
    return CELLS[type(params)]


def _lengths(lengths: object, x: np.ndarray) -> np.ndarray:
    B, T = x.shape[:2]
    found = require_array(
        "lengths", np.full(B, T) if lengths is None else lengths, (B,)
    )
    if found.dtype.kind not in "iu" or found.min() < 1 or found.max() > T:
        raise ValueError(
            f"引数 lengths は 1 以上 T = {T} 以下の整数 B = {B} 個です。"
            f"{found.tolist()} が渡されました。"
        )
    return found


def _inside(h: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """本当の長さの中なら 1、埋めた所なら 0 (B, T, 1)。"""
    return (np.arange(h.shape[1]) < lengths[:, None])[:, :, None].astype(float)
