"""引数の検査: 何が渡されても、引数の名前と直し方を述べる日本語の ValueError になります。"""

import re

import numpy as np
import pytest
import torch
from torch import nn

from rnnbook.arguments import require_array
from rnnbook.cells import initial, wall
from rnnbook.cells.gru import GRUParams, gru_cell, gru_forward
from rnnbook.cells.lstm import LSTMParams, lstm_cell, lstm_forward
from rnnbook.cells.readout import mse, readout
from rnnbook.cells.rnn import RNNParams, rnn_cell, rnn_forward
from rnnbook.models import same_weights
from rnnbook.training.clipping import clip_by_norm, clip_by_value, total_norm
from rnnbook.training.metrics import rmse

RNG = np.random.default_rng(0)
RNN, LSTM, GRU = (kind.random(2, 3, RNG) for kind in (RNNParams, LSTMParams, GRUParams))
LEAF = torch.zeros(2, 3, requires_grad=True)
SERIES = torch.zeros(4, 5, 2, requires_grad=True)
LAYER = nn.RNN(2, 3)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: RNNParams(LAYER.weight_ih_l0, np.eye(3), np.zeros(3)), "W_xh"),
        (lambda: rmse(np.zeros((2, 3)), LEAF), "y_hat"),
        (lambda: rmse(LEAF, np.zeros((2, 3))), "y"),
        (lambda: mse(np.zeros((2, 3)), LEAF), "y_hat"),
        (lambda: readout(LEAF, np.ones((1, 3)), np.ones(1)), "h"),
        (lambda: rnn_forward(SERIES, RNN), "x"),
        (lambda: lstm_forward(SERIES, LSTM), "x"),
        (lambda: gru_forward(SERIES, GRU), "x"),
        (lambda: clip_by_norm([LEAF], 1.0), "grads[0]"),
        (lambda: clip_by_value([LEAF], 1.0), "grads[0]"),
        (lambda: total_norm([np.ones(2), LEAF]), "grads[1]"),
        (lambda: initial.spectral_radius(torch.eye(2, requires_grad=True)), "W"),
    ],
)
def test_a_tensor_that_records_gradients_is_named_with_its_remedy(call, name):
    words = f"引数 {name} は実数の配列です。勾配を記録する "
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        call()
    assert f"{name}.detach()" in str(error.value)


def test_a_detached_tensor_is_read_as_it_is():
    x = SERIES.detach()
    np.testing.assert_array_equal(rnn_forward(x, RNN).x, x.numpy())


@pytest.mark.parametrize("value", [[[1], [2, 3]], "0.5", 1j, {}, [object()], None])
def test_what_is_no_array_of_numbers_is_named_for_any_shape(value):
    with pytest.raises(ValueError, match="引数 y は実数の配列です"):
        require_array("y", value, (...,))


@pytest.mark.parametrize(
    ("shape", "fits", "fails"),
    [
        (("B", 3), [(1, 3), (5, 3)], [(3,), (5, 2), (1, 5, 3)]),
        ((..., 3), [(3,), (5, 3), (2, 5, 3)], [(5, 2), ()]),
        (("H", "H"), [(1, 1), (4, 4)], [(2, 3), (4,)]),
        ((...,), [(), (2,), (2, 3)], []),
    ],
)
def test_the_shape_fits_exactly_when_the_pattern_says_so(shape, fits, fails):
    for lengths in fits:
        assert require_array("x", np.zeros(lengths), shape).shape == lengths
    for lengths in fails:
        with pytest.raises(ValueError, match=re.escape(f"形 {lengths} が渡され")):
            require_array("x", np.zeros(lengths), shape)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: same_weights.from_torch_gru(nn.LSTM(3, 4)), "gru は GRU です。LSTM"),
        (lambda: same_weights.from_torch_lstm(nn.GRU(3, 4)), "lstm は LSTM です。GRU"),
        (lambda: same_weights.from_torch_lstm(nn.RNN(3, 4)), "from_torch_rnn を使い"),
        (lambda: same_weights.from_torch_rnn(nn.Linear(3, 4)), "rnn は RNN です。Lin"),
        (lambda: same_weights.from_torch_lstm(nn.LSTM(3, 4, proj_size=2)), "proj_size"),
        (lambda: same_weights.to_torch_lstm(GRU), "params は LSTMParams です。GRUPar"),
        (lambda: rnn_cell(np.zeros((1, 2)), np.zeros((1, 3)), LSTM), "は RNNParams"),
        (lambda: gru_cell(np.zeros((1, 2)), np.zeros((1, 3)), RNN), "は GRUParams"),
        (
            lambda: lstm_cell(
                np.zeros((1, 2)), np.zeros((1, 3)), np.zeros((1, 3)), GRU
            ),
            "は LSTMParams",
        ),
        (lambda: lstm_forward(np.zeros((1, 4, 2)), GRU), "は LSTMParams"),
        (
            lambda: wall.descend([2.0], [0.0], learning_rate=0.1, updates=1, clip=-1.0),
            "引数 clip は 0.0 以上.*-1.0",
        ),
    ],
)
def test_the_wrong_kind_of_thing_is_named_with_the_right_one(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_converter_of_a_plain_rnn_keeps_its_activation_and_adds_its_biases():
    theirs = nn.RNN(2, 3, nonlinearity="relu", batch_first=True, dtype=torch.float64)
    x = torch.randn(4, 7, 2, dtype=torch.float64)
    ours = rnn_forward(x, same_weights.from_torch_rnn(theirs)).h
    np.testing.assert_allclose(ours, theirs(x)[0].detach().numpy(), atol=1e-12)
