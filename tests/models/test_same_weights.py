"""ライブラリの層から NumPy へ写した重みと、二つのライブラリの既定の違いを確かめます。"""

import numpy as np
import pytest
import torch
from torch import nn

from rnnbook.cells.gru import GRUParams, gru_forward
from rnnbook.cells.lstm import lstm_forward
from rnnbook.models.same_weights import from_torch_gru, from_torch_lstm, to_torch_gru


@pytest.mark.parametrize(
    ("layer", "read", "forward"),
    [
        (nn.LSTM, from_torch_lstm, lstm_forward),
        (nn.GRU, from_torch_gru, gru_forward),
    ],
)
def test_a_torch_layer_and_its_numpy_copy_compute_the_same(layer, read, forward):
    torch.manual_seed(0)
    theirs = layer(3, 5, batch_first=True, dtype=torch.float64)
    x = torch.randn(4, 9, 3, dtype=torch.float64)
    h = forward(x.numpy(), read(theirs)).h
    np.testing.assert_allclose(h, theirs(x)[0].detach().numpy(), atol=1e-10)


@pytest.mark.parametrize(
    ("layer", "read", "name"),
    [(nn.LSTM, from_torch_lstm, "lstm"), (nn.GRU, from_torch_gru, "gru")],
)
@pytest.mark.parametrize(
    "option", [{"num_layers": 2}, {"bidirectional": True}, {"bias": False}]
)
def test_a_layer_that_one_set_of_weights_cannot_copy_is_refused(
    layer, read, name, option
):
    with pytest.raises(ValueError, match=f"引数 {name} は一層、一方向、バイアスあり"):
        read(layer(2, 3, **option))


def test_torch_has_no_gru_that_resets_before_the_product():
    params = GRUParams.random(2, 3, np.random.default_rng(0), reset_after=False)
    with pytest.raises(ValueError, match="引数 params は reset_after=True"):
        to_torch_gru(params)


def test_keras_starts_the_forget_bias_at_one_and_torch_around_zero():
    from rnnbook.models.keras_twins import keras

    layer = keras.layers.LSTM(4)
    layer.build((None, None, 2))
    bias = layer.get_weights()[2]  # i, f, c̃, o の順
    np.testing.assert_array_equal(bias, np.repeat([0.0, 1.0, 0.0, 0.0], 4))
    theirs = from_torch_lstm(nn.LSTM(2, 400)).b_f
    assert abs(theirs).max() <= 2 / np.sqrt(400)  # 二本の和
    assert abs(theirs.mean()) < 0.01


def test_keras_applies_the_reset_gate_after_the_product_by_default():
    from rnnbook.models.keras_twins import keras

    assert keras.layers.GRU(4).reset_after is True
