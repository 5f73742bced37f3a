"""NumPy の RNN の重みを、PyTorch と Keras の層へ写します（第 1 章）。

同じ式でも、二つのライブラリは重みの持ち方が違います。

- torch.nn.RNN: weight_ih_l0 = W_xh (H, D)、weight_hh_l0 = W_hh (H, H)。
  バイアスが bias_ih_l0 と bias_hh_l0 の二本あり、足されます。b_h と 0 を入れます。
- keras.layers.SimpleRNN: kernel = W_xhᵀ (D, H)、recurrent_kernel = W_hhᵀ (H, H)、bias = b_h。
  Keras は行ベクトルに右から重みを掛けるので、転置になります。
"""

from __future__ import annotations

import torch
from torch import nn

from rnnbook.cells.rnn import RNNParams


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
    rnn = nn.RNN(
        params.D, params.H, nonlinearity="tanh", batch_first=True, dtype=torch.float64
    )
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(torch.from_numpy(params.W_xh))
        rnn.weight_hh_l0.copy_(torch.from_numpy(params.W_hh))
        rnn.bias_ih_l0.copy_(torch.from_numpy(params.b_h))
        rnn.bias_hh_l0.zero_()
    return rnn


def to_keras_rnn(params: RNNParams, return_sequences: bool = True):
    """params と同じ計算をする keras.layers.SimpleRNN（float64）を返します。"""
    from rnnbook.models.keras_twins import keras

    layer = keras.layers.SimpleRNN(
        params.H, return_sequences=return_sequences, dtype="float64"
    )
    layer.build((None, None, params.D))
    layer.set_weights([params.W_xh.T, params.W_hh.T, params.b_h])
    return layer
