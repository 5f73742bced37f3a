"""エンコーダとデコーダを、順伝播も逆伝播も手で書いたもの（第 5 章）。LSTM は第 3 章のものです。

    (h_s, c_s) = LSTM(W_x の x_s 行, h_{s-1}, c_{s-1})    エンコーダ、s = 1 … S、h_0 = c_0 = 0
    (s_u, d_u) = LSTM(W_y の y_{u-1} 行, s_{u-1}, d_{u-1})  デコーダ、u = 1 … U
    (s_0, d_0) = (h_S, c_S)                              渡すのは、この一組だけ
    ŷ_u = W_o s_u + b_o、  P(y_u) = softmax(ŷ_u)
    L = −(1 / B U) Σ ln P(y_u)                            教師強制: y_{u-1} は正しい記号

形: x (B, S) と y (B, U) は記号の番号、h (B, S, H)、s (B, U, H)、ŷ (B, U, V)。
長さはそろっているものとします。計算は float64 です。
論文: Sutskever, I., Vinyals, O. & Le, Q. V. (2014). Sequence to sequence learning with neural
      networks. NIPS 2014.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax, softmax

from rnnbook.arguments import require_array, require_generator, require_instance
from rnnbook.cells.lstm import (
    LSTMGrads,
    LSTMParams,
    LSTMTrace,
    lstm_backward,
    lstm_forward,
)
from rnnbook.cells.readout import readout, readout_backward


@dataclass(frozen=True, eq=False)
class Seq2SeqParams:
    """重み。記号の埋め込み W_x (V_x, E)、W_y (V_y, E)、二つの LSTM、読み出し W_o (V_y, H)、b_o。"""

    W_x: np.ndarray  # (V_x, E)
    W_y: np.ndarray  # (V_y, E)
    encoder: LSTMParams
    decoder: LSTMParams
    W_o: np.ndarray  # (V_y, H)
    b_o: np.ndarray  # (V_y,)

    def __post_init__(self) -> None:
        for name in ("encoder", "decoder"):
            require_instance(name, getattr(self, name), LSTMParams)
        E, H = self.encoder.D, self.encoder.H
        if (self.decoder.D, self.decoder.H) != (E, H):
            raise ValueError(
                f"引数 decoder は、エンコーダと同じ D = {E}、H = {H} の重みです。"
                f"D = {self.decoder.D}、H = {self.decoder.H} が渡されました。"
            )
        require_array("W_x", self.W_x, ("V_x", E))
        V_y = require_array("W_y", self.W_y, ("V_y", E)).shape[0]
        require_array("W_o", self.W_o, (V_y, H))
        require_array("b_o", self.b_o, (V_y,))

    @classmethod
    def random(
        cls, V_x: int, V_y: int, E: int, H: int, rng: np.random.Generator
    ) -> Seq2SeqParams:
        """埋め込みは標準正規分布、ほかは ±1/√H の一様乱数です。

        例:
            >>> params = Seq2SeqParams.random(5, 6, E=3, H=4, rng=np.random.default_rng(0))
            >>> params.W_o.shape
            (6, 4)
        """
        require_generator("rng", rng)
        encoder, decoder = (LSTMParams.random(E, H, rng) for _ in range(2))
        scale = 1 / np.sqrt(H)
        return cls(
            W_x=rng.normal(size=(V_x, E)),
            W_y=rng.normal(size=(V_y, E)),
            encoder=encoder,
            decoder=decoder,
            W_o=rng.uniform(-scale, scale, (V_y, H)),
            b_o=rng.uniform(-scale, scale, V_y),
        )


@dataclass(frozen=True, eq=False)
class Seq2SeqTrace:
    """順伝播が通った値。"""

    x: np.ndarray  # (B, S) 読んだ記号
    given: np.ndarray  # (B, U) デコーダに渡した、一つ前の記号
    encoder: LSTMTrace
    decoder: LSTMTrace
    y_hat: np.ndarray  # (B, U, V_y) softmax の前の値


@dataclass(frozen=True, eq=False)
class Seq2SeqGrads:
    """損失 L の勾配。"""

    W_x: np.ndarray
    W_y: np.ndarray
    encoder: LSTMGrads  # encoder.x (B, S, E) は、読んだ記号ひとつひとつへ届いた勾配
    decoder: LSTMGrads  # decoder.h0 と decoder.c0 (B, H) が、ベクトルを渡って戻る勾配
    W_o: np.ndarray
    b_o: np.ndarray


def seq2seq_forward(
    x: np.ndarray, given: np.ndarray, params: Seq2SeqParams
) -> Seq2SeqTrace:
    """x (B, S) を読み、一つ前の記号 given (B, U) を渡しながら、次の記号の値を求めます。

    例:
        >>> params = Seq2SeqParams.random(5, 6, E=3, H=4, rng=np.random.default_rng(0))
        >>> trace = seq2seq_forward(np.array([[3, 4, 3]]), np.array([[1, 5]]), params)
        >>> trace.encoder.h.shape, trace.decoder.h.shape, trace.y_hat.shape
        ((1, 3, 4), (1, 2, 4), (1, 2, 6))
    """
    require_instance("params", params, Seq2SeqParams)
    x = _symbols("x", x, len(params.W_x))
    given = _symbols("given", given, len(params.W_y))
    # エンコーダ: 0 から始めて、最後まで読みます
    encoder = lstm_forward(params.W_x[x], params.encoder)
    # 渡すもの: (s_0, d_0) = (h_S, c_S)
    h_S, c_S = encoder.h[:, -1], encoder.c[:, -1]  # (B, H)
    # デコーダ: 一つ前の記号を読みながら進みます
    decoder = lstm_forward(params.W_y[given], params.decoder, h_S, c_S)
    # ŷ_u = W_o s_u + b_o
    y_hat = readout(decoder.h, params.W_o, params.b_o)  # (B, U, V_y)
    return Seq2SeqTrace(x, given, encoder, decoder, y_hat)


def symbol_loss(y: np.ndarray, y_hat: np.ndarray) -> tuple[float, np.ndarray]:
    """一記号あたりの交差エントロピー L（ナット）と ∂L/∂ŷ (B, U, V)。

    例:
        >>> L, dy_hat = symbol_loss(np.array([[0]]), np.zeros((1, 1, 4)))
        >>> round(L, 4), dy_hat.ravel()  # ln 4
        (1.3863, array([-0.75,  0.25,  0.25,  0.25]))
    """
    y_hat = require_array("y_hat", y_hat, ("B", "U", "V"))
    y = _symbols("y", y, y_hat.shape[2])
    right = y[..., None]
    # L = −(1 / B U) Σ ln softmax(ŷ_u)_{y_u}
    L = -np.take_along_axis(log_softmax(y_hat, axis=2), right, 2).mean()
    # ∂L/∂ŷ_u = (softmax(ŷ_u) − 正解を 1 とした列) / B U
    dy_hat = softmax(y_hat, axis=2)
    np.put_along_axis(dy_hat, right, np.take_along_axis(dy_hat, right, 2) - 1, 2)
    return float(L), dy_hat / y.size


def seq2seq_backward(
    trace: Seq2SeqTrace, params: Seq2SeqParams, dy_hat: np.ndarray
) -> Seq2SeqGrads:
    """∂L/∂ŷ (B, U, V_y) から、デコーダ、渡したベクトル、エンコーダの順にさかのぼります。

    例:
        >>> params = Seq2SeqParams.random(5, 6, E=3, H=4, rng=np.random.default_rng(0))
        >>> trace = seq2seq_forward(np.array([[3, 4, 3]]), np.array([[1, 5]]), params)
        >>> _, dy_hat = symbol_loss(np.array([[5, 2]]), trace.y_hat)
        >>> seq2seq_backward(trace, params, dy_hat).encoder.x.shape
        (1, 3, 3)
    """
    require_instance("trace", trace, Seq2SeqTrace)
    require_instance("params", params, Seq2SeqParams)
    out = readout_backward(trace.decoder.h, params.W_o, dy_hat)
    decoder = lstm_backward(trace.decoder, params.decoder, out.h)
    # エンコーダには、最後の時刻の h と c からだけ勾配が入ります
    dh, dc = np.zeros_like(trace.encoder.h), np.zeros_like(trace.encoder.c)
    dh[:, -1], dc[:, -1] = decoder.h0, decoder.c0
    encoder = lstm_backward(trace.encoder, params.encoder, dh, dc)
    # 埋め込みの行の勾配 = その記号を読んだ所すべての和
    W_x, W_y = np.zeros_like(params.W_x), np.zeros_like(params.W_y)
    np.add.at(W_x, trace.x, encoder.x)
    np.add.at(W_y, trace.given, decoder.x)
    return Seq2SeqGrads(W_x, W_y, encoder, decoder, out.W_hy, out.b_y)


def _symbols(name: str, value: object, count: int) -> np.ndarray:
    ids = require_array(name, value, ("B", "T"))
    if ids.dtype.kind not in "iu" or ids.min() < 0 or ids.max() >= count:
        raise ValueError(
            f"引数 {name} は 0 以上 {count} 未満の整数の配列です。"
            f"{ids.dtype} の {ids.min()} から {ids.max()} が渡されました。"
        )
    return ids
