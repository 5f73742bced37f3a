"""手で書いた Seq2Seq が、PyTorch の順伝播と自動微分に、すべての途中の値で一致します。"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.cells.seq2seq import (
    Seq2SeqParams,
    seq2seq_backward,
    seq2seq_forward,
    symbol_loss,
)
from rnnbook.models.same_weights import from_torch_lstm
from rnnbook.models.seq2seq import Seq2Seq, shifted

SHAPES = st.tuples(*(st.integers(1, n) for n in (3, 5, 5, 4, 5)))  # B, S, U, E, H


def make_problem(shape, seed):
    B, S, U, E, H = shape
    torch.manual_seed(seed)
    model = Seq2Seq(V_x=6, V_y=7, H=H, E=E).double()
    rng = np.random.default_rng(seed)
    x, y = rng.integers(3, 6, (B, S)), rng.integers(2, 7, (B, U))
    arrays = {n: w.detach().numpy() for n, w in model.named_parameters()}
    params = Seq2SeqParams(
        W_x=arrays["embed_x.weight"],
        W_y=arrays["embed_y.weight"],
        encoder=from_torch_lstm(model.encoder),
        decoder=from_torch_lstm(model.decoder),
        W_o=arrays["readout.weight"],
        b_o=arrays["readout.bias"],
    )
    return model, params, x, y


@settings(max_examples=15, deadline=None)
@given(shape=SHAPES, seed=st.integers(0, 2**31 - 1))
def test_forward_and_backward_equal_torch(shape, seed):
    model, params, x, y = make_problem(shape, seed)
    given_ = shifted(torch.from_numpy(y)).numpy()
    trace = seq2seq_forward(x, given_, params)
    L, dy_hat = symbol_loss(y, trace.y_hat)
    grads = seq2seq_backward(trace, params, dy_hat)

    memory = model.encode(torch.from_numpy(x))
    for part in memory.last:
        part.retain_grad()
    s, _ = model.decoder(model.embed_y(torch.from_numpy(given_)), memory.last)
    scores = model.readout(s)
    loss = torch.nn.functional.cross_entropy(
        scores.flatten(0, 1), torch.from_numpy(y).flatten()
    )
    loss.backward()
    ours_and_theirs = {
        "h": (trace.encoder.h, memory.h),
        "s": (trace.decoder.h, s),
        "y_hat": (trace.y_hat, scores),
        "L": (L, loss),
        "W_x": (grads.W_x, model.embed_x.weight.grad),
        "W_y": (grads.W_y, model.embed_y.weight.grad),
        "W_o": (grads.W_o, model.readout.weight.grad),
        "b_o": (grads.b_o, model.readout.bias.grad),
        "h_S": (grads.decoder.h0, memory.last[0].grad[0]),
        "c_S": (grads.decoder.c0, memory.last[1].grad[0]),
    }
    for part in ("encoder", "decoder"):
        lstm, hand = getattr(model, part), getattr(grads, part)
        for name, grad in (
            ("W_x", lstm.weight_ih_l0.grad),
            ("W_h", lstm.weight_hh_l0.grad),
            ("b_", lstm.bias_ih_l0.grad),
        ):
            for gate, theirs in zip("ifco", grad.chunk(4), strict=True):
                ours_and_theirs[f"{part} {name}{gate}"] = (
                    hand.weights[f"{name}{gate}"],
                    theirs,
                )
    for name, (ours, theirs) in ours_and_theirs.items():
        np.testing.assert_allclose(
            ours, theirs.detach().numpy(), atol=1e-10, err_msg=name
        )


def test_forward_equals_keras():
    from rnnbook.models.same_weights import to_keras_lstm

    _, params, x, y = make_problem((3, 5, 4, 3, 6), 1)
    given_ = shifted(torch.from_numpy(y)).numpy()
    trace = seq2seq_forward(x, given_, params)
    encoder, decoder = map(to_keras_lstm, (params.encoder, params.decoder))
    encoder.return_state = True  # 系列のほかに、終わりの h と c を返させます
    h, h_S, c_S = encoder(params.W_x[x])
    s = decoder(params.W_y[given_], initial_state=[h_S, c_S])
    for name, ours, theirs in (
        ("h", trace.encoder.h, h),
        ("c_S", trace.decoder.c0, c_S),
        ("s", trace.decoder.h, s),
        ("y_hat", trace.y_hat, np.asarray(s) @ params.W_o.T + params.b_o),
    ):
        np.testing.assert_allclose(ours, np.asarray(theirs), atol=1e-10, err_msg=name)


def test_backward_equals_central_differences(central_differences):
    _, params, x, y = make_problem((2, 3, 3, 2, 3), 0)
    given_ = shifted(torch.from_numpy(y)).numpy()
    trace = seq2seq_forward(x, given_, params)
    _, dy_hat = symbol_loss(y, trace.y_hat)
    grads = seq2seq_backward(trace, params, dy_hat)

    def loss(a):
        moved = Seq2SeqParams(
            a["W_x"], a["W_y"], params.encoder, params.decoder, a["W_o"], a["b_o"]
        )
        return symbol_loss(y, seq2seq_forward(x, given_, moved).y_hat)[0]

    names = ("W_x", "W_y", "W_o", "b_o")
    arrays = {name: np.array(getattr(params, name)) for name in names}
    for name, numeric in central_differences(loss, arrays).items():
        np.testing.assert_allclose(getattr(grads, name), numeric, atol=1e-6)


def test_a_wrong_argument_is_named():
    rng = np.random.default_rng(0)
    params = Seq2SeqParams.random(5, 6, E=3, H=4, rng=rng)
    with pytest.raises(ValueError, match="引数 x は 0 以上 5 未満"):
        seq2seq_forward(np.array([[5]]), np.array([[1]]), params)
    other = Seq2SeqParams.random(5, 6, E=3, H=5, rng=rng).decoder
    with pytest.raises(ValueError, match="引数 decoder は"):
        Seq2SeqParams(
            params.W_x, params.W_y, params.encoder, other, params.W_o, params.b_o
        )
