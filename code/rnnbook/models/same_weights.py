"""NumPy の RNN、LSTM、GRU の重みを、PyTorch と Keras の層へ写します（第 1・3 章）。

同じ式でも、二つのライブラリは重みの持ち方が違います。

- torch.nn.RNN: weight_ih_l0 = W_xh (H, D)、weight_hh_l0 = W_hh (H, H)。
  バイアスが bias_ih_l0 と bias_hh_l0 の二本あり、足されます。b_h と 0 を入れます。
- keras.layers.SimpleRNN: kernel = W_xhᵀ (D, H)、recurrent_kernel = W_hhᵀ (H, H)、bias = b_h。
  Keras は行ベクトルに右から重みを掛けるので、転置になります。

ゲートのある層は、ゲートごとの重みを一つの行列に積みます。

- LSTM: PyTorch は i, f, c̃, o の順で、バイアスは二本。Keras は i, f, c̃, o の順で、一本。
  Keras の既定（unit_forget_bias=True）は b_f を 1 から始めます。PyTorch は 0 のまわりです。
- GRU: PyTorch は r, z, h̃、Keras は z, r, h̃ の順。どちらも h_t = z h_{t-1} + (1 − z) h̃_t と、
  更新ゲートを逆向きに書きます。1 − σ(a) = σ(−a) なので、z の重みとバイアスの符号を変えます。
  PyTorch はリセットを行列の後で掛けるもの（reset_after=True）だけを持ちます。
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from rnnbook.arguments import require_instance
from rnnbook.cells.gru import GRUParams
from rnnbook.cells.lstm import LSTMParams
from rnnbook.cells.rnn import RNNParams

Params = RNNParams | LSTMParams | GRUParams


def to_torch_rnn(params: RNNParams) -> nn.RNN:
    """params と同じ計算をする torch.nn.RNN（batch_first、float64）を返します。

    例:
        >>> import numpy as np
        >>> from rnnbook.cells.rnn import RNNParams
        >>> rnn = to_torch_rnn(RNNParams.random(D=3, H=4, rng=np.random.default_rng(0)))
        >>> h, _ = rnn(torch.zeros(2, 5, 3, dtype=torch.float64))
        >>> tuple(h.shape)
        (2, 5, 4)
    """
    require_instance("params", params, RNNParams)
    if params.activation == "identity":
        raise ValueError(
            "引数 params は activation が 'tanh' か 'relu' の重みです。"
            "恒等写像の層は PyTorch にありません。"
        )
    rnn = nn.RNN(
        params.D,
        params.H,
        nonlinearity=params.activation,
        batch_first=True,
        dtype=torch.float64,
    )
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(torch.from_numpy(params.W_xh))
        rnn.weight_hh_l0.copy_(torch.from_numpy(params.W_hh))
        rnn.bias_ih_l0.copy_(torch.from_numpy(params.b_h))
        rnn.bias_hh_l0.zero_()
    return rnn


def from_torch_rnn(rnn: nn.RNN) -> RNNParams:
    """学習した torch.nn.RNN（一層、一方向）の重みを取り出します。二本のバイアスは足します。

    例:
        >>> from_torch_rnn(nn.RNN(3, 4, nonlinearity="relu")).activation
        'relu'
    """
    W_xh, W_hh, b_x, b_h = _read_torch("rnn", rnn, nn.RNN)
    return RNNParams(W_xh, W_hh, b_x + b_h, activation=rnn.nonlinearity)


def to_keras_rnn(params: RNNParams):
    """params と同じ計算をする keras.layers.SimpleRNN（float64）を返します。出力は系列全体です。"""
    require_instance("params", params, RNNParams)
    from rnnbook.models.keras_twins import keras

    activation = {"identity": "linear"}.get(params.activation, params.activation)
    layer = keras.layers.SimpleRNN(
        params.H,
        activation=activation,
        return_sequences=True,
        dtype="float64",
    )
    layer.build((None, None, params.D))
    layer.set_weights([params.W_xh.T, params.W_hh.T, params.b_h])
    return layer


def to_torch_lstm(params: LSTMParams) -> nn.LSTM:
    """params と同じ計算をする torch.nn.LSTM（batch_first、float64）を返します。

    二本のバイアスには b と 0 を入れます。
    """
    require_instance("params", params, LSTMParams)
    lstm = nn.LSTM(params.D, params.H, batch_first=True, dtype=torch.float64)
    W_x, W_h, b = _stack_lstm(params)
    _write_torch(lstm, W_x, W_h, b, np.zeros_like(b))
    return lstm


def from_torch_lstm(lstm: nn.LSTM) -> LSTMParams:
    """学習した torch.nn.LSTM（一層、一方向）の重みを取り出します。ゲートを見るためです。

    例:
        >>> from_torch_lstm(nn.LSTM(3, 4)).W_xf.shape
        (4, 3)
    """
    W_x, W_h, b_x, b_h = _read_torch("lstm", lstm, nn.LSTM)
    weights = {}
    for name, stacked in (("W_x", W_x), ("W_h", W_h), ("b_", b_x + b_h)):
        for k, rows in zip("ifco", np.split(stacked, 4), strict=True):
            weights[f"{name}{k}"] = rows
    return LSTMParams(**weights)


def to_keras_lstm(params: LSTMParams):
    """params と同じ計算をする keras.layers.LSTM（float64）を返します。出力は系列全体です。"""
    require_instance("params", params, LSTMParams)
    from rnnbook.models.keras_twins import keras

    layer = keras.layers.LSTM(params.H, return_sequences=True, dtype="float64")
    layer.build((None, None, params.D))
    W_x, W_h, b = _stack_lstm(params)
    layer.set_weights([W_x.T, W_h.T, b])
    return layer


def to_torch_gru(params: GRUParams) -> nn.GRU:
    """params と同じ計算をする torch.nn.GRU（batch_first、float64）を返します。

    PyTorch の GRU は reset_after=True の流儀だけなので、ほかの params は断ります。
    """
    require_instance("params", params, GRUParams)
    if not params.reset_after:
        raise ValueError(
            "引数 params は reset_after=True の GRU の重みです。"
            "reset_after=False と同じ計算をする層は PyTorch にありません。"
        )
    gru = nn.GRU(params.D, params.H, batch_first=True, dtype=torch.float64)
    _write_torch(gru, *_stack_gru(params, "rzh"))
    return gru


def from_torch_gru(gru: nn.GRU) -> GRUParams:
    """学習した torch.nn.GRU（一層、一方向）の重みを、本書の z の向きにして取り出します。

    例:
        >>> from_torch_gru(nn.GRU(3, 4)).reset_after
        True
    """
    W_x, W_h, b_x, b_h = (np.split(w, 3) for w in _read_torch("gru", gru, nn.GRU))
    return GRUParams(
        *(W_x[0], W_h[0], b_x[0] + b_h[0]),  # r
        *(-W_x[1], -W_h[1], -(b_x[1] + b_h[1])),  # z は 1 − z なので符号を変えます
        *(W_x[2], W_h[2], b_x[2], b_h[2]),  # h̃ のバイアスは二本のまま
    )


def to_keras_gru(params: GRUParams):
    """params と同じ計算をする keras.layers.GRU（float64）を返します。出力は系列全体です。"""
    require_instance("params", params, GRUParams)
    from rnnbook.models.keras_twins import keras

    layer = keras.layers.GRU(
        params.H,
        return_sequences=True,
        reset_after=params.reset_after,
        dtype="float64",
    )
    layer.build((None, None, params.D))
    W_x, W_h, b_x, b_h = _stack_gru(params, "zrh")
    bias = np.stack([b_x, b_h]) if params.reset_after else b_x
    layer.set_weights([W_x.T, W_h.T, bias])
    return layer


def to_torch_bidirectional(params: Params, params_back: Params) -> nn.RNNBase:
    """二つの向きの重みを持つ、bidirectional=True の PyTorch の層（batch_first、float64）を返します。

    例:
        >>> import numpy as np
        >>> params = [LSTMParams.random(3, 4, np.random.default_rng(k)) for k in (0, 1)]
        >>> h, _ = to_torch_bidirectional(*params)(torch.zeros(2, 5, 3).double())
        >>> tuple(h.shape)
        (2, 5, 8)
    """
    ahead, back = (_to_torch(each) for each in (params, params_back))
    extra = {"nonlinearity": ahead.nonlinearity} if type(ahead) is nn.RNN else {}
    both = type(ahead)(
        params.D,
        params.H,
        batch_first=True,
        bidirectional=True,
        dtype=torch.float64,
        **extra,
    )
    # 後ろからの重みの名前には、_reverse が付きます
    weights = ahead.state_dict() | {
        f"{name}_reverse": value for name, value in back.state_dict().items()
    }
    both.load_state_dict(weights)
    return both


def to_keras_bidirectional(params: Params, params_back: Params):
    """二つの向きの重みを持つ keras.layers.Bidirectional（float64）を返します。出力は系列全体です。"""
    from rnnbook.models.keras_twins import keras

    ahead, back = (_to_keras(each) for each in (params, params_back))
    # 渡した層は設計図で、Bidirectional が二つの向きの層を新しく作ります
    both = keras.layers.Bidirectional(ahead, merge_mode="concat", dtype="float64")
    both.build((None, None, params.D))
    both.forward_layer.set_weights(ahead.get_weights())
    both.backward_layer.set_weights(back.get_weights())
    return both


def _to_torch(params: Params) -> nn.RNNBase:
    kinds = {
        RNNParams: to_torch_rnn,
        LSTMParams: to_torch_lstm,
        GRUParams: to_torch_gru,
    }
    return kinds[type(params)](params)


def _to_keras(params: Params):
    kinds = {
        RNNParams: to_keras_rnn,
        LSTMParams: to_keras_lstm,
        GRUParams: to_keras_gru,
    }
    return kinds[type(params)](params)


def _stack_lstm(params: LSTMParams) -> tuple[np.ndarray, ...]:
    """i, f, c̃, o の順に縦に積みます: W_x (4H, D)、W_h (4H, H)、b (4H,)。"""
    return tuple(
        np.concatenate([getattr(params, f"{name}{k}") for k in "ifco"])
        for name in ("W_x", "W_h", "b_")
    )


def _stack_gru(params: GRUParams, order: str) -> tuple[np.ndarray, ...]:
    """order の順に積みます: W_x (3H, D)、W_h (3H, H)、二本のバイアス (3H,)。z は符号を変えます。"""
    W_x, W_h, b_x = (
        np.concatenate(
            [(-1 if k == "z" else 1) * getattr(params, f"{name}{k}") for k in order]
        )
        for name in ("W_x", "W_h", "b_")
    )
    b_h = np.zeros_like(b_x)
    if params.reset_after:
        b_h[-params.H :] = params.b_hh  # h̃ はどちらの順でも最後です
    return W_x, W_h, b_x, b_h


def _write_torch(layer: nn.RNNBase, W_x, W_h, b_x, b_h) -> None:
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.from_numpy(W_x))
        layer.weight_hh_l0.copy_(torch.from_numpy(W_h))
        layer.bias_ih_l0.copy_(torch.from_numpy(b_x))
        layer.bias_hh_l0.copy_(torch.from_numpy(b_h))


READERS = {"RNN": "from_torch_rnn", "LSTM": "from_torch_lstm", "GRU": "from_torch_gru"}


def _read_torch(name: str, layer: nn.RNNBase, kind: type) -> list[np.ndarray]:
    reader = READERS.get(type(layer).__name__)
    remedy = f"{type(layer).__name__} には {reader} を使います。" if reader else ""
    require_instance(name, layer, kind, remedy)
    if layer.num_layers != 1 or layer.bidirectional or not layer.bias:
        raise ValueError(
            f"引数 {name} は一層、一方向、バイアスありの層です。{layer} が渡されました。"
        )
    if layer.proj_size:
        raise ValueError(
            f"引数 {name} は proj_size のない層です。{layer} が渡されました。"
        )
    weights = (
        layer.weight_ih_l0,
        layer.weight_hh_l0,
        layer.bias_ih_l0,
        layer.bias_hh_l0,
    )
    return [w.detach().cpu().numpy() for w in weights]
