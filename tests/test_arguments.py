"""引数の検査: 何が渡されても、引数の名前と直し方を述べる日本語の ValueError になります。"""

import re

import numpy as np
import pytest
import torch
from torch import nn

from rnnbook.arguments import require_array
from rnnbook.cells import gradients, initial, wall
from rnnbook.cells.gru import GRUParams, gru_backward, gru_cell, gru_forward
from rnnbook.cells.lstm import LSTMParams, lstm_backward, lstm_cell, lstm_forward
from rnnbook.cells.readout import mse, readout
from rnnbook.cells.rnn import RNNParams, rnn_backward, rnn_cell, rnn_forward
from rnnbook.cells.truncated import rnn_backward_truncated
from rnnbook.models import same_weights
from rnnbook.models.linear import LinearAR, last_value
from rnnbook.tasks import brackets, if_then, sine
from rnnbook.tasks.catalogue import TASKS
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


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.array([[0.0, np.nan], [np.inf, 0.0]]), "2 個あります（はじめは x[0, 1]）"),
        (torch.tensor([1.0, 2.0, float("-inf")]), "1 個あります（はじめは x[2]）"),
        (float("nan"), "1 個あります（はじめは x）"),
    ],
)
def test_the_first_place_that_is_not_finite_is_named(value, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        require_array("x", value, (...,))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: rmse([], []), "y"),
        (lambda: mse(np.zeros((0, 3)), np.zeros((0, 3))), "y"),
        (lambda: last_value(np.zeros((2, 0, 1))), "x"),
        (lambda: LinearAR(2).fit(np.zeros((0, 5, 1)), np.zeros((0, 1))), "x"),
        (lambda: initial.spectral_radius(np.zeros((0, 0))), "W"),
        (lambda: rnn_forward(np.zeros((0, 3, 2)), RNN), "x"),
        (lambda: brackets.text([]), "ids"),
    ],
)
def test_an_empty_array_is_named_instead_of_averaged_to_nan(call, name):
    with pytest.raises(ValueError, match=rf"引数 {name} は.*どの長さも 1 以上"):
        call()


@pytest.mark.parametrize("read", [brackets.text, brackets.depths, if_then.words])
@pytest.mark.parametrize("wrong", [-1, 14, 0.5, True])
def test_an_id_outside_the_alphabet_is_named_with_its_place(read, wrong):
    words = rf"引数 ids は 0 以上 \d+ 未満の整数の列です。ids\[0\] は {wrong}"
    with pytest.raises(ValueError, match=words):
        read([wrong, wrong])


@pytest.mark.parametrize("rng", [0, None, np.random, np.random.RandomState(0)])
@pytest.mark.parametrize(
    "draw",
    [
        *(kind.random for kind in (RNNParams, LSTMParams, GRUParams)),
        *(
            lambda T, B, rng, task=task: task.batch(rng, B, T)
            for task in TASKS.values()
        ),
        lambda T, B, rng: brackets.batch(rng, B, T),
        lambda T, B, rng: sine.batch(rng, B, T),
        lambda T, B, rng: initial.gaussian(B, rng),
        lambda T, B, rng: initial.orthogonal(B, rng),
    ],
)
def test_what_is_no_generator_of_random_numbers_is_named(draw, rng):
    words = rf"引数 rng は Generator です。{type(rng).__name__} が.*default_rng"
    with pytest.raises(ValueError, match=words):
        draw(20, 3, rng)


@pytest.mark.parametrize(("D", "H"), [(2, 4), (5, 3)])
@pytest.mark.parametrize(
    ("kind", "forward", "backward"),
    [
        (RNNParams, rnn_forward, rnn_backward),
        (LSTMParams, lstm_forward, lstm_backward),
        (GRUParams, gru_forward, gru_backward),
        (RNNParams, rnn_forward, lambda *a: rnn_backward_truncated(*a, k=2)),
        (RNNParams, rnn_forward, lambda t, p, dh: gradients.step_jacobians(t, p)),
        (LSTMParams, lstm_forward, lambda t, p, dh: gradients.state_jacobians(t, p)),
    ],
)
def test_weights_of_another_size_than_the_trace_are_named(
    kind, forward, backward, D, H
):
    trace = forward(np.zeros((1, 4, 2)), kind.random(2, 3, RNG))
    words = f"引数 params は、記録 trace を作った D = 2、H = 3 .*D = {D}、H = {H} が"
    with pytest.raises(ValueError, match=words):
        backward(trace, kind.random(D, H, RNG), np.zeros((1, 4, 3)))


def test_a_trace_of_another_cell_is_named_by_the_truncated_backward():
    trace = lstm_forward(np.zeros((1, 4, 2)), LSTM)
    with pytest.raises(ValueError, match="引数 trace は RNNTrace です。LSTMTrace"):
        rnn_backward_truncated(trace, RNN, np.zeros((1, 4, 3)), k=2)


def test_a_linear_prediction_before_its_fit_says_so():
    with pytest.raises(ValueError, match=r"先に fit\(x, y\) を呼びます"):
        LinearAR(p=2).predict(np.zeros((4, 5, 1)))


def test_the_gradients_come_as_a_list_and_not_as_one_array():
    with pytest.raises(ValueError, match=r"引数 grads は勾配の配列のリスト.*ndarray"):
        clip_by_norm(np.zeros(3), 1.0)


def test_the_converter_of_a_plain_rnn_keeps_its_activation_and_adds_its_biases():
    theirs = nn.RNN(2, 3, nonlinearity="relu", batch_first=True, dtype=torch.float64)
    x = torch.randn(4, 7, 2, dtype=torch.float64)
    ours = rnn_forward(x, same_weights.from_torch_rnn(theirs)).h
    np.testing.assert_allclose(ours, theirs(x)[0].detach().numpy(), atol=1e-12)
